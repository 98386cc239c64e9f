import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { CurrentSession } from '@throughline/model'
import { openSession, signInWithPasskey } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { KeyRound } from 'lucide-react'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { provePasskey } from '../credential/passkey-client.ts'
import { SecretInput } from '../credential/SecretInput.tsx'
import type { SignInStep } from './sign-in-step.ts'
import { stepAfter } from './sign-in-step.ts'

interface PasswordStepProps {
  readonly name: string
  /** Why somebody is here, when there is a reason. */
  readonly greeting: string | null
  readonly notice: string | null
  readonly passkeys: boolean
  readonly onEnter: (session: CurrentSession) => void
  readonly onStep: (step: SignInStep) => void
}

/** Name and password, or a passkey. */
export function PasswordStep({
  greeting,
  notice,
  passkeys,
  onEnter,
  onStep,
  ...known
}: PasswordStepProps): ReactElement {
  const [name, setName] = useState(known.name)
  const [password, setPassword] = useState('')
  const given = { name: name.trim(), password }
  const signIn = useMutation({
    mutationFn: () => client(openSession, given),
    onSuccess: onEnter,
    onError: (error) => {
      const next = stepAfter(error, given)
      if (next === undefined) setPassword('')
      else onStep(next)
    },
  })
  const byPasskey = useMutation({
    mutationFn: async () => client(signInWithPasskey, { assertion: await provePasskey() }),
    onSuccess: onEnter,
  })
  const failure = signIn.error ?? byPasskey.error

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    byPasskey.reset()
    signIn.mutate()
  }

  return (
    <form className="door-step" onSubmit={onSubmit}>
      <h1>Sign in</h1>
      {notice === null ? null : <p className="door-notice">{notice}</p>}
      {greeting === null || failure !== null ? null : <p role="status">{greeting}</p>}
      {failure === null ? null : <ProblemNotice what="You are not signed in" error={failure} />}
      <TextInput
        label="Name"
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <SecretInput label="Password" autoComplete="current-password" value={password} onChange={setPassword} />
      <Button type="submit" loading={signIn.isPending} disabled={byPasskey.isPending}>
        Sign in
      </Button>
      {passkeys ? (
        <Button
          variant="default"
          leftSection={<KeyRound size={18} aria-hidden="true" />}
          loading={byPasskey.isPending}
          onClick={() => {
            signIn.reset()
            byPasskey.mutate()
          }}
        >
          Use a passkey
        </Button>
      ) : null}
      <p className="door-note">No account yet? An administrator invites you with a one-time link.</p>
    </form>
  )
}
