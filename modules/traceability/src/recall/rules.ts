import type { Id } from '@throughline/kernel'
import type { EquipmentNode, Lot, RecallDrill } from '@throughline/model'

type Affected = RecallDrill['affected']

interface Places {
  node(id: Id<'EquipmentNode'>): Pick<EquipmentNode, 'path'> | undefined
}

/** Lots as a recall lists them: nearest first, then by code. */
export function affectedOf(lots: readonly Lot[], depths: ReadonlyMap<Id<'Lot'>, number>, places: Places): Affected {
  return lots
    .map(({ id, code, material, status, nodeId, place, quantity, unit }) => ({
      ...{ lotId: id, code, material, status, quantity, unit },
      place: [nodeId === null ? '' : (places.node(nodeId)?.path ?? ''), place].filter((part) => part !== '').join(', '),
      depth: depths.get(id) ?? 0,
    }))
    .sort((a, b) => a.depth - b.depth || (a.code < b.code ? -1 : 1))
}

/** How many lots have which status. */
export function countsOf(affected: Affected): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of affected) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** What was found so many steps away: how many, of which materials, in which status; the most first. */
export function levelsOf(affected: Affected) {
  return [...Map.groupBy(affected, ({ depth }) => depth)]
    .sort(([a], [b]) => a - b)
    .map(([depth, lots]) => ({
      ...{ depth, count: lots.length },
      materials: mostFirst(lots.map(({ material }) => material)),
      statuses: mostFirst(lots.map(({ status }) => status)),
    }))
}

function mostFirst(names: readonly string[]): [name: string, count: number][] {
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]): [string, number] => [name, all.length])
  return counts.sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
}

const named = 5

export function subjectOfLots(codes: readonly string[]): string {
  const more = codes.length - named
  const list = codes.slice(0, named).join(', ')
  return `${codes.length === 1 ? 'lot' : 'lots'} ${list}${more > 0 ? ` and ${more} more` : ''}`
}
