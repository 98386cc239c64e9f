import type { DataType, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { JsonNode } from './json.ts'

/** A value as a tag holds it, or why it is none. */
export interface Scalar {
  readonly value: SampleValue | null
  readonly status: number
  /** Something a person should hear of: `type-mismatch`. */
  readonly fault?: string
}

export type DecimalMark = '.' | ','

/** A value of a message in the tag's type. An empty text and null are no value; an object or array is told as JSON text. */
export function scalarOf(raw: JsonNode | undefined, dataType: DataType, decimal: DecimalMark = '.'): Scalar {
  if (raw === undefined || raw === null) return { value: null, status: statusCode.bad }
  if (typeof raw === 'object') return dataType === 'string' ? good(jsonText(raw)) : misfit
  if (typeof raw === 'string' && raw.trim() === '' && dataType !== 'string')
    return { value: null, status: statusCode.bad }
  const value = typed(raw, dataType, decimal)
  return value === undefined ? misfit : good(value)
}

/** A number written as text; undefined when it is none. Marks for thousands are not guessed. */
export function numberIn(text: string, decimal: DecimalMark = '.'): number | undefined {
  const plain = decimal === ',' ? text.trim().replace(',', '.') : text.trim()
  if (decimal === ',' && text.includes('.')) return undefined
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(plain)) return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

/** What a text or number most plainly is, for a tag that nobody has defined yet. */
export function typeOf(raw: JsonNode, decimal: DecimalMark = '.'): DataType {
  if (typeof raw === 'boolean') return 'boolean'
  if (typeof raw === 'bigint') return 'int64'
  if (typeof raw === 'number') return 'double'
  if (typeof raw !== 'string') return 'string'
  if (/^(true|false)$/i.test(raw.trim())) return 'boolean'
  const number = numberIn(raw, decimal)
  if (number === undefined) return 'string'
  return /^[+-]?\d+$/.test(raw.trim()) && !Number.isSafeInteger(number) ? 'int64' : 'double'
}

const good = (value: SampleValue): Scalar => ({ value, status: statusCode.good })
const misfit: Scalar = { value: null, status: statusCode.badTypeMismatch, fault: 'type-mismatch' }

function typed(
  raw: boolean | number | bigint | string,
  dataType: DataType,
  decimal: DecimalMark,
): SampleValue | undefined {
  switch (dataType) {
    case 'string':
      return String(raw)
    case 'boolean':
      return asBoolean(raw)
    case 'int64':
      return asWhole(raw, decimal)
    case 'double':
      return asDouble(raw, decimal)
  }
}

function asBoolean(raw: boolean | number | bigint | string): boolean | undefined {
  if (typeof raw === 'boolean') return raw
  const text = String(raw).trim().toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : undefined
}

function asWhole(raw: boolean | number | bigint | string, decimal: DecimalMark): bigint | undefined {
  if (typeof raw === 'bigint') return raw
  if (typeof raw === 'string' && /^[+-]?\d{1,30}$/.test(raw.trim())) return BigInt(raw.trim().replace(/^\+/, ''))
  const number = typeof raw === 'string' ? numberIn(raw, decimal) : raw
  return typeof number === 'number' && Number.isSafeInteger(number) ? BigInt(number) : undefined
}

function asDouble(raw: boolean | number | bigint | string, decimal: DecimalMark): number | undefined {
  if (typeof raw === 'number') return raw
  if (typeof raw === 'bigint') return Number(raw)
  return typeof raw === 'string' ? numberIn(raw, decimal) : undefined
}

const jsonText = (node: JsonNode): string =>
  JSON.stringify(node, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
