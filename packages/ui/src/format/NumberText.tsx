import type { DataType, JsonValue } from '@throughline/model'
import type { ReactElement } from 'react'
import { formatNumber, formatWhole, thinSpace } from './number.ts'
import { unitLabel } from './unit-label.ts'

interface NumberTextProps {
  /** Null or undefined is shown as `—`. A text of digits keeps all its digits (64-bit integers travel as text). */
  readonly value: JsonValue | undefined
  readonly decimals: number
  /** UCUM code; leave out where the column head names it. */
  readonly unit?: string
}

/** A value as a person reads it, with its unit; the full precision is in the title. */
export function NumberText({ value, decimals, unit = '1' }: NumberTextProps): ReactElement {
  const label = unitLabel(unit)
  return (
    <span
      className="tl-figure"
      title={typeof value === 'number' ? `${value}${label === '' ? '' : ` ${label}`}` : undefined}
    >
      {valueText(value, decimals, typeof value === 'string' ? 'int64' : 'double')}
      {label === '' || value === null || value === undefined ? null : (
        <span className="tl-unit">
          {thinSpace}
          {label}
        </span>
      )}
    </span>
  )
}

/**
 * A value as text, without its unit. Of the texts that JSON carries, only those of a 64-bit integer are numbers: a lot
 * "1002" or a program "0007" is shown as it was captured, and an empty text as empty.
 */
export function valueText(value: JsonValue | undefined, decimals: number, dataType: DataType): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'number') return formatNumber(value, decimals)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (dataType === 'int64' && /^-?\d{1,19}$/.test(value)) return formatWhole(BigInt(value))
  return value === '' ? '(empty)' : value
}
