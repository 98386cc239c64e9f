import { expect, test } from 'vitest'
import type { Reduction, Segment } from '../store/sample-store.ts'
import { chooseWidth, composeTotals, composeTrend } from './rules.ts'

const minute = 60e6

test.each([
  ['a minute, 1000 points', 60, 1000, { level: 0, width: 60_000 }],
  ['8 hours, 1000 points', 8 * 3600, 1000, { level: 0, width: 28_800_000 }],
  ['16 hours, 1000 points', 16 * 3600, 1000, { level: 1, width: minute }],
  ['a day, 1000 points', 86_400, 1000, { level: 1, width: 2 * minute }],
  ['30 days, 1000 points', 30 * 86_400, 1000, { level: 2, width: 45 * minute }],
  ['a year, 1000 points', 365 * 86_400, 1000, { level: 3, width: 9 * 60 * minute }],
])('%s are cut into at most so many buckets', (_, seconds, points, expected) => {
  const chosen = chooseWidth({ from: 0, to: seconds * 1e6 }, points)
  expect(chosen).toEqual(expected)
  expect((seconds * 1e6) / chosen.width).toBeLessThanOrEqual(points)
})

const segment = (over: Partial<Segment>): Segment => ({
  bucket: 0,
  usable: 1,
  bad: 0,
  low: 1,
  high: 1,
  total: 1,
  firstValue: 1,
  lastValue: 1,
  headAt: 0,
  tailAt: 0,
  tail: 1,
  tailOk: true,
  integral: 0,
  known: 0,
  gaps: [],
  ...over,
})

const reduction = (over: Partial<Reduction>): Reduction => ({
  carry: null,
  segments: [],
  raw: false,
  width: minute,
  ...over,
})
const window = { from: 0, to: 4 * minute }

test('[AL-Complete] a tag that was never heard is one gap and no entry', () => {
  const trend = composeTrend(reduction({}), window, minute, window.to)
  expect(trend).toMatchObject({ at: [], gaps: [window] })
  expect(composeTotals(reduction({}), window, window.to)).toMatchObject({ count: 0, average: null, coverage: 0 })
})

test('a value held through the whole window is drawn from its beginning to its end', () => {
  const trend = composeTrend(reduction({ carry: { at: -5, value: 7, ok: true } }), window, minute, window.to)
  expect(trend).toMatchObject({ at: [0, 3 * minute], average: [7, 7], count: [0, 0], gaps: [] })
  expect(composeTotals(reduction({ carry: { at: -5, value: 7, ok: true } }), window, window.to)).toMatchObject({
    count: 0,
    timeWeightedAverage: 7,
    coverage: 1,
  })
})

test('nothing is known of the future', () => {
  const trend = composeTrend(reduction({ carry: { at: -5, value: 7, ok: true } }), window, minute, 2 * minute)
  expect(trend.gaps).toEqual([{ from: 2 * minute, to: window.to }])
  expect(composeTotals(reduction({ carry: { at: -5, value: 7, ok: true } }), window, 2 * minute).coverage).toBe(0.5)
})

test('a bucket weighs what it inherits and what it hands on', () => {
  const value = segment({ headAt: 30e6, tailAt: 30e6, tail: 3, low: 3, high: 3, firstValue: 3, lastValue: 3, total: 3 })
  const trend = composeTrend(
    reduction({ carry: { at: -5, value: 1, ok: true }, segments: [value] }),
    window,
    minute,
    window.to,
  )
  expect(trend.average[0]).toBe(2)
  expect(
    composeTotals(reduction({ carry: { at: -5, value: 1, ok: true }, segments: [value] }), window, window.to),
  ).toMatchObject({
    timeWeightedAverage: (1 * 30 + 3 * 210) / 240,
    average: 3,
  })
})

test('gaps that touch become one', () => {
  const dead = segment({
    usable: 0,
    bad: 2,
    total: null,
    tail: null,
    tailOk: false,
    headAt: 10,
    tailAt: 30,
    gaps: [10, 20, 20, 30],
  })
  const alive = segment({ bucket: minute, headAt: minute + 5, tailAt: minute + 5 })
  const trend = composeTrend(reduction({ segments: [dead, alive] }), window, minute, window.to)
  expect(trend.gaps).toEqual([{ from: 0, to: minute + 5 }])
})

test('[AL-Ac-1!] a value that was held only until a bad one came is averaged over the time it held', () => {
  const dead = segment({ usable: 0, bad: 1, total: null, tail: null, tailOk: false, headAt: minute, tailAt: minute })
  const totals = composeTotals(
    reduction({ carry: { at: -5, value: 7, ok: true }, segments: [dead] }),
    window,
    window.to,
  )
  expect(totals).toMatchObject({ timeWeightedAverage: 7, coverage: 0.25, count: 0 })
})
