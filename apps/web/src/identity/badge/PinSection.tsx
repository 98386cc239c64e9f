import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getOwnBadge, setPin } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { SecretInput } from '../credential/SecretInput.tsx'
import '../credential/credential.css'

const states = {
  absent: 'No PIN yet: your badge works at stations once you have set one.',
  set: 'A PIN is set.',
  blocked: 'Five wrong PINs were tried: set a new one to use your badge again.',
} as const

/** The PIN that makes a badge worth something; only where the person has a badge. */
export function PinSection(): ReactElement | null {
  const own = useQuery(ask(getOwnBadge, {}))
  const [isOpen, setOpen] = useState(false)
  const [password, setPassword] = useState('')
  const [pin, setPinText] = useState('')
  const change = useMutation({
    mutationFn: () => client(setPin, password === '' ? { pin } : { pin, password }),
    onSuccess: async () => {
      setOpen(false)
      setPinText('')
      setPassword('')
      await own.refetch()
    },
  })
  if (own.isError) return <ProblemNotice what="Your badge could not be read" error={own.error} />
  if (own.data === undefined || (own.data.badges === 0 && own.data.pin === 'absent')) return null

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    change.mutate()
  }

  return (
    <section className="me-card" aria-labelledby="me-pin">
      <div className="me-card-head">
        <h2 id="me-pin">Badge and PIN</h2>
        {isOpen ? null : (
          <Button variant="default" onClick={() => setOpen(true)}>
            {own.data.pin === 'absent' ? 'Set a PIN' : 'Set a new PIN'}
          </Button>
        )}
      </div>
      <p>
        {own.data.badges === 1 ? 'One badge. ' : `${own.data.badges} badges. `}
        {states[own.data.pin]}
      </p>
      {isOpen ? (
        <form className="me-form" onSubmit={onSubmit}>
          {own.data.proof === 'password' ? (
            <SecretInput
              label="Your password"
              autoComplete="current-password"
              value={password}
              onChange={setPassword}
            />
          ) : (
            <p>You must have signed in within the last five minutes.</p>
          )}
          <TextInput
            label="New PIN"
            description="6 to 12 digits: no order, no repetition, no date."
            type="password"
            inputMode="numeric"
            autoComplete="off"
            maxLength={12}
            value={pin}
            onChange={(event) => setPinText(event.currentTarget.value)}
          />
          {change.isError ? <ProblemNotice what="The PIN was not set" error={change.error} /> : null}
          <div className="proof-actions">
            <Button type="submit" loading={change.isPending} disabled={pin === ''}>
              Set PIN
            </Button>
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  )
}
