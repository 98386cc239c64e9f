import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'

type NodeId = Id<'EquipmentNode'>

/** What is asked of the plant's model about places. */
export type NodeFinder = Pick<TagDirectory, 'node'>

/** The node itself and all above it, nearest first. */
export function pathTo(nodes: NodeFinder, nodeId: NodeId): NodeId[] {
  const path: NodeId[] = []
  for (let next: NodeId | null = nodeId; next !== null && !path.includes(next); ) {
    path.push(next)
    next = nodes.node(next)?.parentId ?? null
  }
  return path
}

/** Whether the node lies at or below one of the scopes; null = the whole plant. */
export function isWithin(nodes: NodeFinder, nodeId: NodeId, scopes: readonly NodeId[] | null): boolean {
  return scopes === null || pathTo(nodes, nodeId).some((each) => scopes.includes(each))
}

/** Whether what holds at the node concerns somebody with these scopes: it lies within them, or above one of them. */
export const concerns = (nodes: NodeFinder, nodeId: NodeId, scopes: readonly NodeId[] | null): boolean =>
  isWithin(nodes, nodeId, scopes) || (scopes ?? []).some((scope) => pathTo(nodes, scope).includes(nodeId))

/** The name that people know a node by; its id when the model has none such. */
export const nameOf = (nodes: NodeFinder, nodeId: NodeId): string => nodes.node(nodeId)?.name ?? nodeId
