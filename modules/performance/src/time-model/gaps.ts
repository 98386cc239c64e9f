import type { Instant } from '@throughline/kernel'
import type { Counts } from '../counter/rules.ts'
import { merged } from './cursor.ts'
import type { Gap, MachineFacts, RunSpan, StateSpan } from './facts.ts'

type Extent = { readonly from: Instant; readonly to: Instant }

export interface PlacedGaps {
  /** Whose parts belong to the shift in which the counters were read again. */
  readonly counted: readonly Gap[]
  /** Time of which nobody can say what was made in it; in order, without overlap. */
  readonly lost: readonly Extent[]
}

/** Counters of one scan come one after the other. */
const togetherUs = 60e6

/**
 * Where the parts belong that were counted while nobody could read the counters. Those of a gap within one shift are its
 * own. Of a gap over the end of a shift nobody can say which shift made them: they are no one's, unless it is one at most.
 */
export function placeGaps({ gaps, shifts, states, until }: MachineFacts): PlacedGaps {
  const isPlaced = (gap: Gap): boolean =>
    shifts.some(({ from, to }) => from <= gap.since && gap.at < to) || mostOf(gap) <= 1
  const [counted, placeless] = parted(joined(gaps), isPlaced)
  // What has not been read again may still turn out to have been counted.
  const isOpen = states.at(-1)?.state === 'no-data' && states.at(-1)?.to === null
  const from = states.findLast(({ state }) => state !== 'no-data')?.to ?? states[0]?.from
  const open = isOpen && from !== undefined ? [{ from, to: until }] : []
  const lost = merged([...placeless.map(spanOf), ...open])
  return { counted, lost: without(lost, merged(counted.map(spanOf))) }
}

const spanOf = ({ since, at }: Gap): Extent => ({ from: since, to: at })

const mostOf = ({ total, good, scrap, rework }: Counts): number =>
  Math.max(...[total, good, scrap, rework].map((by) => Math.abs(by ?? 0)))

function parted<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const parts: [Item[], Item[]] = [[], []]
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item)
  return parts
}

/** The counters of one gap as one, as long as they are read again together. */
function joined(gaps: readonly Gap[]): Gap[] {
  const result: Gap[] = []
  for (const gap of gaps) {
    const place = result.findIndex(({ since, at }) => since === gap.since && gap.at - at < togetherUs)
    const known = result[place]
    if (known === undefined) result.push(gap)
    else result[place] = { at: known.at, since: known.since, ...sumOf(known, gap) }
  }
  return result
}

function sumOf(a: Counts, b: Counts): Counts {
  const sum = (one: number | null, other: number | null) =>
    one === null && other === null ? null : (one ?? 0) + (other ?? 0)
  return {
    total: sum(a.total, b.total),
    good: sum(a.good, b.good),
    scrap: sum(a.scrap, b.scrap),
    rework: sum(a.rework, b.rework),
  }
}

/** What is left of spans beside others; both in order and without overlap. */
function without(spans: readonly Extent[], others: readonly Extent[]): Extent[] {
  return others.reduce<Extent[]>(
    (left, other) =>
      left.flatMap(({ from, to }) =>
        [
          { from, to: Math.min(to, other.from) as Instant },
          { from: Math.max(from, other.to) as Instant, to },
        ].filter((part) => part.from < part.to),
      ),
    [...spans],
  )
}

/** What was in work during a gap; undefined = it changed meanwhile, nobody knows when. */
export function runOver({ since, at }: Gap, runs: readonly RunSpan[]): RunSpan | null | undefined {
  const runAt = (when: Instant): RunSpan | null =>
    runs.findLast(({ from, to }) => from <= when && (to === null || when < to)) ?? null
  const [before, after] = [runAt(since), runAt(at)]
  return before?.order === after?.order && before?.product === after?.product ? after : undefined
}

/**
 * Which share of the parts of a gap was made while nobody knew the state of the machine: as much as that was of the time in
 * which it may have been producing.
 */
export function unknownShareOf({ since, at }: Gap, states: readonly StateSpan[]): number {
  let [told, running] = [0, 0]
  for (const { from, to, state } of states) {
    const us = Math.min(to ?? at, at) - Math.max(from, since)
    if (us <= 0) continue
    if (state !== 'no-data') told += us
    if (state === 'running') running += us
  }
  const unknown = at - since - told
  return unknown === 0 ? 0 : unknown / (unknown + running)
}
