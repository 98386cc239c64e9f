import { TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { DraftMembers } from '../form/DraftMembers.tsx'
import { Tick } from '../form/Tick.tsx'
import type { TypedOperation } from './definition-draft.ts'
import { newParameter } from './definition-draft.ts'

type Parameters = TypedOperation['parameters']

interface ParameterFieldsProps {
  readonly parameters: Parameters
  readonly onChange: (parameters: Parameters) => void
}

const fields = [
  ['name', 'Parameter'],
  ['tag', 'Tag of the equipment'],
  ['unit', 'Unit'],
  ['low', 'Lower limit'],
  ['target', 'Target'],
  ['high', 'Upper limit'],
] as const

/** What the process must stay within. */
export const ParameterFields = ({ parameters, onChange }: ParameterFieldsProps): ReactElement => (
  <fieldset className="form-lines">
    <legend>Process parameters</legend>
    <DraftMembers
      noun="parameter"
      members={parameters}
      onChange={onChange}
      fresh={() => newParameter}
      fields={(parameter, number, change) => (
        <div className="form-grid">
          {fields.map(([name, label]) => (
            <TextInput
              key={name}
              label={`${label} ${number}`}
              value={parameter[name]}
              maxLength={60}
              onChange={({ currentTarget: { value } }) => change({ [name]: value })}
            />
          ))}
        </div>
      )}
      end={(parameter, change) => (
        <Tick label="Critical" on={parameter.critical} onChange={(critical) => change({ critical })} />
      )}
    />
  </fieldset>
)
