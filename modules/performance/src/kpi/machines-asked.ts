import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin } from '../reason/place.ts'
import type { Machine, Machines } from '../state-rule/machines.ts'

/**
 * The machines at or below a node; without a node all that the caller may see.
 * @throws DomainError `not-found` (`performance.node-unknown`), `forbidden` for a node outside the caller's scopes
 */
export async function listMachinesAsked(
  uow: UnitOfWork,
  machines: Machines,
  nodes: NodeFinder,
  nodeId: Id<'EquipmentNode'> | undefined,
): Promise<readonly Machine[]> {
  if (nodeId === undefined) return machines.list().filter((each) => isWithin(nodes, each.nodeId, uow.scopes))
  await uow.assertWithin(nodeId)
  if (nodes.node(nodeId) === undefined) {
    throw new DomainError('not-found', 'performance.node-unknown', `There is no equipment node ${nodeId}`, { nodeId })
  }
  return machines.atOrBelow(nodeId)
}
