import type { AlarmPhilosophy } from '@throughline/model'
import { AlarmSeverity, TimeToRespond } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { assertPhilosophy, deliveredPhilosophy, priorityOf } from './rules.ts'

const changed = (change: (philosophy: AlarmPhilosophy) => unknown): AlarmPhilosophy => {
  const philosophy = structuredClone(deliveredPhilosophy)
  change(philosophy)
  return philosophy
}

test('what is delivered can be worked by, and says 1 alarm per 10 minutes, floods from 10, stale after 24 h', () => {
  expect(() => assertPhilosophy(deliveredPhilosophy)).not.toThrow()
  expect(deliveredPhilosophy.targets).toMatchObject({ perOperatorPer10Min: 1, floodPer10Min: 10, staleAfterHours: 24 })
})

test('the matrix gives every severity and time a priority; the worst and most urgent comes first', () => {
  const { matrix } = deliveredPhilosophy
  const all = AlarmSeverity.options.flatMap((severity) =>
    TimeToRespond.options.map((time) => priorityOf(matrix, severity, time)),
  )
  expect(new Set(all)).toEqual(new Set([1, 2, 3, 4]))
  expect(priorityOf(matrix, 'severe', 'under-3-min')).toBe(1)
  expect(priorityOf(matrix, 'minor', 'over-30-min')).toBe(4)
})

describe('a philosophy that cannot be worked by is refused, naming what is wrong', () => {
  test.each<[string, (philosophy: AlarmPhilosophy) => unknown]>([
    ['severe comes after major', (each) => Object.assign(each.matrix.severe, { 'over-30-min': 4 })],
    ['the more urgent one must not wait', (each) => Object.assign(each.matrix.minor, { 'under-3-min': 4 })],
    [
      'Priority 1 may be shelved for 1 second to 7 days, not 0 s',
      (each) => Object.assign(each.maxShelfSeconds, { 1: 0 }),
    ],
    ['not 604801 s', (each) => Object.assign(each.maxShelfSeconds, { 4: 604_801 })],
    ['add up to 1.1, not to 1', (each) => Object.assign(each.targets.distribution, { 4: 0.1 })],
    ['add up to', (each) => Object.assign(each.targets.distribution, { 1: -0.05, 2: 0.25 })],
    ['A target of 0 cannot be met', (each) => Object.assign(each.targets, { perOperatorPer10Min: 0 })],
    ['not stale after 0.5 h', (each) => Object.assign(each.targets, { staleAfterHours: 0.5 })],
    ['2 is no share', (each) => Object.assign(each.targets, { floodShare: 2 })],
    ['1 alarms are no crowd', (each) => Object.assign(each.targets, { floodPer10Min: 1 })],
    ['2.5 alarms are no crowd', (each) => Object.assign(each.targets, { chatteringPerMinute: 2.5 })],
  ])('%s', (words, change) => {
    expect(() => assertPhilosophy(changed(change))).toThrow(words)
  })
})
