import { AlarmEvent, AlarmState } from '@throughline/model'
import { expect, test } from 'vitest'
import { nextState, refusalOf } from './transitions.ts'

const process = { abnormal: false, latched: false }

/** ISA-18.2 figure 3, written down a second time and in another form: by state, then event, as the operator meets it. */
const permitted: readonly (readonly [AlarmState, AlarmEvent, AlarmState])[] = [
  ['normal', 'occur', 'unacknowledged'],
  ['unacknowledged', 'acknowledge', 'acknowledged'],
  ['unacknowledged', 'return', 'returned-unacknowledged'],
  ['acknowledged', 'return', 'normal'],
  ['acknowledged', 'unacknowledge', 'unacknowledged'],
  ['acknowledged', 're-alarm', 'unacknowledged'],
  ['returned-unacknowledged', 'acknowledge', 'normal'],
  ['returned-unacknowledged', 're-alarm', 'unacknowledged'],
  ['latched-unacknowledged', 'acknowledge', 'latched-acknowledged'],
  ['latched-unacknowledged', 'reset', 'returned-unacknowledged'],
  ['latched-unacknowledged', 're-alarm', 'unacknowledged'],
  ['latched-acknowledged', 'reset', 'normal'],
  ['latched-acknowledged', 're-alarm', 'unacknowledged'],
  ['shelved', 'unshelve', 'normal'],
  ['shelved', 'shelf-expired', 'normal'],
  ['suppressed-by-design', 'unsuppress', 'normal'],
  ['out-of-service', 'return-to-service', 'normal'],
  ...AlarmState.options.map((state) => [state, 'shelve', 'shelved'] as const),
  ...AlarmState.options
    .filter((state) => state !== 'out-of-service')
    .map((state) => [state, 'take-out-of-service', 'out-of-service'] as const),
  ...AlarmState.options
    .filter((state) => !['shelved', 'suppressed-by-design', 'out-of-service'].includes(state))
    .map((state) => [state, 'suppress', 'suppressed-by-design'] as const),
  ...(['shelved', 'suppressed-by-design', 'out-of-service'] as const).flatMap((state) => [
    [state, 'occur', state] as const,
    [state, 'return', state] as const,
  ]),
]

const pairs = AlarmState.options.flatMap((state) => AlarmEvent.options.map((event) => [state, event] as const))

test('[ALM-1] every pair of state and event leads where ISA-18.2 says, and every other is refused in words', () => {
  expect(pairs).toHaveLength(AlarmState.options.length * AlarmEvent.options.length)
  for (const [state, event] of pairs) {
    const wanted = permitted.find(([from, by]) => from === state && by === event)?.[2]
    expect([state, event, nextState(state, event, process)]).toEqual([state, event, wanted])
    if (wanted === undefined)
      expect(refusalOf('P.high', state, event, 'ada')).toMatch(/^Alarm P.high is .*\(ada\): it cannot/)
  }
})

test.each([
  ['shelved', 'unshelve'],
  ['shelved', 'shelf-expired'],
  ['suppressed-by-design', 'unsuppress'],
  ['out-of-service', 'return-to-service'],
] as const)('[ALM-2] an alarm that leaves %s by %s stands again when its process is abnormal', (state, event) => {
  expect(nextState(state, event, { abnormal: true, latched: false })).toBe('unacknowledged')
  expect(nextState(state, event, { abnormal: false, latched: true })).toBe('normal')
})

test('[ALM-6] a latched alarm does not return before its reset, whichever of reset and acknowledgement comes first', () => {
  const latched = { abnormal: false, latched: true }
  const steps = (events: readonly AlarmEvent[]): AlarmState[] => {
    const seen: AlarmState[] = []
    for (const event of events) {
      const next = nextState(seen.at(-1) ?? 'normal', event, latched)
      if (next !== undefined) seen.push(next)
    }
    return seen
  }
  expect(steps(['occur', 'return', 'acknowledge', 'reset'])).toEqual([
    'unacknowledged',
    'latched-unacknowledged',
    'latched-acknowledged',
    'normal',
  ])
  expect(steps(['occur', 'acknowledge', 'return', 'reset'])).toEqual([
    'unacknowledged',
    'acknowledged',
    'latched-acknowledged',
    'normal',
  ])
  expect(steps(['occur', 'return', 'reset', 'acknowledge']).at(-1)).toBe('normal')
  expect(steps(['occur', 'acknowledge', 'reset'])).toEqual(['unacknowledged', 'acknowledged'])
})
