import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { CurrentSession } from '@throughline/model'
import { openSession } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { KeyRound } from 'lucide-react'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../door/client.ts'
import { provePasskey } from '../credential/passkey-client.ts'
import type { SignInStep } from './sign-in-step.ts'
import { stepAfter } from './sign-in-step.ts'

interface SecondFactorStepProps {
  readonly step: Extract<SignInStep, { kind: 'second-factor' }>
  readonly passkeys: boolean
  readonly onEnter: (session: CurrentSession) => void
  readonly onStep: (step: SignInStep) => void
  readonly onStartAgain: () => void
}

/** The code of the app, a recovery code, or a passkey. */
export function SecondFactorStep({
  step,
  passkeys,
  onEnter,
  onStep,
  onStartAgain,
}: SecondFactorStepProps): ReactElement {
  const [code, setCode] = useState('')
  const { given, newPassword } = step
  const sent = { ...given, ...(newPassword === undefined ? {} : { newPassword }) }
  const after = (error: unknown): void => {
    const next = stepAfter(error, given, newPassword)
    if (next === undefined) setCode('')
    else onStep(next)
  }
  const byCode = useMutation({
    mutationFn: () => client(openSession, { ...sent, code }),
    onSuccess: onEnter,
    onError: after,
  })
  const byPasskey = useMutation({
    mutationFn: async () => client(openSession, { ...sent, assertion: await provePasskey() }),
    onSuccess: onEnter,
    onError: after,
  })
  const failure = byCode.error ?? byPasskey.error
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    byPasskey.reset()
    byCode.mutate()
  }

  return (
    <form className="door-step" onSubmit={onSubmit}>
      <h1>Second factor</h1>
      <p>
        The password of <strong>{given.name}</strong> is not enough to sign in.
      </p>
      {failure === null ? null : <ProblemNotice what="You are not signed in" error={failure} />}
      {step.code ? (
        <>
          <TextInput
            label="Code"
            description="Six digits from your authenticator app, or one of your recovery codes."
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            maxLength={40}
            ref={field}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" loading={byCode.isPending} disabled={byPasskey.isPending}>
            Sign in
          </Button>
        </>
      ) : null}
      {step.passkey && passkeys ? (
        <Button
          variant={step.code ? 'default' : 'filled'}
          leftSection={<KeyRound size={18} aria-hidden="true" />}
          loading={byPasskey.isPending}
          disabled={byCode.isPending}
          onClick={() => {
            byCode.reset()
            byPasskey.mutate()
          }}
        >
          Use a passkey
        </Button>
      ) : null}
      {step.passkey && !passkeys && !step.code ? (
        <p>Your passkey works in a browser that has it, at the address of the plant that you registered it at.</p>
      ) : null}
      <p className="door-note">
        Neither at hand? An administrator can reset your second factor.{' '}
        <button type="button" className="link-button" onClick={onStartAgain}>
          Start again
        </button>
      </p>
    </form>
  )
}
