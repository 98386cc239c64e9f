import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { PasskeyAssertion } from '@throughline/model'
import { getOwnCredentials, getSignInNotice, stepUp } from '@throughline/model'
import { ProblemNotice, problemFacts } from '@throughline/ui'
import { KeyRound } from 'lucide-react'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { client } from '../../door/client.ts'
import type { ProofCause } from '../../door/proof-desk.ts'
import { proofDesk } from '../../door/proof-desk.ts'
import { ask } from '../../door/queries.ts'
import { arePasskeysPossible, provePasskey } from './passkey-client.ts'
import { SecretInput } from './SecretInput.tsx'
import './credential.css'

interface Waiting {
  readonly cause: ProofCause
  readonly answer: (proved: boolean) => void
}

const words: Readonly<Record<ProofCause, { title: string; why: string }>> = {
  'step-up': {
    title: 'Prove once more who you are',
    why: 'What you are about to do needs a proof that is not older than five minutes.',
  },
  locked: { title: 'This session is locked', why: 'Prove who you are to go on where you were.' },
}

/** The one dialog behind every call that needs a fresh proof; the call goes on once it is given. */
export function StepUpDialog(): ReactElement | null {
  const [waiting, setWaiting] = useState<Waiting | undefined>(undefined)
  useEffect(() => proofDesk.attend((cause) => new Promise((answer) => setWaiting({ cause, answer }))), [])
  if (waiting === undefined) return null
  const { title, why } = words[waiting.cause]
  const end = (proved: boolean): void => {
    setWaiting(undefined)
    waiting.answer(proved)
  }
  return (
    <Modal.Root opened onClose={() => end(false)} zIndex={400}>
      <Modal.Overlay />
      {/* Without Mantine's header, which would be a second banner of the page. */}
      <Modal.Content aria-label={title}>
        <Modal.Body className="proof-dialog">
          <h2>{title}</h2>
          <ProofForm why={why} onProved={() => end(true)} onCancel={() => end(false)} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

interface ProofFormProps {
  readonly why: string
  readonly onProved: () => void
  readonly onCancel: () => void
}

type Proof = { password: string } | { code: string } | { assertion: PasskeyAssertion }

function ProofForm({ why, onProved, onCancel }: ProofFormProps): ReactElement {
  const own = useQuery(ask(getOwnCredentials, {}))
  const notice = useQuery({ ...ask(getSignInNotice, {}), staleTime: Number.POSITIVE_INFINITY })
  const [way, setWay] = useState<'password' | 'code'>('password')
  const [text, setText] = useState('')
  const prove = useMutation({
    mutationFn: async (proof: () => Proof | Promise<Proof>) => client(stepUp, await proof()),
    onSuccess: onProved,
    onError: () => setText(''),
  })
  const hasCode = own.data?.totp != null
  const hasPasskey = (own.data?.passkeys ?? 0) > 0 && arePasskeysPossible(notice.data?.passkeyOrigin)
  const byCode = way === 'code' || (own.data?.hasPassword === false && hasCode)
  const hasText = own.data === undefined || own.data.hasPassword || hasCode

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (text !== '') prove.mutate(() => (byCode ? { code: text } : { password: text }))
  }

  return (
    <form className="proof-form" onSubmit={onSubmit}>
      <p>{why}</p>
      {prove.isError ? <ProofRefusal error={prove.error} /> : null}
      {!hasText ? null : byCode ? (
        <TextInput
          label="Code"
          description="Six digits from your authenticator app."
          autoComplete="one-time-code"
          inputMode="numeric"
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <SecretInput label="Password" autoComplete="current-password" autoFocus value={text} onChange={setText} />
      )}
      {!hasText && !hasPasskey ? (
        <p>You sign in elsewhere and hold no second factor here: sign out and in again, then repeat what you did.</p>
      ) : null}
      <div className="proof-actions">
        {hasText ? (
          <Button type="submit" loading={prove.isPending} disabled={text === ''}>
            Go on
          </Button>
        ) : null}
        {hasPasskey ? (
          <Button
            variant="default"
            leftSection={<KeyRound size={18} aria-hidden="true" />}
            disabled={prove.isPending}
            onClick={() => prove.mutate(async () => ({ assertion: await provePasskey() }))}
          >
            Use a passkey
          </Button>
        ) : null}
        {hasCode && own.data?.hasPassword === true ? (
          <Button
            variant="default"
            onClick={() => {
              setText('')
              setWay(byCode ? 'password' : 'code')
            }}
          >
            {byCode ? 'Use the password' : 'Use a code'}
          </Button>
        ) : null}
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

/** A wrong password is said in one line; whatever else went wrong, in full. */
function ProofRefusal({ error }: { readonly error: unknown }): ReactElement {
  const facts = problemFacts(error)
  if (facts.code !== 'identity.proof-refused') return <ProblemNotice what="That did not prove it" error={error} />
  return <p role="alert">{facts.message}.</p>
}
