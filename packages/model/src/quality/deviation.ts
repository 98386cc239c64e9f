import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { Code, InstantSchema, idOf, Window } from '../primitives.ts'

export const DeviationState = z.enum(['open', 'closed', 'void'])
export type DeviationState = z.infer<typeof DeviationState>

/** What becomes of the product that it concerns (AS9100 8.7.1). */
export const Disposition = z.enum([
  'use-as-is',
  'rework',
  'repair',
  'scrap',
  'return-to-supplier',
  'no-product-affected',
])
export type Disposition = z.infer<typeof Disposition>

/** What opened it. `ref` is unique per cause: hearing of one thing twice opens one deviation. */
const DeviationCause = z.object({
  kind: z.enum(['gate-override', 'limit-breach', 'refusal', 'alarm', 'inspection', 'calibration', 'person']),
  ref: z.string().max(200),
})
export type DeviationCause = z.infer<typeof DeviationCause>

/** A departure from what was approved, with everything that was known of it when it was opened (21 CFR 211.100(b), AS9100 8.7). */
export const Deviation = z.object({
  id: idOf<'Deviation'>(),
  /** `DEV-0042`. */
  code: Code,
  title: z.string(),
  description: z.string(),
  severity: z.enum(['minor', 'major', 'critical']),
  state: DeviationState,
  cause: DeviationCause,
  /** When it happened. */
  at: InstantSchema,
  openedAt: InstantSchema,
  openedBy: z.string(),
  nodeId: idOf<'EquipmentNode'>().nullable(),
  orderId: idOf<'Order'>().nullable(),
  orderCode: Code.nullable(),
  runId: idOf<'OperationRun'>().nullable(),
  /** The step, parameter or gate, in words. */
  about: z.string(),
  /** Pieces and lots that it concerns: none of them can be released while it is open. */
  lots: z.array(z.object({ lotId: idOf<'Lot'>(), code: Code })),
  /** Where to look in the historian. */
  window: Window.nullable(),
  tagIds: z.array(idOf<'Tag'>()),
  notes: z.array(z.object({ at: InstantSchema, by: z.string(), text: z.string() })),
  /** Set by closing, or by taking it back (state `void`: then there is no disposition). */
  closed: z
    .object({ at: InstantSchema, by: z.string(), conclusion: z.string(), disposition: Disposition.nullable() })
    .nullable(),
  version: z.int().positive(),
})
export type Deviation = z.infer<typeof Deviation>

signaturePolicy({
  record: 'quality.deviation',
  title: 'Deviation {code}',
  read: 'quality.read',
  steps: [{ meaning: 'approved', permission: 'quality.deviation.close' }],
  authorMaySign: true,
})

const deviationId = idOf<'Deviation'>()
const version = z.int().positive()

export const listDeviations = operation({
  name: 'quality.deviation.list',
  summary: 'List deviations, open ones first, newest first',
  permission: 'quality.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    state: DeviationState.optional(),
    orderId: idOf<'Order'>().optional(),
    lotId: idOf<'Lot'>().optional(),
    /** Name of the alarm that opened them. */
    alarm: z.string().max(200).optional(),
    window: Window.optional(),
    /** Part of the code or of what happened. */
    search: z.string().max(60).optional(),
    limit: z.int().positive().max(2000).default(200),
  }),
  output: z.object({ deviations: z.array(Deviation), total: z.int() }),
})

export const getDeviation = operation({
  name: 'quality.deviation.get',
  summary: 'Get one deviation by its id or code',
  permission: 'quality.read',
  scope: 'any',
  mutates: false,
  input: z.union([z.object({ deviationId }), z.object({ code: Code })]),
  output: Deviation,
})

export const openDeviation = operation({
  name: 'quality.deviation.open',
  summary: 'Open a deviation by hand, with what it concerns',
  permission: 'quality.deviation.open',
  scope: 'any',
  mutates: true,
  input: Deviation.pick({ title: true, description: true, severity: true, at: true, about: true }).extend({
    nodeId: idOf<'EquipmentNode'>().nullable().default(null),
    orderCode: Code.nullable().default(null),
    lots: z.array(Code).max(500).default([]),
    window: Window.nullable().default(null),
  }),
  output: Deviation,
})

export const noteDeviation = operation({
  name: 'quality.deviation.note',
  summary: 'Add a note or a further lot to an open deviation',
  permission: 'quality.deviation.open',
  scope: 'any',
  mutates: true,
  input: z.object({
    deviationId,
    version,
    text: z.string().min(3).max(4000),
    lots: z.array(Code).max(500).default([]),
  }),
  output: Deviation,
})

/** Scrap marks the lots as rejected for good; use as is and repair are decided by who may (AS9100 8.7.1). */
export const closeDeviation = operation({
  name: 'quality.deviation.close',
  summary: 'Close a deviation with its conclusion and disposition, by the signature of quality',
  permission: 'quality.deviation.close',
  scope: 'any',
  signature: ['approved'],
  mutates: true,
  input: z.object({
    deviationId,
    version,
    conclusion: z.string().min(10).max(4000),
    disposition: Disposition,
    signature: SignatureInput,
  }),
  output: Deviation,
})

export const voidDeviation = operation({
  name: 'quality.deviation.void',
  summary: 'Take back a deviation that was opened by mistake, by signature and with the reason; it stays readable',
  permission: 'quality.deviation.close',
  scope: 'any',
  signature: ['approved'],
  mutates: true,
  input: z.object({ deviationId, version, reason: z.string().min(10).max(1000), signature: SignatureInput }),
  output: Deviation,
})
