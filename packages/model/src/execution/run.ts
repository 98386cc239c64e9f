import { z } from 'zod'
import { operation } from '../operation.ts'
import { Code, DecimalSchema, InstantSchema, idOf, PathName } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'
import { StepEntry } from './step-entry.ts'

/** `waiting` for the operation before it; `ready` to be started; `skipped` and `completed` are the end. */
export const RunState = z.enum(['waiting', 'ready', 'running', 'paused', 'completed', 'skipped'])
export type RunState = z.infer<typeof RunState>

/** One doing of one operation of an order, for some of its pieces (ISA-95 Part 4, job response). Rework is another run. */
export const OperationRun = z.object({
  id: idOf<'OperationRun'>(),
  orderId: idOf<'Order'>(),
  orderCode: Code,
  product: Code,
  sequence: z.int().positive(),
  name: z.string(),
  state: RunState,
  /** Where it is or was done; null = not begun, any of its class will do. */
  nodeId: idOf<'EquipmentNode'>().nullable(),
  /** Where it may be done. */
  candidates: z.array(idOf<'EquipmentNode'>()),
  instructionId: idOf<'WorkInstruction'>().nullable(),
  /** The pieces or lots. */
  subjects: z.array(idOf<'Lot'>()),
  subjectCodes: z.array(Code),
  quantity: DecimalSchema,
  good: DecimalSchema,
  scrap: DecimalSchema,
  rework: DecimalSchema,
  /** 1 = the first doing, 2 = the first rework. */
  attempt: z.int().positive(),
  /** Who has it in hand now; null = nobody. */
  heldBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  startedAt: InstantSchema.nullable(),
  completedAt: InstantSchema.nullable(),
  /** When people worked on it, and who. */
  labour: z.array(
    z.object({ personId: z.string(), name: z.string(), from: InstantSchema, to: InstantSchema.nullable() }),
  ),
  /** Gauges, tools and fixtures that were scanned, by code. */
  tools: z.array(Code),
  /** Set by whoever pauses it. */
  pauseReason: z.string(),
  version: z.int().positive(),
})
export type OperationRun = z.infer<typeof OperationRun>

/** What of a material goes in by a step, for all pieces that it is about; several lots may make it up. */
export const AskedMaterial = z.object({
  step: PathName,
  subject: idOf<'Lot'>().nullable(),
  quantity: DecimalSchema,
  unit: UcumUnit,
  low: DecimalSchema,
  /** Null = whatever more is said. */
  high: DecimalSchema.nullable(),
})
export type AskedMaterial = z.infer<typeof AskedMaterial>

const NamedOperation = z.object({ sequence: z.int(), name: z.string() })

/** Where a piece of an operation stands in it. */
export const RunPiece = z.object({
  id: idOf<'Lot'>(),
  code: Code,
  /** What is left of it: 1 of a serial. */
  quantity: DecimalSchema,
  /** By what was reported; once the operation is completed, what was not reported otherwise is good. */
  state: z.enum(['to-do', 'good', 'scrapped', 'rework', 'skipped']),
  /** Operations that it must go through before: none = it can be begun with. */
  waitsFor: z.array(NamedOperation),
})
export type RunPiece = z.infer<typeof RunPiece>

const runId = idOf<'OperationRun'>()
const version = z.int().positive()
const nodeId = idOf<'EquipmentNode'>()
/** When it happened, told by a device that was offline then; null = now. */
const at = InstantSchema.nullable().default(null)

export const listDispatch = operation({
  name: 'execution.run.list',
  summary: 'List the operations to be done at a work center: what is in hand, then by priority and due time',
  permission: 'execution.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId, state: z.array(RunState).optional(), limit: z.int().positive().max(1000).default(100) }),
  output: z.array(OperationRun.extend({ priority: z.int(), dueAt: InstantSchema.nullable(), held: z.boolean() })),
})

export const listOrderRuns = operation({
  name: 'execution.run.list-of-order',
  summary: 'List every operation of an order with its runs, in sequence',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ orderId: idOf<'Order'>() }),
  output: z.array(OperationRun),
})

export const getRun = operation({
  name: 'execution.run.get',
  summary: 'Get an operation with its pieces, what goes in and the entries of its steps, the replaced ones too',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ runId }),
  output: z.object({
    run: OperationRun,
    entries: z.array(StepEntry),
    /** In their order. */
    pieces: z.array(RunPiece),
    /** Of steps that scan material, as long as the operation is open. */
    asked: z.array(AskedMaterial),
    /** Where pieces go back to that are to be done again; null = there is no way back. */
    reworkTo: NamedOperation.nullable(),
    /** Why its pieces are done again: what was said of each where it was sent back. */
    sentBack: z.array(z.object({ lotId: idOf<'Lot'>(), reason: z.string(), by: NamedOperation })),
  }),
})

export const startRun = operation({
  name: 'execution.run.start',
  summary: 'Start an operation at a work center, if every gate is open; refused with the words of each closed one',
  permission: 'execution.run.perform',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({
    runId,
    nodeId,
    /** Start some of the pieces only; empty = all. The others stay ready as a run of their own. */
    subjects: z.array(idOf<'Lot'>()).max(5000).default([]),
    /** Gauges, tools and fixtures that were scanned. */
    tools: z.array(Code).max(50).default([]),
    at,
  }),
  output: OperationRun,
})

export const pauseRun = operation({
  name: 'execution.run.pause',
  summary: 'Pause an operation, with a reason',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({ runId, version, reason: z.string().min(3).max(500), at }),
  output: OperationRun,
})

export const resumeRun = operation({
  name: 'execution.run.resume',
  summary: 'Go on with a paused operation, if every gate is open; also by another person: that is the hand-over',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({ runId, version, note: z.string().max(500).default(''), at }),
  output: OperationRun,
})

export const joinRun = operation({
  name: 'execution.run.join',
  summary: 'Join or leave an operation that somebody else has in hand',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({ runId, join: z.boolean(), at }),
  output: OperationRun,
})

export const reportRun = operation({
  name: 'execution.run.report',
  summary: 'Report good, scrap (with its reason) and rework of an operation in one action, without completing it',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({
    runId,
    version,
    good: DecimalSchema,
    /** Which pieces are good, where somebody says so; they count as one each of `good`. */
    goodPieces: z.array(idOf<'Lot'>()).max(5000).default([]),
    scrap: z
      .array(
        z.object({
          quantity: DecimalSchema,
          reasonId: idOf<'Reason'>().nullable(),
          reason: z.string().min(1).max(200),
          lotId: idOf<'Lot'>().nullable().default(null),
        }),
      )
      .max(50),
    rework: z
      .array(
        z.object({
          quantity: DecimalSchema,
          reason: z.string().min(3).max(500),
          lotId: idOf<'Lot'>().nullable().default(null),
        }),
      )
      .max(50)
      .default([]),
    at,
  }),
  output: OperationRun,
})

/** Refused while a step that must be done is not: the answer names each. What was not reported counts as good. */
export const completeRun = operation({
  name: 'execution.run.complete',
  summary: 'Complete an operation: its pieces go on to the next one, or back for rework',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({ runId, version, at }),
  output: OperationRun,
})

export const skipRun = operation({
  name: 'execution.run.skip',
  summary: 'Skip an operation that is not needed for this order, with a reason',
  permission: 'execution.order.release',
  scope: 'any',
  mutates: true,
  input: z.object({ runId, version, reason: z.string().min(3).max(500) }),
  output: OperationRun,
})
