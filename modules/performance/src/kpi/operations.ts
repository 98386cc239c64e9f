import type { Id } from '@throughline/kernel'
import type { KpiGroup, KpiRow, NodeLevel } from '@throughline/model'
import { compareKpis, getKpis, listKpiDefinitions } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { nameOf } from '../reason/place.ts'
import type { Machine, Machines } from '../state-rule/machines.ts'
import type { Extent } from '../time-model/cells.ts'
import { loadJudgement } from '../time-model/load.ts'
import { kpis } from './catalogue.ts'
import type { Asked, CellPortion, Portion } from './gather.ts'
import { gatherCells, gatherSums } from './gather.ts'
import { listMachinesAsked } from './machines-asked.ts'
import type { Group, RowAbout } from './rows.ts'
import { grouped, rowOf, spanOf } from './rows.ts'

type NodeId = Id<'EquipmentNode'>

export function registerKpi(platform: Platform, machines: Machines, nodes: NodeFinder): void {
  platform.handle(listKpiDefinitions, async () => kpis.map((kpi) => kpi.definition))

  platform.handle(getKpis, async (uow, { nodeId, window, by, products, orders }) => {
    const asked = await listMachinesAsked(uow, machines, nodes, nodeId)
    const judgement = await loadJudgement(uow.trx, asked)
    const question = { db: uow.trx, machines: asked, window, now: uow.at, judgement }
    if (by === 'product' || by === 'order' || products.length > 0 || orders.length > 0) {
      return await rowsOfCells({ ...question, by, nodes, products, orders })
    }
    return await rowsOfSums({ ...question, by, nodes })
  })

  platform.handle(compareKpis, async (uow, { nodeIds, window, before }) => {
    const sides: { nodeId: NodeId; machines: readonly Machine[] }[] = []
    for (const nodeId of nodeIds) {
      sides.push({ nodeId, machines: await listMachinesAsked(uow, machines, nodes, nodeId) })
    }
    const all = new Map(sides.flatMap((side) => side.machines.map((machine) => [machine.nodeId, machine])))
    const judgement = await loadJudgement(uow.trx, [...all.values()])
    const told = async (extent: Extent): Promise<(side: (typeof sides)[number]) => KpiRow> => {
      const asked = { db: uow.trx, machines: [...all.values()], window: extent, now: uow.at, judgement }
      const portions = await gatherSums(asked, 'machine')
      const allTime = allTimeOf(asked)
      return (side) => {
        const own = new Set(side.machines.map((machine) => machine.nodeId))
        return rowOf(
          portions.filter((portion) => portion.nodeId !== null && own.has(portion.nodeId)),
          {
            ...{ key: side.nodeId, label: nameOf(nodes, side.nodeId), window: extent },
            allTimeUs: allTime(side.machines),
            firstPq: null,
          },
        )
      }
    }
    const now = await told(window)
    const then = before === null ? () => null : await told(before)
    return sides.map((side) => ({ nodeId: side.nodeId, now: now(side), before: then(side) }))
  })
}

interface Question extends Asked {
  readonly by: KpiGroup
  readonly nodes: NodeFinder
}

interface Rows {
  readonly rows: KpiRow[]
  readonly total: KpiRow
}

async function rowsOfSums(question: Question): Promise<Rows> {
  const { machines, window, by, nodes } = question
  const isByTime = by === 'shift' || by === 'day'
  const portions = await gatherSums(question, isByTime ? by : 'machine')
  const allTime = allTimeOf(question)
  const single = (list: readonly Portion[]): number | null =>
    machines.length === 1 || new Set(list.map(({ nodeId }) => nodeId ?? '')).size * (isByTime ? 2 : 1) === 1
      ? list.reduce((pq, { elements }) => pq + elements.pq, 0)
      : null
  const total = rowOf(portions, {
    ...{ key: '', label: '', window, allTimeUs: allTime(machines), firstPq: single(portions) },
  })
  if (by === 'none') return { rows: [total], total }
  const judged = by === 'line' ? keyMachinesIn(question) : new Map<string, NodeId>()
  const rows = grouped(portions, groupFor(by, machines, nodes)).map(({ group, portions: all }) => {
    const keyNodeId = judged.get(group.key)
    const own = keyNodeId === undefined ? all : all.filter(({ nodeId }) => nodeId === keyNodeId)
    const ofShift = (list: readonly Portion[]): number => list.reduce((us, { elements }) => us + elements.calendarUs, 0)
    const members = machines.filter((machine) => own.some(({ nodeId }) => nodeId === machine.nodeId))
    const row = rowOf(own, {
      ...group,
      window: isByTime ? spanOf(own) : window,
      allTimeUs: by === 'shift' ? ofShift : by === 'day' ? () => null : allTime(members),
      firstPq: single(own),
    })
    return keyNodeId === undefined ? row : { ...row, keyNodeId }
  })
  return { rows: sorted(rows, isByTime), total }
}

/**
 * By which machine each line is judged: its key machine, or the last. A line has no sum: it is as good as its bottleneck, and
 * each part passes all of its machines. Where the caller does not see that machine, or nothing is known of it, the line is told by those that are.
 */
function keyMachinesIn({ machines, judgement: { lines, knownSince } }: Question): ReadonlyMap<string, NodeId> {
  return new Map(
    lines.flatMap(({ lineId, keyNodeId, machines: order }) => {
      const key = keyNodeId ?? order.at(-1)?.nodeId
      const isSeen = key !== undefined && knownSince.has(key) && machines.some(({ nodeId }) => nodeId === key)
      return isSeen ? [[lineId, key] as const] : []
    }),
  )
}

interface CellQuestion extends Question {
  readonly products: readonly string[]
  readonly orders: readonly string[]
}

async function rowsOfCells(question: CellQuestion): Promise<Rows> {
  const { machines, window, by, nodes, products, orders } = question
  const portions = (await gatherCells(question)).filter(
    ({ product, order }) =>
      (products.length === 0 || products.includes(product ?? '')) &&
      (orders.length === 0 || orders.includes(order ?? '')),
  )
  const about = { allTimeUs: () => null, firstPq: null }
  const total = rowOf(portions, { key: '', label: '', window, ...about })
  if (by === 'none') return { rows: [total], total }
  const isByTime = by === 'shift' || by === 'day'
  const judged = by === 'line' ? keyMachinesIn(question) : new Map<string, NodeId>()
  const rows = grouped(portions, cellGroupFor(by, machines, nodes)).map(({ group, portions: all }) => {
    const keyNodeId = judged.get(group.key)
    const own = keyNodeId === undefined ? all : all.filter(({ nodeId }) => nodeId === keyNodeId)
    const row = rowOf(own, {
      ...group,
      ...about,
      window: isByTime ? spanOf(own) : window,
      firstPq: by === 'order' && group.key !== '' ? firstPqOf(own) : null,
    })
    return keyNodeId === undefined ? row : { ...row, keyNodeId }
  })
  return { rows: sorted(rows, isByTime), total }
}

/** What the operation of an order that began first produced. */
function firstPqOf(portions: readonly CellPortion[]): number {
  const first = portions.reduce((earliest, each) => (each.from < earliest.from ? each : earliest))
  return portions.filter(({ nodeId }) => nodeId === first.nodeId).reduce((pq, { elements }) => pq + elements.pq, 0)
}

const sorted = (rows: KpiRow[], isByTime: boolean): KpiRow[] =>
  rows.sort((a, b) =>
    isByTime && a.window.from !== b.window.from ? a.window.from - b.window.from : a.label < b.label ? -1 : 1,
  )

const levels: Partial<Record<KpiGroup, NodeLevel>> = { line: 'work-center', area: 'area', site: 'site' }

function groupFor(by: KpiGroup, machines: readonly Machine[], nodes: NodeFinder): (portion: Portion) => Group {
  if (by === 'shift') return ({ shift }) => ({ key: shift ?? '', label: shift ?? '' })
  if (by === 'day') return ({ date }) => ({ key: date ?? '', label: date ?? '' })
  const level = levels[by]
  const groups = new Map(
    machines.map(({ nodeId, nodePath }) => {
      const key = level === undefined ? nodeId : nodePath.find((each) => nodes.node(each)?.level === level)
      const group = key === undefined ? { key: '', label: `no ${by}` } : { key, label: nameOf(nodes, key) }
      return [nodeId, group]
    }),
  )
  return ({ nodeId }) => groups.get(nodeId as NodeId) ?? { key: '', label: `no ${by}` }
}

function cellGroupFor(by: KpiGroup, machines: readonly Machine[], nodes: NodeFinder): (portion: CellPortion) => Group {
  if (by === 'product') return ({ product }) => ({ key: product ?? '', label: product ?? 'no product' })
  if (by === 'order') return ({ order }) => ({ key: order ?? '', label: order ?? 'no order' })
  return groupFor(by, machines, nodes)
}

/** Day and night of machines over a window, since they are known and until now. */
function allTimeOf({ window, now, judgement }: Asked): (of: readonly Machine[]) => RowAbout['allTimeUs'] {
  const end = Math.min(window.to, now)
  const timeOf = (nodeId: NodeId): number =>
    Math.max(0, end - Math.max(window.from, judgement.knownSince.get(nodeId) ?? end))
  return (of) => (portions) => {
    // Where some machines are left out their time is, too.
    const isByMachine = portions.every(({ nodeId }) => nodeId !== null)
    const own = isByMachine ? of.filter((each) => portions.some(({ nodeId }) => nodeId === each.nodeId)) : of
    return own.reduce((us, { nodeId }) => us + timeOf(nodeId), 0)
  }
}
