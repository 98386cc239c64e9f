import { z } from 'zod'
import { operation } from '../operation.ts'
import { Code, InstantSchema, idOf, Window } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

/** One measured or judged characteristic of one piece. */
export const CharacteristicResult = z.object({
  /** Of the drawing or plan: `12`, `BORE-1.DIA`. */
  characteristic: z.string().min(1).max(120),
  name: z.string().max(200).default(''),
  unit: UcumUnit.nullable(),
  nominal: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Null = judged, not measured. */
  measured: z.number().nullable(),
  /** As the source says; the product's own judgement against the limits is `within`. */
  status: z.enum(['pass', 'fail', 'unknown']),
  within: z.boolean().nullable(),
})
export type CharacteristicResult = z.infer<typeof CharacteristicResult>

/** What was measured on one piece or lot, once. */
export const Inspection = z.object({
  id: idOf<'Inspection'>(),
  kind: z.enum(['incoming', 'in-process', 'first-article', 'final']),
  lotId: idOf<'Lot'>().nullable(),
  /** As the source calls the piece: stays when no lot is found by it. */
  piece: z.string(),
  /** Where the piece was then; null = not known, or no piece of ours. */
  nodeId: idOf<'EquipmentNode'>().nullable(),
  orderId: idOf<'Order'>().nullable(),
  runId: idOf<'OperationRun'>().nullable(),
  /** Code of the gauge or machine. */
  gauge: Code.nullable(),
  at: InstantSchema,
  recordedAt: InstantSchema,
  recordedBy: z.string(),
  /** SHA-256 of the original file; null = entered by a person. */
  document: z.string().nullable(),
  passed: z.boolean().nullable(),
  results: z.array(CharacteristicResult),
})
export type Inspection = z.infer<typeof Inspection>

export const recordInspection = operation({
  name: 'quality.inspection.record',
  summary: 'Record what was measured on a piece or lot',
  permission: 'quality.inspection.record',
  scope: 'any',
  mutates: true,
  input: z.object({
    kind: Inspection.shape.kind,
    piece: z.string().min(1).max(120),
    orderCode: Code.nullable().default(null),
    runId: idOf<'OperationRun'>().nullable().default(null),
    gauge: Code.nullable().default(null),
    at: InstantSchema,
    document: z.string().nullable().default(null),
    results: z
      .array(CharacteristicResult.omit({ within: true }))
      .min(1)
      .max(2000),
  }),
  output: Inspection,
})

export const listInspections = operation({
  name: 'quality.inspection.list',
  summary: 'List inspections of a piece, an order, a gauge or a window, newest first',
  permission: 'quality.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    lotId: idOf<'Lot'>().optional(),
    orderId: idOf<'Order'>().optional(),
    /** With the window: everything that was measured with it in that time (reverse traceability). */
    gauge: Code.optional(),
    window: Window.optional(),
    failedOnly: z.boolean().default(false),
    limit: z.int().positive().max(5000).default(200),
  }),
  output: z.object({ inspections: z.array(Inspection), total: z.int() }),
})
