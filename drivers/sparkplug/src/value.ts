import { DomainError } from '@throughline/kernel'
import type { DataType, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { SparkplugDataType } from './data-type.ts'
import { integerRange } from './data-type.ts'
import type { Metric } from './generated/sparkplug_b_pb.ts'

/** A value read from the wire, or why there is none: a fault's cause and the status that the sample gets. */
export type Decoded =
  | { readonly value: SampleValue; readonly problem: null; readonly status: number }
  | { readonly value: null; readonly problem: string; readonly status: number }

const good = (value: SampleValue): Decoded => ({ value, problem: null, status: statusCode.good })
const bad = (problem: string, status: number): Decoded => ({ value: null, problem, status })

const mismatch = bad('value-type-mismatch', statusCode.badTypeMismatch)
const outOfRange = bad('integer-out-of-range', statusCode.badOutOfRange)

/**
 * Reads a metric's value as the data type of its birth says: signed numbers travel as unsigned ones of the same width,
 * so the wire alone cannot tell -1 from 4294967295.
 */
export function decodeValue(type: SparkplugDataType, wire: Metric['value']): Decoded {
  const range = integerRange[type]
  if (range) return decodeInteger(type, range, wire)
  switch (type) {
    case 'Float':
    case 'Double':
      if (wire.case !== 'floatValue' && wire.case !== 'doubleValue') return mismatch
      return Number.isFinite(wire.value) ? good(wire.value) : bad('not-a-number', statusCode.badOutOfRange)
    case 'Boolean':
      return wire.case === 'booleanValue' ? good(wire.value) : mismatch
    default:
      return wire.case === 'stringValue' ? good(wire.value) : mismatch
  }
}

const bitsOf: Partial<Record<SparkplugDataType, number>> = { Int8: 8, Int16: 16, Int32: 32, Int64: 64 }

function decodeInteger(
  type: SparkplugDataType,
  [low, high]: readonly [bigint, bigint],
  wire: Metric['value'],
): Decoded {
  if (wire.case !== 'intValue' && wire.case !== 'longValue') return mismatch
  const raw = BigInt(wire.value)
  const bits = bitsOf[type]
  const value = bits === undefined ? raw : signed(raw, bits, wire.case === 'intValue' ? 32 : 64)
  // Throughline's whole numbers are signed and of 64 bits: the upper half of UInt64 has no place there.
  if (value < low || value > high || value >= 2n ** 63n) return outOfRange
  return good(value)
}

/** Two's complement of the carrier, or, as some senders do it, of the type's own width alone. */
function signed(raw: bigint, bits: number, carrierBits: number): bigint {
  return raw < 2n ** BigInt(bits) ? BigInt.asIntN(bits, raw) : BigInt.asIntN(carrierBits, raw)
}

/**
 * Fits a decoded value to the data type of the tag that asks for it; what does not fit without loss is no value.
 */
export function fitTo(dataType: DataType, value: SampleValue): Decoded {
  switch (dataType) {
    case 'double':
      if (typeof value === 'bigint') {
        return Number.isSafeInteger(Number(value)) ? good(Number(value)) : outOfRange
      }
      return typeof value === 'number' ? good(value) : notNumber(value)
    case 'int64':
      if (typeof value === 'number') return Number.isSafeInteger(value) ? good(BigInt(value)) : mismatch
      return typeof value === 'bigint' ? good(value) : notNumber(value)
    case 'boolean':
      return typeof value === 'boolean' ? good(value) : mismatch
    case 'string':
      return typeof value === 'string' ? good(value) : mismatch
  }
}

const notNumber = (value: SampleValue): Decoded =>
  typeof value === 'string' ? bad('text-where-number', statusCode.badTypeMismatch) : mismatch

/**
 * Puts a value on the wire as `type`.
 * @throws DomainError `invalid` (`sparkplug.value-does-not-fit`) when it is of another kind or out of range
 */
export function encodeValue(
  type: SparkplugDataType,
  value: SampleValue,
): Exclude<Metric['value'], { case: undefined }> {
  const range = integerRange[type]
  if (range) return encodeInteger(type, range, value)
  if (type === 'Float' || type === 'Double') {
    const number = typeof value === 'bigint' ? Number(value) : value
    if (typeof number !== 'number') throw unfit(type, value)
    return type === 'Float' ? { case: 'floatValue', value: number } : { case: 'doubleValue', value: number }
  }
  if (type === 'Boolean') {
    if (typeof value !== 'boolean') throw unfit(type, value)
    return { case: 'booleanValue', value }
  }
  if (typeof value !== 'string') throw unfit(type, value)
  return { case: 'stringValue', value }
}

const longTypes: readonly SparkplugDataType[] = ['Int64', 'UInt64', 'DateTime']

function encodeInteger(
  type: SparkplugDataType,
  [low, high]: readonly [bigint, bigint],
  value: SampleValue,
): { case: 'intValue'; value: number } | { case: 'longValue'; value: bigint } {
  if (typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value !== 'bigint') throw unfit(type, value)
  const whole = BigInt(value)
  if (whole < low || whole > high) throw unfit(type, value)
  return longTypes.includes(type)
    ? { case: 'longValue', value: BigInt.asUintN(64, whole) }
    : { case: 'intValue', value: Number(BigInt.asUintN(32, whole)) }
}

function unfit(type: SparkplugDataType, value: SampleValue): DomainError {
  const text = `${String(value).slice(0, 100)} (${typeof value}) does not fit a metric of type ${type}`
  return new DomainError('invalid', 'sparkplug.value-does-not-fit', text, { type })
}
