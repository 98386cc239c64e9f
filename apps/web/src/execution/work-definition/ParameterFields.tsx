import { Button, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
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
export function ParameterFields({ parameters, onChange }: ParameterFieldsProps): ReactElement {
  const replace = (index: number, change: Partial<Parameters[number]>): void =>
    onChange(parameters.map((each, place) => (place === index ? { ...each, ...change } : each)))
  return (
    <fieldset className="form-lines">
      <legend>Process parameters</legend>
      <ol className="draft-members">
        {parameters.map((parameter, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed
          <li key={index} className="draft-member">
            <div className="form-grid">
              {fields.map(([name, label]) => (
                <TextInput
                  key={name}
                  label={`${label} ${index + 1}`}
                  value={parameter[name]}
                  maxLength={60}
                  onChange={({ currentTarget: { value } }) => replace(index, { [name]: value })}
                />
              ))}
            </div>
            <div className="draft-member-end">
              <Tick label="Critical" on={parameter.critical} onChange={(critical) => replace(index, { critical })} />
              <button
                type="button"
                className="icon-button"
                aria-label={`Take parameter ${index + 1} away`}
                onClick={() => onChange(parameters.toSpliced(index, 1))}
              >
                <X size={16} aria-hidden="true" />
              </button>
            </div>
          </li>
        ))}
      </ol>
      <div>
        <Button variant="default" size="compact-sm" onClick={() => onChange([...parameters, newParameter])}>
          Add a parameter
        </Button>
      </div>
    </fieldset>
  )
}
