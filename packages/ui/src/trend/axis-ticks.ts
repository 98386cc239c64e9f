import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import { formatInstant, zoneOffsetMin } from '../format/time.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const steps = [
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  4 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
]

/** Ticks of a time axis in ms: round times on the zone's own wall clock, at most `most` of them. */
export function timeTicks(fromAtMs: number, toAtMs: number, most: number, timeZone?: string): number[] {
  const span = toAtMs - fromAtMs
  if (!(span > 0) || most < 1) return []
  const step = steps.find((candidate) => span / candidate <= most) ?? Math.ceil(span / most / day) * day
  const ticks: number[] = []
  // The wall clock may be shifted while the window lasts (daylight saving), so each tick asks for its own offset.
  let local = Math.ceil((fromAtMs + offsetMs(fromAtMs, timeZone)) / step) * step
  for (;;) {
    const guess = local - offsetMs(local, timeZone)
    const at = local - offsetMs(guess, timeZone)
    if (at > toAtMs) return ticks
    if (at >= fromAtMs && at > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(at)
    local += step
  }
}

const offsetMs = (atMs: number, timeZone: string | undefined): number => zoneOffsetMin(atMs, timeZone) * minute

/** Labels in 24 h; where the day changes (and on the first tick of a long window) the date stands below. */
export function timeTickLabels(ticksMs: readonly number[], timeZone?: string): string[] {
  const step = (ticksMs[1] ?? 0) - (ticksMs[0] ?? 0)
  let shownDay = ''
  return ticksMs.map((ms) => {
    const at: Instant = fromMs(ms)
    const date = formatInstant(at, 'day', timeZone).slice(0, -5)
    if (step >= day) return date
    const clock = formatInstant(at, step < minute && step > 0 ? 'second' : 'minute', timeZone)
    const label = date === shownDay ? clock : `${clock}\n${date}`
    shownDay = date
    return label
  })
}

/** The smallest of 1, 2, 5 × 10ⁿ that needs at most `most` steps for the span. */
export function niceStep(span: number, most: number): number {
  if (!(span > 0) || most < 1) return 1
  const raw = span / most
  const power = 10 ** Math.floor(Math.log10(raw))
  const digit = raw / power
  return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power
}

/** Round values within `low` to `high`, free of float noise. */
export function valueTicks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : []
  const step = niceStep(high - low, most)
  const ticks: number[] = []
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) {
    ticks.push(Number((index * step).toPrecision(12)))
  }
  return ticks
}
