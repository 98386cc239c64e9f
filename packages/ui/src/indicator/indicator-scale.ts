/** What an analog indicator is drawn against; null = not known. */
export interface IndicatorRange {
  readonly rangeLow: number | null
  readonly rangeHigh: number | null
  readonly normalLow: number | null
  readonly normalHigh: number | null
}

/** Where a value stands: inside its normal band, outside it, or outside the instrument's range altogether. */
export type Excursion = 'none' | 'high' | 'low' | 'over-range' | 'under-range'

export function excursionOf(value: number, range: IndicatorRange): Excursion {
  if (range.rangeHigh !== null && value > range.rangeHigh) return 'over-range'
  if (range.rangeLow !== null && value < range.rangeLow) return 'under-range'
  if (range.normalHigh !== null && value > range.normalHigh) return 'high'
  if (range.normalLow !== null && value < range.normalLow) return 'low'
  return 'none'
}

/** The ends of the bar: the instrument's range, else the normal band with half its width around it. */
export function barEnds(range: IndicatorRange): { low: number; high: number } | undefined {
  if (range.rangeLow !== null && range.rangeHigh !== null) return { low: range.rangeLow, high: range.rangeHigh }
  if (range.normalLow === null || range.normalHigh === null) return undefined
  const margin = (range.normalHigh - range.normalLow) / 2
  return { low: range.normalLow - margin, high: range.normalHigh + margin }
}

/** Height of a value on the bar, 0 at its foot to 1 at its head; what lies outside is held at the end. */
export function fractionOf(value: number, ends: { readonly low: number; readonly high: number }): number {
  if (!Number.isFinite(value) || ends.high <= ends.low) return 0
  return Math.min(1, Math.max(0, (value - ends.low) / (ends.high - ends.low)))
}

/** One point of a sparkline; `value` null breaks the line. `at` in UTC microseconds. */
export interface SparkPoint {
  readonly at: number
  readonly value: number | null
}

/** The lowest and highest value to draw, wide enough that noise does not look like a wave. */
export function sparkEnds(points: readonly SparkPoint[], range: IndicatorRange): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { value } of points) {
    if (value === null) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return barEnds(range) ?? { low: 0, high: 1 }
  const bar = barEnds(range)
  const least = bar === undefined ? Math.max(Math.abs(high) * 0.02, 1e-9) : (bar.high - bar.low) * 0.1
  const missing = Math.max(0, least - (high - low))
  const margin = missing / 2 + (high - low) * 0.08
  return { low: low - margin, high: high + margin }
}

/** An SVG path through the points, broken where there is no value; x from 0 to `width`, y down from 0 to `height`. */
export function sparkPath(
  points: readonly SparkPoint[],
  window: { readonly from: number; readonly to: number },
  ends: { readonly low: number; readonly high: number },
  size: { readonly width: number; readonly height: number },
): string {
  let path = ''
  let pen = false
  // The last point before the window tells how the line comes in; the picture cuts what lies outside.
  const first = Math.max(0, points.findIndex(({ at }) => at >= window.from) - 1)
  for (const { at, value } of points.slice(first)) {
    if (at > window.to) continue
    if (value === null) {
      pen = false
      continue
    }
    const x = ((at - window.from) / (window.to - window.from)) * size.width
    const y = (1 - fractionOf(value, ends)) * size.height
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
    pen = true
  }
  return path
}
