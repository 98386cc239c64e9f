import { TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { PartProblems } from '../form/PartProblems.tsx'
import type { StepFieldsProps } from './AskFields.tsx'
import { AskFields } from './AskFields.tsx'
import type { TypedStep } from './instruction-draft.ts'
import { MediaFields } from './MediaFields.tsx'
import { RuleFields } from './RuleFields.tsx'
import { TextsFields } from './TextsFields.tsx'

interface StepEditorProps extends StepFieldsProps {
  readonly number: number
  readonly before: readonly TypedStep[]
  /** What has to be put right in this step. */
  readonly problems: readonly string[]
}

/** One step with all that it says, asks and demands. */
export function StepEditor({ number, before, problems, ...fields }: StepEditorProps): ReactElement {
  const { step, languages, onChange } = fields
  return (
    <section className="draft-editor" aria-labelledby="draft-part">
      <h2 id="draft-part">Step {number}</h2>
      <PartProblems noun="step" problems={problems} />
      <TextsFields
        label="Title"
        texts={step.title}
        languages={languages}
        maxLength={300}
        onChange={(title) => onChange({ title })}
      />
      <TextsFields
        label="What to do"
        texts={step.body}
        languages={languages}
        long
        onChange={(body) => onChange({ body })}
      />
      <AskFields {...fields} />
      <MediaFields {...fields} />
      <RuleFields {...fields} before={before} />
      <TextInput
        label="Key"
        description="Its name in entries and conditions: letters, digits, “.”, “-” and “_”. Keep it when the step stays the same."
        value={step.key}
        maxLength={60}
        onChange={({ currentTarget: { value } }) => onChange({ key: value })}
      />
    </section>
  )
}
