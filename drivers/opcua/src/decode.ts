import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { DataType, Sample, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { DataValue, Variant } from 'node-opcua'
import { DataType as UaType, VariantArrayType } from 'node-opcua'

/** Names the tag, tells how often something was wrong, and never stops the reading of the others. */
export type TellFault = (cause: string, example: string) => void

/** What a DataValue is to be read as. */
export interface Wanted {
  readonly tag: string
  readonly address: string
  readonly dataType: DataType
}

const int64High = 2n ** 63n - 1n
/** DateTime 0 (1601-01-01) says "not set". Source: OPC 10000-6, 5.2.2.5. */
const unsetMs = -11_644_473_600_000
const typeMismatch = { problem: 'type-mismatch', status: statusCode.badTypeMismatch } as const

interface Misfit {
  readonly problem: string
  readonly status: number
}

/** Turns one DataValue into a sample: status whole, both times in microseconds, the value only if it fits the tag. */
export function toSample(wanted: Wanted, received: DataValue, now: Instant, fault: TellFault): Sample {
  const status = received.statusCode.value >>> 0
  const serverAt = instantOf(received.serverTimestamp, received.serverPicoseconds) ?? now
  const at = instantOf(received.sourceTimestamp, received.sourcePicoseconds) ?? serverAt
  const value = readAs(received.value, wanted.dataType)
  if (value === null) {
    // Bad or uncertain without a value says all there is to say; good without one is a contradiction.
    if (status >>> 30 !== 0) return { tag: wanted.tag, at, serverAt, value: null, status }
    fault('value-missing', `${wanted.address}: good, and no value`)
    return { tag: wanted.tag, at, serverAt, value: null, status: misfitStatus(typeMismatch, status) }
  }
  if (typeof value !== 'object') return { tag: wanted.tag, at, serverAt, value, status }
  fault(value.problem, `${wanted.address}: ${describe(received.value)} is no ${wanted.dataType}`)
  const kept = status >>> 30 === 2 ? status : misfitStatus(value, status)
  return { tag: wanted.tag, at, serverAt, value: null, status: kept }
}

/** The value itself, null when there is none, or why it does not fit. */
function readAs(variant: Variant | null | undefined, wanted: DataType): SampleValue | null | Misfit {
  if (variant === null || variant === undefined || variant.dataType === UaType.Null) return null
  if (variant.arrayType !== VariantArrayType.Scalar) return typeMismatch
  const value: unknown = variant.value
  if (value === null || value === undefined) return null
  switch (wanted) {
    case 'double':
      return doubleOf(variant.dataType, value)
    case 'int64':
      return int64Of(variant.dataType, value)
    case 'boolean':
      return typeof value === 'boolean' ? value : typeMismatch
    case 'string':
      return textOf(variant.dataType, value)
  }
}

function doubleOf(type: UaType, value: unknown): number | Misfit {
  if (typeof value === 'number' && type !== UaType.StatusCode) return value
  const whole = wholeOf(type, value)
  return whole === undefined ? typeMismatch : Number(whole)
}

function int64Of(type: UaType, value: unknown): bigint | Misfit {
  const whole = wholeOf(type, value)
  if (whole !== undefined) {
    return whole > int64High ? { problem: 'out-of-range', status: statusCode.badOutOfRange } : whole
  }
  // Some controllers count in REAL: a whole number stays one.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  return typeMismatch
}

/** node-opcua holds 64-bit integers as [high, low], two unsigned halves. */
function wholeOf(type: UaType, value: unknown): bigint | undefined {
  if (type !== UaType.Int64 && type !== UaType.UInt64) return undefined
  if (!Array.isArray(value) && !(value instanceof Uint32Array)) return undefined
  const [high, low] = value
  if (typeof high !== 'number' || typeof low !== 'number') return undefined
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return type === UaType.Int64 ? BigInt.asIntN(64, bits) : bits
}

function textOf(type: UaType, value: unknown): string | null | Misfit {
  if (typeof value === 'string') return value
  if (type === UaType.DateTime && value instanceof Date) {
    return Number.isNaN(value.getTime()) ? typeMismatch : value.toISOString()
  }
  if (type === UaType.LocalizedText && typeof value === 'object' && value !== null && 'text' in value) {
    return typeof value.text === 'string' ? value.text : null
  }
  return typeMismatch
}

/** A DateTime that says something, in microseconds; what is below them is cut off, never rounded into the future. */
export function instantOf(date: Date | null | undefined, picoseconds: number | null | undefined): Instant | null {
  if (date === null || date === undefined) return null
  const ms = date.getTime()
  if (Number.isNaN(ms) || ms <= unsetMs) return null
  return fromMs(ms + Math.floor((picoseconds ?? 0) / 1e6) / 1000)
}

/** Our verdict, with the lower half of the server's code: its overflow bits must survive. */
function misfitStatus(misfit: Misfit, status: number): number {
  return (misfit.status | (status & 0xffff)) >>> 0
}

function describe(variant: Variant): string {
  const shape = variant.arrayType === VariantArrayType.Scalar ? '' : ' array'
  return `${UaType[variant.dataType] ?? 'unknown type'}${shape}`
}
