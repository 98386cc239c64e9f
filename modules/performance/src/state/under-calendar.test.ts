import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { MachineState, PlannedStop, Shift, StateInterval } from '@throughline/model'
import { expect, test } from 'vitest'
import type { MachineInterval } from './interval.ts'
import { manualIntervals } from './manual.ts'
import { underCalendar } from './under-calendar.ts'

const nodeId = newId<'EquipmentNode'>()
const minuteUs = 60e6
const at = (minute: number): Instant => (minute * minuteUs) as Instant

const spell = (
  from: number,
  to: number | null,
  state: MachineState,
  source: StateInterval['source'] = 'rule',
): MachineInterval => ({
  ...{ nodeId, from: at(from), to: to === null ? null : at(to), state, label: state, source },
  ...{ stopId: null, causedBy: null },
})

const shiftOf = (from: number, to: number, breaks: readonly [number, number][] = []): Shift => ({
  ...{ name: 'early', date: '1970-01-01', timeZone: 'UTC', from: at(from), to: at(to) },
  breaks: breaks.map(([begin, end]) => ({ name: 'break', from: at(begin), to: at(end) })),
})

const planned = (from: number, to: number, cancelledReason: string | null = null): PlannedStop => ({
  ...{ id: newId<'PlannedStop'>(), nodeId, kind: 'maintenance', label: 'maintenance', from: at(from), to: at(to) },
  ...{ cancelledReason, recordedBy: 'ada' },
})

function minutesOf(intervals: readonly MachineInterval[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { from, to, state, label } of intervals) {
    const name = state === 'planned-stop' ? label : state
    sums[name] = (sums[name] ?? 0) + ((to ?? 0) - from) / minuteUs
  }
  return sums
}

// The events and sums are those of the case overlap-states of the reference figures.
test('[KPI-1] what overlaps is told by precedence: break, then what people recorded, then plan, then the machine', () => {
  const machine = [spell(0, 190, 'running'), spell(190, 195, 'idle'), spell(195, 480, 'running')]
  const people = manualIntervals(
    (
      [
        [150, 200, 'down'],
        [260, 300, 'down'],
        [300, 330, 'changeover'],
      ] as const
    ).map(([from, to, state]) => ({
      ...{ id: newId<'ManualState'>(), nodeId, from: at(from), to: at(to), state, comment: '' },
    })),
  )
  const shift = shiftOf(0, 480, [[240, 270]])
  const corrected = [...machine.flatMap((each) => without(each, people)), ...people].sort((a, b) => a.from - b.from)
  const judged = underCalendar(corrected, [shift], [planned(100, 160)], 'drop')
  expect(minutesOf(judged)).toEqual({ running: 290, maintenance: 50, down: 80, break: 30, changeover: 30 })
  for (const [index, each] of judged.slice(1).entries()) expect(each.from).toBe(judged[index]?.to)
})

function without(each: MachineInterval, people: readonly MachineInterval[]): MachineInterval[] {
  let left = [each]
  for (const { from, to } of people) {
    left = left.flatMap((piece) => {
      const before = { ...piece, to: Math.min(piece.to ?? 0, from) as Instant }
      const after = { ...piece, from: Math.max(piece.from, to ?? 0) as Instant }
      return [before, after].filter((one) => one.from < (one.to ?? 0))
    })
  }
  return left
}

test('outside of shifts states are kept or left out, and no break or plan is told there', () => {
  const told = [spell(0, 100, 'down')]
  const shifts = [shiftOf(20, 60)]
  expect(minutesOf(underCalendar(told, shifts, [planned(50, 90)], 'drop'))).toEqual({ down: 30, maintenance: 10 })
  expect(minutesOf(underCalendar(told, shifts, [planned(50, 90)], 'keep'))).toEqual({ down: 90, maintenance: 10 })
})

test('a stop goes on while crews change, and a cancelled plan counts for nothing', () => {
  const told = underCalendar(
    [spell(0, 100, 'down')],
    [shiftOf(0, 50), shiftOf(50, 100)],
    [planned(10, 20, 'not needed')],
    'drop',
  )
  expect(told.map(({ from, to }) => [from, to])).toEqual([[at(0), at(100)]])
})
