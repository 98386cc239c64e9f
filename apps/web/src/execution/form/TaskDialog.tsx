import { useMutation } from '@tanstack/react-query'
import type { FormEvent, ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { useMakingRefresh } from './making-queries.ts'

interface TaskDialogProps {
  readonly title: string
  readonly verb: string
  /** What did not happen, as people would say it. */
  readonly failure: string
  /** What has to be put right before it is sent; undefined = it can be sent. */
  readonly check?: () => string | undefined
  /** Whether it is kept with a reason: one that must be given, may be given, or is not asked. */
  readonly reason?: 'needed' | 'optional' | 'none'
  readonly reasonLabel?: string
  readonly onSave: (reason: string) => Promise<unknown>
  readonly onClose: () => void
  readonly children?: ReactNode
}

const shortest = 3

/** One thing to be done about an order, a lot or a run: what it asks, why, and what went wrong. */
export function TaskDialog(props: TaskDialogProps): ReactElement {
  const { title, verb, failure, check, reason: asked = 'needed', onSave, onClose, children } = props
  const refresh = useMakingRefresh()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: () => onSave(reason.trim()),
    onSuccess: async () => {
      onClose()
      await refresh()
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const short = asked === 'needed' && reason.trim().length < shortest
    const wrong = check?.() ?? (short ? `Say why, in ${shortest} characters at least.` : undefined)
    setProblem(wrong)
    if (wrong === undefined) save.mutate()
  }

  const end = { problem, save, failure, verb, onCancel: onClose }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit} noValidate>
        {children}
        {asked === 'none' ? (
          <FormEnd {...end} />
        ) : (
          <ReasonedEnd
            {...end}
            {...(props.reasonLabel === undefined ? {} : { label: props.reasonLabel })}
            reason={reason}
            onReason={setReason}
            autofocus={children === undefined}
          />
        )}
      </form>
    </Dialog>
  )
}
