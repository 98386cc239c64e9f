import { Button, Textarea } from '@mantine/core'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'

interface ReasonedEndProps {
  readonly reason: string
  readonly onReason: (reason: string) => void
  /** What has to be put right before it is sent. */
  readonly problem: string | undefined
  readonly save: { readonly isPending: boolean; readonly isError: boolean; readonly error: Error | null }
  /** What did not happen: `The calendar was not set`. */
  readonly failure: string
  /** What the button does. */
  readonly verb: string
  readonly onCancel: () => void
}

/** The end of a form whose change is kept with its reason: the reason, what went wrong, and the two ways out. */
export function ReasonedEnd(props: ReasonedEndProps): ReactElement {
  const { reason, onReason, problem, save, failure, verb, onCancel } = props
  return (
    <>
      <Textarea
        label="Reason"
        description="Kept in the audit trail."
        rows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => onReason(event.currentTarget.value)}
      />
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {save.isError ? <ProblemNotice what={failure} error={save.error} /> : null}
      <div className="access-actions">
        <Button type="submit" loading={save.isPending}>
          {verb}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </>
  )
}
