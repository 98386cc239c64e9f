import { systemClock } from '@throughline/kernel'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useNow } from '../../../performance/machine/performance-hooks.ts'
import { useStation } from '../station-context.ts'
import { clockText } from '../step-limits.ts'
import { timerStart } from '../step-sheet.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

/** Counts from the step before it, as it is recorded: a reload or another device changes nothing. */
export function TimerEntry({ ask, ...props }: AnswerProps & { readonly ask: AskOf<'timer'> }): ReactElement {
  const { timeZone } = useStation()
  const now = useNow()
  const startedAt = timerStart(props.cell, props.sheet, props.run.startedAt)
  const lastedUs = now - startedAt
  const seconds = Math.floor(lastedUs / 1_000_000)
  const left = ask.seconds - seconds
  return (
    <AnswerForm
      {...props}
      verb={left > 0 ? `Wait ${clockText(left)} more` : `Record ${clockText(seconds)}`}
      outside={ask.atMostSeconds !== null && seconds > ask.atMostSeconds}
      value={() => {
        const endedAt = systemClock.now()
        const wait = ask.seconds - Math.floor((endedAt - startedAt) / 1_000_000)
        return wait > 0 ? `Wait ${clockText(wait)} more.` : { type: 'timer', startedAt, endedAt }
      }}
    >
      <p className="station-quantity tl-figure" role="timer" aria-label="Time since the step before">
        {clockText(seconds)}
      </p>
      <p>
        At least {clockText(ask.seconds)}
        {ask.atMostSeconds === null ? '' : `, at most ${clockText(ask.atMostSeconds)}`}, since{' '}
        {formatInstant(startedAt, 'second', timeZone)}
      </p>
      <progress
        className="making-clock"
        max={ask.seconds}
        value={Math.min(ask.seconds, Math.max(0, seconds))}
        aria-label="How much of the time is over"
      />
    </AnswerForm>
  )
}
