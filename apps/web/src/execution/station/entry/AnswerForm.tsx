import type { OperationRun, StepType, StepValue } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement, ReactNode } from 'react'
import { useRef, useState } from 'react'
import { primaryForm, useSignal } from '../station-context.ts'
import { breachWords, withinOf } from '../step-limits.ts'
import type { Cell, Sheet } from '../step-sheet.ts'

/** What every kind of entry is given. */
export interface AnswerProps {
  readonly run: OperationRun
  readonly cell: Cell
  readonly sheet: Sheet
  readonly answer: (value: StepValue, reason: string) => void
  readonly busy: boolean
  readonly error: Error | null
  /** Then a reason is always asked for. */
  readonly isCorrection: boolean
  /** The entry that is corrected. */
  readonly corrected?: string
}

export type AskOf<Type extends StepType['type']> = Extract<StepType, { type: Type }>

interface AnswerFormProps extends AnswerProps {
  /** What is entered now, or in words what is missing. */
  readonly value: () => StepValue | string
  /** What the big button does. */
  readonly verb: string
  /** Where the page knows better than the answer whether it is outside: a reading of the equipment. */
  readonly outside?: boolean
  /** Whether a scanned code belongs in here. */
  readonly takesCode?: boolean
  readonly children?: ReactNode
}

const shortest = 3

/** An answer to a step: its fields, what a breach of the limits means, why, and the one big button. */
export function AnswerForm(props: AnswerFormProps): ReactElement {
  const { cell, value, verb, answer, busy, error, isCorrection, takesCode = false, children } = props
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const why = useRef<HTMLInputElement>(null)
  useSignal('reason', setReason)
  const { ask, onBreach } = cell.step
  const now = value()
  const isOutside = props.outside ?? (typeof now !== 'string' && withinOf(ask, now) === false)
  const isAsked = isCorrection || (isOutside && onBreach !== 'refuse')

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (busy) return
    const given = value()
    const lack =
      typeof given === 'string'
        ? given
        : isOutside && onBreach === 'refuse'
          ? breachWords.refuse
          : isAsked && reason.trim().length < shortest
            ? `Say why, in ${shortest} characters at least.`
            : undefined
    setProblem(lack)
    // The next key goes to where something is missing.
    if (lack !== undefined && typeof given !== 'string') why.current?.focus()
    if (lack === undefined && typeof given !== 'string') answer(given, isAsked ? reason.trim() : '')
  }

  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit} {...(takesCode ? { 'data-takes-code': '' } : {})}>
      {children}
      <div className="work-end">
        {isOutside || isAsked ? (
          <div className="work-why">
            {isOutside ? <p className="work-breach">{breachWords[onBreach]}</p> : null}
            {isAsked ? (
              <label className="work-field">
                {isCorrection ? 'Why it is corrected' : 'Why it is outside'}
                <input
                  ref={why}
                  className="station-input"
                  maxLength={500}
                  value={reason}
                  onChange={(event) => setReason(event.currentTarget.value)}
                />
              </label>
            ) : null}
          </div>
        ) : null}
        {problem === undefined || problem === breachWords.refuse ? null : <p role="alert">{problem}</p>}
        {error === null ? null : <ProblemNotice what="It was not recorded" error={error} />}
        <button type="submit" className="station-tile station-tile-main work-main" disabled={busy}>
          {verb}
        </button>
      </div>
    </form>
  )
}
