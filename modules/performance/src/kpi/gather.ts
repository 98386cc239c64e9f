import type { Id, Instant } from '@throughline/kernel'
import type { KpiElements } from '@throughline/model'
import type { Database } from '@throughline/platform'
import type { Reach } from '../shift-result/store.ts'
import { listNewest, listReaches, sumResults } from '../shift-result/store.ts'
import type { StoredCell } from '../shift-result/stored-result.ts'
import type { Machine } from '../state-rule/machines.ts'
import { ruleAt } from '../state-rule/machines.ts'
import type { Cell, Extent } from '../time-model/cells.ts'
import { elementsOf } from '../time-model/cells.ts'
import type { Judgement } from '../time-model/load.ts'
import { loadFacts } from '../time-model/load.ts'

type NodeId = Id<'EquipmentNode'>

/** Elements of a part of the machines and the time; what is null differs within it. */
export interface Portion {
  readonly nodeId: NodeId | null
  readonly date: string | null
  /** Date and name of the shift. */
  readonly shift: string | null
  readonly from: Instant
  readonly to: Instant
  readonly elements: KpiElements
  /** Of machines that have no counter. */
  readonly isUncounted: boolean
  /** The shift goes on. */
  readonly isRunning: boolean
}

/** One machine, shift, order and product. */
export interface CellPortion extends Portion, Pick<StoredCell, 'order' | 'product' | 'stopLosses' | 'scrapLosses'> {
  readonly nodeId: NodeId
}

export interface Asked {
  readonly db: Database
  readonly machines: readonly Machine[]
  readonly window: Extent
  readonly now: Instant
  /** Of these machines. */
  readonly judgement: Judgement
}

/** The elements of machines over a window, summed as far as a grouping allows: quick over many shifts. */
export async function gatherSums(asked: Asked, by: 'machine' | 'shift' | 'day'): Promise<Portion[]> {
  const { db, machines, now } = asked
  const told = clip(asked.window, now)
  if (told === null || machines.length === 0) return []
  const nodeIds = machines.map((machine) => machine.nodeId)
  const uncounted = machines.filter((machine) => !isCounting(machine, now)).map((machine) => machine.nodeId)
  const summing = sumResults(db, by, { nodeIds, uncounted }, told.from, told.to)
  const reaching =
    by === 'machine'
      ? summing.then((sums) => sums.map(({ key, from, to }) => ({ nodeId: key as NodeId, from, to })))
      : listReaches(db, nodeIds, told.from, told.to)
  const [sums, rest] = await Promise.all([summing, reaching.then((reaches) => workOutRest(asked, told, reaches))])
  return [
    ...sums.map(({ key, ...sum }) => ({
      ...sum,
      nodeId: by === 'machine' ? (key as NodeId) : null,
      date: by === 'day' ? key : by === 'shift' ? key.slice(0, 10) : null,
      shift: by === 'shift' ? key : null,
      isRunning: false,
    })),
    ...rest.map((cell) => portionOf(cell, uncounted.includes(cell.nodeId), now)),
  ]
}

/** The same by machine, shift, order and product, with what stops and scrap took. */
export async function gatherCells(asked: Asked): Promise<CellPortion[]> {
  const { db, machines, now } = asked
  const told = clip(asked.window, now)
  if (told === null || machines.length === 0) return []
  const uncounted = new Set(machines.filter((machine) => !isCounting(machine, now)).map(({ nodeId }) => nodeId))
  const nodeIds = machines.map((machine) => machine.nodeId)
  const [results, rest] = await Promise.all([
    listNewest(db, nodeIds, told.from, told.to),
    listReaches(db, nodeIds, told.from, told.to).then((reaches) => workOutRest(asked, told, reaches)),
  ])
  return [
    ...results.flatMap(({ nodeId, date, name, to, cells }) =>
      cells.map((cell) => ({
        ...cell,
        ...{ nodeId, date, shift: `${date} ${name}`, to, isRunning: false },
        isUncounted: uncounted.has(nodeId),
      })),
    ),
    ...rest.map((cell) => portionOf(cell, uncounted.has(cell.nodeId), now)),
  ]
}

/** What is still to come is no time of which anything could be told; null = all of it. */
function clip({ from, to }: Extent, now: Instant): Extent | null {
  const end = Math.min(to, now) as Instant
  return from < end ? { from, to: end } : null
}

function portionOf(cell: Cell, isUncounted: boolean, now: Instant): CellPortion {
  const { nodeId, shift, from, order, product, elements, stopLosses, scrapLosses } = cell
  return {
    ...{ nodeId, date: shift.date, shift: `${shift.date} ${shift.name}`, from, to: shift.to },
    ...{ order, product, elements, stopLosses, scrapLosses },
    ...{ isUncounted, isRunning: shift.to > now },
  }
}

function isCounting({ rules }: Machine, now: Instant): boolean {
  const rule = ruleAt(rules, now)
  return rule !== undefined && (rule.total !== null || rule.good !== null || rule.scrap !== null)
}

/** What no stored result covers: shifts that the window cuts, the running one, and those that just ended. */
async function workOutRest(
  { db, machines, now, judgement }: Asked,
  window: Extent,
  stored: readonly Reach[],
): Promise<Cell[]> {
  const reaches = new Map(stored.map((reach) => [reach.nodeId, reach]))
  const gaps = new Map<string, { extent: Extent; machines: Machine[] }>()
  for (const machine of machines) {
    const reach = reaches.get(machine.nodeId)
    const extents =
      reach === undefined
        ? [window]
        : [
            { from: window.from, to: reach.from },
            { from: reach.to, to: window.to },
          ]
    for (const extent of extents) {
      if (extent.from >= extent.to) continue
      const key = `${extent.from} ${extent.to}`
      const gap = gaps.get(key) ?? { extent, machines: [] }
      gap.machines.push(machine)
      gaps.set(key, gap)
    }
  }
  const cells: Cell[] = []
  for (const { extent, machines: some } of gaps.values()) {
    for (const facts of await loadFacts(db, some, extent, now, judgement)) cells.push(...elementsOf(facts, extent))
  }
  return cells
}
