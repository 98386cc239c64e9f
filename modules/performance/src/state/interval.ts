import type { Id, Instant } from '@throughline/kernel'
import type { StateInterval } from '@throughline/model'

/** A state of a machine, and the machine of its line that is the first cause of it; null = its own cause, or not known. */
export interface MachineInterval extends StateInterval {
  readonly causedBy: Id<'EquipmentNode'> | null
}

interface Span {
  readonly from: Instant
  readonly to: Instant | null
}

export const endOf = ({ to }: Span): number => to ?? Number.POSITIVE_INFINITY

/** The instant, null for the end that has not come. */
const orOpen = (at: number): Instant | null => (at === Number.POSITIVE_INFINITY ? null : (at as Instant))

/** Cuts intervals to `[from, to)`; what lies outside is left out. */
export function cutTo<Item extends Span>(intervals: readonly Item[], from: number, to: number): Item[] {
  return intervals.flatMap((each) => {
    const begin = Math.max(each.from, from)
    const end = Math.min(endOf(each), to)
    return begin < end ? [{ ...each, from: begin as Instant, to: orOpen(end) }] : []
  })
}

/** What is left of `[from, to)` beside the intervals, which are in order and apart. */
export function gapsIn(intervals: readonly Span[], from: number, to: number): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = []
  let at = from
  for (const each of intervals) {
    if (each.from > at) gaps.push({ from: at, to: Math.min(each.from, to) })
    at = Math.max(at, endOf(each))
    if (at >= to) return gaps
  }
  if (at < to) gaps.push({ from: at, to })
  return gaps
}

/** `over` takes the time where both are; each list is in order and without overlap, and so is the answer. */
export function overlay<Item extends Span>(under: readonly Item[], over: readonly Item[]): Item[] {
  if (over.length === 0) return [...under]
  const left: Item[] = []
  let next = 0
  for (const each of under) {
    while (next > 0 && endOf(over[next - 1] as Item) > each.from) next--
    while (next < over.length && endOf(over[next] as Item) <= each.from) next++
    let at: number = each.from
    for (let index = next; index < over.length && (over[index] as Item).from < endOf(each); index++) {
      const cover = over[index] as Item
      if (cover.from > at) left.push({ ...each, from: at as Instant, to: cover.from })
      at = Math.max(at, endOf(cover))
    }
    if (at < endOf(each)) left.push({ ...each, from: at as Instant, to: each.to })
  }
  return [...left, ...over].sort((a, b) => a.from - b.from)
}

/** Neighbours that differ in nothing but their time are one. */
export function joined(intervals: readonly MachineInterval[]): MachineInterval[] {
  const result: MachineInterval[] = []
  for (const each of intervals) {
    const last = result.at(-1)
    const isOne =
      last !== undefined &&
      last.to === each.from &&
      last.state === each.state &&
      last.label === each.label &&
      last.source === each.source &&
      last.causedBy === each.causedBy
    if (isOne) result[result.length - 1] = { ...last, to: each.to }
    else result.push(each)
  }
  return result
}

/** The interval that holds at an instant, of a list in order and without overlap. */
export function intervalAt<Item extends Span>(intervals: readonly Item[], at: number): Item | undefined {
  const found = intervals[indexAt(intervals, at)]
  return found !== undefined && endOf(found) > at ? found : undefined
}

/** Place of the last interval that begins at or before an instant; -1 = none does. */
export function indexAt(intervals: readonly Span[], at: number): number {
  let low = 0
  let high = intervals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((intervals[middle]?.from ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
