import type { Counts } from '../counter/rules.ts'

/** A time in which something became something else. */
export interface Changed {
  readonly from: number
  readonly to: number
}

interface Span {
  readonly from: number
  readonly to: number | null
}

interface Keyed extends Span {
  /** What it is, beside its time. */
  readonly key: string
}

/** Where two lists of spans differ inside `[from, to)`; each is in order and without overlap. `now` ends what lasts. */
export function differenceOf(
  before: readonly Keyed[],
  after: readonly Keyed[],
  from: number,
  to: number | null,
  now: number,
): Changed | null {
  const end = to ?? Number.POSITIVE_INFINITY
  const old = cut(before, from, end)
  const fresh = cut(after, from, end)
  let first = 0
  while (isSame(old[first], fresh[first])) {
    if (first >= old.length && first >= fresh.length) return null
    first++
  }
  let last = 1
  while (isSame(old.at(-last), fresh.at(-last)) && last < old.length - first && last < fresh.length - first) last++
  const [a, b] = [old[first], fresh[first]]
  const isLonger = a !== undefined && b !== undefined && a.from === b.from && a.key === b.key
  const begin = isLonger ? Math.min(a.to, b.to) : Math.min(a?.from ?? end, b?.from ?? end)
  const [y, z] = [old.at(-last), fresh.at(-last)]
  const finish = Math.max(y?.to ?? from, z?.to ?? from)
  const ends = finish === Number.POSITIVE_INFINITY ? Math.max(now, begin + 1) : finish
  return { from: begin, to: Math.max(ends, begin + 1) }
}

function cut(spans: readonly Keyed[], from: number, end: number): { from: number; to: number; key: string }[] {
  return spans.flatMap((span) => {
    const begin = Math.max(span.from, from)
    const finish = Math.min(span.to ?? Number.POSITIVE_INFINITY, end)
    return begin < finish ? [{ from: begin, to: finish, key: span.key }] : []
  })
}

const isSame = (
  a: { from: number; to: number; key: string } | undefined,
  b: { from: number; to: number; key: string } | undefined,
): boolean => a?.from === b?.from && a?.to === b?.to && a?.key === b?.key

/** What is left of a span beside `[from, to)`. */
export function rest(span: Span, from: number, to: number | null): Span[] {
  const left: Span[] = []
  if (span.from < from) left.push({ from: span.from, to: Math.min(span.to ?? from, from) })
  if (to !== null && (span.to === null || span.to > to)) left.push({ from: Math.max(span.from, to), to: span.to })
  return left
}

/** A step holds for its minute. */
const stepUs = 60e6

/** From the first to the last step that differs. */
export function stepDifference(
  before: readonly (Counts & { at: number })[],
  after: ReadonlyMap<number, Counts>,
): Changed | null {
  const known = new Map(before.map((step) => [step.at, step]))
  const differing = [...new Set([...known.keys(), ...after.keys()])].filter((at) => {
    const [a, b] = [known.get(at), after.get(at)]
    return a?.total !== b?.total || a?.good !== b?.good || a?.scrap !== b?.scrap || a?.rework !== b?.rework
  })
  if (differing.length === 0) return null
  const [from, to] = differing.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [
    Number.POSITIVE_INFINITY,
    0,
  ] as [number, number])
  return { from, to: to + stepUs }
}

interface GapCounts extends Counts {
  readonly at: number
  readonly since: number
}

/** From where the first gap that differs begins to where the last ends. */
export function gapDifference(before: readonly GapCounts[], after: readonly GapCounts[]): Changed | null {
  const keyed = (gaps: readonly GapCounts[]): Map<string, GapCounts> =>
    new Map(gaps.map((gap) => [JSON.stringify([gap.at, gap.since, gap.total, gap.good, gap.scrap, gap.rework]), gap]))
  const [old, fresh] = [keyed(before), keyed(after)]
  const differing = [...old, ...fresh].filter(([key]) => !old.has(key) || !fresh.has(key)).map(([, gap]) => gap)
  return widest(differing.map(({ since, at }) => ({ from: since, to: at + 1 })))
}

/** The span that holds them all. */
export function widest(all: readonly (Changed | null)[]): Changed | null {
  const some = all.filter((each) => each !== null)
  if (some.length === 0) return null
  return { from: Math.min(...some.map((each) => each.from)), to: Math.max(...some.map((each) => each.to)) }
}
