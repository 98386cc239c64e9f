import { setTimeout as pause } from 'node:timers/promises'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError, fromMs } from '@throughline/kernel'
import type { Client, KpiRow } from '@throughline/model'
import { getKpis, listNodes, listShiftResults, listStates } from '@throughline/model'
import type { Past } from './past.ts'
import { askEveryMs, waitForPast } from './past.ts'
import type { ComparedPlant } from './plant.ts'
import type { Ratios } from './reckoning.ts'
import { machines, ordersOf, piecesBetween, ratiosOf, stretchesOf } from './reckoning.ts'

/** One figure as the product tells it and as it truly was. */
export interface Comparison {
  readonly what: string
  /** The time that it is about, milliseconds. */
  readonly from: number
  readonly to: number
  /** Of a shift, and not of an order. */
  readonly isShift: boolean
  readonly kpi: string
  readonly truth: number | null
  readonly told: number | null
  readonly low: number | null
  readonly high: number | null
  readonly coverage: number | null
  /** By how much it is off, in percentage points: beyond [low, high] where data is missing; 100 when there is no figure. */
  readonly offPp: number
}

type Judged = Pick<Comparison, 'from' | 'to' | 'isShift'>

const kpiIds = ['oee', 'availability', 'effectiveness', 'quality-ratio'] as const
const toleratedPp = 0.1

export const isOutside = ({ offPp }: Comparison): boolean => !(offPp <= toleratedPp)

/**
 * Compares every machine, shift and order of the back-filled month; before that the shifts of E18, as long as what the edge
 * agent kept is not there: what is told of them must say so, and hold the truth all the same.
 */
export async function compareOee(
  { client, truth, reconnect }: ComparedPlant,
  log: (line: string) => void,
): Promise<Comparison[]> {
  const nodes = new Map((await client(listNodes, {})).map(({ path, id }) => [path.toLowerCase(), id]))
  const wait = () => waitForPast(truth, (past) => progressOf(client, past, nodes), log)
  const first = await wait()
  if (!first.backfill.held) return await compareAll(client, first, nodes)
  const cut = first.events.find(({ id }) => id === 'E18')
  const inGap = ({ from, to }: Comparison): boolean => cut !== undefined && from < cut.to && to > cut.from
  // An order that lies wholly in what is missing cannot be told of: the shifts are.
  const gap = (await compareAll(client, first, nodes))
    .filter((each) => each.isShift && inGap(each))
    .map((each) => ({ ...each, what: `${each.what} without what E18 kept`, offPp: isPart(each) ? each.offPp : 100 }))
  const worst = Math.max(...gap.map(({ offPp }) => offPp))
  log(`E18: ${gap.length} figures of shifts while data is missing, the truth at most ${worst.toFixed(4)} pp outside`)
  reconnect()
  while (truth().backfill?.held === true) await pause(askEveryMs)
  const whole = await waitForPast(
    truth,
    async (past) => {
      const progress = await progressOf(client, past, nodes)
      if (!progress.startsWith('complete')) return progress
      const open = (await compareAll(client, past, nodes)).filter((each) => each.isShift && inGap(each) && isPart(each))
      return open.length === 0 ? progress : `what E18 kept is not worked into ${open.length} figures`
    },
    log,
  )
  return [...gap, ...(await compareAll(client, whole, nodes))]
}

/** Data is missing, and the figure says so. */
const isPart = ({ coverage }: Comparison): boolean => coverage !== null && coverage < 1

async function compareAll(
  client: Client,
  seen: Past,
  nodes: ReadonlyMap<string, Id<'EquipmentNode'>>,
): Promise<Comparison[]> {
  const span = seen.backfill
  const window = { from: fromMs(span.from), to: fromMs(span.to) }
  const all: Comparison[] = []
  for (const [asset, machine] of Object.entries(machines)) {
    const own = <Row extends { readonly asset: string }>(rows: readonly Row[]): Row[] =>
      rows.filter((row) => row.asset === asset)
    const stretches = stretchesOf(own(seen.states), machine.kinds)
    const made = own(seen.made)
    const nodeId = nodeOf(nodes, machine.path)
    const rowsBy = async (by: 'shift' | 'order'): Promise<Map<string, KpiRow>> => {
      const { rows } = await client(getKpis, { nodeId, window, by })
      return new Map(rows.map((row) => [row.key, row]))
    }
    const [shifts, orders] = [await rowsBy('shift'), await rowsBy('order')]
    const judge = (key: string, { from, to, isShift }: Judged, row: KpiRow | undefined): void => {
      const real = ratiosOf(stretches, piecesBetween(made, from, to), machine.idealMs, from, to)
      all.push(...comparisonsOf(`${asset} ${key}`, { from, to, isShift }, real, row))
    }
    for (const { date, name, from, to } of own(seen.shifts)) {
      const key = `${date} ${name}`
      if (from >= span.from && to <= span.to) judge(key, { from, to, isShift: true }, shifts.get(key))
    }
    for (const { order, from, to } of ordersOf(made)) {
      if (to <= span.to) judge(order, { from, to, isShift: false }, orders.get(order))
    }
  }
  return all
}

function comparisonsOf(what: string, about: Judged, real: Ratios, row: KpiRow | undefined): Comparison[] {
  return kpiIds.map((kpi) => {
    const value = row?.kpis.find(({ id }) => id === kpi)
    const [truth, told] = [real[kpi], value?.value ?? null]
    const { low = null, high = null } = value ?? {}
    const coverage = row?.coverage ?? null
    return { what, ...about, kpi, truth, told, low, high, coverage, offPp: offBy({ truth, told, low, high, coverage }) }
  })
}

/** With all data known the value itself is held to the truth, else the range in which it says that the truth lies. */
export function offBy({
  truth,
  told,
  low,
  high,
  coverage,
}: Omit<Comparison, 'what' | 'kpi' | 'offPp' | keyof Judged>): number {
  if (truth === null || told === null) return truth === told ? 0 : 100
  if (coverage !== null && coverage < 1) {
    return 100 * Math.max(0, (low ?? Number.POSITIVE_INFINITY) - truth, truth - (high ?? Number.NEGATIVE_INFINITY))
  }
  return 100 * Math.abs(told - truth)
}

/** Each machine is followed up to now, and each finished shift has its result. */
async function progressOf(
  client: Client,
  { backfill, shifts }: Past,
  nodes: ReadonlyMap<string, Id<'EquipmentNode'>>,
): Promise<string> {
  const window = { from: fromMs(backfill.from), to: fromMs(backfill.to) }
  let versions = 0
  for (const [asset, { path }] of Object.entries(machines)) {
    const nodeId = nodeOf(nodes, path)
    if (!(await isFollowed(client, nodeId, window.to))) return `${asset} is not followed to the end`
    const results = await client(listShiftResults, { nodeId, window })
    const known = new Set(results.map(({ shift }): Instant => shift.from))
    const ended = shifts.filter((shift) => shift.asset === asset && shift.to <= backfill.to)
    const missing = ended.filter(({ from }) => from >= backfill.from && !known.has(fromMs(from)))
    if (missing.length > 0) return `${asset} lacks results of ${missing.length} shifts`
    versions += results.length
  }
  return `complete: ${versions} results of shifts`
}

/** Whether it is known what the machine did last: the past is worked out from its beginning on. */
async function isFollowed(client: Client, nodeId: Id<'EquipmentNode'>, to: Instant): Promise<boolean> {
  // The plant tells a steady value every five minutes.
  const window = { from: (to - 900e6) as Instant, to: (to - 600e6) as Instant }
  const [states] = await client(listStates, { nodeIds: [nodeId], window })
  return states?.intervals.some(({ state }) => state !== 'no-data') ?? false
}

function nodeOf(nodes: ReadonlyMap<string, Id<'EquipmentNode'>>, path: string): Id<'EquipmentNode'> {
  const id = nodes.get(path)
  if (id === undefined) throw new DomainError('not-found', 'truth.no-machine', `The plant has no ${path}`)
  return id
}
