import { findAsset } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { getLots } from '@throughline/material'
import type { Tables, UnitOfWork } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { GraphNode } from './rules.ts'
import { lotNode } from './rules.ts'

/** Lots by their codes, as they stand now; `nodeId` = where they were, of those that are nowhere now. */
export async function lotNodes(
  uow: UnitOfWork,
  ids: readonly Id<'Lot'>[],
  nodeId: Id<'EquipmentNode'> | null,
): Promise<GraphNode[]> {
  if (ids.length === 0) return []
  const lots = await getLots(uow, [...new Set(ids)])
  return lots.map((lot) => ({
    ...lotNode(lot.id),
    label: lot.code,
    detail: `${lot.material}, ${lot.status}`,
    at: lot.madeAt,
    place: lot.nodeId ?? nodeId,
  }))
}

/** Of a tool that was scanned and that nobody registered. */
export const unregistered = 'not registered'

/** Tools and gauges by their codes; one that nobody registered is called what was scanned. */
export async function toolNodes(db: Kysely<Tables>, codes: readonly string[]): Promise<GraphNode[]> {
  const nodes: GraphNode[] = []
  for (const code of new Set(codes)) {
    const asset = await findAsset(db, code)
    const detail = asset === undefined ? unregistered : asset.description || asset.type
    const id = asset?.code ?? code
    nodes.push({ kind: 'tool', id, label: id, detail, at: null, place: asset?.nodeId ?? null })
  }
  return nodes
}
