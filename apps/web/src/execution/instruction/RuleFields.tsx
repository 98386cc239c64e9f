import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { Tick } from '../form/Tick.tsx'
import { textIn } from '../version/version-words.ts'
import type { StepFieldsProps } from './AskFields.tsx'
import type { TypedStep } from './instruction-draft.ts'
import { breachWords, whenWords } from './step-words.ts'

interface RuleFieldsProps extends StepFieldsProps {
  /** Steps that it may depend on. */
  readonly before: readonly TypedStep[]
}

/** Who does the step, when it is done at all, and what happens outside the limits. */
export function RuleFields({ step, before, onChange }: RuleFieldsProps): ReactElement {
  const asked = before.find(({ key }) => key === step.whenStep)
  return (
    <fieldset className="form-lines">
      <legend>Who, when, and what if</legend>
      <div className="form-grid">
        <NativeSelect
          label="Done"
          value={step.per}
          data={[
            { value: 'operation', label: 'Once for the operation' },
            { value: 'piece', label: 'For each piece' },
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ per: value === 'piece' ? 'piece' : 'operation' })}
        />
        <NativeSelect
          label="Only when"
          value={step.whenStep}
          data={[
            { value: '', label: 'Always' },
            ...before.map(({ key, title }) => ({ value: key, label: `${key}: ${textIn(title)}` })),
            ...(step.whenStep === '' || asked !== undefined
              ? []
              : [{ value: step.whenStep, label: `${step.whenStep}: no step before this one` }]),
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ whenStep: value })}
        />
        {step.whenStep === '' ? null : (
          <NativeSelect
            label="Its answer"
            value={step.whenIs}
            data={Object.entries(whenWords).map(([value, label]) => ({ value, label }))}
            onChange={({ currentTarget: { value } }) => onChange({ whenIs: value as TypedStep['whenIs'] })}
          />
        )}
        {step.whenStep === '' || step.whenIs === 'outside-limits' ? null : (
          <WhenValue step={step} asked={asked} onChange={onChange} />
        )}
        <NativeSelect
          label="Outside the limits it"
          value={step.onBreach}
          data={Object.entries(breachWords).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget: { value } }) => onChange({ onBreach: value as TypedStep['onBreach'] })}
        />
        <TextInput
          label="Needs the skill"
          description="Beyond those of the operation; empty = none"
          value={step.skill}
          maxLength={60}
          onChange={({ currentTarget: { value } }) => onChange({ skill: value })}
        />
        {step.secondPerson ? (
          <TextInput
            label="Skill of the second person"
            description="Empty = anybody else"
            value={step.verifierSkill}
            maxLength={60}
            onChange={({ currentTarget: { value } }) => onChange({ verifierSkill: value })}
          />
        ) : null}
      </div>
      <Tick
        label="A second person confirms it"
        on={step.secondPerson}
        onChange={(secondPerson) => onChange({ secondPerson })}
      />
      <Tick label="May be left out" on={step.optional} onChange={(optional) => onChange({ optional })} />
    </fieldset>
  )
}

interface WhenValueProps extends Pick<StepFieldsProps, 'step' | 'onChange'> {
  readonly asked: TypedStep | undefined
}

function WhenValue({ step, asked, onChange }: WhenValueProps): ReactElement {
  const choices =
    asked?.type === 'check'
      ? [
          { value: 'yes', label: 'done' },
          { value: 'no', label: 'not done' },
        ]
      : asked?.type === 'choice'
        ? asked.options.map(({ value, label }) => ({ value, label: textIn(label) || value }))
        : undefined
  if (choices === undefined) {
    return (
      <TextInput
        label="Compared with"
        value={step.whenValue}
        maxLength={200}
        onChange={({ currentTarget: { value } }) => onChange({ whenValue: value })}
      />
    )
  }
  return (
    <NativeSelect
      label="Compared with"
      value={step.whenValue}
      data={[{ value: '', label: 'Choose' }, ...choices]}
      onChange={({ currentTarget: { value } }) => onChange({ whenValue: value })}
    />
  )
}
