import { Textarea } from '@mantine/core'
import type { ReactElement } from 'react'
import type { FormEndProps } from './FormEnd.tsx'
import { FormEnd } from './FormEnd.tsx'

interface ReasonedEndProps extends FormEndProps {
  readonly label?: string
  readonly reason: string
  readonly onReason: (reason: string) => void
  /** Where the reason is all that is asked. */
  readonly autofocus?: boolean
}

/** The end of a form whose change is kept with its reason. */
export function ReasonedEnd({
  label = 'Reason',
  reason,
  onReason,
  autofocus = false,
  ...end
}: ReasonedEndProps): ReactElement {
  return (
    <>
      <Textarea
        label={label}
        description="Kept in the audit trail."
        rows={2}
        maxLength={500}
        {...(autofocus ? { 'data-autofocus': true } : {})}
        value={reason}
        onChange={(event) => onReason(event.currentTarget.value)}
      />
      <FormEnd {...end} />
    </>
  )
}
