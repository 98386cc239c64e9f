import { Button, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import type { StepFieldsProps } from './AskFields.tsx'
import type { TypedStep } from './instruction-draft.ts'
import { newColumn } from './instruction-draft.ts'
import { TextsFields } from './TextsFields.tsx'

type Column = TypedStep['columns'][number]

const fields = [
  ['key', 'Key'],
  ['unit', 'Unit'],
  ['low', 'Lower limit'],
  ['high', 'Upper limit'],
] as const satisfies readonly (readonly [keyof Column, string])[]

/** The columns of a table that is filled in. */
export function ColumnFields({ step: { columns }, languages, onChange }: StepFieldsProps): ReactElement {
  const replace = (index: number, change: Partial<Column>): void =>
    onChange({ columns: columns.map((each, place) => (place === index ? { ...each, ...change } : each)) })
  return (
    <>
      <ol className="draft-members">
        {columns.map((column, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the key is what is being typed
          <li key={index} className="draft-member">
            <TextsFields
              label={`Head of column ${index + 1}`}
              texts={column.label}
              languages={languages}
              maxLength={200}
              onChange={(label) => replace(index, { label })}
            />
            <div className="form-grid">
              {fields.map(([name, label]) => (
                <TextInput
                  key={name}
                  label={`${label} of column ${index + 1}`}
                  value={column[name]}
                  maxLength={60}
                  onChange={({ currentTarget: { value } }) => replace(index, { [name]: value })}
                />
              ))}
            </div>
            <div className="draft-member-end">
              <button
                type="button"
                className="icon-button"
                aria-label={`Take column ${index + 1} away`}
                onClick={() => onChange({ columns: columns.toSpliced(index, 1) })}
              >
                <X size={16} aria-hidden="true" />
              </button>
            </div>
          </li>
        ))}
      </ol>
      <div>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => onChange({ columns: [...columns, newColumn(columns.length + 1)] })}
        >
          Add a column
        </Button>
      </div>
    </>
  )
}
