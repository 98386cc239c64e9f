import type { Carry, Reduction, Segment } from '../store/sample-store.ts'

/** A half-open span of time in µs. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A reduced history with what is held between its segments worked out. */
export interface Composed {
  readonly at: number[]
  readonly min: (number | null)[]
  readonly max: (number | null)[]
  readonly first: (number | null)[]
  readonly last: (number | null)[]
  readonly average: (number | null)[]
  readonly count: number[]
  readonly gaps: Span[]
}

export interface Totals {
  readonly min: number | null
  readonly max: number | null
  readonly first: number | null
  readonly last: number | null
  readonly count: number
  readonly average: number | null
  readonly timeWeightedAverage: number | null
  readonly coverage: number
}

/** Widths of the rollups, finest first, as levels 1, 2 and 3 of the store. */
const rollupWidths = [60e6, 900e6, 3600e6] as const

/**
 * How to cut a window into at most `points` buckets: the coarsest rollup whose multiples come within a quarter of the
 * width asked for, minutes from a minute up, raw samples below.
 */
export function chooseWidth(window: Span, points: number): { width: number; level: number } {
  const ideal = (window.to - window.from) / points
  for (const level of [3, 2, 1]) {
    const rollup = rollupWidths[level - 1] ?? 60e6
    const width = Math.ceil(ideal / rollup) * rollup
    if (width <= ideal * 1.25 || (level === 1 && ideal >= rollup)) return { width, level }
  }
  return { width: Math.max(1, Math.ceil(ideal)), level: 0 }
}

/** One entry a segment that holds a usable value; a value holds until the next sample, at most until `now`. */
export function composeTrend(reduction: Reduction, window: Span, width: number, now: number): Composed {
  const entries: Composed = { at: [], min: [], max: [], first: [], last: [], average: [], count: [], gaps: [] }
  const end = Math.max(window.from, Math.min(window.to, now))
  const held = walk(
    reduction,
    window,
    end,
    (segment, before) => {
      const start = Math.max(window.from, reduction.raw ? segment.headAt : segment.bucket)
      const stop = reduction.raw ? segment.headAt : Math.min(end, segment.bucket + width)
      if (entries.at.length === 0 && before?.ok === true && start > window.from) putHeld(entries, window.from, before)
      if (segment.usable === 0) return
      const { integral, known } = within(segment, before, start, stop)
      entries.at.push(start)
      entries.min.push(segment.low)
      entries.max.push(segment.high)
      entries.first.push(segment.firstValue)
      entries.last.push(segment.lastValue)
      entries.average.push(reduction.raw ? segment.lastValue : averageOf(integral, known, segment))
      entries.count.push(segment.usable)
    },
    entries.gaps,
  )
  closeWithHeld(entries, held, window, end, reduction.raw ? 0 : width)
  mergeSpans(entries.gaps)
  return entries
}

/** The whole window as one bucket. */
export function composeTotals(reduction: Reduction, window: Span, now: number): Totals {
  const end = Math.max(window.from, Math.min(window.to, now))
  let integral = 0
  let known = 0
  let count = 0
  let sum: number | null = null
  let min: number | null = null
  let max: number | null = null
  let first: number | null = null
  let last: number | null = null
  /** A text holds too, and has no average. */
  let numeric = false
  const held = walk(
    reduction,
    window,
    end,
    (segment, before) => {
      if (before?.ok === true) {
        numeric ||= before.value !== null
        const us = segment.headAt - Math.max(before.at, window.from)
        integral += ((before.value ?? 0) * us) / 1e6
        known += us
      }
      integral += segment.integral
      known += segment.known
      count += segment.usable
      if (segment.total !== null) {
        numeric = true
        sum = (sum ?? 0) + segment.total
      }
      min = lower(min, segment.low)
      max = higher(max, segment.high)
      first ??= segment.firstValue
      last = segment.lastValue ?? last
    },
    [],
  )
  if (held?.ok === true) {
    numeric ||= held.value !== null
    const us = end - Math.max(held.at, window.from)
    integral += ((held.value ?? 0) * us) / 1e6
    known += us
  }
  return {
    min,
    max,
    first,
    last,
    count,
    average: sum === null || count === 0 ? null : sum / count,
    timeWeightedAverage: numeric && known > 0 ? (integral * 1e6) / known : null,
    coverage: known / (window.to - window.from),
  }
}

/** Goes through the segments with what was held before each; collects where nothing usable was known. Answers what is held last. */
function walk(
  reduction: Reduction,
  window: Span,
  end: number,
  visit: (segment: Segment, before: Carry | null) => void,
  gaps: Span[],
): Carry | null {
  let before = reduction.carry
  for (const segment of reduction.segments) {
    if (before?.ok !== true) putGap(gaps, Math.max(before?.at ?? window.from, window.from), segment.headAt)
    visit(segment, before)
    for (let index = 0; index + 1 < segment.gaps.length; index += 2) {
      putGap(gaps, segment.gaps[index] ?? 0, segment.gaps[index + 1] ?? 0)
    }
    before = { at: segment.tailAt, value: segment.tail, ok: segment.tailOk }
  }
  if (before?.ok !== true) putGap(gaps, Math.max(before?.at ?? window.from, window.from), end)
  putGap(gaps, end, window.to)
  return before
}

function within(segment: Segment, before: Carry | null, start: number, stop: number) {
  let { integral, known } = segment
  if (before?.ok === true) {
    const us = segment.headAt - Math.max(before.at, start)
    integral += ((before.value ?? 0) * us) / 1e6
    known += us
  }
  if (segment.tailOk && stop > segment.tailAt) {
    integral += ((segment.tail ?? 0) * (stop - segment.tailAt)) / 1e6
    known += stop - segment.tailAt
  }
  return { integral, known }
}

/** With no time to weigh by (one sample at the very end), the plain average stands in. */
function averageOf(integral: number, known: number, segment: Segment): number | null {
  if (segment.total === null) return null
  return known > 0 ? (integral * 1e6) / known : segment.total / segment.usable
}

function putHeld(entries: Composed, at: number, held: Carry): void {
  if (held.value === null) return
  entries.at.push(at)
  for (const column of ['min', 'max', 'first', 'last', 'average'] as const) entries[column].push(held.value)
  entries.count.push(0)
}

/** A value held to the end of the window is drawn to there, though no sample says so. */
function closeWithHeld(entries: Composed, held: Carry | null, window: Span, end: number, width: number): void {
  if (held?.ok !== true || end <= window.from) return
  const newest = entries.at.at(-1)
  if (newest === undefined) putHeld(entries, window.from, held)
  const closing = width === 0 ? end - 1 : Math.max(window.from, Math.floor((end - 1) / width) * width)
  if (closing > (entries.at.at(-1) ?? window.from)) putHeld(entries, closing, held)
}

function putGap(gaps: Span[], from: number, to: number): void {
  if (to > from) gaps.push({ from, to })
}

/** Sorts the spans and joins those that touch. */
function mergeSpans(spans: Span[]): void {
  spans.sort((a, b) => a.from - b.from)
  let kept = 0
  for (const span of spans) {
    const last = spans[kept - 1]
    if (kept > 0 && last !== undefined && span.from <= last.to) {
      spans[kept - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    } else spans[kept++] = span
  }
  spans.length = kept
}

const lower = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))
const higher = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))
