import type { Id, Instant } from '@throughline/kernel'
import { describe, expect, test } from 'vitest'
import { assertInside, assertNeighbours, mergedReason } from './rules.ts'
import type { StoredStop } from './stored-stop.ts'

const base = Date.UTC(2026, 10, 22, 10) * 1000
const at = (minutes: number): Instant => (base + minutes * 60e6) as Instant
const stop = (from: number, to: number | null, more: Partial<StoredStop> = {}): StoredStop => ({
  id: `${from}` as Id<'Stop'>,
  nodeId: 'fil-01' as Id<'EquipmentNode'>,
  from: at(from),
  to: to === null ? null : at(to),
  state: 'down',
  label: 'Held',
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
  cutFrom: false,
  joined: false,
  cameFrom: [],
  replacedAt: null,
  ...more,
})

describe('stops that cannot be taken together, and why', () => {
  test.each([
    ['of two machines', [stop(0, 5), stop(5, 9, { nodeId: 'cnc-01' as Id<'EquipmentNode'> })], /different machines/],
    ['with running in between', [stop(0, 5), stop(6, 9)], /Between 2026-11-22T10:05.* and .*10:06.* did not stand/],
    ['that overlap', [stop(0, 5), stop(4, 9)], /overlap/],
    ['one after another that still stands', [stop(0, null), stop(4, 9)], /overlap/],
    ['the same twice', [stop(0, 5), stop(0, 5)], /named twice/],
  ] as const)('%s', (_, stops, words) => {
    expect(() => assertNeighbours(stops)).toThrow(words)
  })

  test('those that follow each other at once can, also when the last still stands', () => {
    expect(() => assertNeighbours([stop(0, 5), stop(5, 9), stop(9, null)])).not.toThrow()
  })
})

test('a stop is split inside itself only, one that stands up to now', () => {
  expect(() => assertInside(stop(0, 10), at(5), at(60))).not.toThrow()
  expect(() => assertInside(stop(0, null), at(59), at(60))).not.toThrow()
  for (const [each, minutes] of [
    [stop(0, 10), 0],
    [stop(0, 10), 10],
    [stop(0, null), 60],
    [stop(0, null), 61],
  ] as const) {
    expect(() => assertInside(each, at(minutes), at(60))).toThrow(/can be split between/)
  }
})

test('what is taken together has the reason of the longest that has one', () => {
  const jam = { reasonId: 'jam' as Id<'Reason'>, reasonBy: 'person' } as const
  const setup = { reasonId: 'setup' as Id<'Reason'>, reasonBy: 'machine' } as const
  expect(mergedReason([stop(0, 5, jam), stop(5, 8, setup), stop(8, 60)], at(90))).toEqual(jam)
  expect(mergedReason([stop(0, 5, jam), stop(5, null, setup)], at(90))).toEqual(setup)
  expect(mergedReason([stop(0, 5, jam), stop(5, 10, setup)], at(90))).toEqual(jam)
  expect(mergedReason([stop(0, 5), stop(5, 10)], at(90))).toEqual({ reasonId: null, reasonBy: null })
})
