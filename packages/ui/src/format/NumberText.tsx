import type { JsonValue } from '@throughline/model'
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
      {valueText(value, decimals)}
      {label === '' || value === null || value === undefined ? null : (
        <span className="tl-unit">
          {thinSpace}
          {label}
        </span>
      )}
    </span>
  )
}

/** A value of any data type as text, without its unit. */
export function valueText(value: JsonValue | undefined, decimals: number): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'number') return formatNumber(value, decimals)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return /^-?\d{1,19}$/.test(value) ? formatWhole(BigInt(value)) : value
}
