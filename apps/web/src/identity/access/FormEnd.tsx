import { Button } from '@mantine/core'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'

export interface FormEndProps {
  /** What has to be put right before it is sent. */
  readonly problem?: string | undefined
  readonly save: { readonly isPending: boolean; readonly isError: boolean; readonly error: Error | null }
  /** What did not happen: `The calendar was not set`. */
  readonly failure: string
  /** What the button does. */
  readonly verb: string
  /** Whether there is nothing that could be sent. */
  readonly disabled?: boolean
  readonly onCancel: () => void
}

/** The end of a form: what went wrong, and the two ways out. */
export function FormEnd({ problem, save, failure, verb, disabled = false, onCancel }: FormEndProps): ReactElement {
  return (
    <>
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {save.isError ? <ProblemNotice what={failure} error={save.error} /> : null}
      <div className="access-actions">
        <Button type="submit" loading={save.isPending} disabled={disabled}>
          {verb}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </>
  )
}
