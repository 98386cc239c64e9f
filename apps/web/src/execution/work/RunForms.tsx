import { useQuery } from '@tanstack/react-query'
import { compare, decimalOf, zero } from '@throughline/kernel'
import type { OperationRun } from '@throughline/model'
import { listReasons, pauseRun, reportRun } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { reasonText } from '../../performance/machine/machine-words.ts'
import { quantityProblem } from '../form/amount.ts'
import { useRunDeed } from './run-deed.ts'

interface RunFormProps {
  readonly run: OperationRun
  readonly onClose: () => void
}

/** Good and scrap in one action, the scrap with its reason. */
export function ReportForm({ run, nodeId, onClose }: RunFormProps & { readonly nodeId: string }): ReactElement {
  const [good, setGood] = useState('')
  const [scrap, setScrap] = useState('')
  const [reasonId, setReasonId] = useState('')
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { data: reasons } = useQuery({ ...ask(listReasons, { kind: 'scrap', nodeId }), staleTime: 60_000 })
  const groups = new Set(reasons?.map(({ parentId }) => parentId))
  const choices = (reasons ?? []).filter(({ id, retired }) => !retired && !groups.has(id))
  const chosen = choices.find(({ id }) => id === reasonId)
  const reason = chosen === undefined ? words.trim() : reasonText(chosen, navigator.languages)
  const given = { good: good.trim() === '' ? '0' : good.trim(), scrap: scrap.trim() === '' ? '0' : scrap.trim() }
  const report = useRunDeed(
    () =>
      client(reportRun, {
        ...{ runId: run.id, version: run.version, good: given.good },
        scrap: isNone(given.scrap) ? [] : [{ quantity: given.scrap, reasonId: chosen?.id ?? null, reason }],
      }),
    onClose,
  )

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong = quantityProblem(given.good, 'zero') ?? quantityProblem(given.scrap, 'zero')
    const lack = wrong ?? lackOf(given, reason)
    setProblem(lack)
    if (lack === undefined) report.mutate()
  }

  return (
    <form className="work-form" onSubmit={onSubmit}>
      <label className="work-field">
        Good
        <input
          className="station-input"
          inputMode="decimal"
          value={good}
          onChange={({ currentTarget: { value } }) => setGood(value)}
        />
      </label>
      <label className="work-field">
        Scrap
        <input
          className="station-input"
          inputMode="decimal"
          value={scrap}
          onChange={({ currentTarget: { value } }) => setScrap(value)}
        />
      </label>
      <label className="work-field">
        Reason of the scrap
        <select
          className="station-input"
          value={reasonId}
          onChange={({ currentTarget: { value } }) => setReasonId(value)}
        >
          <option value="">In own words</option>
          {choices.map((each) => (
            <option key={each.id} value={each.id}>
              {reasonText(each, navigator.languages)}
            </option>
          ))}
        </select>
      </label>
      {chosen !== undefined ? null : (
        <label className="work-field">
          In own words
          <input
            className="station-input"
            maxLength={200}
            value={words}
            onChange={({ currentTarget: { value } }) => setWords(value)}
          />
        </label>
      )}
      <FormActs
        {...{ problem, onClose }}
        verb="Report"
        failure="Nothing was reported"
        pending={report.isPending}
        error={report.error}
      />
    </form>
  )
}

const isNone = (quantity: string): boolean => compare(decimalOf(quantity), zero) === 0

function lackOf(given: { readonly good: string; readonly scrap: string }, reason: string): string | undefined {
  if (isNone(given.good) && isNone(given.scrap)) return 'Give how much is good, or how much is scrap.'
  return !isNone(given.scrap) && reason === '' ? 'Say why it is scrap.' : undefined
}

/** Interrupts the work, with the reason. */
export function PauseForm({ run, onClose }: RunFormProps): ReactElement {
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const pause = useRunDeed(
    () => client(pauseRun, { runId: run.id, version: run.version, reason: reason.trim() }),
    onClose,
  )

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const lack = reason.trim().length < 3 ? 'Say why, in 3 characters at least.' : undefined
    setProblem(lack)
    if (lack === undefined) pause.mutate()
  }

  return (
    <form className="work-form" onSubmit={onSubmit}>
      <label className="work-field">
        Why it is paused
        <input
          className="station-input"
          maxLength={500}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
      </label>
      <FormActs
        {...{ problem, onClose }}
        verb="Pause"
        failure="It was not paused"
        pending={pause.isPending}
        error={pause.error}
      />
    </form>
  )
}

interface FormActsProps {
  readonly problem: string | undefined
  readonly verb: string
  readonly failure: string
  readonly pending: boolean
  readonly error: Error | null
  readonly onClose: () => void
}

function FormActs({ problem, verb, failure, pending, error, onClose }: FormActsProps): ReactElement {
  return (
    <>
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {error === null ? null : <ProblemNotice what={failure} error={error} />}
      <div className="work-acts">
        <button type="submit" className="station-tile station-tile-main" disabled={pending}>
          {verb}
        </button>
        <button type="button" className="station-tile" onClick={onClose}>
          Back
        </button>
      </div>
    </>
  )
}
