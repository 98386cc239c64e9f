import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'

interface FormActsProps {
  readonly problem: string | undefined
  readonly verb: string
  /** What did not happen. */
  readonly failure: string
  readonly deed: { readonly isPending: boolean; readonly error: Error | null }
  readonly onClose: () => void
}

/** The end of a form at a station: what went wrong, what it does, the way back. */
export function FormActs({ problem, verb, failure, deed, onClose }: FormActsProps): ReactElement {
  return (
    <div className="work-end">
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {deed.error === null ? null : <ProblemNotice what={failure} error={deed.error} />}
      <div className="work-acts">
        <button type="submit" className="station-tile station-tile-main" disabled={deed.isPending}>
          {verb}
        </button>
        <button type="button" className="station-tile" onClick={onClose}>
          Back
        </button>
      </div>
    </div>
  )
}
