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
  /** What is outside then, where more can be said of it than that it is. */
  readonly outsideWords?: string
  /** Whether a scanned code belongs in here. */
  readonly takesCode?: boolean
  readonly children?: ReactNode
}

const shortest = 3

/** An answer to a step: its fields, what a breach of the limits means, why, and the one big button. */
export function AnswerForm(props: AnswerFormProps): ReactElement {
  const { cell, value, verb, answer, busy, error, isCorrection, takesCode = false, children } = props
  const [reason, setReason] = useState('')
  const [isPressed, setPressed] = useState(false)
  const why = useRef<HTMLInputElement>(null)
  useSignal('reason', setReason)
  const { ask, onBreach } = cell.step
  const isOutside = (given: StepValue | string): boolean =>
    props.outside ?? (typeof given !== 'string' && withinOf(ask, given) === false)
  const isAskedWhy = (given: StepValue | string): boolean => isCorrection || (isOutside(given) && onBreach !== 'refuse')
  /** What is in the way of recording it: gone once it is mended. */
  function lackOf(given: StepValue | string): string | undefined {
    if (typeof given === 'string') return given
    if (isOutside(given) && onBreach === 'refuse') return breachWords.refuse
    const isMissing = isAskedWhy(given) && reason.trim().length < shortest
    return isMissing ? `Say why, in ${shortest} characters at least.` : undefined
  }
  const now = value()
  const lack = isPressed ? lackOf(now) : undefined

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (busy) return
    setPressed(true)
    const given = value()
    // The next key goes to where something is missing.
    if (typeof given !== 'string' && lackOf(given) !== undefined) why.current?.focus()
    if (typeof given !== 'string' && lackOf(given) === undefined) answer(given, isAskedWhy(given) ? reason.trim() : '')
  }

  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit} {...(takesCode ? { 'data-takes-code': '' } : {})}>
      {children}
      <div className="work-end">
        {isOutside(now) || isAskedWhy(now) ? (
          <div className="work-why">
            {isOutside(now) ? (
              <p className="work-breach">
                {props.outsideWords === undefined ? '' : `${props.outsideWords} `}
                {breachWords[onBreach]}
              </p>
            ) : null}
            {isAskedWhy(now) ? (
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
        {lack === undefined || lack === breachWords.refuse ? null : <p role="alert">{lack}</p>}
        {error === null ? null : <ProblemNotice what="It was not recorded" error={error} />}
        <button type="submit" className="station-tile station-tile-main work-main" disabled={busy}>
          {verb}
        </button>
      </div>
    </form>
  )
}
