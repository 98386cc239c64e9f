import type { Id, Instant } from '@throughline/kernel'
import { parseInstant } from '@throughline/kernel'
import type { AlarmPriority } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { deliveredPhilosophy } from '../philosophy/rules.ts'
import { alarmKpis, judgedWindow } from './rules.ts'

interface Occurrence {
  readonly name: string
  readonly priority: AlarmPriority
  readonly at: Instant
  readonly acknowledgedAt: Instant | null
  readonly returnedAt: Instant | null
  readonly hidden: boolean
}

const start = parseInstant('2026-11-22T00:00:00Z') ?? (0 as Instant)
const minute = 60
const hour = 3600
const at = (seconds: number): Instant => (start + seconds * 1e6) as Instant
const day = { from: start, to: at(24 * hour) }
const { targets } = deliveredPhilosophy

function alarm(name: string, seconds: number, changes: Partial<Occurrence> = {}): Occurrence {
  return {
    name,
    priority: 3,
    at: at(seconds),
    acknowledgedAt: null,
    returnedAt: at(seconds + 30),
    hidden: false,
    ...changes,
  }
}

/** `count` alarms of different names, one a second. */
const burst = (seconds: number, count: number): Occurrence[] =>
  Array.from({ length: count }, (_, n) => alarm(`burst-${n}`, seconds + n))

const idOf = (name: string) => `id of ${name}` as Id<'AlarmDefinition'>

const judge = (
  occurrences: readonly Occurrence[],
  { window = day, operators = 1, aims = targets, standing = [] as readonly Occurrence[] } = {},
) => {
  const shown = occurrences.filter(({ hidden }) => !hidden)
  const streams = [...Map.groupBy(shown, ({ name, priority }) => `${name} ${priority}`).values()].map((group) => {
    const { name = '', priority = 1 } = group[0] ?? {}
    const at = Float64Array.from(group.map((each) => each.at)).sort()
    const delays = group.flatMap((each) => (each.acknowledgedAt === null ? [] : [each.acknowledgedAt - each.at]))
    return {
      definitionId: idOf(name),
      name,
      message: `${name} is abnormal`,
      priority,
      at,
      delays: Float64Array.from(delays),
    }
  })
  const evidence = {
    streams,
    hidden: occurrences.length - shown.length,
    standing: [...standing, ...shown].map((each) => ({ ...each, definitionId: idOf(each.name) })),
  }
  return alarmKpis(evidence, { window, operators, targets: aims })
}

/**
 * A day on paper. 00:00 a burst of 12 · 00:10 six more (still the flood) · 00:20 four (over) · 02:00 a pump that chatters:
 * 5 within 40 s · 05:00 two critical ones, acknowledged after 10 s and 20 s · 06:00 a high one, acknowledged after 60 s ·
 * 07:00 a level that stands to the end of the next day · 08:00 two diagnostic ones · 09:00 three nobody saw.
 */
const recorded: readonly Occurrence[] = [
  ...burst(0, 12),
  ...burst(10 * minute, 6),
  ...burst(20 * minute, 4),
  ...[0, 10, 20, 30, 40].map((second) => alarm('pump', 2 * hour + second)),
  alarm('fire', 5 * hour, { priority: 1, acknowledgedAt: at(5 * hour + 10) }),
  alarm('fire', 5 * hour + 300, { priority: 1, acknowledgedAt: at(5 * hour + 320) }),
  alarm('pressure', 6 * hour, { priority: 2, acknowledgedAt: at(6 * hour + 60) }),
  alarm('level', 7 * hour, { returnedAt: null }),
  ...[0, 1].map((second) => alarm('drive-health', 8 * hour + second, { priority: 4 })),
  ...[0, 1, 2].map((second) => alarm('shelved-one', 9 * hour + second, { hidden: true })),
]

describe('[ALM-4] a recorded day gives exact counts', () => {
  const kpis = judge(recorded)

  test('alarms that were shown, and apart those that nobody could see', () => {
    expect([kpis.occurrences, kpis.hidden]).toEqual([33, 3])
  })

  test('alarms for an operator and ten minutes: average and highest', () => {
    expect(kpis.perTenMinutes).toEqual({ average: 33 / 144, highest: 12, target: 1 })
  })

  test('one flood of two stretches, that ends where a stretch brings fewer than five', () => {
    expect(kpis.flood).toEqual({
      share: 1 / 144,
      target: 0.01,
      floods: [{ from: start, to: at(20 * minute), occurrences: 18, peak: 12 }],
    })
  })

  test('the pump chatters, in one minute, and nothing else does', () => {
    expect(kpis.chattering).toEqual([{ definitionId: 'id of pump', name: 'pump', mostInAMinute: 5, minutes: 1 }])
  })

  test('the ten most frequent, with their share of all that were shown', () => {
    expect(kpis.topTen).toHaveLength(10)
    expect(kpis.topTen.slice(0, 3).map(({ name, count, share }) => [name, count, share])).toEqual([
      ['pump', 5, 5 / 33],
      ['burst-0', 3, 3 / 33],
      ['burst-1', 3, 3 / 33],
    ])
  })

  test('priorities beside their targets, diagnostic ones apart', () => {
    expect(kpis.distribution).toEqual([
      { priority: 1, count: 2, share: 2 / 31, target: 0.05 },
      { priority: 2, count: 1, share: 1 / 31, target: 0.15 },
      { priority: 3, count: 28, share: 28 / 31, target: 0.8 },
      { priority: 4, count: 2, share: null, target: 0 },
    ])
  })

  test('the time to acknowledge: median and 95 %', () => {
    expect(kpis.secondsToAcknowledge).toEqual({ median: 20, p95: expect.closeTo(56, 9) })
  })

  test('new alarms an hour, every hour of the day', () => {
    expect(kpis.perHour.map(({ count }) => count)).toEqual([
      22, 0, 5, 0, 0, 2, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ])
    expect(kpis.perHour[2]?.at).toBe(at(2 * hour))
  })

  test('stale is what stood longer than a day at some moment of the window, since before it too', () => {
    expect(kpis.stale).toEqual([])
    const nextDay = { from: at(24 * hour), to: at(48 * hour) }
    const level = alarm('level', 7 * hour, { returnedAt: null })
    expect(judge([], { window: nextDay, standing: [level] }).stale).toEqual([
      { definitionId: 'id of level', name: 'level', since: at(7 * hour) },
    ])
    const exactly = alarm('level', 7 * hour, { returnedAt: at(31 * hour) })
    expect(judge([], { window: nextDay, standing: [exactly] }).stale).toEqual([])
  })
})

test('two operators share the alarms: what floods one does not flood both', () => {
  const kpis = judge(burst(0, 12), { operators: 2 })
  expect(kpis.perTenMinutes).toMatchObject({ average: 12 / 144 / 2, highest: 6 })
  expect(kpis.flood).toMatchObject({ share: 0, floods: [] })
  expect(judge(burst(0, 20), { operators: 2 }).flood.floods).toHaveLength(1)
})

test.each([
  [9, 0],
  [10, 1],
])('%i alarms in ten minutes are %i floods', (count, floods) => {
  expect(judge(burst(0, count)).flood.floods).toHaveLength(floods)
})

test('a flood that ebbs to five goes on, one that ebbs to four is over and may begin anew', () => {
  const after = (ebb: number) => [...burst(0, 10), ...burst(10 * minute, ebb), ...burst(20 * minute, 10)]
  expect(judge(after(5)).flood.floods).toHaveLength(1)
  expect(judge(after(4)).flood.floods).toHaveLength(2)
})

test('a flood at the end of the window ends with it', () => {
  const window = { from: start, to: at(5 * minute) }
  expect(judge(burst(0, 11), { window }).flood.floods).toMatchObject([{ from: start, to: at(5 * minute) }])
})

test('three in a minute chatter also across a full minute; at exactly a minute they do not', () => {
  expect(judge([50, 65, 80].map((s) => alarm('pump', s))).chattering).toMatchObject([{ mostInAMinute: 3, minutes: 1 }])
  expect(judge([0, 30, 60].map((s) => alarm('pump', s))).chattering).toEqual([])
})

test('minutes of chattering do not overlap: five minutes of one every ten seconds are five', () => {
  const steady = Array.from({ length: 30 }, (_, n) => alarm('pump', n * 10))
  expect(judge(steady).chattering).toMatchObject([{ mostInAMinute: 6, minutes: 5 }])
})

test('versions of one alarm are one alarm, that says what the newest says', () => {
  const kpis = judge([alarm('pump', 0), alarm('pump', 10), alarm('pump', 20, { priority: 2 })])
  expect(kpis.topTen).toMatchObject([{ name: 'pump', priority: 2, count: 3, share: 1 }])
  expect(kpis.chattering).toMatchObject([{ name: 'pump', mostInAMinute: 3, minutes: 1 }])
  expect(kpis.distribution.map(({ count }) => count)).toEqual([0, 1, 2, 0])
})

test('without alarms there are no shares and no times, and the rates are nought', () => {
  const kpis = judge([])
  expect(kpis.distribution.map(({ share }) => share)).toEqual([null, null, null, null])
  expect(kpis.secondsToAcknowledge).toEqual({ median: null, p95: null })
  expect(kpis.perTenMinutes.average).toBe(0)
  expect(kpis.topTen).toEqual([])
})

test('with a target for diagnostic alarms they count among all', () => {
  const aims = { ...targets, distribution: { 1: 0.05, 2: 0.15, 3: 0.4, 4: 0.4 } }
  expect(judge(recorded, { aims }).distribution[3]).toEqual({ priority: 4, count: 2, share: 2 / 33, target: 0.4 })
})

test('a window that is not over is judged up to now; one that has not begun or is too long is refused', () => {
  expect(judgedWindow(day, at(hour))).toEqual({ from: start, to: at(hour) })
  expect(judgedWindow(day, at(48 * hour))).toEqual(day)
  expect(() => judgedWindow(day, start)).toThrow('The window has not begun')
  expect(() => judgedWindow({ from: start, to: at(401 * 24 * hour) }, at(500 * 24 * hour))).toThrow('at most 400 days')
})
