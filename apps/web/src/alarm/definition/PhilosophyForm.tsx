import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AlarmPhilosophy } from '@throughline/model'
import { AlarmPriority, AlarmSeverity, getPhilosophy, setPhilosophy, TimeToRespond } from '@throughline/model'
import { DataTable } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { priorityWords, respondWords, severityWords } from '../alarm-words.ts'
import type { PhilosophyContent, TypedPhilosophy } from './philosophy-draft.ts'
import { philosophyDifferences, philosophyOf, priorities, targetFields, typedPhilosophy } from './philosophy-draft.ts'

interface PhilosophyFormProps {
  /** The philosophy in force. */
  readonly before: AlarmPhilosophy
  readonly onClose: () => void
}

/** Sets the next version of the philosophy; what it says otherwise stands beside what is in force. */
export function PhilosophyForm({ before, onClose }: PhilosophyFormProps): ReactElement {
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState<TypedPhilosophy>(() => typedPhilosophy(before))
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const read = philosophyOf(typed)
  const differences = 'content' in read ? philosophyDifferences(before, read.content) : []
  const save = useMutation({
    mutationFn: (content: PhilosophyContent) =>
      client(setPhilosophy, { ...content, basedOn: before.version, reason: typed.reason.trim() }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [getPhilosophy.name] })
      onClose()
    },
  })
  function change(next: Partial<TypedPhilosophy>): void {
    setTyped((all) => ({ ...all, ...next }))
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong =
      'problem' in read
        ? read.problem
        : differences.length === 0
          ? 'Nothing is changed: it says what is in force already.'
          : typed.reason.trim().length < 3
            ? 'Say why, in 3 characters at least.'
            : undefined
    setProblem(wrong)
    if (wrong === undefined && 'content' in read) save.mutate(read.content)
  }
  return (
    <Dialog title="Change the alarm philosophy" size="lg" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <p>
          It becomes version {before.version + 1} and is in force at once. A released alarm keeps its priority until its
          next version.
        </p>
        <Textarea
          label="Purpose"
          rows={4}
          maxLength={4000}
          value={typed.purpose}
          onChange={(event) => change({ purpose: event.currentTarget.value })}
        />
        <MatrixFields typed={typed} onChange={change} />
        <fieldset className="form-lines">
          <legend>By priority</legend>
          <div className="philosophy-four">
            {priorities.map((priority) => (
              <TextInput
                key={priority}
                label={`Longest shelving of ${priority} ${priorityWords[priority].toLowerCase()}, hours`}
                inputMode="decimal"
                value={typed.shelfHours[priority]}
                onChange={(event) =>
                  change({ shelfHours: { ...typed.shelfHours, [priority]: event.currentTarget.value } })
                }
              />
            ))}
          </div>
          <div className="philosophy-four">
            {priorities.map((priority) => (
              <TextInput
                key={priority}
                label={`Share of ${priority} ${priorityWords[priority].toLowerCase()}, %`}
                description="0 = counted apart"
                inputMode="decimal"
                value={typed.shares[priority]}
                onChange={(event) => change({ shares: { ...typed.shares, [priority]: event.currentTarget.value } })}
              />
            ))}
          </div>
        </fieldset>
        <fieldset className="form-lines">
          <legend>Targets</legend>
          <div className="form-grid">
            {Object.entries(targetFields).map(([name, { label }]) => (
              <TextInput
                key={name}
                label={label}
                inputMode="decimal"
                value={typed.targets[name as keyof TypedPhilosophy['targets']]}
                onChange={(event) => change({ targets: { ...typed.targets, [name]: event.currentTarget.value } })}
              />
            ))}
          </div>
        </fieldset>
        <section aria-labelledby="philosophy-differences">
          <h2 id="philosophy-differences">What changes</h2>
          {'problem' in read ? (
            <p>{read.problem}</p>
          ) : differences.length === 0 ? (
            <p className="tl-dim">Nothing yet.</p>
          ) : (
            <DataTable
              caption="Old and new"
              rows={differences}
              rowKey={(row) => row.head}
              columns={[
                { key: 'head', head: 'What', cell: (row) => row.head },
                { key: 'before', head: `In force, version ${before.version}`, cell: (row) => <del>{row.before}</del> },
                { key: 'after', head: `New, version ${before.version + 1}`, cell: (row) => <ins>{row.after}</ins> },
              ]}
            />
          )}
        </section>
        <ReasonedEnd
          reason={typed.reason}
          onReason={(reason) => change({ reason })}
          problem={problem}
          save={save}
          failure="The philosophy was not changed"
          verb="Change the philosophy"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}

interface MatrixFieldsProps {
  readonly typed: TypedPhilosophy
  readonly onChange: (next: Pick<TypedPhilosophy, 'matrix'>) => void
}

function MatrixFields({ typed: { matrix }, onChange }: MatrixFieldsProps): ReactElement {
  return (
    <fieldset className="form-lines">
      <legend>Priority by severity and time to respond</legend>
      {AlarmSeverity.options.toReversed().map((severity) => (
        <div key={severity} className="philosophy-four">
          {TimeToRespond.options.map((time) => (
            <NativeSelect
              key={time}
              label={`${severityWords[severity]}, ${respondWords[time]}`}
              value={String(matrix[severity][time])}
              data={priorities.map((priority) => ({
                value: String(priority),
                label: `${priority} ${priorityWords[priority].toLowerCase()}`,
              }))}
              onChange={(event) => {
                const priority = AlarmPriority.parse(Number(event.currentTarget.value))
                onChange({ matrix: { ...matrix, [severity]: { ...matrix[severity], [time]: priority } } })
              }}
            />
          ))}
        </div>
      ))}
    </fieldset>
  )
}
