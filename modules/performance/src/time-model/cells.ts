import type { Id, Instant } from '@throughline/kernel'
import type { KpiElements, Shift } from '@throughline/model'
import { addCounts, listHandCounted } from './counts.ts'
import { Cursor, merged } from './cursor.ts'
import { noElements } from './elements.ts'
import type { MachineFacts, RuleSpan, RunSpan, Span, StateSpan, StopSpan } from './facts.ts'
import { placeGaps } from './gaps.ts'
import { ruleAt, spansOf } from './rule-spans.ts'
import type { TimeKind } from './times.ts'
import { timeKindOf } from './times.ts'

/** What stops with one reason, or one cause, took of the planned busy time; without either they are unexplained. */
export interface StopLoss {
  readonly reasonId: Id<'Reason'> | null
  /** The machine of the line that caused stops which have no reason; absent = it stood by itself. */
  readonly causedBy?: Id<'EquipmentNode'>
  us: number
  count: number
}

/** Parts that were scrapped for one reason; null = none was given, or a counter told. */
export interface ScrapLoss {
  readonly reasonId: Id<'Reason'> | null
  /** Ideal time of those parts. */
  us: number
  /** How often it was recorded. */
  count: number
  quantity: number
}

/** One machine in one shift with one order and product, or with none. */
export interface Cell {
  readonly nodeId: Id<'EquipmentNode'>
  readonly shift: Shift
  /** When it begins. */
  from: Instant
  readonly order: string | null
  readonly product: string | null
  readonly elements: KpiElements
  readonly stopLosses: StopLoss[]
  readonly scrapLosses: ScrapLoss[]
}

/** The part of a window that is told of. */
export interface Extent {
  readonly from: Instant
  readonly to: Instant
}

/** Finds, and makes when it is missing, the cell of a shift and what was in work. */
export type CellOf = (at: Instant, shift: Shift, order: string | null, product: string | null) => Cell

/**
 * The elements of all KPIs of a machine over a window, by shift, order and product. What a window holds does not depend on
 * where it is split: the elements of the parts add up to those of the whole.
 */
export function elementsOf(facts: MachineFacts, window: Extent): Cell[] {
  const from = Math.max(window.from, facts.knownSince) as Instant
  const to = Math.min(window.to, facts.until) as Instant
  if (from >= to) return []
  const cells = new Map<string, Cell>()
  const cellOf: CellOf = (at, shift, order, product) => {
    const key = JSON.stringify([shift.from, order, product])
    const known = cells.get(key)
    if (known !== undefined) {
      if (at < known.from) known.from = at
      return known
    }
    const cell: Cell = {
      nodeId: facts.nodeId,
      shift,
      from: at,
      order,
      product,
      elements: noElements(),
      stopLosses: [],
      scrapLosses: [],
    }
    cells.set(key, cell)
    return cell
  }
  const gaps = placeGaps(facts)
  addTimes(facts, { from, to }, cellOf, gaps.lost)
  addCounts(facts, { from, to }, cellOf, gaps.counted)
  return [...cells.values()].sort((a, b) => a.from - b.from)
}

interface Tracks {
  readonly planned: Cursor<Span>
  readonly states: Cursor<StateSpan>
  readonly stops: Cursor<StopSpan>
  readonly runs: Cursor<RunSpan>
  readonly rules: Cursor<RuleSpan & Span>
  /** Nobody can say what was made. */
  readonly lost: Cursor<Span>
}

function addTimes(facts: MachineFacts, extent: Extent, cellOf: CellOf, lost: readonly Span[]): void {
  const breaks = facts.shifts.flatMap((shift) => shift.breaks)
  const tracks: Tracks = {
    planned: new Cursor(merged([...breaks, ...facts.plannedStops])),
    states: new Cursor(facts.states),
    stops: new Cursor(facts.stops),
    runs: new Cursor(facts.runs),
    rules: new Cursor(spansOf(facts.rules)),
    lost: new Cursor(lost),
  }
  const handCounted = listHandCounted(facts)
  // A stop counts once, where it first takes time: what lies before the window tells whether that was earlier.
  const seen = new Set<Span>()
  const begun = new Set<Span>()
  let at = facts.knownSince
  for (const shift of facts.shifts) {
    at = Math.max(at, shift.from) as Instant
    const end = Math.min(shift.to, extent.to)
    while (at < end) {
      let next = Math.min(end, at < extent.from ? extent.from : end) as Instant
      for (const track of Object.values(tracks)) {
        track.moveTo(at)
        if (track.until < next) next = track.until
      }
      const moment = momentOf(facts, tracks)
      if (at < extent.from) {
        begin(begun, moment)
        note(seen, moment)
      } else {
        const { order = null, product = null } = tracks.runs.item ?? {}
        const cell = cellOf(at, shift, order, product)
        addTime(cell, moment, next - at, begin(begun, moment), note(seen, moment))
        const { isCounting = false, isHeard = false } = tracks.rules.item ?? {}
        const isProducing = moment.kind === 'apt' || moment.kind === 'minor'
        if (isProducing && !isCounting && !handCounted.has(shift)) cell.elements.uncountedUs += next - at
        const isLost = isCounting && (tracks.lost.item !== null || (isHeard && moment.state === null))
        if (isLost && (isProducing || moment.kind === 'unknown')) cell.elements.lostCountUs += next - at
      }
      at = next
    }
  }
}

interface Stretch {
  readonly kind: TimeKind
  readonly state: StateSpan | null
  readonly stop: StopSpan | null
  /** What stands, as far as something does. */
  readonly standing: Span | null
}

function momentOf(facts: MachineFacts, { planned, states, stops }: Tracks): Stretch {
  const state = states.item
  const isStanding = state !== null && !['running', 'no-data', 'planned-stop'].includes(state.state)
  const stop = isStanding ? stops.item : null
  const standing = isStanding ? (stop ?? state) : null
  const isMinor = stop?.minor ?? (standing !== null && isShort(facts, standing))
  return { kind: timeKindOf({ isPlanned: planned.item !== null, state, stop, isMinor }), state, stop, standing }
}

function isShort(facts: MachineFacts, { from, to }: Span): boolean {
  return (to ?? facts.until) - from < (ruleAt(facts.rules, from)?.minorStopUs ?? 0)
}

const isLoss = (kind: TimeKind): boolean => kind === 'aust' || kind === 'adet' || kind === 'adot'

/** Whether the stop takes time of its kind for the first time: a stop out of the plan into it counts where it comes in. */
function begin(begun: Set<Span>, { kind, standing }: Stretch): boolean {
  if (standing === null || (kind !== 'adot' && kind !== 'minor') || begun.has(standing)) return false
  begun.add(standing)
  return true
}

function note(seen: Set<Span>, { kind, standing }: Stretch): boolean {
  if (standing === null || !isLoss(kind) || seen.has(standing)) return false
  seen.add(standing)
  return true
}

const elementOf = {
  apt: 'aptUs',
  minor: 'aptUs',
  aust: 'austUs',
  adet: 'adetUs',
  adot: 'adotUs',
  unknown: 'unknownUs',
} as const satisfies Record<Exclude<TimeKind, 'pdot'>, keyof KpiElements>

function addTime(cell: Cell, stretch: Stretch, us: number, isBegin: boolean, isFirst: boolean): void {
  const { elements } = cell
  const { kind, state, stop } = stretch
  elements.calendarUs += us
  if (cell.order !== null) elements.aoetUs += us
  if (kind === 'pdot') {
    elements.pdotUs += us
    return
  }
  elements.pbtUs += us
  elements[elementOf[kind]] += us
  if (kind === 'minor') {
    elements.minorStopUs += us
    if (isBegin) elements.minorStops += 1
  }
  if (kind === 'adot' && isBegin) elements.failures += 1
  if (kind === 'adet' && state?.state === 'starved') elements.starvedUs += us
  if (kind === 'adet' && state?.state === 'blocked') elements.blockedUs += us
  if (!isLoss(kind)) return
  const reasonId = stop?.reasonId ?? null
  const causedBy = reasonId === null ? (stop?.causedBy ?? null) : null
  if (reasonId === null && causedBy === null) elements.unexplainedUs += us
  const loss = cell.stopLosses.find((each) => each.reasonId === reasonId && (each.causedBy ?? null) === causedBy)
  if (loss === undefined) {
    const cause = causedBy === null ? {} : { causedBy }
    cell.stopLosses.push({ reasonId, ...cause, us, count: isFirst ? 1 : 0 })
  } else {
    loss.us += us
    if (isFirst) loss.count += 1
  }
}
