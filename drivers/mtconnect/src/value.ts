import type { DriverTag } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import type { DataType, Sample, SampleValue } from '@throughline/model'
import { overflowBits, statusCode } from '@throughline/model'
import type { Reading } from './item-table.ts'

export type OnFault = (cause: string, example: string) => void

/** A reading in the type of the tag that asks for it; `attribute` as its address says. */
export function toSample(
  tag: DriverTag,
  attribute: string | null,
  reading: Reading,
  now: Instant,
  onFault: OnFault,
): Sample {
  const { value, status } = valueFor(tag, attribute, reading, onFault)
  const bits = reading.overflow ? overflowBits : 0
  const base = { tag: tag.tag, serverAt: now, value }
  if (reading.at !== undefined) return { ...base, at: reading.at, status: (status | bits) >>> 0 }
  onFault('timestamp-malformed', `${tag.address} at "${reading.timestamp.slice(0, 60)}"`)
  const doubtful = status === statusCode.good ? statusCode.uncertain : status
  return { ...base, at: now, status: (doubtful | bits) >>> 0 }
}

export function badSample(tag: DriverTag, status: number, now: Instant): Sample {
  return { tag: tag.tag, at: now, serverAt: now, value: null, status }
}

function valueFor(tag: DriverTag, attribute: string | null, reading: Reading, onFault: OnFault) {
  const text = attribute === null ? reading.text : attributeOf(reading, attribute)
  // UNAVAILABLE says that nobody can read the machine: not a text, and not a value.
  if (text === null) return { value: null, status: statusCode.badNoCommunication }
  const value = asType(text, tag.dataType)
  if (value !== undefined) return { value, status: statusCode.good }
  onFault('type-mismatch', `${tag.address} is "${text.slice(0, 80)}", not ${tag.dataType}`)
  return { value: null, status: statusCode.badTypeMismatch }
}

function attributeOf(reading: Reading, attribute: string): string | null {
  return attribute === 'active' ? reading.active : (reading.attributes[attribute] ?? null)
}

/** Undefined when the text is nothing of that type. */
function asType(text: string, dataType: DataType): SampleValue | undefined {
  switch (dataType) {
    case 'string':
      return text
    case 'double':
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? finite(Number(text)) : undefined
    case 'int64':
      return wholeOf(text)
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined
  }
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

/** Some adapters write counts as `12.0`. */
function wholeOf(text: string): bigint | undefined {
  const [, digits] = /^\+?(-?\d{1,19})(?:\.0*)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const value = BigInt(digits)
  return BigInt.asIntN(64, value) === value ? value : undefined
}
