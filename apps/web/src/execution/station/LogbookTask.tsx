import { useQuery } from '@tanstack/react-query'
import type { Logbook } from '@throughline/model'
import { listLogbookEntries, listLogbooks, writeLogbook } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice, unitLabel } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { FormActs } from './FormActs.tsx'
import { useDeed, useStation } from './station-context.ts'
import { text } from './step-limits.ts'

/** The books of this place: what was written last, and another entry. */
export function LogbookTask({ order }: { readonly order: string | null }): ReactElement {
  const { node } = useStation()
  const { data, error } = useQuery({ ...ask(listLogbooks, { nodeId: node.id }), staleTime: 60_000 })
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const books = (data ?? []).filter(({ state }) => state === 'open')
  const book = books.find(({ id }) => id === chosen) ?? books[0]
  return (
    <section aria-labelledby="station-logbook">
      <h2 id="station-logbook">Logbook</h2>
      {error === null || data !== undefined ? null : <ProblemNotice what="The books could not be read" error={error} />}
      {data === undefined ? null : book === undefined ? (
        <EmptyState title="No logbook is open here." reason="An engineer opens the books of a place." />
      ) : (
        <>
          {books.length === 1 ? (
            <p className="station-subject">{book.name}</p>
          ) : (
            <div className="station-tiles">
              {books.map(({ id, name }) => (
                <button
                  key={id}
                  type="button"
                  className="station-tile"
                  aria-pressed={id === book.id}
                  onClick={() => setChosen(id)}
                >
                  {name}
                </button>
              ))}
            </div>
          )}
          <WriteEntry key={book.id} book={book} order={order} />
          <LastEntries book={book} />
        </>
      )}
    </section>
  )
}

type Field = Logbook['templates'][number]['fields'][number]

function WriteEntry({ book, order }: { readonly book: Logbook; readonly order: string | null }): ReactElement {
  const denial = useDenial()('execution.logbook.write', 'write into a logbook')
  const [template, setTemplate] = useState(book.templates[0]?.key ?? '')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const form = book.templates.find(({ key }) => key === template)
  function clear(): void {
    setTyped({})
    setWords('')
  }
  const write = useDeed(writeLogbook, `Entry in ${book.name}`, clear)
  if (denial !== undefined) return <p>{denial}</p>
  if (form === undefined) return <p>This book has no form.</p>

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const fields = form?.fields ?? []
    const missing = fields.find(({ key, required, type }) => required && type !== 'check' && (typed[key] ?? '') === '')
    const wrong = fields.find(({ key, type }) => type === 'number' && Number.isNaN(Number(typed[key] ?? '0')))
    const lack =
      missing !== undefined
        ? `Fill in ${text(missing.label)}.`
        : wrong !== undefined
          ? `${text(wrong.label)}: give a number.`
          : fields.length === 0 && words.trim() === ''
            ? 'Write something.'
            : undefined
    setProblem(lack)
    if (lack !== undefined) return
    const values = Object.fromEntries(fields.map((field) => [field.key, entered(field, typed[field.key] ?? '')]))
    write.mutate({ logbookId: book.id, template, values, text: words.trim(), order })
  }

  return (
    <form className="work-form" onSubmit={onSubmit} aria-label="New entry">
      {book.templates.length === 1 ? null : (
        <div className="station-tiles">
          {book.templates.map(({ key, title }) => (
            <button
              key={key}
              type="button"
              className="station-tile"
              aria-pressed={key === template}
              onClick={() => setTemplate(key)}
            >
              {text(title)}
            </button>
          ))}
        </div>
      )}
      {form.fields.map((field) => (
        <FieldInput
          key={field.key}
          field={field}
          value={typed[field.key] ?? ''}
          onChange={(value) => setTyped({ ...typed, [field.key]: value })}
        />
      ))}
      <label className="work-field">
        {form.fields.length === 0 ? text(form.title) : 'Remarks'}
        <textarea
          className="station-input work-text"
          rows={3}
          maxLength={4000}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <FormActs {...{ problem }} verb="Write" failure="Nothing was written" deed={write} onClose={clear} />
    </form>
  )
}

function entered({ type }: Field, typed: string): string | number | boolean | null {
  if (type === 'check') return typed === 'yes'
  if (typed === '') return null
  return type === 'number' ? Number(typed.replace(',', '.')) : typed
}

interface FieldInputProps {
  readonly field: Field
  readonly value: string
  readonly onChange: (value: string) => void
}

function FieldInput({ field, value, onChange }: FieldInputProps): ReactElement {
  const label = `${text(field.label)}${field.unit === null ? '' : `, ${unitLabel(field.unit)}`}`
  if (field.type === 'check') {
    return (
      <button
        type="button"
        className="station-tile"
        aria-pressed={value === 'yes'}
        onClick={() => onChange(value === 'yes' ? '' : 'yes')}
      >
        {label}: {value === 'yes' ? 'yes' : 'no'}
      </button>
    )
  }
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field is one of the two below
    <label className="work-field">
      {label}
      {field.type === 'choice' ? (
        <select className="station-input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">Choose</option>
          {field.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          className="station-input"
          inputMode={field.type === 'number' ? 'decimal' : 'text'}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </label>
  )
}

const mostListed = 5

function LastEntries({ book }: { readonly book: Logbook }): ReactElement | null {
  const { timeZone } = useStation()
  const { data } = useQuery(ask(listLogbookEntries, { logbookId: book.id, limit: mostListed }))
  if (data === undefined || data.entries.length === 0) return null
  return (
    <>
      <h3>Written last</h3>
      <ul className="station-list">
        {data.entries.map((entry) => (
          <li key={entry.id}>
            {text(entry.form.title)}: {entry.text === '' ? `${Object.values(entry.values).join(', ')}` : entry.text} (
            {entry.by.name}, {formatInstant(entry.at, 'minute', timeZone)})
          </li>
        ))}
      </ul>
    </>
  )
}
