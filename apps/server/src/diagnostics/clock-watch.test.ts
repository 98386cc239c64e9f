import { handClock } from '@throughline/testkit'
import { expect, test } from 'vitest'
import type { ClockStep } from './clock-watch.ts'
import { ClockWatch } from './clock-watch.ts'

function watchedClock() {
  const clock = handClock('2026-11-22T06:00:00Z')
  const steps: ClockStep[] = []
  let monotonicMs = 0
  const watch = new ClockWatch(
    clock,
    (step) => steps.push(step),
    () => monotonicMs,
  )
  const pass = (wallMs: number, realMs: number): void => {
    monotonicMs += realMs
    clock.advanceMs(wallMs)
    watch.tick()
  }
  return { watch, steps, pass }
}

test('[SR-2.11, AL-C-3] a clock that was set is told, with by how much', () => {
  const { steps, pass } = watchedClock()
  pass(1000, 1000)
  pass(3_601_000, 1000)
  expect(steps).toMatchObject([{ byMs: 3_600_000 }])
})

test('[SR-2.11, AL-C-3!] a clock that was set back is told as a negative step, once', () => {
  const { steps, pass } = watchedClock()
  // A clock by hand never goes back: that real time passes without it is the same to the watch.
  pass(0, 90_000)
  pass(1000, 1000)
  expect(steps).toMatchObject([{ byMs: -90_000 }])
})

test('a process that got no time, and a clock that is slewed, are no steps', () => {
  const { steps, pass } = watchedClock()
  pass(45_000, 45_000)
  pass(1000.4, 1000)
  expect(steps).toEqual([])
})

test('[SR-2.11-RE1] whether the clock follows a time source is asked of the machine, and never claimed', async () => {
  const { watch } = watchedClock()
  expect(watch.status).toBe('unknown')
  await watch.look()
  expect(['synchronised', 'unsynchronised', 'unknown']).toContain(watch.status)
})
