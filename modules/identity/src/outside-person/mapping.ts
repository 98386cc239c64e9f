import type { Id } from '@throughline/kernel'
import type { RoleGrant } from '@throughline/model'
import { listNodes, roles } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { z } from 'zod'

/** What a group or role elsewhere means here: `{ "value": "tl-operators", "role": "operator", "node": "acme/north" }`. */
export const RoleMapping = z.strictObject({
  value: z.string().min(1),
  role: z.enum(roles).exclude(['edge-agent']),
  /** Path of the node where the role is held; absent = the whole plant. */
  node: z.string().min(1).optional(),
})
export type RoleMapping = z.infer<typeof RoleMapping>

/** The roles that these values give, each once. A mapping to a node that the plant does not have gives nothing. */
export function grantsFor(
  values: ReadonlySet<string>,
  mappings: readonly RoleMapping[],
  nodeAt: (path: string) => Id<'EquipmentNode'> | undefined,
): RoleGrant[] {
  const grants: RoleGrant[] = []
  for (const { value, role, node } of mappings) {
    const nodeId = node === undefined ? null : nodeAt(node)
    if (!values.has(value) || nodeId === undefined) continue
    if (!grants.some((grant) => grant.role === role && grant.nodeId === nodeId)) grants.push({ role, nodeId })
  }
  return grants
}

/** Answers what the values give in the plant as it is now. A network stands behind none of it, but a query does. */
export async function grantsNow(
  platform: Platform,
  values: ReadonlySet<string>,
  mappings: readonly RoleMapping[],
): Promise<RoleGrant[]> {
  if (mappings.every(({ node }) => node === undefined)) return grantsFor(values, mappings, () => undefined)
  const nodes = await platform.run(listNodes, systemActor('identity.mapping', ['equipment.model.read']), {})
  const byPath = new Map(nodes.map(({ path, id }) => [path, id]))
  for (const { node } of mappings) {
    if (node !== undefined && !byPath.has(node)) platform.log.warn({ node }, 'a role is mapped to a node that is none')
  }
  return grantsFor(values, mappings, (path) => byPath.get(path))
}
