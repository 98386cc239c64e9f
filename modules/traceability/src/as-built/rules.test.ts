import type { Id, Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Asset, Calibration, MaterialMovement, Qualification } from '@throughline/model'
import { expect, test } from 'vitest'
import { remarkWords } from './document/words.ts'
import type { KnownTool, LotEdge, LotId, RunFacts } from './facts.ts'
import { isWithin } from './readings.ts'
import { edgesInto, peopleIn, peopleOf, selfIn, selvesOf, stepsOf, toolAt, toolCodesOf, toolsOf } from './rules.ts'

const lot = (name: string) => name as LotId
const at = (time: number) => time as Instant
const line = (name: string, quantity: string) => ({ lotId: lot(name), quantity: decimalOf(quantity) })

let moved = 0
function movement(kind: MaterialMovement['kind'], from: string[][], to: string[][], time = 1) {
  moved += 1
  const lines = (of: string[][]) => of.map(([name = '', quantity = '0']) => line(name, quantity))
  const id = `movement ${moved}` as Id<'MaterialMovement'>
  return { id, kind, from: lines(from), to: lines(to), runId: null, at: at(time) }
}

const words = (edges: readonly LotEdge[]) =>
  edges.map(({ from, to, kind, quantity }) => `${from} ${kind} ${to} ${quantity}`)

test('what went in is told with its amount; of one amount for several pieces nobody knows how much each got', () => {
  const one = movement('consume', [['film', '2']], [['a']])
  const both = movement('consume', [['glue', '3']], [['a'], ['b']])
  const split = movement(
    'split',
    [['roll', '5']],
    [
      ['film', '2'],
      ['rest', '3'],
    ],
  )
  const moves = movement('move', [['a', '1']], [['a', '1']])
  const found = edgesInto([one, both, split, moves], new Set([lot('a'), lot('film')]))
  expect(words(found)).toEqual(['film built-into a 2', 'glue built-into a null', 'roll split-into film 2'])
})

test('what came back in full is not in it, whichever was recorded first; what came back in part is', () => {
  const put = movement('consume', [['film', '2']], [['a']])
  const back = (quantity: string) => movement('return', [['a']], [['film', quantity]])
  const into = (...all: ReturnType<typeof movement>[]) => words(edgesInto(all, new Set([lot('a')])))
  expect(into(put, back('2'))).toEqual([])
  expect(into(back('1'), back('1'), put)).toEqual([])
  expect(into(put, back('1.5'))).toEqual(['film built-into a 2'])
  expect(into(put, back('2'), movement('consume', [['film', '1']], [['a']]))).toHaveLength(2)
})

const edge = (from: string, to: string, kind: LotEdge['kind'], time: number): LotEdge => ({
  ...{
    movementId: 'm' as Id<'MaterialMovement'>,
    from: lot(from),
    to: lot(to),
    kind,
    quantity: null,
    at: at(time),
    runId: null,
  },
})

test('a lot was what it was split, merged or transformed from, up to then; never what was only built in', () => {
  const edges = [
    ...[edge('b', 'c', 'split-into', 30), edge('a', 'b', 'merged-into', 40), edge('x', 'a', 'transformed-into', 10)],
    ...[edge('film', 'c', 'built-into', 5), edge('a', 'c', 'split-into', 20), edge('c', 'a', 'split-into', 50)],
  ]
  // It parted from `a` twice: what was done to `a` up to the later time was done to a part of it.
  expect([...selvesOf(lot('c'), { edges })]).toEqual([
    ['c', null],
    ['b', 30],
    ['a', 30],
    ['x', 10],
  ])
  const selves = selvesOf(lot('c'), { edges })
  const run = (subject: string, startedAt: number | null) => ({
    subjects: [lot('other'), lot(subject)],
    startedAt: startedAt === null ? null : at(startedAt),
  })
  expect(selfIn(selves, run('b', 29))).toBe('b')
  expect(selfIn(selves, run('b', 30))).toBeUndefined()
  expect(selfIn(selves, run('b', null))).toBeUndefined()
  expect(selfIn(selves, run('c', null))).toBe('c')
  expect(selfIn(selves, run('film', 1))).toBeUndefined()
})

const asset = {
  id: 'g',
  code: 'CAL-1',
  kind: 'gauge',
  type: 'caliper',
  description: '',
  needsCalibration: true,
} as Asset
const calibration = (time: number, change: object = {}) =>
  ({
    at: at(time),
    recordedAt: at(time),
    asFound: 'in-tolerance',
    asLeft: 'in-tolerance',
    dueAt: at(time + 10),
    ...change,
  }) as Calibration
const bad = { asFound: 'out-of-tolerance', asLeft: 'out-of-tolerance' }

test.each<[string, number, Calibration[], boolean | null, number | null]>([
  ['is in calibration from its calibration on', 5, [calibration(5)], true, null],
  ['is so until just before it is due', 14, [calibration(5)], true, null],
  ['is not from when it is due', 15, [calibration(5)], false, null],
  ['that was left out of tolerance is not', 7, [calibration(5), calibration(6, bad)], false, null],
  ['without a calibration before its use is unknown', 4, [calibration(5)], null, null],
  [
    'is doubted by the next calibration that found it out of tolerance',
    7,
    [calibration(9, bad), calibration(5)],
    true,
    9,
  ],
  [
    'is not doubted by what was found after a good one',
    7,
    [calibration(5), calibration(8), calibration(9, bad)],
    true,
    null,
  ],
])('[AS-7.1.5.2, AL-Ac!] a gauge %s', (_, used, calibrations, inCalibration, doubted) => {
  const found = toolAt('cal-1', at(used), { asset, calibrations })
  expect([found.inCalibration, found.doubtedBy?.at ?? null, found.code]).toEqual([inCalibration, doubted, 'CAL-1'])
})

test('a tool that needs no calibration has none to be in, and one that nobody registered is told as that', () => {
  const plain = { asset: { ...asset, needsCalibration: false }, calibrations: [calibration(1)] }
  expect(toolAt('CAL-1', at(2), plain).inCalibration).toBeNull()
  expect(toolAt('T-9', at(2), undefined)).toMatchObject({ code: 'T-9', asset: null, inCalibration: null })
})

const person = (name: string) => ({ id: `0190c0de-0000-7000-8000-00000000000${name.length}`, name })
const entry = (step: string, value: object, time: number, more: object = {}) =>
  ({ step, value, at: at(time), by: person('ada'), verified: null, ...more }) as never
const facts = (entries: never[], more: object = {}): RunFacts =>
  ({
    run: {
      startedAt: at(1),
      tools: ['cal-1'],
      labour: [{ personId: person('ada').id, name: 'ada', from: at(1), to: at(9) }],
    },
    ...{ entries, overrides: [], operation: { skills: ['CURING'] }, definition: { code: 'R', version: 2 } },
    instruction: {
      code: 'WI',
      version: 3,
      steps: [{ key: 'gap', title: {}, ask: { type: 'number' }, verifierSkill: 'CHECK', when: null }],
    },
    ...more,
  }) as never

test('work was done with what was scanned at its start, what steps were measured with, and tools that steps scanned, each once', () => {
  const run = facts([
    entry('gap', { type: 'number', value: 1, gauge: 'CAL-2' }, 5),
    entry('gap', { type: 'number', value: 1, gauge: 'CAL-1' }, 6),
    ...[entry('scan', { type: 'scan', code: 'TW-1' }, 7), entry('scan', { type: 'scan', code: 'LOT-1' }, 8)],
  ])
  expect(toolCodesOf([run])).toEqual(['CAL-1', 'CAL-2', 'TW-1', 'LOT-1'])
  const known = (code: string): [string, KnownTool] => [code, { asset: { ...asset, code }, calibrations: [] }]
  const used = toolsOf(run, new Map([known('cal-1'), known('tw-1')]))
  expect(used.map((tool) => [tool.code, tool.at, tool.asset !== null])).toEqual([
    ...[
      ['cal-1', 1, true],
      ['CAL-2', 5, false],
      ['tw-1', 7, true],
    ],
  ])
})

test('[P11-10i] people stand with the skills that the work asked of them, as they held them then, and for what they were trained', () => {
  const earned = (skill: string, change: object = {}) =>
    ({
      id: skill,
      skill,
      evidence: 'course',
      validFrom: at(0),
      validTo: null,
      onlyFor: null,
      revoked: null,
      ...change,
    }) as Qualification
  const verified = { by: person('bertha'), at: at(6) }
  const run = facts([entry('gap', { type: 'number', value: 1, gauge: null }, 5, { verified })])
  const held = (curing: object, check: object = {}) =>
    peopleOf(run, () => [earned('CURING', curing), earned('CHECK', check), earned('OTHER')]).map(
      ({ name, did, skills }) => [...[name, did, ...skills.map((each) => `${each.skill} ${each.held}`)]],
    )
  expect(held({})).toEqual([
    ['ada', 'performed', 'CURING true'],
    ['bertha', 'verified', 'CHECK true'],
  ])
  expect(held({ validTo: at(1) }, { validFrom: at(7) })).toEqual([
    ...[
      ['ada', 'performed', 'CURING false'],
      ['bertha', 'verified', 'CHECK false'],
    ],
  ])
  expect(held({ onlyFor: 'R@2' }, { onlyFor: 'WI@2' })).toEqual([
    ...[
      ['ada', 'performed', 'CURING true'],
      ['bertha', 'verified', 'CHECK false'],
    ],
  ])
  expect(held({ revoked: { at: at(2), by: 'x', reason: 'y' } })[0]).toEqual(['ada', 'performed', 'CURING true'])
  const [ada] = peopleOf(run, () => [earned('CURING'), earned('OTHER')])
  expect(ada).toMatchObject({ from: 1, to: 9, qualifications: [{ skill: 'CURING' }] })
  expect(peopleIn([run])).toEqual([person('ada').id, person('bertha').id])
})

test('each step stands with its entries, none left out, also of a step that the instruction does not hold', () => {
  const run = facts([])
  const found = stepsOf(run, [
    entry('gone', { type: 'check', done: true }, 1),
    entry('gap', { type: 'check', done: true }, 2),
  ])
  expect(found.map(({ key, asks, entries }) => [key, asks, entries.length])).toEqual([
    ['gap', 'number', 1],
    ['gone', 'unknown', 1],
  ])
})

test.each([
  ['at once', 0, ''],
  ['within a quarter of an hour', 900, ''],
  ['later', 901, 'entered late, 902 s'],
])('[AL-C-2] what was entered %s after it happened is said so on paper', (_, seconds, words) => {
  const late = entry('gap', { type: 'check', done: true }, 1_000_000, { recordedAt: at((seconds + 1) * 1_000_000) })
  const plain = { replacedAt: null, reason: '', offline: null, ...(late as object) } as never
  expect(remarkWords(plain, (when) => `${when / 1_000_000} s`)).toBe(words)
})

test.each([
  [{ low: 1, high: 3 }, 1, 3, true],
  [{ low: 1, high: 3 }, 0.9, 2, false],
  [{ low: 1, high: 3 }, 2, 3.1, false],
  [{ low: null, high: 3 }, -9, 3, true],
  [{ low: null, high: null }, 1, 2, null],
  [{ low: 1, high: 3 }, null, null, null],
])('readings are within %j from %s to %s: %s', (limits, least, most, within) => {
  expect(isWithin(limits, least, most)).toBe(within)
})
