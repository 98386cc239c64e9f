import type { Instant } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { QualityState } from '../quality/quality-state.ts'
import { AnalogIndicator } from './AnalogIndicator.tsx'
import { barEnds, excursionOf, fractionOf, sparkEnds, sparkPath } from './indicator-scale.ts'

const range = { rangeLow: 0, rangeHigh: 100, normalLow: 20, normalHigh: 80 }

describe('where a value stands', () => {
  test.each([
    [50, 'none'],
    [20, 'none'],
    [80, 'none'],
    [80.1, 'high'],
    [19.9, 'low'],
    [100.1, 'over-range'],
    [-0.1, 'under-range'],
  ])('%d is %s', (value, excursion) => {
    expect(excursionOf(value, range)).toBe(excursion)
  })
  test('without limits nothing is an excursion', () => {
    expect(excursionOf(1e9, { rangeLow: null, rangeHigh: null, normalLow: null, normalHigh: null })).toBe('none')
  })
  test('a pointer beyond the bar is held at its end', () => {
    expect(fractionOf(150, { low: 0, high: 100 })).toBe(1)
    expect(fractionOf(-5, { low: 0, high: 100 })).toBe(0)
    expect(fractionOf(Number.NaN, { low: 0, high: 100 })).toBe(0)
  })
  test('without a range the normal band makes the bar; without both there is none', () => {
    expect(barEnds({ rangeLow: null, rangeHigh: null, normalLow: 10, normalHigh: 20 })).toEqual({ low: 5, high: 25 })
    expect(barEnds({ rangeLow: null, rangeHigh: null, normalLow: 10, normalHigh: null })).toBeUndefined()
  })
})

describe('the sparkline', () => {
  const size = { width: 100, height: 10 }
  test('breaks where a value is missing', () => {
    const points = [
      { at: 0, value: 0 },
      { at: 25, value: 10 },
      { at: 50, value: null },
      { at: 75, value: 0 },
      { at: 100, value: 10 },
    ]
    expect(sparkPath(points, { from: 0, to: 100 }, { low: 0, high: 10 }, size)).toBe(
      'M0.0 10.0L25.0 0.0M75.0 10.0L100.0 0.0',
    )
  })
  test('comes in from the last point before the window, and leaves out what is older', () => {
    const points = [
      { at: -90, value: 3 },
      { at: -10, value: 5 },
      { at: 50, value: 5 },
    ]
    expect(sparkPath(points, { from: 0, to: 100 }, { low: 0, high: 10 }, size)).toBe('M-10.0 5.0L50.0 5.0')
  })
  test('noise is not blown up to fill the picture', () => {
    const { low, high } = sparkEnds(
      [
        { at: 0, value: 50 },
        { at: 1, value: 50.01 },
      ],
      range,
    )
    expect(high - low).toBeGreaterThanOrEqual(10)
  })
})

describe('the indicator', () => {
  const draw = (quality: QualityState, value: number | null, status: number): string =>
    renderToStaticMarkup(element(quality, value, status))
  const element = (quality: QualityState, value: number | null, status: number): ReactElement => (
    <AnalogIndicator
      name="Temperature"
      value={value}
      figure={value}
      unit="Cel"
      decimals={1}
      range={range}
      quality={quality}
      status={status}
      spark={[]}
      sparkTo={0 as Instant}
    />
  )
  test('a good value inside its band carries no alarm colour and no mark', () => {
    const html = draw('good', 50, statusCode.good)
    expect(html).toContain('50.0')
    expect(html).toContain('°C')
    expect(html).not.toContain('--tl-alarm')
    expect(html).not.toContain('tl-quality')
  })
  test('a value outside its band takes shape, colour and word', () => {
    const html = draw('good', 90, statusCode.good)
    expect(html).toContain('--tl-alarm-3')
    expect(html).toContain('High')
  })
  test('a stale value says so and raises no alarm', () => {
    const html = draw('stale', 90, statusCode.uncertainLastUsable)
    expect(html).toContain('stale')
    expect(html).not.toContain('--tl-alarm')
  })
  test('a bad value shows no number and no pointer', () => {
    const html = draw('bad', 90, statusCode.badNotConnected)
    expect(html).not.toContain('90.0')
    expect(html).not.toContain('tl-pointer')
    expect(html).toContain('—')
  })
})
