import { newId, parseInstant, toIso } from '@throughline/kernel'
import type { WorkCalendar } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assertCalendar, shiftsBetween } from './rules.ts'

const node = newId<'EquipmentNode'>()
const site = newId<'EquipmentNode'>()
const hourUs = 3_600e6

function at(iso: string) {
  const instant = parseInstant(iso)
  if (instant === undefined) throw new Error(`"${iso}" is no time`)
  return instant
}

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const night = {
  ...{ name: 'night', days: everyDay, start: '22:00', end: '06:00' },
  breaks: [{ name: 'meal', start: '02:15', end: '02:45' }],
}

function calendar(over: Partial<WorkCalendar> = {}): WorkCalendar {
  return {
    ...{ id: newId<'WorkCalendar'>(), nodeId: site, version: 1, validFrom: '2020-01-01', timeZone: 'Europe/Zurich' },
    ...{ shifts: [night], exceptions: [], reason: 'agreed', recordedBy: 'ada' },
    ...over,
  }
}

const shiftsOf = (calendars: readonly WorkCalendar[], from: string, to: string) =>
  shiftsBetween(calendars, [node, site], at(from), at(to))

const hoursOf = ({ from, to }: { from: number; to: number }): number => (to - from) / hourUs

// Times and lengths are facts of the tz database; they are also those of the case dst-night-shift of the reference figures.
test.each([
  ['in spring', '2025-03-29T21:00:00Z', '2025-03-30T04:00:00Z', 7],
  ['in autumn', '2025-10-25T20:00:00Z', '2025-10-26T05:00:00Z', 9],
  ['in summer', '2025-06-10T20:00:00Z', '2025-06-11T04:00:00Z', 8],
])('[KPI-1] a night shift %s has the hours of its night, and a break of half an hour', (_when, from, to, hours) => {
  const [shift] = shiftsOf([calendar()], from, to)
  expect([toIso(shift?.from ?? at(from)), hoursOf(shift ?? { from: 0, to: 0 })]).toEqual([toIso(at(from)), hours])
  expect(shift?.to).toBe(at(to))
  expect(shift?.breaks.map(hoursOf)).toEqual([0.5])
})

test('without a calendar each UTC day is one shift', () => {
  const shifts = shiftsOf([], '2026-11-21T23:00:00Z', '2026-11-23T00:00:00Z')
  expect(
    shifts.map(({ name, date, from, to }) => [name, date, toIso(from).slice(0, 10), hoursOf({ from, to })]),
  ).toEqual([
    ['day', '2026-11-21', '2026-11-21', 24],
    ['day', '2026-11-22', '2026-11-22', 24],
  ])
})

test("a node's own calendar beats that of the node above it, from its first day on", () => {
  const own = calendar({ nodeId: node, validFrom: '2026-06-02', shifts: [{ ...night, name: 'own' }] })
  const shifts = shiftsOf([calendar(), own], '2026-06-01T12:00:00Z', '2026-06-03T00:00:00Z')
  expect(shifts.map(({ name, date }) => [name, date])).toEqual([
    ['night', '2026-06-01'],
    ['own', '2026-06-02'],
  ])
})

test('the past keeps the calendar it had; where two meet, the later one begins on time', () => {
  const early = { name: 'early', days: everyDay, start: '05:00', end: '13:00', breaks: [] }
  const next = calendar({ version: 2, validFrom: '2026-06-02', shifts: [early] })
  const shifts = shiftsOf([calendar(), next], '2026-06-01T12:00:00Z', '2026-06-02T12:00:00Z')
  expect(shifts.map(({ name, to }) => [name, toIso(to)])).toEqual([
    ['night', '2026-06-02T03:00:00.000000Z'],
    ['early', '2026-06-02T11:00:00.000000Z'],
  ])
})

test('no shift begins on a holiday, and an extra day takes the shifts of the weekday it names', () => {
  const weekdays = { ...night, days: [1, 2, 3, 4, 5] }
  const exceptions = [
    { date: '2026-06-01', name: 'Whit Monday', asWeekday: null },
    { date: '2026-06-06', name: 'extra Saturday', asWeekday: 5 },
  ]
  const shifts = shiftsOf(
    [calendar({ shifts: [weekdays], exceptions })],
    '2026-06-01T00:00:00Z',
    '2026-06-08T00:00:00Z',
  )
  expect(shifts.map(({ date }) => date)).toEqual(['2026-06-02', '2026-06-03', '2026-06-04', '2026-06-05', '2026-06-06'])
})

test('[KPI-1] three shifts fill every week of any zone without hole or overlap, also when clocks change', () => {
  const three = [
    { name: 'early', days: everyDay, start: '06:00', end: '14:00', breaks: [] },
    { name: 'late', days: everyDay, start: '14:00', end: '22:00', breaks: [] },
    { ...night, breaks: [] },
  ]
  const zone = fc.constantFrom(
    'Europe/Zurich',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Pacific/Apia',
  )
  fc.assert(
    fc.property(zone, fc.integer({ min: 0, max: 3000 }), (timeZone, days) => {
      const from = (at('2018-01-01T00:00:00Z') + days * 24 * hourUs) as ReturnType<typeof at>
      const to = (from + 7 * 24 * hourUs) as ReturnType<typeof at>
      const shifts = shiftsBetween([calendar({ timeZone, shifts: three, validFrom: '2010-01-01' })], [site], from, to)
      expect(shifts[0]?.from).toBeLessThanOrEqual(from)
      expect(shifts.at(-1)?.to).toBeGreaterThanOrEqual(to)
      for (const [index, shift] of shifts.slice(1).entries()) expect(shift.from).toBe(shifts[index]?.to)
    }),
    { numRuns: 60 },
  )
})

const shift = (over: Partial<typeof night>) => ({ ...night, ...over })

test.each<[string, Partial<WorkCalendar>, string, string]>([
  ['a zone that does not exist', { timeZone: 'Europe/Atlantis' }, 'time-zone-invalid', 'Europe/Atlantis'],
  ['an offset for a zone', { timeZone: '+02:00' }, 'time-zone-invalid', '+02:00'],
  ['a shift of no hours', { shifts: [shift({ end: '22:00' })] }, 'shift-empty', 'night'],
  [
    'shifts that overlap',
    { shifts: [night, shift({ name: 'early', start: '05:00', end: '13:00', breaks: [] })] },
    'shifts-overlap',
    'early',
  ],
  [
    'a shift that meets itself over the weekend',
    {
      shifts: [
        shift({ breaks: [], start: '22:00', end: '21:59' }),
        shift({ breaks: [], name: 'x', days: [1], start: '21:00', end: '22:00' }),
      ],
    },
    'shifts-overlap',
    'x',
  ],
  [
    'a break outside of its shift',
    { shifts: [shift({ breaks: [{ name: 'tea', start: '05:45', end: '06:15' }] })] },
    'break-outside-shift',
    'tea',
  ],
  [
    'a date twice',
    {
      exceptions: [
        { date: '2026-12-25', name: 'a', asWeekday: null },
        { date: '2026-12-25', name: 'b', asWeekday: 1 },
      ],
    },
    'exception-twice',
    '2026-12-25',
  ],
])('a calendar with %s is refused, and the thing is named', (_what, over, code, named) => {
  expect(() => assertCalendar(calendar(over))).toThrow(
    expect.objectContaining({ code: `performance.calendar-${code}`, message: expect.stringContaining(named) }),
  )
})

test('a calendar of three shifts is taken', () => {
  expect(() => assertCalendar(calendar())).not.toThrow()
})
