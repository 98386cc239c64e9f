import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { CurrentSession } from '@throughline/model'
import { openSession } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { NewPasswordFields, noPassword, problemOf } from '../credential/NewPasswordFields.tsx'
import type { SignInStep } from './sign-in-step.ts'
import { stepAfter } from './sign-in-step.ts'

interface NewPasswordStepProps {
  readonly step: Extract<SignInStep, { kind: 'new-password' }>
  readonly onEnter: (session: CurrentSession) => void
  readonly onStep: (step: SignInStep) => void
  readonly onStartAgain: () => void
}

/** A new password before anything else, because the old one was stolen somewhere. */
export function NewPasswordStep({ step, onEnter, onStep, onStartAgain }: NewPasswordStepProps): ReactElement {
  const { given } = step
  const [chosen, setChosen] = useState(noPassword)
  const [told, setTold] = useState(false)
  const signIn = useMutation({
    mutationFn: () => client(openSession, { ...given, newPassword: chosen.password }),
    onSuccess: onEnter,
    onError: (error) => {
      const next = stepAfter(error, given, chosen.password)
      if (next !== undefined) onStep(next)
    },
  })

  const failure: unknown = signIn.error ?? (signIn.isIdle ? step.refused : undefined)

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setTold(true)
    if (Object.keys(problemOf(chosen)).length === 0) signIn.mutate()
  }

  return (
    <form className="door-step" onSubmit={onSubmit}>
      <h1>Choose a new password</h1>
      <p>
        The password of <strong>{given.name}</strong> is on a list of passwords that were stolen elsewhere. Whoever has
        that list can try it here.
      </p>
      {failure === undefined ? null : <ProblemNotice what="The password was not set" error={failure} />}
      <NewPasswordFields label="New password" value={chosen} told={told} onChange={setChosen} />
      <Button type="submit" loading={signIn.isPending}>
        Set password and sign in
      </Button>
      <p className="door-note">
        <button type="button" className="link-button" onClick={onStartAgain}>
          Start again
        </button>
      </p>
    </form>
  )
}
