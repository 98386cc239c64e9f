import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'

type NodeId = Id<'EquipmentNode'>

/** What is asked of the plant's model about places: the equipment module's tag directory fits. */
export interface NodeFinder {
  node(id: NodeId): Pick<EquipmentNode, 'parentId' | 'path'> | undefined
}

/** Whether a node lies at or below one of `tops`; null = anywhere in the plant. */
export function isWithin(nodes: NodeFinder, nodeId: NodeId, tops: readonly NodeId[] | null): boolean {
  if (tops === null) return true
  const seen = new Set<NodeId>()
  for (let next: NodeId | null = nodeId; next !== null && !seen.has(next); next = nodes.node(next)?.parentId ?? null) {
    if (tops.includes(next)) return true
    seen.add(next)
  }
  return false
}

/** @throws DomainError `not-found` */
export function assertNode(nodes: NodeFinder, nodeId: NodeId): void {
  if (nodes.node(nodeId) !== undefined) return
  throw new DomainError(
    'not-found',
    'material.node-unknown',
    `There is no equipment ${nodeId}: look it up with equipment.node.list`,
    { nodeId },
  )
}
