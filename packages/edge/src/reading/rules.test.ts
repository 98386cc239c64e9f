import type { Instant } from '@throughline/kernel'
import type { DataType, Sample, SampleValue } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TagRules } from './rules.ts'
import { isWorthReporting, judge } from './rules.ts'

const now = 1_790_000_000_000_000 as Instant
const plain: TagRules = { dataType: 'double', scale: 1, offset: 0, rangeLow: null, rangeHigh: null, deadband: 0 }

function reading(value: SampleValue | null, change: Partial<Sample> = {}): Sample {
  return { tag: 't', at: now, serverAt: now, value, status: statusCode.good, ...change }
}

describe('what a value becomes', () => {
  const cases: [string, DataType, SampleValue, SampleValue | null, number, string?][] = [
    ['a number stays', 'double', 1.5, 1.5, statusCode.good],
    ['a 64-bit integer stays exact', 'int64', 2n ** 53n + 1n, 2n ** 53n + 1n, statusCode.good],
    ['a whole number becomes int64', 'int64', 7, 7n, statusCode.good],
    ['a fraction is no int64', 'int64', 7.5, null, statusCode.badTypeMismatch, 'type-mismatch'],
    ['more than 64 bits are refused', 'int64', 2n ** 63n, null, statusCode.badOutOfRange, 'int64-overflow'],
    ['a text where a number belongs', 'double', '21.5', null, statusCode.badTypeMismatch, 'type-mismatch'],
    ['a truth value where a number belongs', 'double', true, null, statusCode.badTypeMismatch, 'type-mismatch'],
    ['a number where a text belongs', 'string', 5, null, statusCode.badTypeMismatch, 'type-mismatch'],
    ['a number where a truth value belongs', 'boolean', 1, null, statusCode.badTypeMismatch, 'type-mismatch'],
    ['NaN', 'double', Number.NaN, null, statusCode.badOutOfRange, 'not-a-number'],
    ['infinity', 'double', Number.NEGATIVE_INFINITY, null, statusCode.badOutOfRange, 'not-a-number'],
    ['a text of a megabyte', 'string', 'x'.repeat(1e6), null, statusCode.badOutOfRange, 'text-too-long'],
  ]
  test.each(cases)('%s', (_title, dataType, raw, value, status, cause) => {
    const judged = judge(reading(raw), { ...plain, dataType }, now)
    expect(judged.sample).toMatchObject({ value, status })
    expect(judged.faults.map((fault) => fault.cause)).toEqual(cause === undefined ? [] : [cause])
  })

  test('scale and offset turn a raw value into the unit, exactly for whole 64-bit integers', () => {
    const tenths = { ...plain, scale: 0.1, offset: -40 }
    expect(judge(reading(215), tenths, now).sample.value).toBeCloseTo(-18.5)
    const counter: TagRules = { ...plain, dataType: 'int64', scale: 1000, offset: 1 }
    expect(judge(reading(9_007_199_254_740_993n), counter, now).sample.value).toBe(9_007_199_254_740_993_001n)
    const half: TagRules = { ...plain, dataType: 'int64', scale: 0.5 }
    expect(judge(reading(11n), half, now).sample.value).toBe(6n)
  })

  test('a scale that makes a number overflow is a fault, not infinity', () => {
    const judged = judge(reading(1e308), { ...plain, scale: 1e10 }, now)
    expect(judged.sample).toMatchObject({ value: null, status: statusCode.badOutOfRange })
    expect(judged.faults[0]?.cause).toBe('number-overflow')
  })

  test('a value outside the range is kept and is uncertain; a worse status stays', () => {
    const ranged = { ...plain, rangeLow: 0, rangeHigh: 100 }
    expect(judge(reading(100), ranged, now).sample.status).toBe(statusCode.good)
    expect(judge(reading(100.1), ranged, now).sample).toMatchObject({
      value: 100.1,
      status: statusCode.uncertainUnitsExceeded,
    })
    const bad = reading(-1, { status: statusCode.badDeviceFailure })
    expect(judge(bad, ranged, now).sample.status).toBe(statusCode.badDeviceFailure)
  })

  test('a good reading without a value is a contradiction and becomes bad', () => {
    const judged = judge(reading(null), plain, now)
    expect(judged.sample.status).toBe(statusCode.bad)
    expect(judged.faults[0]?.cause).toBe('value-missing')
    const honest = judge(reading(null, { status: statusCode.badNoCommunication }), plain, now)
    expect(honest).toMatchObject({ sample: { status: statusCode.badNoCommunication }, faults: [] })
  })
})

describe('[AL-C-1!] what an instant becomes', () => {
  const serverAt = (now - 5) as Instant
  test.each([
    ['1970', 0, 'instant-in-past'],
    ['the last day of 1999', 946_684_799_999_999, 'instant-in-past'],
    ['61 s ahead', now + 61e6, 'instant-in-future'],
    ['no number at all', Number.NaN, 'instant-in-past'],
  ])('%s gives way to the server time, and the quality to uncertain', (_title, at, cause) => {
    const judged = judge(reading(1, { at: at as Instant, serverAt }), plain, now)
    expect(judged.sample).toMatchObject({ at: serverAt, value: 1, status: statusCode.uncertain })
    expect(judged.faults[0]?.cause).toBe(cause)
  })

  test('when the server time is no better, the agent’s clock decides', () => {
    const judged = judge(reading(1, { at: 0 as Instant, serverAt: 0 as Instant }), plain, now)
    expect(judged.sample).toMatchObject({ at: now, serverAt: now })
  })

  test('60 s ahead and late data of last week are believed', () => {
    for (const at of [now + 60e6, now - 7 * 86_400e6]) {
      expect(judge(reading(1, { at: at as Instant }), plain, now)).toMatchObject({ sample: { at }, faults: [] })
    }
  })
})

const anyValue = fc.oneof(fc.double(), fc.bigInt(), fc.boolean(), fc.string(), fc.constant(null))
const anyStatus = fc.integer({ min: 0, max: 0xffff_ffff })

test('[SR-3.5!] whatever a driver hands over, the result is a sample that can be stored', () => {
  const anyRules = fc.record({
    dataType: fc.constantFrom('double', 'int64', 'boolean', 'string', null),
    scale: fc.double({ noNaN: true, noDefaultInfinity: true }),
    offset: fc.double({ noNaN: true, noDefaultInfinity: true }),
    rangeLow: fc.option(fc.double({ noNaN: true })),
    rangeHigh: fc.option(fc.double({ noNaN: true })),
    deadband: fc.constant(0),
  })
  fc.assert(
    fc.property(anyValue, anyStatus, fc.double(), fc.double(), anyRules, (value, status, at, serverAt, rules) => {
      const raw = { tag: 't', at: at as Instant, serverAt: serverAt as Instant, value, status }
      const { sample, faults } = judge(raw, rules as TagRules, now)
      expect(Number.isSafeInteger(sample.at)).toBe(true)
      expect(sample.at).toBeLessThanOrEqual(now + 60e6)
      if (typeof sample.value === 'number') expect(Number.isFinite(sample.value)).toBe(true)
      if (typeof sample.value === 'bigint') expect(BigInt.asIntN(64, sample.value)).toBe(sample.value)
      if (sample.value === null) expect(qualityOf(sample.status)).toBe('bad')
      // Quality never rises, and whatever lost its value said why.
      expect(sample.status >>> 30).toBeGreaterThanOrEqual(Math.min(status >>> 30, 2))
      if (value !== null && sample.value === null) expect(faults).not.toHaveLength(0)
    }),
  )
})

describe('report by exception', () => {
  test('what is left out differs from the last report by less than the deadband, in the same quality, for under a minute', () => {
    const step = fc.record({
      value: fc.double({ min: -10, max: 10, noNaN: true }),
      ms: fc.integer({ min: -50, max: 30_000 }),
      bad: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step), fc.double({ min: 0, max: 5, noNaN: true }), (steps, deadband) => {
        let last: Sample | undefined
        let at = now
        for (const { value, ms, bad } of steps) {
          at = (at + ms * 1000) as Instant
          const sample = reading(value, { at, status: bad ? statusCode.uncertain : statusCode.good })
          if (isWorthReporting(last, sample, deadband)) {
            if (last === undefined || sample.at >= last.at) last = sample
            continue
          }
          if (last === undefined) throw new Error('the first reading was left out')
          expect(sample.status).toBe(last.status)
          expect(sample.at - last.at).toBeLessThan(60e6)
          expect(sample.at).toBeGreaterThanOrEqual(last.at)
          if (sample.value !== last.value) expect(Math.abs(value - Number(last.value))).toBeLessThan(deadband)
        }
      }),
    )
  })

  test('a change as large as the deadband is told, a smaller one is not', () => {
    const last = reading(10)
    const later = (now + 1000) as Instant
    expect(isWorthReporting(last, reading(10.5, { at: later }), 0.5)).toBe(true)
    expect(isWorthReporting(last, reading(10.4, { at: later }), 0.5)).toBe(false)
    expect(isWorthReporting(reading(2n ** 60n), reading(2n ** 60n + 1n, { at: later }), 0)).toBe(true)
    expect(isWorthReporting(reading(5n), reading(6n, { at: later }), 2)).toBe(false)
    expect(isWorthReporting(reading('a'), reading('b', { at: later }), 2)).toBe(true)
  })

  test('a reading that is older than the last one is late data and always told', () => {
    expect(isWorthReporting(reading(10), reading(10, { at: (now - 1) as Instant }), 5)).toBe(true)
  })

  test('the very same reading heard twice is told once', () => {
    expect(isWorthReporting(reading(10), reading(10), 0)).toBe(false)
  })
})
