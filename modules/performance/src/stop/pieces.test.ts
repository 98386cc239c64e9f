import type { Id, Instant } from '@throughline/kernel'
import type { MachineState } from '@throughline/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchPieces } from './match.ts'
import { codeDuring, isStop, piecesOf } from './pieces.ts'
import type { StoredStop } from './stored-stop.ts'

const minute = 60e6
const at = (minutes: number): Instant => (minutes * minute) as Instant
const interval = (from: number, to: number | null, state: MachineState = 'down', label: string = state) => ({
  from: at(from),
  to: to === null ? null : at(to),
  state,
  label,
})
const bounds = (pieces: readonly { from: Instant; to: Instant | null }[]) =>
  pieces.map(({ from, to }) => [from / minute, to === null ? null : to / minute])
const shaped = (from: number, to: number | null, shape: { cutFrom?: boolean; joined?: boolean } = {}) => ({
  from: at(from),
  to: to === null ? null : at(to),
  cutFrom: false,
  joined: false,
  ...shape,
})

describe('what makes a stop', () => {
  test.each([
    ['idle', true],
    ['starved', true],
    ['blocked', true],
    ['down', true],
    ['changeover', true],
    ['running', false],
    ['planned-stop', false],
    ['no-data', false],
  ] as const)('%s: %s', (state, expected) => {
    expect(isStop(state)).toBe(expected)
    expect(piecesOf([interval(0, 5, state)], [], [])).toHaveLength(expected ? 1 : 0)
  })

  test('neighbouring states within one standstill stay separate stops', () => {
    const states = [
      interval(0, 5),
      interval(5, 9, 'changeover'),
      interval(9, 12),
      interval(12, 20, 'running'),
      interval(20, null),
    ]
    expect(bounds(piecesOf(states, [], []))).toEqual([
      [0, 5],
      [5, 9],
      [9, 12],
      [20, null],
    ])
  })
})

describe('what people shaped', () => {
  test('a cut holds when the states are told anew, also in a stop that still stands', () => {
    const cut = [shaped(0, 10), shaped(10, 30, { cutFrom: true })]
    expect(bounds(piecesOf([interval(0, 33)], [], cut))).toEqual([
      [0, 10],
      [10, 33],
    ])
    expect(bounds(piecesOf([interval(0, null)], [], cut))).toEqual([
      [0, 10],
      [10, null],
    ])
  })

  test('a cut outside the standstill is gone with it', () => {
    expect(bounds(piecesOf([interval(12, 33)], [], [shaped(10, 30, { cutFrom: true })]))).toEqual([[12, 33]])
  })

  test('neighbours that were taken together stay together, called by the longest', () => {
    const states = [interval(0, 5), interval(5, 25, 'changeover', 'Setup'), interval(25, 30)]
    const [piece, ...others] = piecesOf(states, [], [shaped(0, 30, { joined: true })])
    expect(others).toEqual([])
    expect(piece).toMatchObject({ from: at(0), to: at(30), state: 'changeover', label: 'Setup', joined: true })
  })

  test('what was taken together parts where it turns out that the machine ran in between', () => {
    const states = [interval(0, 5), interval(5, 7, 'running'), interval(7, 30)]
    expect(bounds(piecesOf(states, [], [shaped(0, 30, { joined: true })]))).toEqual([
      [0, 5],
      [7, 30],
    ])
  })

  test('a stop that was taken together and cut again keeps the cut', () => {
    const states = [interval(0, 5), interval(5, 25, 'changeover'), interval(25, 30)]
    const now = [shaped(0, 12, { joined: true }), shaped(12, 30, { cutFrom: true, joined: true })]
    const pieces = piecesOf(states, [], now)
    expect(bounds(pieces)).toEqual([
      [0, 12],
      [12, 30],
    ])
    expect(pieces.map((piece) => piece.joined)).toEqual([true, true])
  })
})

describe("what the machine's reason tag said", () => {
  const codes = [
    { at: at(0), code: '0' },
    { at: at(10), code: 'E17' },
    { at: at(20), code: null },
    { at: at(30), code: ' ' },
    { at: at(31), code: 'E9' },
  ]
  test.each([
    ['the code that held when it began', 12, 15, 'E17'],
    ['the first that came while it lasted', 5, 15, 'E17'],
    ['none where nothing was said', 21, 25, null],
    ['none where only "nothing" was said', 1, 9, null],
    ['a code at its very end is of what comes after', 5, 10, null],
    ['of one that still stands', 25, null, 'E9'],
  ] as const)('%s', (_, from, to, expected) => {
    expect(codeDuring(codes, at(from), to === null ? null : at(to))).toBe(expected)
  })
})

const stop = (id: string, from: number, to: number | null): StoredStop => ({
  ...shaped(from, to),
  id: id as Id<'Stop'>,
  nodeId: 'machine' as Id<'EquipmentNode'>,
  state: 'down',
  label: 'down',
  minorBelowUs: 0,
  reasonId: null,
  reasonBy: null,
  machineCode: null,
  order: null,
  product: null,
  causedBy: null,
  version: 1,
  changedBy: null,
  changedAt: null,
  cameFrom: [],
  replacedAt: null,
})

describe('which stop goes on as which', () => {
  const match = (
    stops: readonly StoredStop[],
    states: readonly ReturnType<typeof interval>[],
    told: readonly string[] = [],
  ) => {
    const { kept, vanished, added } = matchPieces(
      stops,
      piecesOf(states, [], []),
      (each) => told.includes(each.id),
      at(60),
    )
    return {
      kept: Object.fromEntries(kept.map(({ stop: { id }, piece }) => [id, bounds([piece])[0]])),
      vanished: vanished.map(({ id }) => id),
      added: bounds(added),
    }
  }

  test('the one that overlaps most', () => {
    expect(match([stop('a', 0, 10), stop('b', 20, 30)], [interval(8, 24), interval(25, 31)])).toEqual({
      kept: { a: [8, 24], b: [25, 31] },
      vanished: [],
      added: [],
    })
  })

  test('a stop of which people spoke goes before one of which nobody did, though it overlaps less', () => {
    const stops = [stop('said', 0, 3), stop('unsaid', 4, 20)]
    expect(match(stops, [interval(2, 21)], ['said'])).toEqual({
      kept: { said: [2, 21] },
      vanished: ['unsaid'],
      added: [],
    })
    expect(match(stops, [interval(2, 21)])).toEqual({ kept: { unsaid: [2, 21] }, vanished: ['said'], added: [] })
  })

  test('what vanished is told, and what only touches is not taken for the same', () => {
    expect(match([stop('a', 0, 10)], [interval(10, 20)])).toEqual({ kept: {}, vanished: ['a'], added: [[10, 20]] })
  })

  test('a stop that stands counts up to now, not to the end of time', () => {
    expect(match([stop('a', 0, null)], [interval(0, 40), interval(50, null)])).toEqual({
      kept: { a: [0, 40] },
      vanished: [],
      added: [[50, null]],
    })
  })

  test('each stop goes on once at most, each piece has one stop, and nobody is lost', () => {
    const ranges = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 20 })
      .map((cuts) => cuts.sort((a, b) => a - b))
      .map((cuts) => cuts.flatMap((from, index) => (index % 2 === 0 ? [[from, cuts[index + 1] ?? null] as const] : [])))
    fc.assert(
      fc.property(ranges, ranges, (before, after) => {
        const stops = before.map(([from, to], index) => stop(String(index), from, to))
        const pieces = piecesOf(
          after.map(([from, to]) => interval(from, to)),
          [],
          [],
        )
        const { kept, vanished, added } = matchPieces(stops, pieces, () => false, at(60))
        expect([...kept.map((each) => each.stop.id), ...vanished.map(({ id }) => id)].sort()).toEqual(
          stops.map(({ id }) => id).sort(),
        )
        expect([...kept.map((each) => each.piece), ...added].sort((a, b) => a.from - b.from)).toEqual(pieces)
        for (const { stop: was, piece } of kept) {
          expect(Math.min(was.to ?? at(61), piece.to ?? at(61))).toBeGreaterThan(Math.max(was.from, piece.from))
        }
      }),
    )
  })
})
