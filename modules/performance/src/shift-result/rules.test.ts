import type { Instant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { factsOf, minute, shiftOf, statesOf, stepOf } from '../time-model/testing/made-facts.ts'
import { inputHashOf } from './input-hash.ts'
import { isQuiet, isWorkedOut } from './rules.ts'

const seconds = (count: number) => (count * 1e6) as Instant

test.each([
  ['just heard', [10], 10.5, false],
  ['at rest', [10], 12, true],
  ['one at rest, one just heard', [10, 19], 20, false],
  ['changing for ten minutes', [10, 609.9], 611, true],
] as const)('changes are taken together until they come to rest: %s', (_, heard, now, expected) => {
  expect(isQuiet(heard.map(seconds), seconds(now))).toBe(expected)
})

test.each([
  ['nothing was ever heard: people tell', null, null, null, true],
  ['up to date', 3590, 3600, null, true],
  ['hours behind', 100, 7200, null, false],
  ['heard, and nothing is final', null, 3600, null, false],
  ['final, and stops are still to follow', 3600, 3600, { from: 1, to: 2 }, false],
] as const)('a machine is judged once its past is worked out: %s', (_, resume, heard, changed, expected) => {
  const us = (count: number | null) => (count === null ? null : seconds(count))
  expect(isWorkedOut({ resumeAt: us(resume), heardAt: us(heard), changed })).toBe(expected)
})

test('[KPI-3] the hash of a shift tells any change of what it was worked out of, and none of another shift', () => {
  const shift = shiftOf(0, 480)
  const facts = factsOf({
    states: statesOf([0, 'running'], [100, 'down'], [110, 'running']),
    steps: [stepOf(5, 10, 9), stepOf(500, 7, 7)],
    entries: [{ kind: 'scrap', quantity: 1, reasonId: null, madeAt: minute(6), order: null, product: null }],
  })
  const hash = inputHashOf(facts, shift)
  expect(inputHashOf({ ...facts, until: minute(200_000), steps: [stepOf(5, 10, 9)] }, shift)).toBe(hash)
  for (const other of [
    { states: statesOf([0, 'running'], [100, 'down'], [111, 'running']) },
    { steps: [stepOf(5, 10, 8)] },
    { entries: [] },
    { rules: [] },
    { standards: [{ product: 'P', idealCycleUs: 1, plannedScrapRatio: 0 }] },
  ]) {
    expect(inputHashOf({ ...facts, ...other }, shift)).not.toBe(hash)
  }
})
