import type { Id } from '@throughline/kernel'
import type { TagDirectory } from './directory.ts'

type NodeId = Id<'EquipmentNode'>

/** The nodes at or below the scopes of whoever asks; null = the whole plant. */
export function nodesWithin(directory: TagDirectory, scopes: readonly NodeId[] | null): ReadonlySet<NodeId> | null {
  if (scopes === null) return null
  const tops = scopes.flatMap((id) => directory.node(id)?.path ?? [])
  return new Set(
    [...directory.nodes()].flatMap(({ id, path }) =>
      tops.some((top) => path === top || path.startsWith(`${top}/`)) ? [id] : [],
    ),
  )
}
