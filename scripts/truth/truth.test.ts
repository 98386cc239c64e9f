import { expect, test } from 'vitest'
import { expectationsOf, held } from './alarms.ts'
import { matched, precisionOf, recallOf, scoreOf, walk } from './genealogy-rules.ts'
import { offBy } from './oee.ts'
import { machines, ordersOf, piecesBetween, ratiosOf, stretchesOf } from './reckoning.ts'
import type { MadeRecord, StateRecord } from './records.ts'

const minute = 60_000
const state = (name: string, from: number, to: number, why = ''): StateRecord => ({
  ...{ asset: 'FIL-01', state: name, from: from * minute, to: to * minute, why },
})
const made = (at: number, total: number, good: number, orderEnds = false, order = 'A'): MadeRecord => ({
  ...{ asset: 'FIL-01', at: at * minute, order, product: '', total, good, orderEnds },
})
const kinds = machines['FIL-01']?.kinds ?? {}

test('a stop is one by what it does to the time, whatever the machine calls its parts, and a short one costs speed', () => {
  const states = [state('Execute', 0, 50), state('Holding', 50, 51), state('Held', 51, 52), state('Execute', 52, 60)]
  const pieces = [{ product: '', total: 6000, good: 5400 }]
  const ratios = (all: StateRecord[]) => ratiosOf(stretchesOf(all, kinds), pieces, { '': 500 }, 0, 60 * minute)
  // Two minutes are no minor stop any more.
  expect(ratios(states).availability).toBeCloseTo(58 / 60, 12)
  const short = [state('Execute', 0, 50), state('Holding', 50, 50.5), state('Held', 50.5, 51), state('Execute', 51, 60)]
  expect(ratios(short).availability).toBe(1)
  for (const { oee, availability, effectiveness, ...rest } of [ratios(states), ratios(short)]) {
    expect(oee).toBeCloseTo((5400 * 500) / (60 * minute), 12)
    expect((availability ?? 0) * (effectiveness ?? 0) * (rest['quality-ratio'] ?? 0)).toBeCloseTo(oee ?? 0, 12)
  }
})

test('planned time is no busy time, and without any there is no figure', () => {
  const states = [
    state('Execute', 0, 30),
    state('Stopping', 30, 31, 'Maintenance'),
    state('Stopped', 31, 60, 'Maintenance'),
  ]
  const stretches = stretchesOf(states, kinds)
  const pieces = [{ product: '', total: 3600, good: 3600 }]
  expect(ratiosOf(stretches, pieces, { '': 500 }, 0, 60 * minute)).toMatchObject({ availability: 1, oee: 1 })
  const none = { oee: null, availability: null, effectiveness: null, 'quality-ratio': null }
  expect(ratiosOf(stretches, [], { '': 500 }, 40 * minute, 60 * minute)).toEqual(none)
})

test('what was made between two instants is the difference of the totals, and the first order is left out', () => {
  const all = [made(10, 100, 90, true, 'A'), made(20, 150, 139), made(30, 220, 200, true, 'B')]
  expect(piecesBetween(all, 10 * minute, 30 * minute)).toEqual([
    { product: '', total: 50, good: 49 },
    { product: '', total: 70, good: 61 },
  ])
  expect(ordersOf(all)).toEqual([{ order: 'B', from: 10 * minute, to: 30 * minute }])
})

test('with all data known the value is held to the truth, else the range; a figure that is missing is wrong', () => {
  const told = { told: 0.8, low: 0.7, high: 0.9, coverage: 1 }
  expect(offBy({ ...told, truth: 0.805 })).toBeCloseTo(0.5, 9)
  expect(offBy({ ...told, truth: 0.72, coverage: 0.9 })).toBe(0)
  expect(offBy({ ...told, truth: 0.68, coverage: 0.9 })).toBeCloseTo(2, 9)
  expect(offBy({ ...told, truth: null })).toBe(100)
  expect(offBy({ ...told, told: null, truth: null })).toBe(0)
})

test('an expectation is met by an alarm of its tag in its time alone, and what meets none is false', () => {
  const expected = [{ id: 'E14', from: 0, to: 9, expected: [{ tag: 'WFI-01.Conductivity', earliest: 5, latest: 9 }] }]
  const down: StateRecord = { asset: 'CNC-01', state: 'Down', from: 20, to: 30, why: '' }
  const { must: expectations, may } = expectationsOf({
    events: expected,
    states: [down, { ...down, from: 90, to: 110 }],
    backfill: { from: 0, to: 100, held: false },
  })
  expect(expectations.map(({ tag }) => tag)).toEqual(['WFI-01.Conductivity', 'CNC-01.SystemCondition'])
  const occurrence = (tag: string, at: number) => ({ tag, name: tag, at })
  const early = occurrence('wfi-01.conductivity', 4)
  const { unmet, uncalled } = held(expectations, [early, occurrence('cnc-01.systemcondition', 20)], may)
  // What lasts at the end of the past is not asked for, and not false either.
  const lasting = [occurrence('cnc-01.systemcondition', 95), occurrence('cnc-01.systemcondition', 50)]
  expect(held([], lasting, may).uncalled).toEqual([lasting[1]])
  expect(unmet.map(({ why }) => why)).toEqual(['E14'])
  expect(uncalled).toEqual([early])
})

test('a breakdown that began while the plant was cut off may raise its alarm and need not', () => {
  const down: StateRecord = { asset: 'CNC-01', state: 'Down', from: 22, to: 30, why: '' }
  const { must, may } = expectationsOf({
    events: [{ id: 'E18', from: 20, to: 25, expected: [] }],
    states: [down, { ...down, from: 25, to: 40 }],
    backfill: { from: 0, to: 100, held: false },
  })
  expect(must.map(({ earliest }) => earliest)).toEqual([25])
  const heard = { tag: 'cnc-01.systemcondition', name: 'CNC-01.SystemCondition', at: 23 }
  expect(held(must, [heard], may)).toEqual({ unmet: must, uncalled: [] })
})

test('what an event did and is not mended yet may tell again, and does not meet it', () => {
  const expectation = { why: 'E01', tag: 'CNC-01.BoreErrorMean', earliest: 5, latest: 9, lingers: 12 }
  const occurrence = (at: number) => ({ tag: 'cnc-01.boreerrormean', name: 'CNC-01.BoreErrorMean.high', at })
  expect(held([expectation], [occurrence(11), occurrence(13)])).toEqual({
    ...{ unmet: [expectation], uncalled: [occurrence(13)] },
  })
})

test('a lot is walked to all that hangs on it and to nothing beside, and both kinds of error are counted', () => {
  const step = (from: string, to: string, kind = 'built-into') => ({ kind, from, to })
  const edges = [
    step('roll', 'kit', 'split-into'),
    step('kit', 'a'),
    step('kit', 'b'),
    step('bag', 'a'),
    step('x', 'y'),
  ]
  expect(walk(edges, 'roll', 'forward')).toEqual([edges[0], edges[1], edges[2]])
  expect(walk(edges, 'a', 'backward')).toEqual([edges[1], edges[3], edges[0]])
  expect(walk([step('a', 'b'), step('b', 'a')], 'a', 'forward')).toHaveLength(2)
  const truth = walk(edges, 'a', 'backward')
  expect(scoreOf(truth, truth)).toEqual({ told: 3, true: 3, both: 3 })
  expect(recallOf(scoreOf(truth.slice(1), truth))).toBeCloseTo(2 / 3, 12)
  const surplus = [...truth, step('x', 'a'), step('bag', 'a', 'split-into')]
  expect(precisionOf(scoreOf(surplus, truth))).toBeCloseTo(3 / 5, 12)
  expect(precisionOf(scoreOf([...truth, ...truth.slice(0, 1)], truth))).toBeCloseTo(3 / 4, 12)
  expect([precisionOf(scoreOf([], [])), recallOf(scoreOf([], []))]).toEqual([1, 1])
})

test('one that was found meets one that was wanted, and no two', () => {
  const same = (a: number, b: number) => a === b
  expect(matched([1, 1, 2], [1, 3, 2], same)).toEqual({ missing: [1], surplus: [3] })
})
