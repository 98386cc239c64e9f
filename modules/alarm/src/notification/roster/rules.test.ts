import type { Id, Instant } from '@throughline/kernel'
import { parseInstant } from '@throughline/kernel'
import type { AlarmRoster } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { assertRoster, isOnDuty, plannedCalls } from './rules.ts'

const instant = (text: string): Instant => parseInstant(text) ?? (0 as Instant)
const everyDay = [1, 2, 3, 4, 5, 6, 7]
const berlin = (days: number[], start: string, end: string) => ({
  timeZone: 'Europe/Berlin',
  hours: [{ days, start, end }],
})

describe('who is on duty is read from the clock on the wall there', () => {
  const nights = berlin([5], '22:00', '06:00')
  test.each([
    ['a Friday night has not begun', nights, '2026-11-20T21:59:59+01:00', false],
    ['a Friday night begins', nights, '2026-11-20T22:00:00+01:00', true],
    ['a Friday night runs into Saturday', nights, '2026-11-21T05:59:59+01:00', true],
    ['a Friday night is over', nights, '2026-11-21T06:00:00+01:00', false],
    ['the early Friday belongs to Thursday', nights, '2026-11-20T03:00:00+01:00', false],
    ['a Sunday night runs into Monday', berlin([7], '22:00', '06:00'), '2026-11-23T01:00:00+01:00', true],
    ['the spring night: before the gap', berlin([6], '22:00', '06:00'), '2026-03-29T01:59:00+01:00', true],
    ['the spring night ends at six of the new time', berlin([6], '22:00', '06:00'), '2026-03-29T05:59:00+02:00', true],
    ['the spring night is over an hour sooner', berlin([6], '22:00', '06:00'), '2026-03-29T06:00:00+02:00', false],
    ['the autumn night: the hour that comes twice', berlin([6], '22:00', '06:00'), '2026-10-25T02:30:00+01:00', true],
    ['the autumn night lasts an hour longer', berlin([6], '22:00', '06:00'), '2026-10-25T05:30:00+01:00', true],
    [
      'a shift is by its own zone',
      { ...berlin(everyDay, '08:00', '16:00'), timeZone: 'Asia/Tokyo' },
      '2026-11-20T23:30:00Z',
      true,
    ],
    [
      'hours that end where they begin are the whole day',
      berlin([5], '06:00', '06:00'),
      '2026-11-21T05:00:00+01:00',
      true,
    ],
    ['no hours are always', { timeZone: 'UTC', hours: [] }, '2026-11-20T03:00:00Z', true],
  ])('%s', (_title, roster, at, expected) => {
    expect(isOnDuty(roster, instant(at))).toBe(expected)
  })
})

function roster(name: string, changes: Partial<AlarmRoster> = {}): AlarmRoster {
  return {
    id: name as Id<'AlarmRoster'>,
    name,
    nodeId: 'plant' as Id<'EquipmentNode'>,
    priority: 2,
    timeZone: 'UTC',
    hours: [],
    steps: [{ emails: ['ada@plant.example'], webhooks: [], afterSeconds: 300 }],
    active: true,
    ...changes,
  }
}

describe('whom an alarm calls', () => {
  const now = instant('2026-11-20T12:00:00Z')
  const later = (seconds: number): Instant => (now + seconds * 1e6) as Instant
  const plan = (rosters: AlarmRoster[], alarm = { priority: 2, at: now }) =>
    plannedCalls(rosters, alarm, now).map(({ rosterId, step, address, dueAt }) => [rosterId, step, address, dueAt])

  test('each step is due once the one before had its time', () => {
    const steps = [
      { emails: ['ada@plant.example'], webhooks: ['https://pager.example/a'], afterSeconds: 300 },
      { emails: ['bob@plant.example'], webhooks: [], afterSeconds: 600 },
      { emails: ['eve@plant.example'], webhooks: [], afterSeconds: 0 },
    ]
    expect(plan([roster('day', { steps })])).toEqual([
      ['day', 0, 'ada@plant.example', now],
      ['day', 0, 'https://pager.example/a', now],
      ['day', 1, 'bob@plant.example', later(300)],
      ['day', 2, 'eve@plant.example', later(900)],
    ])
  })

  test('whoever stands in two rosters or steps is called once, at the earliest moment, however the address is written', () => {
    const late = roster('late', {
      steps: [
        { emails: ['bob@plant.example'], webhooks: [], afterSeconds: 60 },
        { emails: ['Ada@Plant.example'], webhooks: [], afterSeconds: 0 },
      ],
    })
    expect(plan([late, roster('day')])).toEqual([
      ['late', 0, 'bob@plant.example', now],
      ['day', 0, 'ada@plant.example', now],
    ])
  })

  test('an alarm calls for its priority and more urgent ones, on duty, while the roster is active', () => {
    expect(plan([roster('day')], { priority: 3, at: now })).toEqual([])
    expect(plan([roster('day')], { priority: 1, at: now })).toHaveLength(1)
    expect(plan([roster('off', { active: false })])).toEqual([])
    expect(plan([roster('nights', { hours: [{ days: everyDay, start: '22:00', end: '06:00' }] })])).toEqual([])
  })

  test('an alarm that is heard of late waits a minute: what ended it may come right behind', () => {
    const at = instant('2026-11-20T09:00:00Z')
    expect(plan([roster('day')], { priority: 2, at })).toEqual([['day', 0, 'ada@plant.example', later(60)]])
  })
})

test.each([
  [{ timeZone: 'Europe/Nowhere' }, '"Europe/Nowhere" is no name of a time zone'],
  [{ timeZone: '+01:00' }, '"+01:00" is no name of a time zone'],
  [{ steps: [{ emails: [], webhooks: [], afterSeconds: 0 }] }, 'Step 1 calls nobody'],
])('a roster that calls nobody, or when is not clear, is refused: %j', (changes, words) => {
  expect(() => assertRoster(roster('day', changes))).toThrow(words)
})
