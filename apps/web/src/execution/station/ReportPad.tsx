import { useQuery } from '@tanstack/react-query'
import { compare, decimalOf, zero } from '@throughline/kernel'
import type { OperationRun } from '@throughline/model'
import { getRun, listReasons, reportRun } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { reasonText } from '../../performance/machine/machine-words.ts'
import { quantityProblem } from '../form/amount.ts'
import { FormActs } from './FormActs.tsx'
import { isThere, pieceBy, piecesOf } from './pieces.ts'
import { primaryForm, useDeed, useSignal, useStation } from './station-context.ts'
import { typedNumber } from './step-limits.ts'

interface ReportPadProps {
  readonly run: OperationRun
  readonly onClose: () => void
}

/** Good and scrap in one action, the scrap with its reason and, where there are several, its piece. */
export function ReportPad({ run, onClose }: ReportPadProps): ReactElement {
  const { node } = useStation()
  const [good, setGood] = useState('')
  const [scrap, setScrap] = useState('')
  const [lotId, setLotId] = useState<OperationRun['subjects'][number] | ''>('')
  const [reasonId, setReasonId] = useState('')
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { data: reasons } = useQuery({ ...ask(listReasons, { kind: 'scrap', nodeId: node.id }), staleTime: 60_000 })
  const { data: known } = useQuery(ask(getRun, { runId: run.id }))
  const there = piecesOf(run, known?.pieces ?? []).filter(isThere)
  const many = there.length > 1
  const groups = new Set(reasons?.map(({ parentId }) => parentId))
  const choices = (reasons ?? []).filter(({ id, retired }) => !retired && !groups.has(id))
  const chosen = choices.find(({ id }) => id === reasonId)
  const reason = chosen === undefined ? words.trim() : reasonText(chosen, navigator.languages)
  const given = { good: amountOf(good), scrap: amountOf(scrap) }
  const report = useDeed(reportRun, `${given.good} good and ${given.scrap} scrap`, onClose)
  useSignal('code', (text) => {
    const piece = pieceBy(there, text)
    if (piece === undefined) return setProblem(`${text} is no piece of this operation: scan the one that is scrap.`)
    setProblem(undefined)
    setLotId(piece.id)
    if (scrap === '') setScrap('1')
  })
  useSignal('reason', (given) => {
    setReasonId('')
    setWords(given)
  })
  useSignal('scrap', () => setScrap((typed) => oneMore(typed)))
  useSignal('key', (key) => setGood((typed) => typedNumber(typed, key, 3)))

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong = quantityProblem(given.good, 'zero') ?? quantityProblem(given.scrap, 'zero')
    const lack = wrong ?? lackOf(given, reason, many && lotId === '')
    setProblem(lack)
    if (lack !== undefined) return
    const scrapped = { quantity: given.scrap, reasonId: chosen?.id ?? null, reason, lotId: lotId === '' ? null : lotId }
    report.mutate({
      ...{ runId: run.id, version: run.version, good: given.good },
      scrap: isNone(given.scrap) ? [] : [scrapped],
    })
  }

  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit} aria-label="Good and scrap" data-takes-code>
      <div className="work-pair">
        <Amount label="Good" value={good} onChange={setGood} />
        <Amount label="Scrap" value={scrap} onChange={setScrap} />
      </div>
      {many ? (
        <label className="work-field">
          Which piece is scrap: scan or choose it
          <select
            className="station-input"
            value={lotId}
            onChange={({ currentTarget: { value } }) => setLotId(there.find(({ id }) => id === value)?.id ?? '')}
          >
            <option value="">None</option>
            {there.map(({ id, code }) => (
              <option key={id} value={id}>
                {code}
              </option>
            ))}
          </select>
        </label>
      ) : null}
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
      <FormActs {...{ problem, onClose }} verb="Report" failure="Nothing was reported" deed={report} />
    </form>
  )
}

interface AmountProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** An amount by touch alone: one more, one less, or typed. */
function Amount({ label, value, onChange }: AmountProps): ReactElement {
  const step = (by: number) => () => onChange(String(Math.max(0, Number(value === '' ? 0 : value) + by)))
  return (
    <div className="work-amount">
      <label className="work-field">
        {label}
        <input
          className="station-input"
          inputMode="decimal"
          value={value}
          onChange={({ currentTarget: { value: typed } }) => onChange(typed)}
        />
      </label>
      <button type="button" className="station-key" aria-label={`One less ${label.toLowerCase()}`} onClick={step(-1)}>
        −
      </button>
      <button type="button" className="station-key" aria-label={`One more ${label.toLowerCase()}`} onClick={step(1)}>
        +
      </button>
    </div>
  )
}

const oneMore = (typed: string): string => String(Math.max(0, Number(typed === '' ? 0 : typed) + 1))

const amountOf = (typed: string): string => (typed.trim() === '' ? '0' : typed.trim().replace(',', '.'))
const isNone = (quantity: string): boolean => compare(decimalOf(quantity), zero) === 0

function lackOf(
  given: { readonly good: string; readonly scrap: string },
  reason: string,
  isPieceMissing: boolean,
): string | undefined {
  if (isNone(given.good) && isNone(given.scrap)) return 'Give how much is good, or how much is scrap.'
  if (isNone(given.scrap)) return undefined
  if (isPieceMissing) return 'Say which piece is scrap.'
  return reason === '' ? 'Say why it is scrap.' : undefined
}
