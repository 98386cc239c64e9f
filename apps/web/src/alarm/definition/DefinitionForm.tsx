import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AlarmDefinition, EquipmentNode } from '@throughline/model'
import {
  AlarmSeverity,
  draftAlarmDefinition,
  getPhilosophy,
  listAlarmDefinitions,
  prepareSignature,
  TimeToRespond,
} from '@throughline/model'
import { AlarmMark } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { priorityWords, respondWords, severityWords } from '../alarm-words.ts'
import { ConditionFields } from './ConditionFields.tsx'
import type { DraftedContent, TypedDefinition } from './definition-draft.ts'
import { contentOf, priorityOf, typedOf } from './definition-draft.ts'
import { PickedTag } from './PickedTag.tsx'

interface DefinitionFormProps {
  /** What the next version starts from; undefined = a new alarm. */
  readonly before: AlarmDefinition | undefined
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
  readonly onDrafted: (draft: AlarmDefinition) => void
}

/** Drafts an alarm, or its next version. It raises nothing before it is reviewed and released. */
export function DefinitionForm({ before, nodes, onClose, onDrafted }: DefinitionFormProps): ReactElement {
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState<TypedDefinition>(() => typedOf(before))
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { data: philosophy } = useQuery(ask(getPhilosophy, {}))
  const priority = priorityOf(philosophy, typed.severity, typed.timeToRespond)
  const save = useMutation({
    mutationFn: (content: DraftedContent) => client(draftAlarmDefinition, content),
    onSuccess: async (draft) => {
      await queryClient.invalidateQueries({ queryKey: [listAlarmDefinitions.name] })
      await queryClient.invalidateQueries({ queryKey: [prepareSignature.name] })
      onDrafted(draft)
      onClose()
    },
  })
  function change(next: Partial<TypedDefinition>): void {
    setTyped((all) => ({ ...all, ...next }))
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = contentOf(typed)
    setProblem('problem' in read ? read.problem : undefined)
    if ('content' in read) save.mutate(read.content)
  }
  return (
    <Dialog
      title={before === undefined ? 'Draft an alarm' : `Draft the next version of ${before.name}`}
      size="lg"
      onClose={onClose}
    >
      <form className="access-form" onSubmit={onSubmit}>
        <p>A draft raises nothing. It holds once it is reviewed and released, by other people than its author.</p>
        <div className="form-grid">
          <TextInput
            label="Name"
            description="Short and unique, such as WFI-01.Conductivity.high"
            value={typed.name}
            maxLength={60}
            disabled={before !== undefined}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label="Message"
            description="What the operator reads"
            value={typed.message}
            maxLength={200}
            onChange={(event) => change({ message: event.currentTarget.value })}
          />
        </div>
        <div>
          <p className="performance-bar-label">Equipment</p>
          <ScopePicker label="Equipment" nodes={nodes} value={typed.nodeId} onPick={(nodeId) => change({ nodeId })} />
        </div>
        {typed.kind === 'event' ? null : (
          <PickedTag
            label="Tag that it watches"
            tagId={typed.tagId}
            onPick={(tag) =>
              change({
                tagId: tag?.id ?? null,
                ...(typed.nodeId === null && tag !== null ? { nodeId: tag.nodeId } : {}),
              })
            }
          />
        )}
        <ConditionFields typed={typed} onChange={change} />
        <div className="form-grid">
          <TextInput
            label="On delay, seconds"
            description="So long it must hold before it is an alarm"
            inputMode="decimal"
            value={typed.onDelay}
            onChange={(event) => change({ onDelay: event.currentTarget.value })}
          />
          <TextInput
            label="Off delay, seconds"
            description="So long it must be over before it returns"
            inputMode="decimal"
            value={typed.offDelay}
            onChange={(event) => change({ offDelay: event.currentTarget.value })}
          />
        </div>
        <Tick label="Latched: stays until it is reset" on={typed.latched} onChange={(latched) => change({ latched })} />
        <fieldset className="form-lines">
          <legend>Rationalisation</legend>
          {(['cause', 'consequence', 'response'] as const).map((field) => (
            <Textarea
              key={field}
              label={longWords[field]}
              rows={2}
              maxLength={1000}
              value={typed[field]}
              onChange={(event) => change({ [field]: event.currentTarget.value })}
            />
          ))}
          <div className="form-grid">
            <NativeSelect
              label="How bad it gets"
              value={typed.severity}
              data={AlarmSeverity.options.map((value) => ({ value, label: severityWords[value] }))}
              onChange={(event) => change({ severity: event.currentTarget.value as TypedDefinition['severity'] })}
            />
            <NativeSelect
              label="Time to respond"
              value={typed.timeToRespond}
              data={TimeToRespond.options.map((value) => ({ value, label: respondWords[value] }))}
              onChange={(event) =>
                change({ timeToRespond: event.currentTarget.value as TypedDefinition['timeToRespond'] })
              }
            />
            <p aria-live="polite">
              Priority by the matrix:{' '}
              {priority === undefined ? (
                '— (the philosophy is being read)'
              ) : (
                <strong className="alarm-count">
                  <AlarmMark priority={priority} /> {priorityWords[priority]}
                </strong>
              )}
            </p>
          </div>
          <Tick
            label="Quality-critical: each one is told to quality"
            on={typed.qualityCritical}
            onChange={(qualityCritical) => change({ qualityCritical })}
          />
        </fieldset>
        <fieldset className="form-lines">
          <legend>Suppressed by design</legend>
          <PickedTag
            label="While this tag"
            tagId={typed.suppressTagId}
            onPick={(tag) => change({ suppressTagId: tag?.id ?? null })}
          />
          <TextInput
            label="has one of these values"
            description="With commas between; leave the tag out for never"
            value={typed.suppressValues}
            onChange={(event) => change({ suppressValues: event.currentTarget.value })}
          />
        </fieldset>
        <ReasonedEnd
          reason={typed.reason}
          onReason={(reason) => change({ reason })}
          problem={problem}
          save={save}
          failure="The draft was not recorded"
          verb="Draft"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}

const longWords = {
  cause: 'Cause: why it comes about',
  consequence: 'Consequence: what happens when nobody responds',
  response: 'Response: what the operator does',
} as const

interface TickProps {
  readonly label: string
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}

function Tick({ label, on, onChange }: TickProps): ReactElement {
  return (
    <div className="day-picks">
      <label>
        <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
        {label}
      </label>
    </div>
  )
}
