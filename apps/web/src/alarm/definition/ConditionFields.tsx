import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import { eventSourceWords } from '../alarm-words.ts'
import type { TypedDefinition } from './definition-draft.ts'
import { PickedTag } from './PickedTag.tsx'

interface ConditionFieldsProps {
  readonly typed: TypedDefinition
  readonly onChange: (next: Partial<TypedDefinition>) => void
}

const kinds: Readonly<Record<TypedDefinition['kind'], string>> = {
  limit: 'Beyond a limit',
  deviation: 'Too far from a set point',
  rate: 'Changes too fast',
  stuck: 'Does not change: a frozen sensor',
  stale: 'No good reading',
  state: 'Has one of these values',
  external: 'Raised elsewhere',
  event: 'Found by quality',
}
const deviationSeverities = ['minor', 'major', 'critical'] as const
const limitSides: Readonly<Record<TypedDefinition['limitSide'], string>> = {
  'high-high': 'High high (HH)',
  high: 'High (H)',
  low: 'Low (L)',
  'low-low': 'Low low (LL)',
}
const rateSides: Readonly<Record<TypedDefinition['rateSide'], string>> = {
  rising: 'Rising',
  falling: 'Falling',
  either: 'Either way',
}

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

/** What makes the alarm: the fields that its kind needs. */
export function ConditionFields({ typed, onChange }: ConditionFieldsProps): ReactElement {
  const { kind } = typed
  const field = (
    name: 'limit' | 'deadband' | 'seconds' | 'within' | 'fromValue',
    label: string,
    description?: string,
  ) => (
    <TextInput
      label={label}
      {...(description === undefined ? {} : { description })}
      inputMode="decimal"
      value={typed[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <fieldset className="form-lines">
      <legend>Condition</legend>
      <div className="form-grid">
        <NativeSelect
          label="Kind"
          value={kind}
          data={optionsOf(kinds)}
          onChange={(event) => onChange({ kind: event.currentTarget.value as TypedDefinition['kind'] })}
        />
        {kind === 'limit' ? (
          <NativeSelect
            label="Side"
            value={typed.limitSide}
            data={optionsOf(limitSides)}
            onChange={(event) => onChange({ limitSide: event.currentTarget.value as TypedDefinition['limitSide'] })}
          />
        ) : null}
        {kind === 'rate' ? (
          <NativeSelect
            label="Direction"
            value={typed.rateSide}
            data={optionsOf(rateSides)}
            onChange={(event) => onChange({ rateSide: event.currentTarget.value as TypedDefinition['rateSide'] })}
          />
        ) : null}
        {kind === 'limit' || kind === 'deviation' ? field('limit', 'Limit', 'In the unit of the tag') : null}
        {kind === 'rate' ? field('limit', 'Limit', 'In the unit of the tag, a second') : null}
        {kind === 'rate' ? field('seconds', 'Over, seconds') : null}
        {kind === 'limit' || kind === 'deviation' || kind === 'rate'
          ? field('deadband', 'Deadband', 'How far it must come back')
          : null}
        {kind === 'stuck' || kind === 'stale' ? field('seconds', 'For, seconds') : null}
        {kind === 'stuck' ? field('within', 'Within', 'Smaller changes do not count') : null}
        {kind === 'state' ? (
          <TextInput
            label="Values"
            description="With commas between"
            value={typed.values}
            onChange={(event) => onChange({ values: event.currentTarget.value })}
          />
        ) : null}
        {kind === 'external' ? (
          <TextInput
            label="Source"
            description="As the machine or rule names it"
            value={typed.source}
            maxLength={300}
            onChange={(event) => onChange({ source: event.currentTarget.value })}
          />
        ) : null}
      </div>
      {kind === 'event' ? (
        <NativeSelect
          label="What it is raised by"
          description="At the equipment or below it"
          value={typed.eventSource}
          data={optionsOf(eventSourceWords)}
          onChange={(event) => onChange({ eventSource: event.currentTarget.value as TypedDefinition['eventSource'] })}
        />
      ) : null}
      {kind === 'event' && typed.eventSource === 'deviation' ? (
        <fieldset className="day-picks">
          <legend>Deviations</legend>
          {deviationSeverities.map((each) => (
            <label key={each}>
              <input
                type="checkbox"
                checked={typed.severities.includes(each)}
                onChange={(event) =>
                  onChange({
                    severities: deviationSeverities.filter((one) =>
                      one === each ? event.currentTarget.checked : typed.severities.includes(one),
                    ),
                  })
                }
              />
              {each}
            </label>
          ))}
        </fieldset>
      ) : null}
      {kind === 'deviation' ? (
        <>
          <PickedTag
            label="Measured from the value of this tag"
            tagId={typed.fromTagId}
            onPick={(tag) => onChange({ fromTagId: tag?.id ?? null })}
          />
          {typed.fromTagId === null ? field('fromValue', 'or from this number') : null}
        </>
      ) : null}
    </fieldset>
  )
}
