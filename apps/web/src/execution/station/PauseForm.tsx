import type { OperationRun } from '@throughline/model'
import { pauseRun } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { FormActs } from './FormActs.tsx'
import { primaryForm, useDeed, useSignal } from './station-context.ts'

interface PauseFormProps {
  readonly run: OperationRun
  readonly onClose: () => void
  readonly onDone: () => void
}

const usual = ['Break', 'End of shift', 'Waiting for material'] as const

/** Puts the work down, with a note for whoever goes on. */
export function PauseForm({ run, onClose, onDone }: PauseFormProps): ReactElement {
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const pause = useDeed(pauseRun, 'Pause', onDone)
  useSignal('reason', setReason)

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const lack = reason.trim().length < 3 ? 'Say why, in 3 characters at least.' : undefined
    setProblem(lack)
    if (lack === undefined) pause.mutate({ runId: run.id, version: run.version, reason: reason.trim() })
  }

  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit} aria-label="Pause">
      <label className="work-field">
        Why it is paused, and what the next one has to know
        <input
          className="station-input"
          maxLength={500}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
      </label>
      <div className="work-acts">
        {usual.map((each) => (
          <button key={each} type="button" className="station-tile" onClick={() => setReason(each)}>
            {each}
          </button>
        ))}
      </div>
      <FormActs {...{ problem, onClose }} verb="Pause" failure="It was not paused" deed={pause} />
    </form>
  )
}
