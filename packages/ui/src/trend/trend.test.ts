import type { Id, Instant } from '@throughline/kernel'
import type { TrendSeries } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { niceStep, timeTickLabels, timeTicks, valueTicks } from './axis-ticks.ts'
import { readOut } from './TrendLane.tsx'
import { traceStyle, withOpacity } from './trace-style.ts'
import type { TrendTrace } from './trend-columns.ts'
import { aggregationText, entryAt, lanesOf, trendColumns } from './trend-columns.ts'
import { panned, zoomed } from './window-moves.ts'

const at = (seconds: number): Instant => (seconds * 1e6) as Instant

function series(
  points: [number, number][],
  gaps: [number, number][] = [],
  changes: Partial<TrendSeries> = {},
): TrendSeries {
  const values = points.map(([, value]) => value)
  return {
    tagId: 'a' as Id<'Tag'>,
    kind: 'raw',
    bucketMs: null,
    at: points.map(([seconds]) => at(seconds)),
    min: values,
    max: values,
    first: values,
    last: values,
    average: values,
    count: values.map(() => 1),
    gaps: gaps.map(([from, to]) => ({ from: at(from), to: at(to) })),
    ...changes,
  }
}
const trace = (of: TrendSeries, unit = 'Cel'): TrendTrace => ({
  series: of,
  label: 'Temperature',
  title: 'plant/temperature',
  unit,
  decimals: 1,
  stepped: false,
})

describe('laying series on one axis', () => {
  test('[AL-Complete] a gap breaks the line of its own tag and of no other', () => {
    const columns = trendColumns([
      trace(
        series(
          [
            [1, 10],
            [9, 11],
          ],
          [[3, 8]],
        ),
      ),
      trace(
        series([
          [1, 20],
          [9, 21],
        ]),
      ),
    ])
    expect(columns.x).toEqual([1, 3, 9])
    expect(columns.traces[0]?.line).toEqual([10, null, 11])
    expect(columns.traces[1]?.line).toEqual([20, undefined, 21])
  })
  test('a bucket draws its average between its min and max', () => {
    const bucket = series([[1, 5]], [], { kind: 'bucket', bucketMs: 1000, min: [3], max: [9], average: [5.5] })
    expect(trendColumns([trace(bucket)]).traces[0]).toEqual({ line: [5.5], min: [3], max: [9] })
  })
  test('the last value holds up to the present', () => {
    const columns = trendColumns([trace(series([[1, 10]]))], at(5))
    expect(columns.x).toEqual([1, 5])
    expect(columns.traces[0]?.line).toEqual([10, 10])
  })
  test('no value holds across a gap that follows it', () => {
    const columns = trendColumns([trace(series([[1, 10]], [[3, 5]]))], at(5))
    expect(columns.traces[0]?.line).toEqual([10, null])
  })
  test('nothing is drawn where nothing is known', () => {
    expect(trendColumns([trace(series([], [[0, 9]]))], at(9)).traces[0]?.line).toEqual([null])
  })
})

describe('reading a chart', () => {
  const one = series(
    [
      [1, 10],
      [5, 11],
    ],
    [[7, 9]],
  )
  test.each([
    [0, undefined],
    [1, 0],
    [4, 0],
    [5, 1],
    [6.9, 1],
    [7, undefined],
    [9, 1],
  ])('at %d s the entry is %s', (seconds, entry) => {
    expect(entryAt(one, seconds * 1e6)).toBe(entry)
  })
  test('the read-out says the value with its unit, and says so where there is none', () => {
    expect(readOut(trace(one), undefined)).toBe('11.0\u202f°C')
    expect(readOut(trace(one), 2000)).toBe('10.0\u202f°C')
    expect(readOut(trace(one), 8000)).toBe('— no data')
  })
  test('the read-out of a bucket says its envelope', () => {
    const bucket = series([[1, 5]], [], { kind: 'bucket', bucketMs: 1000, min: [3], max: [9], average: [5.5] })
    expect(readOut(trace(bucket), undefined)).toBe('5.5\u202f°C (3.0 … 9.0)')
  })
  test('the aggregation is said: raw, or how wide a bucket is', () => {
    expect(aggregationText([one])).toBe('raw values')
    expect(aggregationText([series([], [], { kind: 'bucket', bucketMs: 60_000 })])).toBe('1 min min/max and average')
  })
})

describe('lanes', () => {
  test('traces of one unit share a lane, in the order given', () => {
    const lanes = lanesOf([trace(series([]), 'Cel'), trace(series([]), 'bar'), trace(series([]), 'Cel')])
    expect(lanes.map((lane) => lane.map(({ unit }) => unit))).toEqual([['Cel', 'Cel'], ['bar']])
  })
  test('four hues, then the same four dashed', () => {
    expect([0, 3, 4, 7].map(traceStyle)).toEqual([
      { variable: '--tl-trace-1', dashed: false },
      { variable: '--tl-trace-4', dashed: false },
      { variable: '--tl-trace-1', dashed: true },
      { variable: '--tl-trace-4', dashed: true },
    ])
  })
  test('a hex colour takes an opacity; what is no hex stays', () => {
    expect(withOpacity('#4255cc', 0.2)).toBe('rgba(66, 85, 204, 0.2)')
    expect(withOpacity('#fff', 1)).toBe('rgba(255, 255, 255, 1)')
    expect(withOpacity('red', 0.5)).toBe('red')
  })
})

describe('the time axis', () => {
  const hour = 3_600_000
  test('ticks stand on round local hours, not on round UTC hours', () => {
    const from = Date.UTC(2026, 10, 22, 0, 10)
    const ticks = timeTicks(from, from + 2 * hour, 4, 'Asia/Kolkata')
    expect(timeTickLabels(ticks, 'Asia/Kolkata').map((label) => label.split('\n')[0])).toEqual([
      '06:00',
      '06:30',
      '07:00',
      '07:30',
    ])
  })
  test('days begin at local midnight on both sides of a change to summer time', () => {
    const ticks = timeTicks(Date.UTC(2026, 2, 27), Date.UTC(2026, 3, 1), 6, 'Europe/Berlin')
    expect(ticks.map((ms) => new Date(ms).toISOString().slice(5, 16))).toEqual([
      '03-27T23:00',
      '03-28T23:00',
      '03-29T22:00',
      '03-30T22:00',
      '03-31T22:00',
    ])
  })
  test('the hour that is skipped in spring gets no tick twice', () => {
    const ticks = timeTicks(Date.UTC(2026, 2, 29, 0), Date.UTC(2026, 2, 29, 3), 4, 'Europe/Berlin')
    expect(new Set(ticks).size).toBe(ticks.length)
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b))
  })
  test('the date stands under the first tick and where the day changes', () => {
    const from = Date.UTC(2026, 10, 22, 22)
    expect(timeTickLabels([from, from + hour, from + 2 * hour], 'UTC')).toEqual([
      '22:00\n22 Nov',
      '23:00',
      '00:00\n23 Nov',
    ])
  })
  test('never more ticks than there is room for', () => {
    for (const span of [1000, 60_000, hour, 24 * hour, 400 * 24 * hour]) {
      expect(timeTicks(0, span, 5, 'UTC').length).toBeLessThanOrEqual(6)
    }
    expect(timeTicks(5, 5, 5, 'UTC')).toEqual([])
  })
})

describe('the value axis', () => {
  test.each([
    [10, 5, 2],
    [1, 5, 0.2],
    [7, 3, 5],
    [0.03, 4, 0.01],
  ])('a span of %d in at most %d steps goes by %d', (span, most, step) => {
    expect(niceStep(span, most)).toBeCloseTo(step, 12)
  })
  test('ticks are free of float noise', () => {
    expect(valueTicks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    expect(valueTicks(-30, 10, 4)).toEqual([-30, -20, -10, 0, 10])
  })
})

describe('moving the window', () => {
  test('zooming keeps the moment under the cursor in its place', () => {
    expect(zoomed({ fromMs: 0, toMs: 100_000 }, 0.5, 25_000)).toEqual({ fromMs: 12_500, toMs: 62_500 })
  })
  test('a window is never narrower than a second', () => {
    const { fromMs, toMs } = zoomed({ fromMs: 0, toMs: 1000 }, 0.5, 500)
    expect(toMs - fromMs).toBe(1000)
  })
  test('panning keeps the length', () => {
    expect(panned({ fromMs: 0, toMs: 1000 }, -0.25)).toEqual({ fromMs: -250, toMs: 750 })
  })
})
