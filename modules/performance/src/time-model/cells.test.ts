import { newId } from '@throughline/kernel'
import { MachineState } from '@throughline/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell } from './cells.ts'
import { elementsOf } from './cells.ts'
import { elementNames, sumElements } from './elements.ts'
import type { Entry, MachineFacts } from './facts.ts'
import { factsOf, minute, minuteUs, ruleOf, shiftOf, statesOf, stepOf, stopOf } from './testing/made-facts.ts'

const all = { from: minute(-1e6), to: minute(1e6) }
const sumOf = (cells: readonly Cell[]) => sumElements(cells.map((cell) => cell.elements))
const sum = (facts: MachineFacts, window = all) => sumOf(elementsOf(facts, window))
const minutes = (us: number) => us / minuteUs
const entry = (kind: Entry['kind'], quantity: number, at: number): Entry => ({
  kind,
  quantity,
  reasonId: null,
  madeAt: minute(at),
  order: null,
  product: null,
})

/** Random plants: any states, stops that follow them or not, breaks, planned stops, runs, counts, and now in the midst. */
const someFacts: fc.Arbitrary<MachineFacts> = fc
  .record({
    lengths: fc.array(fc.tuple(fc.integer({ min: 1, max: 90e6 }), fc.constantFrom(...MachineState.options)), {
      minLength: 1,
      maxLength: 60,
    }),
    explained: fc.array(
      fc.record({
        category: fc.constantFrom('down', 'setup', 'delay', 'planned', 'no-order', null),
        insidePlannedTime: fc.boolean(),
        minor: fc.boolean(),
        isThere: fc.boolean(),
      }),
      { minLength: 60, maxLength: 60 },
    ),
    planned: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 })), { maxLength: 4 }),
    parts: fc.array(fc.tuple(fc.integer({ min: 0, max: 60e6 }), fc.nat(9), fc.nat(3)), { maxLength: 40 }),
    found: fc.array(
      fc.tuple(fc.integer({ min: 0, max: 59 }), fc.constantFrom<Entry['kind']>('produced', 'scrap', 'rework')),
      { maxLength: 6 },
    ),
    runs: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
    minorSeconds: fc.nat(60),
    hole: fc.boolean(),
    until: fc.integer({ min: 1, max: 61 }),
  })
  .map(({ lengths, explained, planned, parts, found, runs, minorSeconds, hole, until }) => {
    let at = minute(0)
    const states = lengths.map(([us, state]) => {
      const span = { from: at, to: (at + us) as typeof at, state }
      at = (span.to + (hole && us % 3 === 0 ? 1_000_003 : 0)) as typeof at
      return span
    })
    let run = 0
    return factsOf({
      states,
      shifts: [shiftOf(-5, 11, [[3, 5]]), shiftOf(11, 30), shiftOf(35, 60, [[40, 41]])],
      stops: states.flatMap((state, index) => {
        const about = explained[index]
        if (about?.isThere !== true) return []
        return [{ ...stopOf(0, 1, about), from: state.from, to: state.to }]
      }),
      plannedStops: planned.map(([from, length]) => ({ from: minute(from), to: minute(from + length) })),
      runs: runs.map((length, index) => {
        const from = run
        run += length
        return { from: minute(from), to: minute(run), order: index % 2 === 0 ? `O${index}` : null, product: 'P' }
      }),
      steps: parts
        .toSorted(([a], [b]) => a - b)
        .map(([us, good, scrap]) => ({ ...stepOf(us / 1e6, good + scrap, good, scrap) })),
      entries: found.map(([at, kind]) => entry(kind, 1, at)),
      rules: [ruleOf(7.25, minorSeconds), { ...ruleOf(3), effectiveFrom: minute(20) }],
      until: minute(until),
    })
  })

describe('times', () => {
  test('[KPI-1] the times of a shift fill it to the microsecond, whatever its states, stops and breaks', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const elements = sum(facts)
        const inShift = facts.shifts.reduce((us, { from, to }) => {
          const begin = Math.max(from, facts.knownSince)
          return us + Math.max(0, Math.min(to, facts.until) - begin)
        }, 0)
        const { aptUs, austUs, adetUs, adotUs, unknownUs, pbtUs, pdotUs, calendarUs } = elements
        expect(aptUs + austUs + adetUs + adotUs + unknownUs).toBe(pbtUs)
        expect(pbtUs + pdotUs).toBe(calendarUs)
        expect(calendarUs).toBe(inShift)
        for (const name of elementNames) expect(Number.isInteger(elements[name])).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('[KPI-2] a window split anywhere has the elements of its parts together', () => {
    fc.assert(
      fc.property(someFacts, fc.array(fc.integer({ min: -6e6, max: 61e6 }), { maxLength: 5 }), (facts, cuts) => {
        const at = [minute(-6), ...cuts.map((us) => minute(us / 1e6)), minute(61)].sort((a, b) => a - b)
        const parts = at
          .slice(1)
          .flatMap((to, index) => elementsOf(facts, { from: at[index] ?? to, to }))
          .map((cell) => cell.elements)
        expect(sumElements(parts)).toEqual(sum(facts))
      }),
      { numRuns: 300 },
    )
  })

  test('[KPI-2] what stops took, by reason, is what the times say was lost', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const cells = elementsOf(facts, all)
        const { austUs, adetUs, adotUs, unexplainedUs } = sumOf(cells)
        const losses = cells.flatMap((cell) => cell.stopLosses)
        const total = (of: typeof losses) => of.reduce((us, loss) => us + loss.us, 0)
        expect(total(losses)).toBe(austUs + adetUs + adotUs)
        const none = losses.filter((loss) => loss.reasonId === null && loss.causedBy === undefined)
        expect(total(none)).toBe(unexplainedUs)
      }),
      { numRuns: 100 },
    )
  })

  test('each state goes where ISO 22400-2 has it', () => {
    const elements = sum(
      factsOf({
        states: statesOf(
          [0, 'running'],
          [100, 'changeover'],
          [110, 'idle'],
          [130, 'starved'],
          [160, 'blocked'],
          [200, 'down'],
          [250, 'planned-stop'],
          [310, 'no-data'],
          [380, 'running'],
        ),
      }),
    )
    expect(elements).toMatchObject({
      aptUs: 200 * minuteUs,
      austUs: 10 * minuteUs,
      adetUs: 90 * minuteUs,
      starvedUs: 30 * minuteUs,
      blockedUs: 40 * minuteUs,
      adotUs: 50 * minuteUs,
      pdotUs: 60 * minuteUs,
      unknownUs: 70 * minuteUs,
      failures: 1,
      unexplainedUs: 150 * minuteUs,
    })
  })

  test('[KPI-1] a stop that another machine of the line caused is explained by that, until a person gives it a reason', () => {
    const cause = newId<'EquipmentNode'>()
    const states = statesOf([0, 'running'], [100, 'starved'], [130, 'running'], [200, 'starved'], [210, 'running'])
    const stops = [stopOf(100, 130, { causedBy: cause }), stopOf(200, 210)]
    const [cell] = elementsOf(factsOf({ states, stops }), all)
    expect(cell?.elements).toMatchObject({ starvedUs: 40 * minuteUs, unexplainedUs: 10 * minuteUs })
    expect(cell?.stopLosses).toEqual([
      { reasonId: null, causedBy: cause, us: 30 * minuteUs, count: 1 },
      { reasonId: null, us: 10 * minuteUs, count: 1 },
    ])
    const explained = [stopOf(100, 130, { causedBy: cause, reasonId: newId<'Reason'>() }), stopOf(200, 210)]
    const [told] = elementsOf(factsOf({ states, stops: explained }), all)
    expect(told?.stopLosses[0]).not.toHaveProperty('causedBy')
  })

  test('[KPI-1!] a time that nobody told of is unknown, never idle', () => {
    const elements = sum(factsOf({ states: [{ from: minute(0), to: minute(100), state: 'running' }] }))
    expect(elements).toMatchObject({ unknownUs: 380 * minuteUs, adetUs: 0, aptUs: 100 * minuteUs })
  })

  test('before a machine was known, and after now, no time is its own', () => {
    const elements = sum(factsOf({ knownSince: minute(100), until: minute(150) }))
    expect(elements).toMatchObject({ calendarUs: 50 * minuteUs, aptUs: 50 * minuteUs })
  })

  test.each([
    ['down', false, { adotUs: 60, failures: 1, pdotUs: 0 }],
    ['setup', false, { austUs: 60, failures: 0 }],
    ['delay', false, { adetUs: 60, failures: 0 }],
    ['planned', false, { pdotUs: 60, pbtUs: 420 }],
    ['no-order', false, { pdotUs: 60, pbtUs: 420 }],
    ['no-order', true, { adetUs: 60, pbtUs: 480 }],
  ] as const)(
    'the reason of a stop says where its time goes: %s, inside the planned time %s',
    (category, insidePlannedTime, expected) => {
      const states = statesOf([0, 'running'], [100, 'idle'], [160, 'running'])
      const stops = [stopOf(100, 160, { category, insidePlannedTime })]
      const elements = sum(factsOf({ states, stops }))
      for (const [name, value] of Object.entries(expected)) {
        const found = elements[name as keyof typeof elements]
        expect([name, name === 'failures' ? found : minutes(found)]).toEqual([name, value])
      }
      expect(elements.unexplainedUs).toBe(0)
    },
  )

  test('a failure that lasts over the end of a shift counts once, in the shift where it began', () => {
    const facts = factsOf({
      shifts: [shiftOf(0, 480), shiftOf(480, 960)],
      states: statesOf([0, 'running'], [470, 'down'], [500, 'running']),
      stops: [stopOf(470, 500)],
    })
    const [early, late] = elementsOf(facts, all)
    expect(early?.elements).toMatchObject({ failures: 1, adotUs: 10 * minuteUs })
    expect(late?.elements).toMatchObject({ failures: 0, adotUs: 20 * minuteUs })
    expect(sum(facts, { from: minute(490), to: minute(960) }).failures).toBe(0)
  })

  test('a failure that began in a break counts where the planned time goes on', () => {
    const facts = factsOf({
      shifts: [shiftOf(0, 480, [[100, 130]])],
      states: statesOf([0, 'running'], [110, 'down'], [140, 'running']),
    })
    expect(sum(facts)).toMatchObject({ failures: 1, adotUs: 10 * minuteUs, pdotUs: 30 * minuteUs })
  })

  test('a stop is judged as the record has it, without a record by its length', () => {
    const states = statesOf([0, 'running'], [10, 'down'], [12, 'running'], [20, 'down'], [22, 'running'])
    const facts = factsOf({ states, stops: [stopOf(10, 12, { minor: false })], rules: [ruleOf(60, 180)] })
    expect(sum(facts)).toMatchObject({ adotUs: 2 * minuteUs, minorStopUs: 2 * minuteUs, minorStops: 1, failures: 1 })
  })

  test('each order has its own cell, and its time on the machine', () => {
    const runs = [
      { from: minute(0), to: minute(100), order: 'A', product: 'P' },
      { from: minute(100), to: null, order: 'B', product: 'Q' },
    ]
    const cells = elementsOf(factsOf({ runs, steps: [stepOf(99, 5, 5), stepOf(100, 7, 7)] }), all)
    expect(cells.map((cell) => [cell.order, minutes(cell.elements.aoetUs), cell.elements.pq])).toEqual([
      ['A', 100, 5],
      ['B', 380, 7],
    ])
  })
})

describe('counts', () => {
  test.each([
    ['produced and good', [10, 8, null], { pq: 10, gq: 8, sq: 2 }],
    ['produced and scrap', [10, null, 3], { pq: 10, gq: 7, sq: 3 }],
    ['good and scrap', [null, 8, 3], { pq: 11, gq: 8, sq: 3 }],
    ['produced alone', [10, null, null], { pq: 10, gq: 10, sq: 0 }],
  ] as const)('of two counters the third follows: %s', (_, [total, good, scrap], expected) => {
    expect(sum(factsOf({ steps: [stepOf(5, total, good, scrap)] }))).toMatchObject(expected)
  })

  test('scrap and rework that people find turn good parts, and what no counter saw is added', () => {
    const entries = [entry('scrap', 2, 6), entry('rework', 1, 7), entry('produced', 5, 8)]
    expect(sum(factsOf({ steps: [stepOf(5, 100, 100)], entries }))).toMatchObject({ pq: 105, gq: 102, sq: 2, rq: 1 })
  })

  test('each product has its own ideal cycle, before the one of the class', () => {
    const facts = factsOf({
      runs: [{ from: minute(0), to: null, order: null, product: 'slow' }],
      steps: [stepOf(5, 3, 2)],
      standards: [{ product: 'slow', idealCycleUs: 5e6, plannedScrapRatio: 0.1 }],
    })
    const elements = sum(facts)
    expect(elements).toMatchObject({ idealUs: 15e6, idealGoodUs: 10e6 })
    expect(elements.psq).toBeCloseTo(0.3, 12)
  })

  test('parts without an ideal cycle are told apart', () => {
    expect(sum(factsOf({ steps: [stepOf(5, 3, 3)], rules: [ruleOf(null)] }))).toMatchObject({
      pqWithoutIdeal: 3,
      idealUs: 0,
    })
  })

  test('where nothing counts the production time is uncounted, until people count', () => {
    const facts = factsOf({ rules: [ruleOf(60, 0, false)] })
    expect(minutes(sum(facts).uncountedUs)).toBe(480)
    expect(sum({ ...facts, entries: [entry('produced', 5, 100)] }).uncountedUs).toBe(0)
  })

  test('parts made outside of all shifts are not counted', () => {
    expect(sum(factsOf({ steps: [stepOf(481, 3, 3)], entries: [entry('scrap', 1, 500)] })).pq).toBe(0)
  })

  test('scrap is told by reason, with the ideal time that it cost', () => {
    const reasonId = newId<'Reason'>()
    const facts = factsOf({
      steps: [stepOf(5, 10, 8), stepOf(6, 10, 9)],
      entries: [{ ...entry('scrap', 2, 10), reasonId }],
    })
    expect(elementsOf(facts, all).flatMap((cell) => cell.scrapLosses)).toEqual([
      { reasonId: null, us: 3 * minuteUs, count: 2, quantity: 3 },
      { reasonId, us: 2 * minuteUs, count: 1, quantity: 2 },
    ])
  })
})
