import type { Id, Instant } from '@throughline/kernel'
import type { CountEntry } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { assertCovers, assertMadeWhenKnown, assertProduced, assertReasonFits, orderOf, remainingOf } from './rules.ts'

const nodeId = 'fil-01' as Id<'EquipmentNode'>
const now = (Date.UTC(2026, 10, 22, 10) * 1000) as Instant
const before = (minutes: number): Instant => (now - minutes * 60e6) as Instant
const step = (total: number | null, good: number | null) => ({
  nodeId,
  at: now,
  total,
  good,
  scrap: null,
  rework: null,
})
const entry = (kind: CountEntry['kind'], quantity: number) => ({ kind, quantity }) as CountEntry
const run = { nodeId, order: 'O-1', product: 'P', from: before(60), to: null }

test('parts are made neither in the future nor before anything is known of the machine', () => {
  expect(() => assertMadeWhenKnown('FIL-01', before(5), before(10), now)).not.toThrow()
  expect(() => assertMadeWhenKnown('FIL-01', before(-1), before(10), now)).toThrow(/still to come/)
  expect(() => assertMadeWhenKnown('FIL-01', before(11), before(10), now)).toThrow(
    /FIL-01 is known from 2026-11-22T09:50/,
  )
  expect(() => assertMadeWhenKnown('FIL-01', before(11), null, now)).toThrow(/Nothing is known yet/)
})

test('scrap needs a reason, rework may have one, what was produced has none', () => {
  const reason = 'r' as Id<'Reason'>
  expect(() => assertReasonFits('scrap', null)).toThrow(/Scrap needs a reason/)
  expect(() => assertReasonFits('produced', reason)).toThrow(/leave it out/)
  for (const fit of [reason, null]) expect(() => assertReasonFits('rework', fit)).not.toThrow()
})

test('the order is what the machine was busy with; who names another is told which it was', () => {
  expect(orderOf('FIL-01', now, run, null)).toBe('O-1')
  expect(orderOf('FIL-01', now, run, 'O-1')).toBe('O-1')
  expect(orderOf('FIL-01', now, { ...run, order: null }, 'O-2')).toBe('O-2')
  expect(orderOf('FIL-01', now, undefined, null)).toBeNull()
  expect(() => orderOf('FIL-01', now, run, 'O-2')).toThrow(/busy with O-1, not with O-2/)
})

describe('what can still turn out as scrap', () => {
  test.each([
    ['counters of all and of good parts', [step(760, 752)], [], { produced: 760, good: 752 }],
    ['a counter of all parts', [step(400, null), step(360, null)], [], { produced: 760, good: 760 }],
    [
      'what people said, added and turned',
      [step(760, 752)],
      [entry('produced', 10), entry('scrap', 12), entry('rework', 3)],
      { produced: 770, good: 747 },
    ],
    ['people alone', [], [entry('produced', 10), entry('scrap', 4)], { produced: 10, good: 6 }],
  ])('%s', (_, steps, entries, expected) => {
    expect(remainingOf(steps, entries)).toEqual(expected)
  })

  test('where nobody counts what is produced nothing is known, and so nothing refused', () => {
    expect(remainingOf([step(null, null)], [entry('scrap', 5)])).toBeUndefined()
    expect(() => assertProduced('FIL-01', 'scrap', 1000, undefined)).not.toThrow()
  })

  test('more scrap than was produced is refused with both numbers', () => {
    expect(() => assertProduced('FIL-01', 'scrap', 752, { produced: 760, good: 752 })).not.toThrow()
    expect(() => assertProduced('FIL-01', 'scrap', 753, { produced: 760, good: 752 })).toThrow(
      /753 scrap is more than FIL-01 made in this run: it produced 760, of which 752 are still good/,
    )
    expect(() => assertProduced('FIL-01', 'produced', 5000, { produced: 760, good: 752 })).not.toThrow()
  })

  test('what was produced is not corrected below what of it is scrap', () => {
    expect(() => assertCovers('FIL-01', 'produced', { produced: 10, good: 2 }, 8)).not.toThrow()
    expect(() => assertCovers('FIL-01', 'produced', { produced: 7, good: -1 }, 8)).toThrow(/8 scrap .* the 7 produced/)
    expect(() => assertCovers('FIL-01', 'produced', undefined, 8)).toThrow(/the 0 produced/)
    expect(() => assertCovers('FIL-01', 'produced', undefined, 0)).not.toThrow()
  })
})
