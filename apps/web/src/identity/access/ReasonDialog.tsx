import { useMutation } from '@tanstack/react-query'
import type { FormEvent, ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { Dialog } from './Dialog.tsx'
import { ReasonedEnd } from './ReasonedEnd.tsx'
import './access.css'

interface ReasonDialogProps {
  readonly title: string
  /** What it does, before the reason is asked. */
  readonly children: ReactNode
  readonly confirm: string
  /** What failed, as people would say it. */
  readonly failure: string
  readonly label?: string
  readonly onConfirm: (reason: string) => Promise<unknown>
  readonly onClose: () => void
  /** After it was done, where closing is not all. */
  readonly onDone?: () => void
}

const shortest = 3

/** Asks why before something is changed; the reason stays in the audit trail. */
export function ReasonDialog(props: ReasonDialogProps): ReactElement {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const act = useMutation({
    mutationFn: () => props.onConfirm(reason.trim()),
    onSuccess: props.onDone ?? props.onClose,
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const short = reason.trim().length < shortest
    setMissing(short)
    if (!short) act.mutate()
  }

  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        {props.children}
        <ReasonedEnd
          {...(props.label === undefined ? {} : { label: props.label })}
          reason={reason}
          onReason={setReason}
          autofocus
          problem={missing ? `Say why, in ${shortest} characters at least.` : undefined}
          save={act}
          failure={props.failure}
          verb={props.confirm}
          onCancel={props.onClose}
        />
      </form>
    </Dialog>
  )
}
