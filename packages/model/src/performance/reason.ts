import { z } from 'zod'
import { operation } from '../operation.ts'
import { idOf, PathName } from '../primitives.ts'

/**
 * What a stop with this reason does to the times of ISO 22400-2: `down` unplanned (ADOT), `setup` (AUST), `delay` (ADET:
 * waiting, minor stops), `planned` (outside the planned busy time), `no-order` (outside or inside it, as the reason says).
 */
export const StopCategory = z.enum(['down', 'setup', 'delay', 'planned', 'no-order'])
export type StopCategory = z.infer<typeof StopCategory>

/** A node of a reason tree: why a machine stopped, or why a part is scrap. */
export const Reason = z.object({
  id: idOf<'Reason'>(),
  kind: z.enum(['stop', 'scrap']),
  /** The area (or any node) where it may be chosen, with all that is below it. */
  nodeId: idOf<'EquipmentNode'>(),
  parentId: idOf<'Reason'>().nullable(),
  code: PathName,
  /** By language tag; `en` is always there: `{ en: 'Jam', de: 'Stau' }`. */
  texts: z.record(z.string().min(2).max(10), z.string().min(1).max(100)),
  /** Of a stop; null for scrap and for a mere group. */
  category: StopCategory.nullable(),
  /** Whether its time stays inside the planned busy time (matters for `no-order` and `planned`). */
  insidePlannedTime: z.boolean(),
  /** What the machine's reason tag says for it: it is then assigned by itself. */
  machineCodes: z.array(z.string().min(1).max(100)).max(50),
  retired: z.boolean(),
})
export type Reason = z.infer<typeof Reason>

export const listReasons = operation({
  name: 'performance.reason.list',
  summary: 'List the reasons that may be chosen at a node, or all of them',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional(), kind: Reason.shape.kind.optional() }),
  output: z.array(Reason),
})

export const setReason = operation({
  name: 'performance.reason.set',
  summary: 'Add a reason to the tree of an area, or change it; code and kind never change',
  permission: 'performance.model.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: Reason.omit({ id: true, retired: true }).extend({ reasonId: idOf<'Reason'>().nullable().default(null) }),
  output: Reason,
})

export const retireReason = operation({
  name: 'performance.reason.retire',
  summary: 'Retire a reason: it is no longer offered, and stays where it was given',
  permission: 'performance.model.write',
  scope: 'any',
  mutates: true,
  input: z.object({ reasonId: idOf<'Reason'>() }),
  output: Reason,
})
