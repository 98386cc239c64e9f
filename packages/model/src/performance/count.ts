import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

/** What a person says was made, beside (or instead of) the machine's counters. A correction replaces it; it stays readable. */
export const CountEntry = z.object({
  id: idOf<'CountEntry'>(),
  nodeId: idOf<'EquipmentNode'>(),
  /** `scrap` and `rework` turn parts that the machine counted as good; `produced` adds parts that no counter saw. */
  kind: z.enum(['produced', 'scrap', 'rework']),
  quantity: z.number().positive(),
  reasonId: idOf<'Reason'>().nullable(),
  /** When the parts were made: a late finding restates the shift of then. */
  madeAt: InstantSchema,
  order: z.string().nullable(),
  product: z.string().nullable(),
  comment: z.string(),
  recordedAt: InstantSchema,
  recordedBy: z.string(),
  corrects: idOf<'CountEntry'>().nullable(),
  replacedAt: InstantSchema.nullable(),
  /** Who corrected it or took it back, and why; null = it counts. */
  replacedBy: z.string().nullable(),
  replacedWhy: z.string().nullable(),
})
export type CountEntry = z.infer<typeof CountEntry>

const content = CountEntry.pick({ kind: true, quantity: true, reasonId: true, madeAt: true, comment: true })

export const recordCount = operation({
  name: 'performance.count.record',
  summary: 'Record parts as produced, scrap (with its reason) or rework, in one action',
  permission: 'performance.count.record',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: content.extend({
    nodeId: idOf<'EquipmentNode'>(),
    /** Null = what the machine was busy with at `madeAt`. */
    order: z.string().max(200).nullable().default(null),
  }),
  output: CountEntry,
})

export const correctCount = operation({
  name: 'performance.count.correct',
  summary: 'Correct a count with a reason; quantity 0 takes it back; the old entry stays readable',
  permission: 'performance.count.correct',
  scope: 'any',
  mutates: true,
  input: z.object({
    entryId: idOf<'CountEntry'>(),
    quantity: z.number().nonnegative(),
    reasonId: idOf<'Reason'>().nullable(),
    why: z.string().min(3).max(500),
  }),
  output: CountEntry.nullable(),
})

export const listCounts = operation({
  name: 'performance.count.list',
  summary: 'List what people recorded as produced, scrap or rework on the machines at or below a node, newest first',
  permission: 'performance.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>(), window: Window, includeReplaced: z.boolean().default(false) }),
  output: z.array(CountEntry),
})
