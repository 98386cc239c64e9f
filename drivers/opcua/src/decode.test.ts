import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { DataType } from '@throughline/model'
import { overflowBits, statusCode } from '@throughline/model'
import fc from 'fast-check'
import {
  BinaryStream,
  coerceStatusCode,
  DataValue,
  decodeDataValue,
  StatusCode,
  StatusCodes,
  DataType as UaType,
  Variant,
  VariantArrayType,
} from 'node-opcua'
import { expect, test } from 'vitest'
import { toSample } from './decode.ts'
import { toVariant } from './encode.ts'

const now = 1_800_000_000_000_000 as Instant
const sourceTime = new Date('2026-11-22T11:47:03.123Z')
const serverTime = new Date('2026-11-22T11:47:03.200Z')

function decode(received: DataValue, dataType: DataType) {
  const faults: string[] = []
  const sample = toSample({ tag: 't', address: 'ns=2;s=T', dataType }, received, now, (cause, example) => {
    faults.push(`${cause}: ${example}`)
  })
  return { sample, faults }
}

function good(type: UaType, value: unknown, arrayType = VariantArrayType.Scalar): DataValue {
  const received = new DataValue({ sourceTimestamp: sourceTime, serverTimestamp: serverTime })
  received.value = new Variant({ dataType: type, arrayType, value })
  return received
}

test.each<[keyof typeof UaType, unknown, DataType, unknown]>([
  ['Double', 0.1, 'double', 0.1],
  ['Double', -0, 'double', -0],
  ['Float', 1.5, 'double', 1.5],
  ['Int16', -3, 'double', -3],
  ['Int64', [0, 5], 'double', 5],
  ['SByte', -128, 'int64', -128n],
  ['Byte', 255, 'int64', 255n],
  ['Int16', -32_768, 'int64', -32_768n],
  ['UInt16', 65_535, 'int64', 65_535n],
  ['Int32', -1, 'int64', -1n],
  ['UInt32', 4_294_967_295, 'int64', 4_294_967_295n],
  ['Int64', [0xffff_ffff, 0xffff_ffff], 'int64', -1n],
  ['Int64', [0x8000_0000, 0], 'int64', -(2n ** 63n)],
  ['UInt64', [0x0020_0000, 1], 'int64', 2n ** 53n + 1n],
  ['Double', 42, 'int64', 42n],
  ['Boolean', false, 'boolean', false],
  ['String', '', 'string', ''],
  ['LocalizedText', { text: 'Läuft' }, 'string', 'Läuft'],
  ['DateTime', sourceTime, 'string', '2026-11-22T11:47:03.123Z'],
])('%s %j is read as %s', (type, value, dataType, expected) => {
  const { sample, faults } = decode(good(UaType[type], value), dataType)
  expect(sample.value).toBe(expected)
  expect(sample.status).toBe(0)
  expect(faults).toEqual([])
})

test.each<[string, DataValue, DataType, string, number]>([
  ['a text where a number belongs', good(UaType.String, '7'), 'double', 'type-mismatch', statusCode.badTypeMismatch],
  ['a number where a text belongs', good(UaType.Int32, 7), 'string', 'type-mismatch', statusCode.badTypeMismatch],
  [
    'a number where a truth value belongs',
    good(UaType.Byte, 1),
    'boolean',
    'type-mismatch',
    statusCode.badTypeMismatch,
  ],
  ['a fraction where a count belongs', good(UaType.Double, 1.5), 'int64', 'type-mismatch', statusCode.badTypeMismatch],
  [
    'an array',
    good(UaType.Double, [1, 2], VariantArrayType.Array),
    'double',
    'type-mismatch',
    statusCode.badTypeMismatch,
  ],
  ['bytes', good(UaType.ByteString, Buffer.from('a')), 'string', 'type-mismatch', statusCode.badTypeMismatch],
  ['a count beyond 63 bits', good(UaType.UInt64, [0x8000_0000, 0]), 'int64', 'out-of-range', statusCode.badOutOfRange],
  ['good without a value', new DataValue(), 'double', 'value-missing', statusCode.badTypeMismatch],
])('%s is no value, is bad, and is told as a fault', (_what, received, dataType, cause, status) => {
  const { sample, faults } = decode(received, dataType)
  expect(sample).toMatchObject({ value: null, status })
  expect(faults).toEqual([expect.stringContaining(`${cause}: ns=2;s=T`)])
})

test('[UA-3] the status code stays whole: severity, sub-code and the lower half', () => {
  const received = good(UaType.Double, 1)
  const bits = statusCode.uncertainLastUsable | overflowBits
  received.statusCode = StatusCode.makeStatusCode(StatusCodes.UncertainLastUsableValue, 'Overflow | InfoTypeDataValue')
  expect(decode(received, 'double').sample).toMatchObject({ value: 1, status: bits })
})

test('[UA-3] a bad value without content keeps the reason that the server gave, and is no fault of the type', () => {
  const received = new DataValue({ sourceTimestamp: sourceTime, serverTimestamp: serverTime })
  received.statusCode = coerceStatusCode('BadSensorFailure')
  const { sample, faults } = decode(received, 'double')
  expect(sample).toMatchObject({
    value: null,
    status: StatusCodes.BadSensorFailure.value >>> 0,
    at: fromMs(sourceTime.getTime()),
  })
  expect(faults).toEqual([])
})

test('[UA-3] an overflow survives a value that does not fit', () => {
  const received = good(UaType.String, 'x')
  received.statusCode = StatusCode.makeStatusCode(StatusCodes.Good, 'Overflow | InfoTypeDataValue')
  expect(decode(received, 'double').sample.status).toBe((statusCode.badTypeMismatch | overflowBits) >>> 0)
})

test('[UA-3] both times arrive in microseconds, cut off below, also over the wire', () => {
  const sent = good(UaType.Double, 1)
  sent.sourcePicoseconds = 456_789_000
  sent.serverPicoseconds = 999_999_990
  const stream = new BinaryStream(200)
  sent.encode(stream)
  stream.rewind()
  const { sample } = decode(decodeDataValue(stream), 'double')
  expect(sample.at).toBe(fromMs(sourceTime.getTime()) + 456)
  expect(sample.serverAt).toBe(fromMs(serverTime.getTime()) + 999)
})

test('[UA-3] without a source time the server time stands in, and without both the clock', () => {
  const received = good(UaType.Double, 1)
  received.sourceTimestamp = null
  expect(decode(received, 'double').sample).toMatchObject({ at: fromMs(serverTime.getTime()) })
  // DateTime 0 is how a server says "not set".
  received.serverTimestamp = new Date('1601-01-01T00:00:00Z')
  expect(decode(received, 'double').sample).toMatchObject({ at: now, serverAt: now })
})

test('every 64-bit integer that is written is read back as the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const received = new DataValue()
      received.value = toVariant('ns=2;s=T', value, UaType.Int64)
      expect(decode(received, 'int64').sample.value).toBe(value)
    }),
  )
})

test.each<[keyof typeof UaType, number | bigint | boolean | string]>([
  ['Byte', 256],
  ['Byte', -1],
  ['Int16', 1.5],
  ['UInt64', -1n],
  ['Int64', 2n ** 63n],
  ['Double', 2n ** 53n + 1n],
  ['Float', 1e300],
  ['Double', Number.NaN],
  ['Double', '7'],
  ['Boolean', 1],
  ['String', 7],
  ['DateTime', 'tomorrow'],
  ['ByteString', 'a'],
])('a %s is not written from %s: nothing is rounded or cut', (type, value) => {
  expect(() => toVariant('ns=2;s=T', value, UaType[type])).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining('ns=2;s=T') }),
  )
})
