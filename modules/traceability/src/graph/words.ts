import { findAsset } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { getLots, listLastPlaces } from '@throughline/material'
import type { Lot } from '@throughline/model'
import type { Tables, UnitOfWork } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { GraphNode } from './rules.ts'
import { lotNode } from './rules.ts'

/** Lots by their codes, as they stand now, and where they were last: whoever may see that place may see them. */
export async function lotNodes(
  uow: Pick<UnitOfWork, 'trx' | 'at'>,
  ids: readonly Id<'Lot'>[],
): Promise<(GraphNode & { readonly lot: Lot })[]> {
  if (ids.length === 0) return []
  const lots = await getLots(uow, [...new Set(ids)])
  const places = await listLastPlaces(
    uow.trx,
    lots.map(({ id }) => id),
  )
  return lots.map((lot) => ({
    ...lotNode(lot.id),
    ...{ label: lot.code, detail: `${lot.material}, ${lot.status}`, at: lot.madeAt },
    place: places.get(lot.id) ?? null,
    lot,
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
