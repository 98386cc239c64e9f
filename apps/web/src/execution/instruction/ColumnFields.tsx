import { TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { DraftMembers } from '../form/DraftMembers.tsx'
import type { StepFieldsProps } from './AskFields.tsx'
import type { TypedStep } from './instruction-draft.ts'
import { newColumn } from './instruction-draft.ts'
import { TextsFields } from './TextsFields.tsx'

const typed = [
  ['key', 'Key'],
  ['unit', 'Unit'],
  ['low', 'Lower limit'],
  ['high', 'Upper limit'],
] as const satisfies readonly (readonly [keyof TypedStep['columns'][number], string])[]

/** The columns of a table that is filled in. */
export const ColumnFields = ({ step, languages, onChange }: StepFieldsProps): ReactElement => (
  <DraftMembers
    noun="column"
    members={step.columns}
    onChange={(columns) => onChange({ columns })}
    fresh={newColumn}
    fields={(column, number, change) => (
      <>
        <TextsFields
          label={`Head of column ${number}`}
          texts={column.label}
          languages={languages}
          maxLength={200}
          onChange={(label) => change({ label })}
        />
        <div className="form-grid">
          {typed.map(([name, label]) => (
            <TextInput
              key={name}
              label={`${label} of column ${number}`}
              value={column[name]}
              maxLength={60}
              onChange={({ currentTarget: { value } }) => change({ [name]: value })}
            />
          ))}
        </div>
      </>
    )}
  />
)
