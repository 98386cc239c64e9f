import type { KpiElements } from '@throughline/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementsOf } from '../time-model/cells.ts'
import { elementNames, noElements, sumElements } from '../time-model/elements.ts'
import type { MachineFacts } from '../time-model/facts.ts'
import {
  factsOf,
  minute,
  minuteUs,
  ruleOf,
  shiftOf,
  statesOf,
  stepOf,
  stopOf,
} from '../time-model/testing/made-facts.ts'
import { kpis } from './catalogue.ts'
import { kpiValuesOf } from './value.ts'

const all = { from: minute(-1e6), to: minute(1e6) }
const hourUs = 3600e6

const base = (elements: Partial<KpiElements>) => ({
  elements: { ...noElements(), ...elements },
  allTimeUs: null,
  firstPq: null,
})
const figures = (elements: Partial<KpiElements>) =>
  Object.fromEntries(kpiValuesOf(base(elements)).map((kpi) => [kpi.id, kpi]))
const figure = (elements: Partial<KpiElements>, id: string) => figures(elements)[id]
const sum = (facts: Partial<MachineFacts>) => sumElements(elementsOf(factsOf(facts), all).map((cell) => cell.elements))
const values = (facts: Partial<MachineFacts>) => {
  const { oee, availability, effectiveness, 'quality-ratio': quality } = figures(sum(facts))
  return [availability, effectiveness, quality, oee].map((kpi) => kpi?.value?.toFixed(6))
}

/** A shift of so many minutes, with one stop of state down and a run of parts counted at its start. */
const plain = (shift: number, downFor: number, idealSeconds: number, total: number, good: number) => ({
  shifts: [shiftOf(0, shift)],
  states: statesOf([0, 'running'], [10, 'down'], [10 + downFor, 'running']),
  rules: [ruleOf(idealSeconds)],
  steps: [stepOf(1, total, good)],
})

describe('figures that others have worked out', () => {
  test('[KPI-4] a shift of 480 min with breaks of 60 and 47 min down: the widely printed example of Vorne', () => {
    const facts = { ...plain(480, 47, 1, 19_271, 19_271 - 423), shifts: [shiftOf(0, 480, [[100, 160]])] }
    expect(values(facts)).toEqual(['0.888095', '0.861081', '0.978050', '0.747937'])
  })

  test('[KPI-4] Nakajima, Introduction to TPM (1988): 460 min, 60 down, 400 pieces at half a minute, 2 % bad', () => {
    expect(values(plain(460, 60, 30, 400, 392))).toEqual(['0.869565', '0.500000', '0.980000', '0.426087'])
  })

  test.each([
    [0, ['0.951481', '0.887505']],
    [60, ['0.955556', '0.883721']],
    [120, ['0.965556', '0.874568']],
    [300, ['0.977778', '0.863636']],
  ] as const)(
    '[KPI-1] a stop shorter than %i s is a loss of speed, and the OEE stays the same',
    (threshold, expected) => {
      const lengths = [20, 45, 70, 90, 110, 130, 200, 600, 15, 30].map((seconds) => seconds / 60)
      const states = statesOf(
        [0, 'running'],
        ...lengths.flatMap((length, index): [number, 'down' | 'running'][] => [
          [20 + index * 40, 'down'],
          [20 + index * 40 + length, 'running'],
        ]),
      )
      const facts = { shifts: [shiftOf(0, 450)], states, rules: [ruleOf(30, threshold)], steps: [stepOf(1, 760, 752)] }
      expect(values(facts)).toEqual([...expected, '0.989474', '0.835556'])
    },
  )

  test.each([
    ['spring forward, 7 h', 420, ['0.907692', '0.988701', '0.990000', '0.888462']],
    ['fall back, 9 h', 540, ['0.929412', '0.738397', '0.990000', '0.679412']],
    ['normal, 8 h', 480, ['0.920000', '0.845411', '0.990000', '0.770000']],
  ] as const)('the night shift of a clock change is as long as it was: %s', (_, length, expected) => {
    const facts = { ...plain(length, 36, 30, 700, 693), shifts: [shiftOf(0, length, [[200, 230]])] }
    expect(values(facts)).toEqual(expected)
  })

  test.each([
    ['outside', false, ['0.916667', '0.909091', '0.980000', '0.816667']],
    ['inside', true, ['0.687500', '0.909091', '0.980000', '0.612500']],
  ] as const)('two hours without an order %s the planned time', (_, insidePlannedTime, expected) => {
    const facts = {
      ...plain(480, 30, 60, 300, 294),
      states: statesOf([0, 'running'], [10, 'down'], [40, 'running'], [200, 'idle'], [320, 'running']),
      stops: [stopOf(10, 40, { category: 'down' }), stopOf(200, 320, { category: 'no-order', insidePlannedTime })],
    }
    expect(values(facts)).toEqual(expected)
  })

  test('TEEP is of all time, OEE of the planned: 294 good parts of a minute in a day', () => {
    const elements = { ...noElements(), idealUs: 300 * minuteUs, idealGoodUs: 294 * minuteUs, pbtUs: 360 * minuteUs }
    const teep = kpis.find((kpi) => kpi.definition.id === 'teep')
    expect(teep?.of({ elements, allTimeUs: 1440 * minuteUs, firstPq: null }).value).toBeCloseTo(0.204167, 6)
    expect(teep?.of({ elements, allTimeUs: null, firstPq: null }).value).toBeNull()
  })

  test('[KPI-2] a plant is the sum of its machines, never a mean of their ratios', () => {
    const machine = (pbt: number, apt: number, ideal: number, pq: number, gq: number) => ({
      ...noElements(),
      ...{ pbtUs: pbt * minuteUs, aptUs: apt * minuteUs, pq, gq, sq: pq - gq },
      ...{ idealUs: ideal * pq * minuteUs, idealGoodUs: ideal * gq * minuteUs },
    })
    const plant = figures(
      sumElements([machine(480, 400, 1, 380, 376), machine(480, 460, 0.25, 1500, 1485), machine(120, 60, 2, 25, 20)]),
    )
    expect(plant['availability']?.value).toBeCloseTo(0.851852, 6)
    expect(plant['effectiveness']?.value).toBeCloseTo(0.875, 6)
    expect(plant['quality-ratio']?.value).toBeCloseTo(0.97795, 6)
    expect(plant['oee']?.value).toBeCloseTo(0.728935, 6)
  })

  test('failures by FE + 1, as ISO 22400-2 has it, and by FE, as most people do', () => {
    const found = figures({ aptUs: 156 * hourUs, adotUs: 7.5 * hourUs, pbtUs: 163.5 * hourUs, failures: 3 })
    const hours = (id: string) => (found[id]?.value ?? 0) / 3600
    expect(hours('mtbf-classic')).toBeCloseTo(52, 9)
    expect(hours('mttr-classic')).toBeCloseTo(2.5, 9)
    expect(hours('mtbf')).toBeCloseTo(39, 9)
    expect(hours('mttr')).toBeCloseTo(1.875, 9)
    expect(found['inherent-availability']?.value).toBeCloseTo(0.954128, 6)
  })
})

describe('what is not known', () => {
  test('[KPI-4!] without a base there is no figure, and the note says why: never 0 or 100 %', () => {
    const found = figures({})
    for (const id of ['oee', 'availability', 'effectiveness', 'quality-ratio', 'scrap-ratio', 'mtbf-classic', 'nee']) {
      expect([id, found[id]?.value]).toEqual([id, null])
      expect(found[id]?.note).toMatch(/\w/)
    }
  })

  test('25 min without data and parts that came late: a range, and the OEE is sure', () => {
    const known = { pbtUs: 400 * minuteUs, aptUs: 340 * minuteUs, adotUs: 35 * minuteUs, unknownUs: 25 * minuteUs }
    const counts = { pq: 385, gq: 381, sq: 4, idealUs: 385 * 0.8 * minuteUs, idealGoodUs: 381 * 0.8 * minuteUs }
    const found = figures({ ...known, ...counts })
    expect(found['oee']).toMatchObject({ value: 0.762, low: 0.762, high: 0.762 })
    expect(found['availability']).toMatchObject({ value: 0.85, low: 0.85, high: 0.9125 })
    expect(found['effectiveness']?.low).toBeCloseTo(0.843836, 6)
    expect(found['effectiveness']?.high).toBeCloseTo(0.905882, 6)
  })

  test('with an ideal cycle that is too long the figure stays as it is, and is flagged', () => {
    const found = figures(sum(plain(420, 20, 30, 900, 891)))
    expect(found['effectiveness']?.value).toBeCloseTo(1.125, 12)
    expect(found['oee']?.value).toBeCloseTo(1.060714, 6)
    expect(found['effectiveness']?.note).toBe('effectiveness above 100 %: check the ideal cycle')
  })

  test('a machine whose parts nothing counts has an availability, and no OEE', () => {
    const found = figures(sum({ rules: [ruleOf(60, 0, false)] }))
    expect(found['availability']?.value).toBe(1)
    expect(found['oee']).toMatchObject({ value: null, note: 'nothing counts the parts' })
  })

  test('parts without an ideal cycle leave the pace unknown, and the quality known', () => {
    const found = figures({ pbtUs: 10, aptUs: 10, pq: 4, gq: 3, pqWithoutIdeal: 4 })
    expect(found['effectiveness']).toMatchObject({ value: null, note: expect.stringContaining('no ideal cycle') })
    expect(found['quality-ratio']?.value).toBe(0.75)
  })

  test('machines that do not count have no part in the OEE of those that do', () => {
    const counting = { ...noElements(), pbtUs: 100, aptUs: 100, pq: 1, gq: 1, idealUs: 80, idealGoodUs: 80 }
    const mute = { ...noElements(), pbtUs: 100, aptUs: 50, uncountedUs: 50 }
    const found = kpiValuesOf(base(sumElements([counting, mute])), base(counting))
    expect(found.find(({ id }) => id === 'oee')).toMatchObject({
      value: 0.8,
      note: 'only of the machines whose parts are counted',
    })
    expect(found.find(({ id }) => id === 'availability')?.value).toBe(0.75)
  })
})

describe('all of them', () => {
  const someElements: fc.Arbitrary<KpiElements> = fc
    .record({
      times: fc.array(fc.nat(1e9), { minLength: 6, maxLength: 6 }),
      products: fc.array(fc.tuple(fc.integer({ min: 1, max: 1e8 }), fc.nat(500), fc.nat(50), fc.nat(9)), {
        minLength: 1,
        maxLength: 4,
      }),
      failures: fc.nat(5),
      hasUnknown: fc.boolean(),
    })
    .map(
      ({ times: [apt = 0, aust = 0, adet = 0, adot = 0, unknown = 0, aoet = 0], products, failures, hasUnknown }) => {
        const elements = noElements()
        const unknownUs = hasUnknown ? unknown : 0
        Object.assign(elements, {
          aptUs: apt,
          austUs: aust,
          adetUs: adet,
          adotUs: adot,
          unknownUs,
          aoetUs: aoet,
          failures,
        })
        elements.pbtUs = apt + aust + adet + adot + unknownUs
        for (const [ideal, good, scrap, rework] of products) {
          elements.pq += good + scrap + rework
          elements.gq += good
          elements.sq += scrap
          elements.rq += rework
          elements.idealUs += ideal * (good + scrap + rework)
          elements.idealGoodUs += ideal * good
        }
        return elements
      },
    )

  test('[KPI-2] the OEE is availability × effectiveness × quality, and the ideal time of good parts of the planned time', () => {
    fc.assert(
      fc.property(someElements, (elements) => {
        const found = figures(elements)
        const [a, e, q, oee] = ['availability', 'effectiveness', 'quality-ratio', 'oee'].map((id) => found[id]?.value)
        if (oee == null) return expect(elements.pbtUs).toBe(0)
        expect(oee).toBe(elements.idealGoodUs / elements.pbtUs)
        if (a == null || e == null || q == null) return
        expect(Math.abs(a * e * q - oee)).toBeLessThanOrEqual(1e-12 * Math.max(1, oee))
      }),
      { numRuns: 500 },
    )
  })

  test('a value lies in its range, and the range is a point where all is known', () => {
    fc.assert(
      fc.property(someElements, (elements) => {
        for (const { value, low, high } of kpiValuesOf(base(elements))) {
          if (elements.unknownUs === 0) expect([low, high]).toEqual([value, value])
          if (value === null || low === null || high === null) continue
          expect(low).toBeLessThanOrEqual(value)
          expect(high).toBeGreaterThanOrEqual(value)
          expect(Number.isFinite(value)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('[KPI-4] each has a formula, a unit, a clause and words, and a name of its own', () => {
    expect(kpis.length).toBeGreaterThan(20)
    for (const { definition } of kpis) {
      for (const text of Object.values(definition)) expect(text.length).toBeGreaterThan(0)
      expect(['%', 's', '/h']).toContain(definition.unit)
      expect(definition.clause).toMatch(/^(ISO 22400-2:2014|not of ISO 22400-2)/)
    }
    expect(new Set(kpis.map((kpi) => kpi.definition.id)).size).toBe(kpis.length)
    expect(new Set(elementNames).size).toBe(Object.keys(noElements()).length)
  })

  test.each([
    [
      'nee',
      { pbtUs: 100, aptUs: 60, austUs: 20, pq: 10, gq: 9, idealUs: 50, idealGoodUs: 45 },
      (80 / 100) * (50 / 60) * 0.9,
    ],
    ['utilisation-efficiency', { aptUs: 60, austUs: 20, adetUs: 20 }, 0.6],
    ['allocation-ratio', { aptUs: 60, austUs: 20, adetUs: 20, aoetUs: 125 }, 0.8],
    ['allocation-efficiency', { aptUs: 60, austUs: 20, adetUs: 20, pbtUs: 200 }, 0.5],
    ['throughput-rate', { pq: 30, aoetUs: 2 * hourUs }, 15],
    ['set-up-ratio', { aptUs: 60, austUs: 20 }, 0.25],
    ['technical-efficiency', { aptUs: 60, adetUs: 20 }, 0.75],
    ['production-process-ratio', { aptUs: 60, aoetUs: 120 }, 0.5],
    ['actual-to-planned-scrap-ratio', { sq: 3, psq: 2 }, 1.5],
    ['first-pass-yield', { pq: 10, gq: 7, sq: 2, rq: 1 }, 0.7],
    ['scrap-ratio', { pq: 10, sq: 2 }, 0.2],
    ['rework-ratio', { pq: 10, rq: 1 }, 0.1],
    ['production-loss-ratio', { pq: 10, gq: 7 }, 0.3],
    ['mttf', { aptUs: 60e6, austUs: 20e6, adetUs: 40e6, failures: 2 }, 40],
  ] as const)('%s is worked out as its formula says', (id, elements, expected) => {
    expect(figure(elements, id)?.value).toBeCloseTo(expected, 12)
  })

  test('the fall-off of an order is its scrap against what its first operation produced', () => {
    const fallOff = kpis.find((kpi) => kpi.definition.id === 'fall-off-ratio')
    const elements = { ...noElements(), sq: 15 }
    expect(fallOff?.of({ elements, allTimeUs: null, firstPq: 100 }).value).toBe(0.15)
    expect(fallOff?.of({ elements, allTimeUs: null, firstPq: null }).value).toBeNull()
  })
})
