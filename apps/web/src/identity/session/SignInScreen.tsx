import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import type { CurrentSession } from '@throughline/model'
import { getSignInNotice } from '@throughline/model'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { ask, sessionQuery } from '../../door/queries.ts'
import { arePasskeysPossible } from '../credential/passkey-client.ts'
import { OtherWays } from '../single-sign-on/OtherWays.tsx'
import { NewPasswordStep } from './NewPasswordStep.tsx'
import { PasswordStep } from './PasswordStep.tsx'
import { SecondFactorStep } from './SecondFactorStep.tsx'
import './session.css'
import type { SignInStep } from './sign-in-step.ts'

const route = getRouteApi('/sign-in')

/** Name and password, then what else is needed; then back to where the person wanted to be. */
export function SignInScreen(): ReactElement {
  const { to, ended, fresh, refused, name: known = '' } = route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [step, setStep] = useState<SignInStep>({ kind: 'password', name: known })
  const notice = useQuery({ ...ask(getSignInNotice, {}), staleTime: Number.POSITIVE_INFINITY })
  useEffect(() => {
    document.title = 'Sign in · Throughline'
  }, [])

  function enter(session: CurrentSession): void {
    queryClient.clear()
    queryClient.setQueryData(sessionQuery.queryKey, session)
    router.history.push(session.secondFactorMissing ? '/me' : (to ?? '/'))
  }
  const startAgain = (): void => setStep({ kind: 'password', name: '' })

  return (
    <main className="door">
      <div className="door-form">
        <p className="door-product">Throughline</p>
        {step.kind === 'password' ? (
          <PasswordStep
            name={step.name}
            greeting={
              ended === true
                ? 'Your session has ended. Sign in to go on where you were.'
                : fresh === true
                  ? 'Your password is set. Once you are signed in, you can add an authenticator app or a passkey on the page behind your name.'
                  : null
            }
            notice={notice.data?.useNotice ?? null}
            passkeys={arePasskeysPossible(notice.data?.passkeyOrigin)}
            onEnter={enter}
            onStep={setStep}
          />
        ) : step.kind === 'second-factor' ? (
          <SecondFactorStep
            step={step}
            passkeys={arePasskeysPossible(notice.data?.passkeyOrigin)}
            onEnter={enter}
            onStep={setStep}
            onStartAgain={startAgain}
          />
        ) : (
          <NewPasswordStep step={step} onEnter={enter} onStep={setStep} onStartAgain={startAgain} />
        )}
        {step.kind === 'password' ? <OtherWays to={to} refused={refused} /> : null}
      </div>
    </main>
  )
}
