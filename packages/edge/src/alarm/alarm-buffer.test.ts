import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Instant } from '@throughline/kernel'
import { fromMs, plusMs } from '@throughline/kernel'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlarmReport } from '../driver.ts'
import { FaultRegistry } from '../fault/fault-registry.ts'
import { AlarmBuffer } from './alarm-buffer.ts'

let folder: string
const clock: Clock = { now: () => fromMs(Date.UTC(2026, 10, 22, 8)) }
let faults: FaultRegistry
const opened: AlarmBuffer[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-alarms-'))
  faults = new FaultRegistry(clock, pino({ enabled: false }))
})
afterEach(() => {
  for (const buffer of opened.splice(0)) buffer.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(file = 'alarms', most?: { waiting: number; conditions: number }): AlarmBuffer {
  const config = { file: join(folder, `${file}.sqlite`), agent: 'edge-1', clock, faults }
  const buffer = new AlarmBuffer(most === undefined ? config : { ...config, most })
  opened.push(buffer)
  return buffer
}
const report = (condition: string, change: Partial<AlarmReport> = {}): AlarmReport => ({
  ...{ condition, active: true, acknowledged: false, severity: 500, message: 'jam', comment: '' },
  ...{ at: clock.now(), handle: 'E1', ...change },
})
const told = (buffer: AlarmBuffer) => buffer.next(500)?.alarms ?? []
const short = (buffer: AlarmBuffer) =>
  told(buffer).map(({ condition, active, acknowledged }) => `${condition} ${active} ${acknowledged}`)

test('[ALM-8] what was not recorded is there after a restart, in order, and what was recorded is gone', () => {
  const first = open()
  first.hear('filler', [report('Jam'), report('Door', { handle: 'E2' })])
  const sequence = first.next(1)?.sequence ?? 0
  first.recorded(sequence)
  first.close()
  const second = open()
  expect(second.pending).toBe(1)
  expect(short(second)).toEqual(['Door true false'])
  expect(second.next(5)?.sequence).toBeGreaterThan(sequence)
})

test('a report that says nothing new is left out', () => {
  const buffer = open()
  buffer.hear('filler', [report('Jam'), report('Jam'), report('Jam', { at: plusMs(clock.now(), 5) })])
  buffer.hear('filler', [report('Jam', { severity: 600 })])
  expect(short(buffer)).toEqual(['Jam true false', 'Jam true false'])
})

test('[ALM-9] what nobody can hear is told as not known, over a restart too, and as it stands once it is heard again', () => {
  const first = open()
  first.hear('filler', [report('Jam'), report('Door')])
  first.hear('press', [report('Guard')])
  first.lost('filler')
  first.lost('filler')
  first.close()
  const buffer = open()
  buffer.lost('filler')
  buffer.hear('filler', [report('Jam', { at: plusMs(clock.now(), -1000) })])
  buffer.complete('filler', ['Jam'])
  expect(short(buffer).slice(3)).toEqual(['Jam null false', 'Door null false', 'Jam true false', 'Door false true'])
  expect(
    buffer.next(500)?.alarms.every(({ connection, condition }) => connection !== 'press' || condition === 'Guard'),
  ).toBe(true)
})

test('what stands is told once more to a server that may not know it, and what is over is not', () => {
  const buffer = open()
  buffer.hear('filler', [report('Jam'), report('Door', { active: false, acknowledged: true, handle: null })])
  buffer.hear('filler', [report('Belt', { active: false, acknowledged: false })])
  buffer.recorded(buffer.next(500)?.sequence ?? 0)
  buffer.retell()
  expect(short(buffer)).toEqual(['Jam true false', 'Belt false false'])
})

test('when there is no room how all stand is told once there is, and the loss is counted', () => {
  const buffer = open('small', { waiting: 2, conditions: 2 })
  buffer.hear('filler', [report('Jam'), report('Door'), report('Belt')])
  buffer.hear('filler', [report('Jam', { active: false })])
  expect(short(buffer)).toEqual(['Jam true false', 'Door true false'])
  expect(faults.list().map(({ cause }) => cause)).toEqual(['alarm-refused', 'alarm-buffer-full'])
  buffer.recorded(buffer.next(500)?.sequence ?? 0)
  expect(short(buffer)).toEqual(['Jam false false', 'Door true false'])
})

test('what cannot be carried is refused and counted, and sinks no other', () => {
  const buffer = open()
  buffer.hear('filler', [
    report('x'.repeat(300)),
    report('Jam\u0000'),
    report('Jam', { severity: 9000, message: 'm'.repeat(900) }),
  ])
  expect(told(buffer)).toMatchObject([{ condition: 'Jam', severity: 1000, message: 'm'.repeat(500) }])
  expect(faults.list()).toMatchObject([{ source: 'edge-1/filler', cause: 'alarm-refused', count: 2 }])
})

describe('time', () => {
  test('whatever clock the machine has, each report of an alarm is later than the one before, and none from the future', () => {
    const anyTime = fc.oneof(fc.integer({ min: -1e15, max: 4e15 }), fc.constant(Number.NaN), fc.constant(0))
    const anyStep = fc.record({ at: anyTime, active: fc.boolean(), lose: fc.boolean() })
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), fc.uuid(), (steps, file) => {
        const buffer = open(file)
        for (const [index, { at, active, lose }] of steps.entries()) {
          buffer.hear('filler', [report('Jam', { at: at as Instant, active, handle: `E${index}` })])
          if (lose) buffer.lost('filler')
        }
        const times = told(buffer).map((alarm) => alarm.at)
        buffer.close()
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
        for (const time of times) expect(time).toBeLessThanOrEqual(plusMs(clock.now(), 61_000))
      }),
      { numRuns: 25 },
    )
  })
})
