import { TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { DraftMembers } from '../form/DraftMembers.tsx'
import { Tick } from '../form/Tick.tsx'
import type { StepFieldsProps } from './AskFields.tsx'
import { newOption } from './instruction-draft.ts'
import { TextsFields } from './TextsFields.tsx'

/** What may be chosen, and what of it is accepted. */
export const ChoiceFields = ({ step, languages, onChange }: StepFieldsProps): ReactElement => (
  <DraftMembers
    noun="option"
    members={step.options}
    onChange={(options) => onChange({ options })}
    fresh={newOption}
    fields={(option, number, change) => (
      <>
        <TextInput
          label={`Value of option ${number}`}
          value={option.value}
          maxLength={60}
          onChange={({ currentTarget: { value } }) => change({ value })}
        />
        <TextsFields
          label={`Words of option ${number}`}
          texts={option.label}
          languages={languages}
          maxLength={200}
          onChange={(label) => change({ label })}
        />
      </>
    )}
    end={({ accepted }, change) => <Tick label="Accepted" on={accepted} onChange={(on) => change({ accepted: on })} />}
  />
)
