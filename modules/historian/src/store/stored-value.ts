import type { SampleValue } from '@throughline/model'
import { valueKind } from '@throughline/model'

/** A value as the tables hold it. `text` is empty unless the kind is text. */
export interface StoredValue {
  readonly kind: number
  readonly double: number
  readonly int64: bigint
  readonly text: string
}

const none: StoredValue = { kind: valueKind.none, double: 0, int64: 0n, text: '' }

export function toStored(value: SampleValue | null): StoredValue {
  switch (typeof value) {
    case 'number':
      return { ...none, kind: valueKind.double, double: value }
    case 'bigint':
      return { ...none, kind: valueKind.int64, double: Number(value), int64: value }
    case 'boolean':
      return { ...none, kind: valueKind.boolean, double: value ? 1 : 0 }
    case 'string':
      return { ...none, kind: valueKind.string, text: value }
    default:
      return none
  }
}

export function fromStored(kind: number, double: number, int64: bigint, text: string | null): SampleValue | null {
  switch (kind) {
    case valueKind.double:
      return double
    case valueKind.int64:
      return int64
    case valueKind.boolean:
      return double === 1
    case valueKind.string:
      return text
    default:
      return null
  }
}

/**
 * The value as a tag of kind `expected` holds it, `undefined` when it does not fit. Numbers pass between double and
 * 64-bit integer only where nothing is lost.
 */
export function fitValue(value: SampleValue, expected: number): SampleValue | undefined {
  switch (expected) {
    case valueKind.double:
      if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined
      return typeof value === 'number' ? value : undefined
    case valueKind.int64:
      if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
      return typeof value === 'bigint' ? value : undefined
    case valueKind.boolean:
      return typeof value === 'boolean' ? value : undefined
    case valueKind.string:
      return typeof value === 'string' ? value : undefined
    default:
      return value
  }
}
