import { Button, NativeSelect, TextInput } from '@mantine/core'
import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { limitText } from '../../execution/station/step-limits.ts'
import type { CharacteristicRow, RowField } from './characteristics.ts'
import { typedValue, withinRow } from './characteristics.ts'

interface CharacteristicFieldsProps {
  readonly row: CharacteristicRow
  readonly onChange: (next: Partial<CharacteristicRow>) => void
  readonly onRemove: () => void
}

/** One characteristic: what it is and its limits, what was measured, and at once whether that is within. */
export function CharacteristicFields({ row, onChange, onRemove }: CharacteristicFieldsProps): ReactElement {
  const within = withinRow(row)
  const called = row.characteristic.trim() === '' ? 'A characteristic' : row.characteristic
  const field = (name: RowField, label: string, isNumber = false): ReactElement => (
    <TextInput
      label={label}
      value={row[name]}
      maxLength={name === 'name' ? 200 : 120}
      {...(isNumber ? { inputMode: 'decimal' as const } : {})}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
    />
  )
  return (
    <fieldset className="form-lines inspect-row" data-outside={within === false}>
      <legend>{called}</legend>
      {row.planned ? (
        <p className="inspect-limits">
          {row.name === '' ? '' : `${row.name}: `}
          {limitsOf(row)}
        </p>
      ) : (
        <div className="form-grid">
          {field('characteristic', 'Characteristic')}
          {field('name', 'Name')}
          {field('unit', 'Unit')}
          {field('nominal', 'Nominal', true)}
          {field('low', 'Low limit', true)}
          {field('high', 'High limit', true)}
        </div>
      )}
      <div className="inspect-values">
        {field('measured', `Measured${unitLabel(row.unit) === '' ? '' : ` in ${unitLabel(row.unit)}`}`, true)}
        {within === null ? (
          <NativeSelect
            label="Judged"
            value={row.judged}
            data={[
              { value: '', label: 'Not known' },
              { value: 'pass', label: 'Pass' },
              { value: 'fail', label: 'Fail' },
            ]}
            onChange={({ currentTarget: { value } }) =>
              onChange({ judged: value === 'pass' || value === 'fail' ? value : '' })
            }
          />
        ) : (
          <p className="inspect-verdict" role="status">
            {within ? 'Within its limits' : <strong>OUTSIDE its limits</strong>}
          </p>
        )}
        <Button variant="default" h={44} onClick={onRemove} aria-label={`Leave out ${called}`}>
          Leave out
        </Button>
      </div>
    </fieldset>
  )
}

function limitsOf({ low, high, nominal, unit }: CharacteristicRow): string {
  const limits = limitText({ low: typedValue(low) ?? null, high: typedValue(high) ?? null }, unit === '' ? null : unit)
  const wanted = nominal === '' ? '' : `, nominal ${nominal}`
  return `${limits ?? 'no limits'}${wanted}`
}
