import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'

/** A time in which equipment, with all that belongs to it, was taken out of service. */
export const Outage = z.object({
  id: idOf<'Outage'>(),
  nodeId: idOf<'EquipmentNode'>(),
  since: InstantSchema,
  reason: z.string(),
  by: z.string(),
  ended: z.object({ at: InstantSchema, by: z.string(), reason: z.string() }).nullable(),
})
export type Outage = z.infer<typeof Outage>

const nodeId = idOf<'EquipmentNode'>()
const reason = z.string().min(3).max(500)

export const listOutages = operation({
  name: 'equipment.outage.list',
  summary: 'List what was taken out of service, what still is first',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: nodeId.optional(), openOnly: z.boolean().default(false) }),
  output: z.array(Outage),
})

/** Orders that have work in hand there are held until it is back. */
export const beginOutage = operation({
  name: 'equipment.outage.begin',
  summary: 'Take equipment out of service, with a reason: nothing is begun there, and what is in hand there is held',
  permission: 'equipment.asset.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({ nodeId, reason }),
  output: Outage,
})

export const endOutage = operation({
  name: 'equipment.outage.end',
  summary: 'Put equipment back into service, with what was done',
  permission: 'equipment.asset.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({ nodeId, reason }),
  output: Outage,
})
