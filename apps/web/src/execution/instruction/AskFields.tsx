import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { ChoiceFields } from './ChoiceFields.tsx'
import { ColumnFields } from './ColumnFields.tsx'
import type { TypedStep } from './instruction-draft.ts'
import { expectsWords, stepTypeWords } from './step-words.ts'

export interface StepFieldsProps {
  readonly step: TypedStep
  readonly languages: readonly string[]
  readonly onChange: (change: Partial<TypedStep>) => void
}

/** What the step asks for, with the fields of its type. */
export function AskFields({ step, languages, onChange }: StepFieldsProps): ReactElement {
  const field = (name: TextField, label: string, description?: string): ReactElement => (
    <TextInput
      label={label}
      {...(description === undefined ? {} : { description })}
      value={step[name]}
      maxLength={60}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
    />
  )
  return (
    <fieldset className="form-lines">
      <legend>What it asks for</legend>
      <div className="form-grid">
        <NativeSelect
          label="Type"
          value={step.type}
          data={Object.entries(stepTypeWords).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget: { value } }) => onChange({ type: value as TypedStep['type'] })}
        />
        {step.type === 'number' ? (
          <>
            {field('unit', 'Unit', 'UCUM code: mm, Cel, N.m; 1 = a bare number')}
            {field('low', 'Lower limit', 'Empty = none')}
            {field('high', 'Upper limit', 'Empty = none')}
            {field('decimals', 'Decimals')}
            {field('gauge', 'Type of gauge', 'Must be scanned and in calibration; empty = none')}
          </>
        ) : null}
        {step.type === 'tag' ? (
          <>
            {field('tag', 'Tag', 'By its name at the equipment: RelativeHumidity')}
            {field('low', 'Lower limit', 'Empty = none')}
            {field('high', 'Upper limit', 'Empty = none')}
          </>
        ) : null}
        {step.type === 'text' ? field('maxLength', 'Longest text', 'Characters') : null}
        {step.type === 'timer' ? (
          <>
            {field('seconds', 'At least', 'Seconds')}
            {field('atMost', 'At most', 'Seconds; empty = no end')}
          </>
        ) : null}
        {step.type === 'scan' ? (
          <>
            <NativeSelect
              label="What is scanned"
              value={step.expects}
              data={Object.entries(expectsWords).map(([value, label]) => ({ value, label }))}
              onChange={({ currentTarget: { value } }) => onChange({ expects: value as TypedStep['expects'] })}
            />
            {step.expects === 'material' ? field('bomPosition', 'Position', 'Of the bill of material') : null}
            {step.expects === 'material'
              ? field('tolerance', 'Tolerance in %', 'Of all lots together; empty = at least what is asked')
              : null}
            {step.expects === 'tool' ? field('assetType', 'Type of gauge or tool') : null}
          </>
        ) : null}
        {step.type === 'signature' ? (
          <NativeSelect
            label="Meaning"
            value={step.meaning}
            data={['performed', 'verified', 'reviewed', 'approved']}
            onChange={({ currentTarget: { value } }) => onChange({ meaning: value as TypedStep['meaning'] })}
          />
        ) : null}
        {step.type === 'table' ? field('rows', 'Rows') : null}
      </div>
      {step.type === 'choice' ? <ChoiceFields step={step} languages={languages} onChange={onChange} /> : null}
      {step.type === 'table' ? <ColumnFields step={step} languages={languages} onChange={onChange} /> : null}
    </fieldset>
  )
}

type TextField = {
  [Name in keyof TypedStep]: string extends TypedStep[Name] ? (TypedStep[Name] extends string ? Name : never) : never
}[keyof TypedStep]
