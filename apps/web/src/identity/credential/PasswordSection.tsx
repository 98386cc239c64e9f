import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { changePassword } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { NewPasswordFields, noPassword, problemOf } from './NewPasswordFields.tsx'
import { SecretInput } from './SecretInput.tsx'
import './credential.css'

/** The own password and how to change it. */
export function PasswordSection({ hasPassword }: { readonly hasPassword: boolean }): ReactElement {
  const [isOpen, setOpen] = useState(false)
  const [done, setDone] = useState('')
  return (
    <section className="me-card" aria-labelledby="me-password">
      <div className="me-card-head">
        <h2 id="me-password">Password</h2>
        {hasPassword && !isOpen ? (
          <Button
            variant="default"
            onClick={() => {
              setDone('')
              setOpen(true)
            }}
          >
            Change password
          </Button>
        ) : null}
      </div>
      <p role="status">
        {done !== ''
          ? done
          : hasPassword
            ? 'Set by you. There is no need to change it as long as nobody else knows it.'
            : 'You sign in elsewhere; there is no password here.'}
      </p>
      {isOpen ? (
        <ChangeForm
          onDone={(text) => {
            setOpen(false)
            setDone(text)
          }}
          onCancel={() => setOpen(false)}
        />
      ) : null}
    </section>
  )
}

interface ChangeFormProps {
  readonly onDone: (text: string) => void
  readonly onCancel: () => void
}

function ChangeForm({ onDone, onCancel }: ChangeFormProps): ReactElement {
  const [old, setOld] = useState('')
  const [chosen, setChosen] = useState(noPassword)
  const [told, setTold] = useState(false)
  const change = useMutation({
    mutationFn: () => client(changePassword, { oldPassword: old, newPassword: chosen.password }),
    onSuccess: ({ sessionsEnded }) => onDone(`The password is changed.${endedText(sessionsEnded)}`),
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setTold(true)
    if (old !== '' && Object.keys(problemOf(chosen)).length === 0) change.mutate()
  }

  return (
    <form className="me-form" onSubmit={onSubmit}>
      {change.isError ? <ProblemNotice what="The password was not changed" error={change.error} /> : null}
      <SecretInput
        label="Old password"
        autoComplete="current-password"
        value={old}
        error={told && old === '' ? 'Type the password that you use now.' : undefined}
        onChange={setOld}
      />
      <NewPasswordFields label="New password" value={chosen} told={told} onChange={setChosen} />
      <div className="proof-actions">
        <Button type="submit" loading={change.isPending}>
          Change password
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

const endedText = (count: number): string =>
  count === 0 ? '' : count === 1 ? ' One other session ended.' : ` ${count} other sessions ended.`
