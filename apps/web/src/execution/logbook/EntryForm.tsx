import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { Logbook, LogbookEntry, LogbookField } from '@throughline/model'
import { correctLogbook, writeLogbook } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { localHint, localInstant } from '../../performance/window/window-choice.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { Tick } from '../form/Tick.tsx'
import { textIn } from '../version/version-words.ts'
import { fieldLabel, typedValues, valuesOf } from './logbook-words.ts'

interface WriteEntryProps {
  readonly book: Logbook
  readonly timeZone: string | undefined
  readonly onClose: () => void
}

/** Writes an entry by one of the forms of the book. */
export function WriteEntry({ book, timeZone, onClose }: WriteEntryProps): ReactElement {
  const [template, setTemplate] = useState(book.templates[0]?.key ?? '')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [text, setText] = useState('')
  const [order, setOrder] = useState('')
  const [when, setWhen] = useState('')
  const [why, setWhy] = useState('')
  const form = book.templates.find(({ key }) => key === template)
  const read = valuesOf(form?.fields ?? [], typed)
  const at = when.trim() === '' ? null : localInstant(when, timeZone)
  return (
    <TaskDialog
      title={`Write into ${book.name}`}
      verb="Write"
      failure="Nothing was written"
      reason="none"
      check={() =>
        read.problem ??
        (form?.fields.length === 0 && text.trim() === ''
          ? 'Write something.'
          : at === undefined
            ? 'Give the time such as 2026-11-22 14:05, or leave it empty.'
            : undefined)
      }
      onSave={() =>
        client(writeLogbook, {
          ...{ logbookId: book.id, template, values: read.values, text: text.trim(), at: at ?? null },
          order: order.trim() === '' ? null : order.trim(),
          reason: why.trim(),
        })
      }
      onClose={onClose}
    >
      {book.templates.length < 2 ? null : (
        <NativeSelect
          label="Form"
          value={template}
          data={book.templates.map(({ key, title }) => ({ value: key as string, label: textIn(title) }))}
          onChange={({ currentTarget: { value } }) => setTemplate(value)}
        />
      )}
      <FieldInputs fields={form?.fields ?? []} typed={typed} onChange={setTyped} />
      <Remarks label={form?.fields.length === 0 ? textIn(form.title) : 'Remarks'} text={text} onChange={setText} />
      <TextInput
        label="Order or batch"
        description="If it was about one"
        value={order}
        maxLength={100}
        onChange={({ currentTarget: { value } }) => setOrder(value)}
      />
      <TextInput
        label="When it happened"
        description={`${localHint(timeZone)}; empty = now`}
        value={when}
        onChange={({ currentTarget: { value } }) => setWhen(value)}
      />
      {when.trim() === '' ? null : (
        <TextInput
          label="Why it is written only now"
          description="Asked for more than a quarter of an hour after it happened"
          value={why}
          maxLength={500}
          onChange={({ currentTarget: { value } }) => setWhy(value)}
        />
      )}
    </TaskDialog>
  )
}

interface CorrectEntryProps {
  readonly entry: LogbookEntry
  readonly onClose: () => void
}

/** Corrects an entry with a reason; the old one stays readable. */
export function CorrectEntry({ entry, onClose }: CorrectEntryProps): ReactElement {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() => typedValues(entry.values))
  const [text, setText] = useState(entry.text)
  const { fields, title } = entry.form
  const read = valuesOf(fields, typed)
  return (
    <TaskDialog
      title={`Correct entry ${entry.number}`}
      verb="Correct"
      failure="The entry was not corrected"
      check={() => read.problem}
      onSave={(reason) => client(correctLogbook, { entryId: entry.id, values: read.values, text: text.trim(), reason })}
      onClose={onClose}
    >
      <p>The old entry stays readable, struck through.</p>
      <FieldInputs fields={fields} typed={typed} onChange={setTyped} />
      <Remarks label={fields.length === 0 ? textIn(title) : 'Remarks'} text={text} onChange={setText} />
    </TaskDialog>
  )
}

interface RemarksProps {
  readonly label: string
  readonly text: string
  readonly onChange: (text: string) => void
}

const Remarks = ({ label, text, onChange }: RemarksProps): ReactElement => (
  <Textarea
    label={label}
    autosize
    minRows={2}
    maxLength={4000}
    value={text}
    onChange={({ currentTarget: { value } }) => onChange(value)}
  />
)

interface FieldInputsProps {
  readonly fields: readonly LogbookField[]
  readonly typed: Readonly<Record<string, string>>
  readonly onChange: (typed: Readonly<Record<string, string>>) => void
}

function FieldInputs({ fields, typed, onChange }: FieldInputsProps): ReactElement {
  return (
    <>
      {fields.map((field) => {
        const value = typed[field.key] ?? ''
        const label = `${fieldLabel(field)}${field.required ? '' : ' (may stay empty)'}`
        const change = (text: string): void => onChange({ ...typed, [field.key]: text })
        if (field.type === 'check') {
          return <Tick key={field.key} label={label} on={value === 'yes'} onChange={(on) => change(on ? 'yes' : '')} />
        }
        return field.type === 'choice' ? (
          <NativeSelect
            key={field.key}
            label={label}
            value={value}
            data={[
              { value: '', label: 'Choose' },
              ...field.options.map((option) => ({ value: option, label: option })),
            ]}
            onChange={({ currentTarget }) => change(currentTarget.value)}
          />
        ) : (
          <TextInput
            key={field.key}
            label={label}
            inputMode={field.type === 'number' ? 'decimal' : 'text'}
            value={value}
            maxLength={1000}
            onChange={({ currentTarget }) => change(currentTarget.value)}
          />
        )
      })}
    </>
  )
}
