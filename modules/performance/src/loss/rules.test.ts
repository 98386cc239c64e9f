import { newId } from '@throughline/kernel'
import type { KpiElements, Reason } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CellPortion } from '../kpi/gather.ts'
import { noElements } from '../time-model/elements.ts'
import { minute, shiftOf } from '../time-model/testing/made-facts.ts'
import { machineLossesOf, scrapReasonsOf, stepsOf, stopReasonsOf } from './rules.ts'

const cellOf = (elements: Partial<KpiElements>, about: Partial<CellPortion> = {}): CellPortion => ({
  ...{ nodeId: newId<'EquipmentNode'>(), date: '2001-09-09', shift: '2001-09-09 day', from: minute(0) },
  ...{ to: shiftOf(0, 480).to, order: null, product: null, isUncounted: false, isRunning: false },
  ...{ elements: { ...noElements(), ...elements }, stopLosses: [], scrapLosses: [] },
  ...about,
})

/** Cells of one product each, some faster than their ideal cycle, some counting nothing. */
const someCells = fc.array(
  fc
    .record({
      times: fc.array(fc.nat(1e10), { minLength: 5, maxLength: 5 }),
      minor: fc.double({ min: 0, max: 1, noNaN: true }),
      counts: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
      idealUs: fc.integer({ min: 1, max: 1e8 }),
      isUncounted: fc.boolean(),
    })
    .map(({ times, minor, counts, idealUs, isUncounted }) => {
      const [aptUs = 0, austUs = 0, adetUs = 0, adotUs = 0, unknownUs = 0] = times
      const [gq = 0, sq = 0, rq = 0] = isUncounted ? [] : counts
      const pq = gq + sq + rq
      return cellOf({
        ...{ aptUs, austUs, adetUs, adotUs, unknownUs, pbtUs: aptUs + austUs + adetUs + adotUs + unknownUs },
        ...{ minorStopUs: Math.floor(aptUs * minor), uncountedUs: isUncounted ? aptUs : 0 },
        ...{ pq, gq, sq, rq, idealUs: idealUs * pq, idealGoodUs: idealUs * gq },
      })
    }),
  { maxLength: 8 },
)

test('[KPI-2] the steps lead from the planned time to the ideal time of good parts to the microsecond', () => {
  fc.assert(
    fc.property(someCells, (cells) => {
      const lost = stepsOf(cells).reduce((us, step) => us + step.us, 0)
      const sum = (name: keyof KpiElements) => cells.reduce((total, { elements }) => total + elements[name], 0)
      expect(sum('pbtUs') - lost).toBe(sum('idealGoodUs'))
      for (const step of stepsOf(cells)) expect(Number.isInteger(step.us)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('scrap and rework share what bad parts cost by their number', () => {
  const steps = stepsOf([cellOf({ pbtUs: 100, aptUs: 100, pq: 10, gq: 6, sq: 3, rq: 1, idealUs: 80, idealGoodUs: 48 })])
  const us = Object.fromEntries(steps.map((step) => [step.id, step.us]))
  expect(us).toMatchObject({ speed: 20, scrap: 24, rework: 8 })
})

test('a machine faster than its ideal cycle has a loss of speed below nothing: it is not hidden', () => {
  const steps = stepsOf([cellOf({ pbtUs: 100, aptUs: 100, pq: 11, gq: 11, idealUs: 110, idealGoodUs: 110 })])
  expect(steps.find(({ id }) => id === 'speed')?.us).toBe(-10)
})

test('production time in which nothing counted parts is not known, and no loss of speed', () => {
  const steps = stepsOf([cellOf({ pbtUs: 100, aptUs: 80, adotUs: 20, uncountedUs: 80, minorStopUs: 5 })])
  const us = Object.fromEntries(steps.map((step) => [step.id, step.us]))
  expect(us).toMatchObject({ unknown: 80, 'minor-stops': 0, speed: 0, down: 20 })
})

test('without planned time a step has no share', () => {
  expect(stepsOf([]).map(({ share }) => share)).toEqual(Array.from({ length: 8 }, () => null))
})

test('reasons stand by what they cost, and what nobody explained, or another machine caused, is a line of its own', () => {
  const reasonId = newId<'Reason'>()
  const cause = newId<'EquipmentNode'>()
  const reasons = new Map([[reasonId as string, { texts: { en: 'Jam' } } as unknown as Reason]])
  const cells = [
    cellOf(
      {},
      { stopLosses: [{ reasonId, us: 5, count: 1 }], scrapLosses: [{ reasonId, us: 9, count: 1, quantity: 2 }] },
    ),
    cellOf(
      {},
      {
        stopLosses: [
          { reasonId: null, us: 8, count: 2 },
          { reasonId: null, causedBy: cause, us: 6, count: 1 },
          { reasonId, us: 4, count: 0 },
        ],
        scrapLosses: [{ reasonId: null, us: 1, count: 1, quantity: 3 }],
      },
    ),
  ]
  expect(stopReasonsOf(cells, reasons, () => 'M-1').map(({ label, us, count }) => [label, us, count])).toEqual([
    ['Jam', 9, 1],
    ['Unexplained', 8, 2],
    ['Waits for M-1', 6, 1],
  ])
  expect(scrapReasonsOf(cells, reasons).map(({ label, quantity }) => [label, quantity])).toEqual([
    ['No reason given', 3],
    ['Jam', 2],
  ])
})

test('machines stand by what they lost', () => {
  const [one, two] = [cellOf({ pbtUs: 100, idealGoodUs: 90 }), cellOf({ pbtUs: 100, idealGoodUs: 10 })]
  expect(machineLossesOf([one, two])).toEqual([
    { nodeId: two.nodeId, lossUs: 90 },
    { nodeId: one.nodeId, lossUs: 10 },
  ])
})
