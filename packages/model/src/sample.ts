import type { Instant } from '@throughline/kernel'
import { z } from 'zod'

/** What a tag holds: an IEEE double, a signed 64-bit integer, a truth value or a text. */
export const DataType = z.enum(['double', 'int64', 'boolean', 'string'])
export type DataType = z.infer<typeof DataType>

export type SampleValue = number | bigint | boolean | string

/**
 * One reading. `tag` is the tag's id once the source is mapped, else the text `<agent>/<connection>/<address>`.
 * `value` is null when the source gave none. `status` is the whole OPC UA status code: quality is never dropped.
 */
export interface Sample {
  readonly tag: string
  /** When it was measured, by the source's clock. */
  readonly at: Instant
  /** When the protocol server (or, without one, the edge agent) got hold of it. */
  readonly serverAt: Instant
  readonly value: SampleValue | null
  readonly status: number
}

/** The OPC UA status codes that Throughline itself assigns. Source: OPC UA Part 4 table "Common StatusCodes", Part 8. */
export const statusCode = {
  good: 0x0000_0000,
  goodLocalOverride: 0x0096_0000,
  uncertain: 0x4000_0000,
  /** The source is connected but silent: the last value may no longer hold. */
  uncertainLastUsable: 0x4090_0000,
  /** A value outside the instrument's range. */
  uncertainUnitsExceeded: 0x4094_0000,
  bad: 0x8000_0000,
  badDecodingError: 0x8007_0000,
  badInvalidTimestamp: 0x8023_0000,
  badNoCommunication: 0x8031_0000,
  badWaitingForInitialData: 0x8032_0000,
  badNodeIdUnknown: 0x8034_0000,
  badNotWritable: 0x803b_0000,
  badOutOfRange: 0x803c_0000,
  badTypeMismatch: 0x8074_0000,
  badNotConnected: 0x808a_0000,
  badDeviceFailure: 0x808b_0000,
} as const

/** The bits of OPC UA's "InfoType DataValue + Overflow": the source's queue overflowed and values are missing before this one. */
export const overflowBits = 0x0000_0480

/** OPC UA's three severities; anything not `good` never counts as evidence that a limit was met. */
export const Quality = z.enum(['good', 'uncertain', 'bad'])
export type Quality = z.infer<typeof Quality>

/** The two top bits of the status code decide. */
export function qualityOf(status: number): Quality {
  const severity = status >>> 30
  if (severity === 0) return 'good'
  return severity === 1 ? 'uncertain' : 'bad'
}

/** A sample's value as JSON carries it: a 64-bit integer as decimal text (JSON numbers are doubles), null for none. */
export const JsonValue = z.union([z.number(), z.boolean(), z.string(), z.null()])
export type JsonValue = z.infer<typeof JsonValue>

export function toJsonValue(value: SampleValue | null): JsonValue {
  return typeof value === 'bigint' ? value.toString() : value
}

/** Reads a value back as the tag's data type; `undefined` when it does not fit. */
export function fromJsonValue(value: JsonValue, type: DataType): SampleValue | null | undefined {
  if (value === null) return null
  switch (type) {
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'int64':
      return int64Of(value)
  }
}

function int64Of(value: string | number | boolean): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined
  const parsed = BigInt(value)
  return BigInt.asIntN(64, parsed) === parsed ? parsed : undefined
}
