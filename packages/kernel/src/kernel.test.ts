import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Instant } from './index.ts'
import { fromMs, newId, parseInstant, plusMs, toIso, toMs } from './index.ts'

test('an instant survives the way to ISO 8601 and back, to the millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
      expect(parseInstant(toIso(fromMs(ms)))).toBe(fromMs(ms))
    }),
  )
})

test('ISO 8601 shows the microseconds', () => {
  expect(toIso(1_795_349_223_000_123 as Instant)).toBe('2026-11-22T12:07:03.000123Z')
})

test.each(['', 'soon', '2026-13-01T00:00:00Z'])('"%s" is no instant', (text) => {
  expect(parseInstant(text)).toBeUndefined()
})

test('milliseconds before and after', () => {
  expect(toMs(plusMs(fromMs(1000), -0.5))).toBe(999.5)
})

test('ids made later sort later, and are UUIDs of version 7', () => {
  const ids = [1, 2, 3, 300, 70_000].map((ms) => newId<'Thing'>(fromMs(ms)))
  expect([...ids].sort()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
