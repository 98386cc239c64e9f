import type { DataType, SampleValue } from '@throughline/model'
import { qualityOf } from '@throughline/model'

export type ReadValue = string | number | boolean

/** One reading of a tag that the rule of its machine names; `value` null = the source gave none, or not a good one. */
export interface Reading {
  /** The tag's name, as in the class. */
  readonly tag: string
  readonly at: number
  readonly value: ReadValue | null
}

/** Anything but a good value is no value: it proves nothing. Whole numbers of 64 bits become numbers or, too large, text. */
export function readingOf(tag: string, at: number, value: SampleValue | null, status: number): Reading {
  return { tag, at, value: qualityOf(status) === 'good' ? plain(value) : null }
}

/** The value, if a tag of that type can hold it: whole numbers fit both types of numbers. */
export function fitting(value: SampleValue | null, type: DataType): SampleValue | null {
  switch (typeof value) {
    case 'number':
      return type === 'double' || (type === 'int64' && Number.isSafeInteger(value)) ? value : null
    case 'bigint':
      return type === 'int64' || (type === 'double' && BigInt(Number(value)) === value) ? value : null
    default:
      return typeof value === type ? value : null
  }
}

function plain(value: SampleValue | null): ReadValue | null {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** As text: whole numbers alike, whether they came as numbers or as decimal text. */
export const textOf = (value: ReadValue): string => String(value).trim()

export const isTrue = (value: ReadValue): boolean =>
  value === true ||
  (typeof value === 'number' && value !== 0) ||
  (typeof value === 'string' && /^(1|true)$/i.test(value))

/** A counter's number; undefined when it is none. */
export function numberOf(value: ReadValue | null): number | undefined {
  if (value === null || value === '' || typeof value === 'boolean') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
