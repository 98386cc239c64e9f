import { expect, test } from 'vitest'
import { concessionsOf, openPoints, statementOf } from './rules.ts'

const closed = (disposition: string) => ({ at: 9, by: 'vera', conclusion: 'it holds', disposition })
const deviation = (more: object = {}) => ({
  ...{ code: 'DEV-1', title: 'Scratch', state: 'closed', closed: closed('use-as-is'), ...more },
})
const entry = { replacedAt: null, verified: { by: { id: 'v', name: 'vera' }, at: 1 } }
const step = { title: 'Measure', optional: false, conditional: false, secondPerson: true, entries: [entry] }
const run = (more: object = {}) => ({
  ...{ orderCode: 'WO-1', sequence: 10, name: 'Cure', attempt: 1, state: 'completed', steps: [step], program: null },
  ...{ parameters: [], toolsUsed: [], ...more },
})
const inspection = (at: number, passed: boolean | null) => ({ kind: 'final', at, passed })

/** A piece of which nothing is open, but for what is said. */
const piece = (more: object = {}) =>
  ({
    lot: { code: 'S-1', status: 'available' },
    ...{ order: { code: 'WO-1' }, holds: [], runs: [run()], inspections: [inspection(1, true)], deviations: [] },
    ...{ unknown: [], ...more },
  }) as never

test('[AS-8.6] of a piece that is whole, done and passed nothing is open', () => {
  expect(openPoints(piece())).toEqual([])
  expect(openPoints(piece({ deviations: [deviation()], runs: [run({ state: 'skipped' }), run()] }))).toEqual([])
  // It was mended and measured again.
  expect(openPoints(piece({ inspections: [inspection(1, false), inspection(2, true)] }))).toEqual([])
})

test.each<[string, object, string]>([
  ['a piece in quarantine', { lot: { code: 'S-1', status: 'quarantine' } }, 'S-1 is in quarantine'],
  ['a piece of no order', { order: null }, 'By which order S-1 was made is not known'],
  ['a held order', { holds: [{ ended: null, reason: 'wait' }] }, 'WO-1 is held: wait'],
  ['a piece nothing was done on', { runs: [] }, 'S-1: no operation is recorded'],
  ['an operation in hand', { runs: [run({ state: 'running' })] }, 'WO-1 operation 10 Cure is not done: it is running'],
  ['a step without entry', { runs: [run({ steps: [{ ...step, entries: [] }] })] }, 'nothing was entered for "Measure"'],
  [
    'a step that nobody confirmed',
    { runs: [run({ steps: [{ ...step, entries: [{ ...entry, verified: null }] }] })] },
    'no second person has confirmed "Measure"',
  ],
  ['a failed inspection', { inspections: [inspection(1, true), inspection(2, false)] }, 'failed, and no deviation'],
  [
    'an inspection without verdict',
    { inspections: [inspection(2, null)], deviations: [deviation()] },
    'was not judged',
  ],
  [
    'an open deviation',
    { deviations: [deviation({ state: 'open', closed: null })] },
    'Deviation DEV-1 is open: Scratch',
  ],
  ['a piece to be scrapped', { deviations: [deviation({ closed: closed('scrap') })] }, 'S-1 is to be scrapped'],
  ['a piece to be returned', { deviations: [deviation({ closed: closed('return-to-supplier') })] }, 'to be returned'],
  [
    'a critical parameter outside its limits',
    { runs: [run({ parameters: [{ name: 'Heat', within: false, critical: true }] })] },
    'Heat was outside its limits',
  ],
  [
    'a gauge in doubt',
    { runs: [run({ toolsUsed: [{ code: 'CAL-1', inCalibration: true, doubtedBy: {} }] })] },
    'what CAL-1 measured is in doubt',
  ],
  ['another program', { runs: [run({ program: { verdict: 'other' } })] }, 'another program than the released one'],
  [
    'readings that are not what was sealed',
    { unknown: ['WO-1 operation 10 Cure: 1 of 9 sealed readings of Heat are gone, or are not what was sealed'] },
    'not what was sealed',
  ],
  ['material without certificate', { unknown: ['No certificate of F-1 is known, and its material needs one'] }, 'F-1'],
])('[AS-8.6!] %s cannot be certified, and it is said why', (_, more, words) => {
  expect(openPoints(piece(more))).toEqual([expect.stringContaining(words)])
})

test('[AS-8.6] departures that were decided on stand once, with the pieces that they concern, and in the statement', () => {
  const of = (code: string, ...deviations: readonly object[]) => piece({ lot: { code }, deviations })
  const harmless = deviation({ code: 'DEV-0', closed: closed('no-product-affected') })
  const found = concessionsOf([of('S-1', deviation(), harmless), of('S-2', deviation())])
  expect(found).toMatchObject([{ code: 'DEV-1', disposition: 'use-as-is', pieces: ['S-1', 'S-2'] }])
  const drawing = { number: 'D-7', revision: 'C' }
  expect(statementOf({ drawing, concessions: found })).toMatch(/drawing D-7 revision C .*except for the departures/)
  expect(statementOf({ drawing: null, concessions: [] })).not.toContain('except')
})
