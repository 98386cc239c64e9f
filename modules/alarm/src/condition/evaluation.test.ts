import type { Id, Instant } from '@throughline/kernel'
import type { AlarmCondition, SampleValue } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Crossing, Watched } from './evaluation.ts'
import { Evaluation } from './evaluation.ts'
import { freshMemory } from './memory.ts'

const [own, other] = ['own', 'other'] as Id<'Tag'>[] as [Id<'Tag'>, Id<'Tag'>]
const second = 1_000_000
const at = (seconds: number): Instant => (seconds * second) as Instant

type Told = readonly [seconds: number, value: SampleValue | null, status?: number, tag?: string]

function watching(condition: AlarmCondition, changes: Partial<Watched> = {}) {
  const told: Crossing[] = []
  const definition: Watched = {
    id: 'definition' as Id<'AlarmDefinition'>,
    name: 'P.high',
    tagId: own,
    condition,
    onDelaySeconds: 0,
    offDelaySeconds: 0,
    suppressWhile: null,
    ...changes,
  }
  const evaluation = new Evaluation(definition, freshMemory(at(0)), String, (crossing) => told.push(crossing))
  return {
    evaluation,
    told,
    hear(...readings: Told[]) {
      for (const [seconds, value, status = 0, tagId = own] of readings) {
        evaluation.hear({ tagId, at: at(seconds), value, quality: qualityOf(status) })
      }
    },
    /** Without the changes of what is known: `occur 3`. */
    alarms: () => told.filter(({ kind }) => kind !== 'known').map(({ kind, at: when }) => `${kind} ${when / second}`),
  }
}

const high: AlarmCondition = { kind: 'limit', side: 'high', limit: 10, deadband: 1 }
const { bad, uncertain } = statusCode

test.each<{ what: string; condition: AlarmCondition; changes?: Partial<Watched>; readings: Told[]; alarms: string[] }>([
  {
    what: 'high: beyond the limit, and back by the deadband',
    condition: high,
    readings: [
      [1, 10],
      [2, 10.1],
      [3, 9.5],
      [4, 9.01],
      [5, 9],
      [6, 10],
    ],
    alarms: ['occur 2', 'return 5'],
  },
  {
    what: 'low: the same the other way',
    condition: { kind: 'limit', side: 'low', limit: 10, deadband: 1 },
    readings: [
      [1, 10],
      [2, 9.9],
      [3, 10.9],
      [4, 11],
    ],
    alarms: ['occur 2', 'return 4'],
  },
  {
    what: 'a 64-bit counter is compared as a number',
    condition: high,
    readings: [
      [1, 9n],
      [2, 11n],
    ],
    alarms: ['occur 2'],
  },
  {
    what: 'deviation from a value, on both sides',
    condition: { kind: 'deviation', limit: 2, deadband: 0.5, from: { value: 100 } },
    readings: [
      [1, 102],
      [2, 97.9],
      [3, 98.4],
      [4, 98.5],
      [5, 102.1],
    ],
    alarms: ['occur 2', 'return 4', 'occur 5'],
  },
  {
    what: 'deviation from a set point that moves away',
    condition: { kind: 'deviation', limit: 2, deadband: 0, from: { tagId: other } },
    readings: [
      [1, 50],
      [2, 50, 0, other],
      [3, 60, 0, other],
      [4, 59],
      [5, null, bad, other],
    ],
    alarms: ['occur 3', 'return 4'],
  },
  {
    what: 'rate: a fast rise over its time, not the noise within it',
    condition: { kind: 'rate', side: 'rising', limit: 1, overSeconds: 10, deadband: 0 },
    readings: [
      [0.001, 0],
      [1, 5],
      [2, 0],
      [10.001, 0],
      [20.001, 10],
      [22, 22.1],
      [31, 22],
      [33, 22.1],
    ],
    alarms: ['occur 22', 'return 33'],
  },
  {
    what: 'rate: a fall is no rise',
    condition: { kind: 'rate', side: 'rising', limit: 1, overSeconds: 10, deadband: 0 },
    readings: [
      [1, 100],
      [11, 50],
      [21, 0],
    ],
    alarms: [],
  },
  {
    what: 'stuck: readings come, and none differs',
    condition: { kind: 'stuck', forSeconds: 30, within: 0.1 },
    readings: [
      [1, 5],
      [20, 5.1],
      [30.9, 4.95],
      [31, 5],
      [40, 5],
      [41, 5.2],
      [60, 5.2],
      [71, 5.2],
    ],
    alarms: ['occur 31', 'return 41', 'occur 71'],
  },
  {
    what: 'stale: counted from the last good reading, found by the next one',
    condition: { kind: 'stale', forSeconds: 30 },
    readings: [
      [1, 5],
      [20, 5],
      [40, 5, bad],
      [55, 5],
      [80, 6],
    ],
    alarms: ['occur 50', 'return 55'],
  },
  {
    what: 'state: one of its values',
    condition: { kind: 'state', values: ['Aborted', 'Stopped'] },
    readings: [
      [1, 'Execute'],
      [2, 'Aborted'],
      [3, 'Stopped'],
      [4, 'Idle'],
    ],
    alarms: ['occur 2', 'return 4'],
  },
  {
    what: 'state: a truth value',
    condition: { kind: 'state', values: ['true'] },
    readings: [
      [1, false],
      [2, true],
      [3, false],
    ],
    alarms: ['occur 2', 'return 3'],
  },
  {
    what: 'on-delay: beyond for shorter is no alarm; it is dated when the delay ended',
    condition: high,
    changes: { onDelaySeconds: 5 },
    readings: [
      [1, 11],
      [5, 11],
      [5.9, 8],
      [7, 11],
      [11, 12],
      [20, 11],
    ],
    alarms: ['occur 12'],
  },
  {
    what: 'on-delay: what it lasted is known by the reading that ends it',
    condition: high,
    changes: { onDelaySeconds: 5 },
    readings: [
      [1, 11],
      [30, 8],
    ],
    alarms: ['occur 6', 'return 30'],
  },
  {
    what: 'off-delay: back for shorter is no return',
    condition: high,
    changes: { offDelaySeconds: 5 },
    readings: [
      [1, 11],
      [2, 8],
      [6, 9.5],
      [7, 8],
      [11, 8],
      [13, 8],
    ],
    alarms: ['occur 1', 'return 12'],
  },
  {
    what: 'suppressed while another tag has a value, and only while that is proved',
    condition: high,
    changes: { suppressWhile: { tagId: other, values: ['Cleaning'] } },
    readings: [
      [1, 'Cleaning', 0, other],
      [2, 11],
      [3, 'Cleaning', bad, other],
      [4, 'Cleaning', 0, other],
      [5, 'Execute', 0, other],
    ],
    alarms: ['suppress 1', 'occur 2', 'unsuppress 3', 'suppress 4', 'unsuppress 5'],
  },
  {
    what: 'a reading that is not newer than the last is ignored',
    condition: high,
    readings: [
      [5, 8],
      [4, 11],
      [5, 11],
      [6, 8],
    ],
    alarms: [],
  },
])('$what', ({ condition, changes = {}, readings, alarms }) => {
  const watch = watching(condition, changes)
  watch.hear(...readings)
  expect(watch.alarms()).toEqual(alarms)
})

test('[ALM-9!] a bad reading shows as unknown, ends no alarm that stands and counts for no delay', () => {
  const watch = watching(high, { onDelaySeconds: 5 })
  const { memory } = watch.evaluation
  expect(memory.active).toBeNull()
  watch.hear([1, 8])
  expect(memory.active).toBe(false)
  watch.hear([2, 11], [4, 11, bad], [8, 11])
  expect(memory).toMatchObject({ active: false, standing: false })
  watch.hear([14, null, bad])
  expect(watch.alarms()).toEqual(['occur 13'])
  expect(memory).toMatchObject({ active: null, standing: true })
  watch.hear([20, 0, bad])
  expect(watch.alarms()).toEqual(['occur 13'])
  watch.hear([21, 8])
  expect(watch.alarms()).toEqual(['occur 13', 'return 21'])
  watch.hear([22, Number.NaN])
  expect(memory.active).toBeNull()
})

test('[ALM-9] an uncertain reading may raise an alarm and never proves that the process is normal', () => {
  const watch = watching(high)
  watch.hear([1, 8, uncertain])
  expect(watch.evaluation.memory.active).toBeNull()
  watch.hear([2, 11, uncertain], [3, 8, uncertain])
  expect(watch.alarms()).toEqual(['occur 2'])
  watch.hear([4, 8])
  expect(watch.alarms()).toEqual(['occur 2', 'return 4'])
})

/** A ramp of `step` a reading, with noise of `noise` up and down in turn. */
const ramp = (count: number, step: number, noise: number): Told[] =>
  Array.from({ length: count }, (_, index) => [index + 1, index * step + (index % 2 === 0 ? noise : -noise)] as const)

test('[ALM-5] a noisy ramp makes one alarm with a deadband, and without as many as can be counted on paper', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 400 }), (step, noise) => {
      const limit = 10_000.5
      const readings = ramp(2 * Math.ceil((limit + 2 * noise) / step) + 10, step, noise)
      // The even readings i carry +noise: each that is beyond, while the odd one before it (−noise) is not, is an alarm:
      // (limit − noise) / step < i < (limit + noise) / step + 1.
      const evensBelow = (x: number): number => Math.floor(x / 2) + 1
      const onPaper =
        evensBelow(Math.ceil((limit + noise) / step + 1) - 1) - evensBelow(Math.floor((limit - noise) / step))
      const count = (deadband: number) => {
        const watch = watching({ kind: 'limit', side: 'high', limit, deadband })
        watch.hear(...readings)
        return watch.alarms().filter((each) => each.startsWith('occur')).length
      }
      expect(count(0)).toBe(onPaper)
      expect(count(2 * noise)).toBe(1)
    }),
    { numRuns: 50 },
  )
})

test('an hour heard late gives the alarms of the hour heard live, whatever the clock said in between', () => {
  const reading = fc.tuple(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 5, max: 15 }),
    fc.constantFrom(0, 0, 0, bad),
  )
  fc.assert(
    fc.property(
      fc.array(reading, { maxLength: 60 }),
      fc.nat(8),
      fc.nat(8),
      (steps, onDelaySeconds, offDelaySeconds) => {
        const [live, late] = [0, 1].map(() => watching(high, { onDelaySeconds, offDelaySeconds }))
        let now = 0
        for (const [pause, value, status] of steps) {
          // Live, the clock goes on between two readings.
          for (let tick = now; tick < now + pause; tick += 0.25) live?.evaluation.advance(at(tick))
          now += pause
          live?.hear([now, value, status])
          late?.hear([now, value, status])
        }
        live?.evaluation.advance(at(now + 100))
        late?.evaluation.advance(at(now + 100))
        expect(late?.told).toEqual(live?.told)
      },
    ),
  )
})

test('what was heard up to a stop and the rest after it give the same alarms as all at once', () => {
  const conditions: AlarmCondition[] = [
    high,
    { kind: 'rate', side: 'either', limit: 0.5, overSeconds: 10, deadband: 0.1 },
    { kind: 'stuck', forSeconds: 20, within: 0.5 },
    { kind: 'stale', forSeconds: 15 },
  ]
  const reading = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 5, max: 15 }), fc.constantFrom(0, 0, bad))
  fc.assert(
    fc.property(
      fc.constantFrom(...conditions),
      fc.array(reading, { maxLength: 60 }),
      fc.nat(60),
      (condition, steps, stop) => {
        let now = 0
        const readings = steps.map(([pause, value, status]): Told => {
          now += pause
          return [now, value, status]
        })
        const whole = watching(condition, { onDelaySeconds: 3 })
        whole.hear(...readings)
        const before = watching(condition, { onDelaySeconds: 3 })
        before.hear(...readings.slice(0, stop))
        const after: Crossing[] = []
        const kept = JSON.parse(JSON.stringify(before.evaluation.memory)) as typeof before.evaluation.memory
        const again = new Evaluation(before.evaluation.definition, kept, String, (crossing) => after.push(crossing))
        // All of it is read again: what was heard is ignored.
        for (const [seconds, value, status = 0] of readings) {
          again.hear({ tagId: own, at: at(seconds), value, quality: qualityOf(status) })
        }
        expect([...before.told, ...after]).toEqual(whole.told)
      },
    ),
  )
})

test('what a machine says is made storable, and an alarm is not lost over a letter', () => {
  const state = watching({ kind: 'state', values: ['a\u0000b'] })
  state.hear([1, 'a\u0000b'])
  expect(state.told.at(-1)?.detail).toBe('a\uFFFDb')
  const external = watching({ kind: 'external', source: 'x' }, { tagId: null })
  external.evaluation.hearExternal(true, at(1), `${'x'.repeat(600)}\uD800`)
  const detail = external.told.at(-1)?.detail ?? ''
  expect([detail.length, detail.isWellFormed()]).toEqual([500, true])
})

test('an alarm of another system keeps its delays, and is unknown when that system does not know', () => {
  const watch = watching({ kind: 'external', source: 'opcua/FIL-01/Jam' }, { onDelaySeconds: 5, tagId: null })
  const { evaluation } = watch
  evaluation.hearExternal(true, at(1), 'jam at nozzle 7')
  evaluation.advance(at(6))
  evaluation.hearExternal(null, at(7), '')
  expect(evaluation.memory).toMatchObject({ active: null, standing: true })
  evaluation.hearExternal(false, at(8), '')
  evaluation.hearExternal(true, at(8), 'too late')
  expect(watch.alarms()).toEqual(['occur 6', 'return 8'])
  expect(watch.told.find(({ kind }) => kind === 'occur')?.detail).toBe('jam at nozzle 7')
})

const occasion = (ref: string, seconds: number) => ({
  ...{ ref, at: at(seconds), detail: `${ref} is open`, deviationId: ref as Id<'Deviation'> },
})

test('events of quality: the first raises the alarm, a further one raises it anew, and the last one to end returns it', () => {
  const { evaluation, told, alarms } = watching({ kind: 'event', source: 'deviation', severities: ['major'] })
  evaluation.hearEvents([], at(0))
  expect(evaluation.memory.active).toBe(false)
  const [first, second] = [occasion('DEV-1', 1), occasion('DEV-2', 2)]
  evaluation.hearEvents([first], at(1))
  evaluation.hearEvents([first], at(1))
  evaluation.hearEvents([first, second], at(2))
  evaluation.hearEvents([second], at(3))
  expect(alarms()).toEqual(['occur 1', 're-alarm 2'])
  evaluation.hearEvents([], at(4))
  expect(alarms()).toEqual(['occur 1', 're-alarm 2', 'return 4'])
  expect(told.find(({ kind }) => kind === 're-alarm')?.detail).toBe('DEV-2 is open')
  const about = told.map(({ kind, deviationId = null }) => [kind, deviationId] as const)
  expect(about.filter(([kind]) => kind !== 'known')).toEqual([
    ...[['occur', 'DEV-1'] as const, ['re-alarm', 'DEV-2'] as const, ['return', null] as const],
  ])
  // What is heard late is told no earlier than what was told before.
  evaluation.hearEvents([occasion('DEV-3', 2)], at(2))
  expect(alarms().at(-1)).toBe('occur 4')
})

test('a new version of an alarm that stands takes over the events that stand, and none of them is new', () => {
  const { evaluation, alarms } = watching({ kind: 'event', source: 'failed-inspection', severities: [] })
  evaluation.memory.standing = true
  evaluation.hearEvents([occasion('DEV-1', 1), occasion('DEV-2', 2)], at(3))
  expect(alarms()).toEqual([])
  evaluation.hearEvents([occasion('DEV-2', 2), occasion('DEV-3', 4)], at(4))
  expect(alarms()).toEqual(['re-alarm 4'])
})
