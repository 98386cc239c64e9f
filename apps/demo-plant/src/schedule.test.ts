import { expect, test } from 'vitest'
import { historySteps, liveSteps, targetMs } from './schedule.ts'

test('the past is walked in steps of 5 s and ends exactly where live operation begins', () => {
  expect([...historySteps(0, 12_000)]).toEqual([5000, 10_000, 12_000])
  expect([...historySteps(0, 10_000)]).toEqual([5000, 10_000])
  expect([...historySteps(0, 0)]).toEqual([])
})

test('a step of the past ends on every whole hour, and the grid of 5 s goes on as it was', () => {
  const hour = 3_600_000
  const ends = [...historySteps(hour - 7000, hour + 7000)]
  expect(ends.map((end) => end - hour)).toEqual([-2000, 0, 3000, 7000])
  expect([...historySteps(hour - 5000, hour)].map((end) => end - hour)).toEqual([0])
})

test('live steps end on whole seconds, and the fraction waits for the next time', () => {
  expect([...liveSteps(5000, 7999)]).toEqual([6000, 7000])
  expect([...liveSteps(5000, 5000)]).toEqual([])
  expect([...liveSteps(5000, 1000)]).toEqual([])
})

test('after a long sleep the first and the last stretch are walked in seconds, the middle in coarse steps', () => {
  const ends = [...liveSteps(0, 3_600_500)]
  expect(ends.at(-1)).toBe(3_600_000)
  expect(ends.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => (i + 1) * 1000))
  expect(ends.length).toBeLessThan(900)
  const widths = ends.map((end, i) => end - (ends[i - 1] ?? 0))
  expect(new Set(widths)).toEqual(new Set([1000, 5000]))
})

test('the clock follows real time at 1×, and played fast it never overtakes real time', () => {
  expect(targetMs({ realMs: 1000, virtualMs: 0, speed: 1 }, 1700)).toBe(1700)
  const start = { realMs: 1_000_000, virtualMs: 0, speed: 600 }
  expect(targetMs(start, 1_001_000)).toBe(600_000)
  expect(targetMs(start, 1_100_000)).toBe(1_100_000)
})
