import { Button, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { Tick } from '../form/Tick.tsx'
import type { StepFieldsProps } from './AskFields.tsx'
import type { TypedStep } from './instruction-draft.ts'
import { newOption } from './instruction-draft.ts'
import { TextsFields } from './TextsFields.tsx'

/** What may be chosen, and what of it is accepted. */
export function ChoiceFields({ step: { options }, languages, onChange }: StepFieldsProps): ReactElement {
  const replace = (index: number, change: Partial<TypedStep['options'][number]>): void =>
    onChange({ options: options.map((each, place) => (place === index ? { ...each, ...change } : each)) })
  return (
    <>
      <ol className="draft-members">
        {options.map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the value is what is being typed
          <li key={index} className="draft-member">
            <TextInput
              label={`Value of option ${index + 1}`}
              value={option.value}
              maxLength={60}
              onChange={({ currentTarget: { value } }) => replace(index, { value })}
            />
            <TextsFields
              label={`Words of option ${index + 1}`}
              texts={option.label}
              languages={languages}
              maxLength={200}
              onChange={(label) => replace(index, { label })}
            />
            <div className="draft-member-end">
              <Tick label="Accepted" on={option.accepted} onChange={(accepted) => replace(index, { accepted })} />
              <button
                type="button"
                className="icon-button"
                aria-label={`Take option ${index + 1} away`}
                onClick={() => onChange({ options: options.toSpliced(index, 1) })}
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
          onClick={() => onChange({ options: [...options, newOption(options.length + 1)] })}
        >
          Add an option
        </Button>
      </div>
    </>
  )
}
