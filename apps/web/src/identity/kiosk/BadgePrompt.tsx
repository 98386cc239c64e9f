import { useMutation } from '@tanstack/react-query'
import type { CurrentSession } from '@throughline/model'
import { openSessionWithBadge } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { IdCard } from 'lucide-react'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client, leave } from '../../door/client.ts'
import { commandIn, digitsAfter } from './command.ts'
import { useWedgeReader } from './kiosk-hooks.ts'
import { PinPad } from './PinPad.tsx'

interface BadgePromptProps {
  readonly title: string
  readonly note: string
  /** A badge that was read already. */
  readonly badge?: string | undefined
  readonly onSignedIn: (session: CurrentSession) => void
  readonly onCancel?: () => void
}

const shortestPin = 6

/** Asks for a badge, then for its PIN. */
export function BadgePrompt({ title, note, onSignedIn, onCancel, ...read }: BadgePromptProps): ReactElement {
  const [badge, setBadge] = useState(read.badge)
  const [typed, setTyped] = useState('')
  const [pin, setPin] = useState('')
  const [missing, setMissing] = useState(false)
  const signIn = useMutation({
    // The session of whoever was signed in before ends by it: that is nobody's news.
    mutationFn: () => leave(() => client(openSessionWithBadge, { badge: badge ?? '', pin })),
    onSuccess: onSignedIn,
    onError: () => {
      setPin('')
      setBadge(undefined)
    },
  })
  useWedgeReader((heard) => {
    const command = commandIn(heard)
    // With gloves on, the PIN is scanned too, from the keys of the printed sheet.
    if (command?.name === 'KEY' && badge !== undefined) return setPin((typed) => digitsAfter(typed, command.argument))
    if (command?.name === 'DONE' && badge !== undefined) return onEnter()
    // No command is a badge.
    if (command !== undefined) return
    signIn.reset()
    setTyped('')
    setPin('')
    setBadge(heard)
  })

  function onTyped(event: FormEvent): void {
    event.preventDefault()
    const given = typed.trim()
    setMissing(given === '')
    if (given !== '') setBadge(given)
    setTyped('')
  }
  function onEnter(): void {
    setMissing(pin.length < shortestPin)
    if (pin.length >= shortestPin) signIn.mutate()
  }

  return (
    <section className="kiosk-prompt" aria-labelledby="kiosk-prompt-title">
      <h1 id="kiosk-prompt-title">{title}</h1>
      <p className="kiosk-note">{note}</p>
      {signIn.isError ? <ProblemNotice what="You are not signed in" error={signIn.error} /> : null}
      {badge === undefined ? (
        <>
          <div className="kiosk-badge" aria-hidden="true">
            <IdCard size={96} strokeWidth={1.25} />
          </div>
          <p className="kiosk-ask" role="status">
            Hold your badge to the reader
          </p>
          <form className="kiosk-typed" onSubmit={onTyped}>
            <label>
              Badge number, without a reader
              <input
                className="kiosk-input"
                autoComplete="off"
                spellCheck={false}
                maxLength={128}
                value={typed}
                aria-invalid={missing}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            </label>
            <button type="submit" className="kiosk-button">
              Next
            </button>
          </form>
          {missing ? <p role="alert">Hold a badge to the reader, or type its number.</p> : null}
        </>
      ) : (
        <>
          <p className="kiosk-ask" role="status">
            Badge read. Now your PIN.
          </p>
          <PinPad pin={pin} busy={signIn.isPending} onChange={setPin} onEnter={onEnter} />
          {missing ? <p role="alert">A PIN has at least {shortestPin} digits.</p> : null}
        </>
      )}
      {onCancel === undefined && badge === undefined ? null : (
        <button
          type="button"
          className="kiosk-button kiosk-quiet"
          onClick={() => {
            setBadge(undefined)
            setPin('')
            setMissing(false)
            onCancel?.()
          }}
        >
          Cancel
        </button>
      )}
    </section>
  )
}
