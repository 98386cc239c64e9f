import { DomainError } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SparkplugDataType } from './data-type.ts'
import { dataTypeCode, integerRange, modelTypeOf } from './data-type.ts'
import type { Metric } from './generated/sparkplug_b_pb.ts'
import { decodeValue, encodeValue, fitTo } from './value.ts'

const int = (value: number): Metric['value'] => ({ case: 'intValue', value })
const long = (value: bigint): Metric['value'] => ({ case: 'longValue', value })

test.each<[SparkplugDataType, Metric['value'], SampleValue | null, string | null]>([
  ['Int32', int(4_294_967_295), -1n, null],
  ['UInt32', int(4_294_967_295), 4_294_967_295n, null],
  ['UInt32', long(4_294_967_295n), 4_294_967_295n, null],
  ['Int16', int(4_294_934_528), -32_768n, null],
  ['Int16', int(65_535), -1n, null],
  ['Int8', int(251), -5n, null],
  ['Int8', int(300), null, 'integer-out-of-range'],
  ['UInt8', int(256), null, 'integer-out-of-range'],
  ['Int64', long(2n ** 64n - 1n), -1n, null],
  ['UInt64', long(2n ** 63n), null, 'integer-out-of-range'],
  ['UInt64', long(2n ** 63n - 1n), 2n ** 63n - 1n, null],
  ['DateTime', long(1_795_000_000_000n), 1_795_000_000_000n, null],
  ['Float', { case: 'floatValue', value: 0.5 }, 0.5, null],
  ['Double', { case: 'floatValue', value: 0.5 }, 0.5, null],
  ['Double', { case: 'doubleValue', value: Number.NaN }, null, 'not-a-number'],
  ['Double', int(1), null, 'value-type-mismatch'],
  ['Int32', { case: 'doubleValue', value: 1 }, null, 'value-type-mismatch'],
  ['Boolean', { case: 'booleanValue', value: false }, false, null],
  ['Boolean', int(1), null, 'value-type-mismatch'],
  ['Text', { case: 'stringValue', value: 'é' }, 'é', null],
  ['UUID', int(1), null, 'value-type-mismatch'],
])('[tck-id-payloads-metric-datatype-value] %s on the wire as %o is %s (%s)', (type, wire, value, problem) => {
  expect(decodeValue(type, wire)).toMatchObject({ value, problem })
})

test.each<[Parameters<typeof fitTo>[0], SampleValue, SampleValue | null, string | null]>([
  ['double', 5n, 5, null],
  ['double', 2n ** 60n + 1n, null, 'integer-out-of-range'],
  ['double', 'five', null, 'text-where-number'],
  ['double', true, null, 'value-type-mismatch'],
  ['int64', 5, 5n, null],
  ['int64', 5.5, null, 'value-type-mismatch'],
  ['int64', '5', null, 'text-where-number'],
  ['boolean', 1, null, 'value-type-mismatch'],
  ['string', 1, null, 'value-type-mismatch'],
])('asked for as %s, %s is %s (%s)', (dataType, told, value, problem) => {
  expect(fitTo(dataType, told)).toMatchObject({ value, problem })
})

test('every whole number in the range of its type comes back as it was sent', () => {
  const cases = Object.entries(integerRange).map(([type, [low, high]]) =>
    fc.record({
      type: fc.constant(type as SparkplugDataType),
      value: fc.bigInt(low, high < 2n ** 63n ? high : 2n ** 63n - 1n),
    }),
  )
  fc.assert(
    fc.property(fc.oneof(...cases), ({ type, value }) => {
      expect(decodeValue(type, encodeValue(type, value)).value).toBe(value)
    }),
  )
})

test('[tck-id-operational-behavior-data-commands-dcmd-metric-value] what does not fit a type is refused as invalid, whatever it is', () => {
  const types = fc.constantFrom(...(Object.keys(dataTypeCode) as SparkplugDataType[]))
  const values = fc.oneof(fc.double(), fc.bigInt(), fc.boolean(), fc.string())
  fc.assert(
    fc.property(types, values, (type, value) => {
      try {
        const told = decodeValue(type, encodeValue(type, value))
        if (told.value !== null && typeof told.value === typeof value) expect(told.value).toEqual(value)
        expect(told.value === null || fitTo(modelTypeOf(type), told.value).problem === null).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError)
        expect(error).toMatchObject({ kind: 'invalid', code: 'sparkplug.value-does-not-fit' })
      }
    }),
  )
})
