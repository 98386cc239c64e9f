import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'

export const GateKind = z.enum([
  'order-state',
  'order-held',
  'sequence',
  'instruction',
  'qualification',
  'equipment-qualification',
  'equipment-state',
  'cleaning',
  'calibration',
  'tool',
  'material-status',
  'material-expiry',
  'out-life',
  'wrong-material',
  'certificate',
  'program',
  'second-person',
])
export type GateKind = z.infer<typeof GateKind>

/** One thing that was looked at before work may start or go on. */
export const Gate = z.object({
  kind: GateKind,
  open: z.boolean(),
  /** In words, what was found and what to do: `Roll PP-2291 was out for 241 h 10 min of 240 h: take another roll`. */
  message: z.string(),
  /** What it is about, by its code: a lot, a gauge, a skill. */
  subject: z.string().nullable(),
  /** Whether a signature may open it; some never open (another product's lot, a held order). */
  overridable: z.boolean(),
  /** The signed override that opens it, if there is one. */
  override: idOf<'GateOverride'>().nullable(),
})
export type Gate = z.infer<typeof Gate>

/** A refusal that somebody answered for: signed, with the reason, and a deviation of its own. */
export const GateOverride = z.object({
  id: idOf<'GateOverride'>(),
  runId: idOf<'OperationRun'>(),
  kind: GateKind,
  subject: z.string().nullable(),
  message: z.string(),
  reason: z.string(),
  by: z.string(),
  at: InstantSchema,
})
export type GateOverride = z.infer<typeof GateOverride>

/** What the gate found of the program that a machine had loaded when work on an operation began or went on: kept with it then. */
export const ProgramCheck = z.object({
  occasion: z.enum(['start', 'resume']),
  at: InstantSchema,
  /** As the work definition released it. */
  expected: z.object({ name: z.string(), sha256: z.string() }),
  /** Null = the machine did not tell; `sha256` null = it told the name alone. */
  loaded: z.object({ name: z.string(), sha256: z.string().nullable() }).nullable(),
  /** `same` = to the byte, `same-name` = it told no hash, `other`: then somebody answered for it by signature. */
  verdict: z.enum(['same', 'same-name', 'other', 'unknown']),
})
export type ProgramCheck = z.infer<typeof ProgramCheck>

export const checkGates = operation({
  name: 'execution.gate.check',
  summary: 'Look at every gate of an operation as if the caller started or went on with it now',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    runId: idOf<'OperationRun'>(),
    /** What would be scanned: codes of lots, gauges, tools. */
    scanned: z.array(z.string().max(500)).max(50).default([]),
  }),
  output: z.array(Gate),
})

export const overrideGate = operation({
  name: 'execution.gate.override',
  summary: 'Answer for going on although a gate is closed: a signature, and a deviation is opened with it',
  permission: 'execution.gate.override',
  scope: 'any',
  signature: ['approved'],
  mutates: true,
  input: z.object({
    runId: idOf<'OperationRun'>(),
    kind: GateKind,
    subject: z.string().nullable(),
    reason: z.string().min(3).max(500),
    signature: SignatureInput,
  }),
  output: GateOverride,
})
