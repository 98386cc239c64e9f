import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { StateRule, StateSignal } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Reading, ReadValue } from '../state/reading.ts'
import { packerRule } from '../testing/packer-rule.ts'
import { Deriver } from './deriver.ts'
import { Follower } from './follower.ts'
import type { Spell } from './settled.ts'
import { nothingSettled } from './settled.ts'

const secondUs = 1e6
// A Sunday night on which clocks change in Europe: time here has no hour twice.
const begin = Date.UTC(2026, 9, 25, 0, 0, 0) * 1000

const ruleOf = (over: Partial<StateRule> = {}): StateRule => ({
  ...packerRule,
  ...{ id: newId<'StateRule'>(), version: 1, effectiveFrom: 0 as Instant, recordedBy: 'ada' },
  ...over,
})

const read = (second: number, tag: string, value: ReadValue | null): Reading => ({
  tag,
  at: begin + second * secondUs,
  value,
})

type Row = Spell & { to: number | null }

/** All spells after readings in their order, and the time until `until` without any. */
function spellsOf(rules: readonly StateRule[], readings: readonly Reading[], until: number): Row[] {
  const rows = Follower.tailOf(new Deriver(rules), readings, begin + until * secondUs, false)
  return [...rows.spells.rows]
}

const told = (rows: readonly Row[]): string[] =>
  rows.map(({ from, to, state, label }) => {
    const second = (at: number | null): string => (at === null ? '…' : String((at - begin) / secondUs))
    return `${second(from)}-${second(to)} ${state} ${label}`
  })

test('an acting state gives its name away to the one it leads to; one state is one spell', () => {
  const readings = [
    read(0, 'State', 'Starting'),
    read(2, 'State', 'Execute'),
    read(60, 'State', 'Completing'),
    read(61, 'State', 'Complete'),
    read(70, 'State', 'Aborting'),
    read(71, 'State', 'Aborted'),
    read(80, 'State', 'Clearing'),
    read(81, 'State', 'Stopped'),
  ]
  expect(told(spellsOf([ruleOf()], readings, 100))).toEqual([
    '0-61 running Execute',
    '61-70 idle Complete',
    '70-… down Aborted',
  ])
})

test('a state of no length leaves no trace', () => {
  const readings = [read(0, 'State', 'Execute'), read(5, 'State', 'Held'), read(5, 'State', 'Execute')]
  expect(told(spellsOf([ruleOf()], readings, 10))).toEqual(['0-… running Execute'])
})

const counting = ruleOf({
  signal: { kind: 'counts', tag: 'Good', cycles: 5 },
  idealCycleSeconds: 2,
  good: null,
  scrap: null,
})

test('by counts alone: running while it counts, idle from the last count on once it stood for the cycles', () => {
  const readings = [0, 2, 4, 6, 10, 20, 30, 40, 41].map((second, index) =>
    read(second, 'Good', [5, 6, 7, 8, 8, 8, 8, 8, 9][index] ?? 0),
  )
  expect(told(spellsOf([counting], readings, 45))).toEqual([
    ...['0-2 no-data not counted yet', '2-6 running counting', '6-41 idle no counts', '41-… running counting'],
  ])
})

test('what decided before a silence decides nothing after it, until it is read again', () => {
  const readings = [read(0, 'State', 'Execute'), read(400, 'Good', 7), read(410, 'State', 'Execute')]
  expect(told(spellsOf([ruleOf()], readings, 420))).toEqual(['0-410 no-data silent', '410-… running Execute'])
})

test('each version of a rule tells its own time', () => {
  const signal: StateSignal = { kind: 'values', tag: 'State', states: { Execute: 'changeover' }, otherwise: 'idle' }
  const later = ruleOf({ version: 2, signal, effectiveFrom: (begin + 100 * secondUs) as Instant })
  const readings = [read(0, 'State', 'Execute'), read(150, 'State', 'Held')]
  expect(told(spellsOf([ruleOf(), later], readings, 200))).toEqual([
    ...['0-100 running Execute', '100-150 changeover Execute', '150-… idle Held'],
  ])
  const fromTheBeginning = { ...later, effectiveFrom: 0 as Instant }
  expect(told(spellsOf([ruleOf(), fromTheBeginning], readings, 200))).toEqual([
    '0-150 changeover Execute',
    '150-… idle Held',
  ])
})

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Execute', 'Held', 'Aborted', 'Idle', 'Suspended', 'Resetting', 'Complete') },
  { weight: 1, arbitrary: fc.constant(null) },
)
const reading = fc.oneof(
  fc.record({ tag: fc.constant('State'), at: fc.integer({ min: 0, max: 4000 }), value }),
  fc.record({
    tag: fc.constant('Good'),
    at: fc.integer({ min: 0, max: 4000 }),
    value: fc.integer({ min: 0, max: 999 }),
  }),
  fc.record({ tag: fc.constant('Order'), at: fc.integer({ min: 0, max: 4000 }), value: fc.constantFrom('A', 'B', '') }),
)
const streams = fc.uniqueArray(reading, { maxLength: 60, selector: ({ tag, at }) => `${tag} ${at}` })

const inOrder = (stream: readonly { tag: string; at: number; value: ReadValue | null }[]): Reading[] =>
  stream
    .map((each) => ({ ...each, at: begin + each.at * 777_777 }))
    .sort((a, b) => a.at - b.at || (a.tag < b.tag ? -1 : 1))

test('[KPI-1] spells are exclusive, leave no hole, differ from their neighbours, and fill the window to the microsecond', () => {
  fc.assert(
    fc.property(streams, fc.integer({ min: 0, max: 5000 }), (stream, until) => {
      const readings = inOrder(stream)
      const rows = spellsOf([ruleOf()], readings, until)
      const first = readings.find(({ tag }) => tag === 'State')
      if (first !== undefined) expect(rows[0]?.from).toBeLessThanOrEqual(first.at)
      if (rows[0]?.state !== 'no-data') expect(rows[0]?.from).toBe(first?.at)
      for (const [index, row] of rows.slice(1).entries()) {
        expect(row.from).toBe(rows[index]?.to)
        expect(row.state).not.toBe(rows[index]?.state)
        expect(row.from).toBeGreaterThan(rows[index]?.from ?? 0)
      }
      if (rows.length > 0) expect(rows.at(-1)?.to).toBeNull()
      const end = (rows.at(-1)?.from ?? begin) + 1
      const sum = rows.reduce((all, { from, to }) => all + (to ?? end) - from, 0)
      expect(sum).toBe(rows.length === 0 ? 0 : end - (rows[0]?.from ?? 0))
    }),
  )
})

test('[KPI-1] late, double and disordered readings come to the same as readings in their order', () => {
  fc.assert(
    fc.property(streams, fc.infiniteStream(fc.nat(1000)), (stream, draws) => {
      const ordered = inOrder(stream)
      const rule = ruleOf()
      const machine = {
        ...{ nodeId: newId<'EquipmentNode'>(), name: 'P', path: 'p', className: 'Packer' },
        rules: [rule],
        nodePath: [],
      }
      const tags = new Map([
        ['Good', 'Good'],
        ['Order', 'Order'],
        ['State', 'State'],
      ] as never)
      const follower = new Follower(machine, tags as Follower['tags'])
      follower.goOn(new Deriver([rule]), { settled: [], tail: [] }, begin, false)
      const shuffled = ordered
        .flatMap((each) => ((draws.next().value ?? 0) % 4 === 0 ? [each, each] : [each]))
        .map((each) => ({ each, key: each.at + ((draws.next().value ?? 0) % 5) * secondUs }))
        .sort((a, b) => a.key - b.key)
      const until = begin + 5000 * secondUs
      for (const { each } of shuffled) {
        follower.hear(each, each.at)
        const seen = follower.look(each.at)
        if (seen !== undefined) follower.stored(each.at, seen.isSilent)
      }
      expect(follower.dirtyFrom).toBeNull()
      const seen = follower.look(until)
      if (seen === undefined) return
      const whole = Follower.tailOf(new Deriver([rule]), ordered, until, false)
      const tail = <R extends { from: number }>(rows: readonly R[], from: number): R[] =>
        rows.filter((row) => row.from >= from)
      expect(seen.rows.spells.rows).toEqual(tail(whole.spells.rows, seen.rows.spells.from))
      expect(seen.rows.works.rows).toEqual(tail(whole.works.rows, seen.rows.works.from))
      expect(seen.rows.steps.rows).toEqual(whole.steps.rows.filter(({ at }) => at >= seen.rows.steps.from))
    }),
  )
})

test('[KPI-1] starting in the middle, from what is stored and the newest readings, goes on as if it had never stopped', () => {
  fc.assert(
    fc.property(streams, fc.integer({ min: 0, max: 4000 }), (stream, cut) => {
      const readings = inOrder(stream)
      const at = Math.floor((begin + cut * 777_777) / 60e6) * 60e6
      const rules = [ruleOf({ silenceSeconds: 100_000 })]
      const whole = Follower.tailOf(new Deriver(rules), readings, begin + 5000 * secondUs, false)
      const holds = <R extends { from: number; to: number | null }>(rows: readonly R[]): R | undefined =>
        rows.find((row) => row.from < at && (row.to ?? Number.POSITIVE_INFINITY) >= at)
      const [spell, work] = [holds(whole.spells.rows), holds(whole.works.rows)]
      const before = readings.filter((each) => each.at < at)
      const newest = before.filter((each) => before.findLast(({ tag }) => tag === each.tag) === each)
      const deriver = new Deriver(rules)
      const bare = <R extends { to: unknown }>(row: R | undefined) => {
        if (row === undefined) return null
        const { to: _to, ...rest } = row
        return rest
      }
      deriver.resume(at, bare(spell), bare(work), newest)
      const rest = Follower.tailOf(
        deriver,
        readings.filter((each) => each.at >= at),
        begin + 5000 * secondUs,
        false,
      )
      const ends = ({ from, to }: { from: number; to: number | null }): boolean => (to ?? at + 1) > at || from >= at
      expect(rest.spells.rows.filter(ends)).toEqual(whole.spells.rows.filter(ends))
      expect(rest.works.rows.filter(ends)).toEqual(whole.works.rows.filter(ends))
      expect(rest.steps.rows).toEqual(whole.steps.rows.filter((step) => step.at >= at))
    }),
  )
})

test('[KPI-1] what a counter rose by while nobody read it is told with the time in which it did, also when that is nothing', () => {
  const rule = ruleOf({ silenceSeconds: 60 })
  const counted = (readings: readonly Reading[]) => {
    const { steps, gaps } = Follower.tailOf(new Deriver([rule]), readings, begin + 1e4 * secondUs, false)
    return {
      steps: steps.rows.map(({ at, good }) => [(at - begin) / secondUs, good]),
      gaps: gaps.rows.map(({ since, at, good, scrap }) => [
        (since - begin) / secondUs,
        (at - begin) / secondUs,
        good,
        scrap,
      ]),
    }
  }
  const before = [read(0, 'State', 'Execute'), read(10, 'Good', 5), read(20, 'Good', 7), read(20, 'Scrap', 0)]
  expect(counted([...before, read(70, 'Good', 9)])).toEqual({
    steps: [
      [0, 2],
      [60, 2],
    ],
    gaps: [],
  })
  // Silent: since the last reading of any tag. Both counters of the scan are one gap, and go on by the minute.
  const silent = [...before, read(400, 'Good', 90), read(400, 'Scrap', 0), read(410, 'Good', 91)]
  expect(counted(silent)).toEqual({
    steps: [
      [0, 2],
      [360, 1],
    ],
    gaps: [[20, 400, 83, 0]],
  })
  // Not readable: since then, though the machine is heard.
  const bad = [...before, read(30, 'Good', null), read(40, 'Good', null), read(50, 'Good', 8)]
  expect(counted(bad)).toEqual({ steps: [[0, 2]], gaps: [[30, 50, 1, 0]] })
})

test('nothing is settled that was not heard', () => {
  const settled = nothingSettled()
  new Deriver([ruleOf()]).passTo(begin, settled)
  expect(settled.spells).toEqual([])
})
