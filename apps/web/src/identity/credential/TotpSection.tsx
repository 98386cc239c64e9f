import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { OwnCredentials } from '@throughline/model'
import { confirmTotp, enrolTotp, removeTotp, renewRecoveryCodes } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { QrCode } from './QrCode.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import './credential.css'

interface TotpSectionProps {
  readonly totp: OwnCredentials['totp']
  /** Reads anew what the person has. */
  readonly onChanged: () => Promise<unknown>
}

/** The authenticator app: set up, its recovery codes, given up. */
export function TotpSection({ totp, onChanged }: TotpSectionProps): ReactElement {
  const timeZone = usePlantZone()
  const [codes, setCodes] = useState<readonly string[] | undefined>(undefined)
  const [isLeaving, setLeaving] = useState(false)
  const enrol = useMutation({ mutationFn: () => client(enrolTotp, {}) })
  const renew = useMutation({
    mutationFn: () => client(renewRecoveryCodes, {}),
    onSuccess: ({ recoveryCodes }) => setCodes(recoveryCodes),
  })
  const remove = useMutation({
    mutationFn: () => client(removeTotp, {}),
    onSuccess: async () => {
      setLeaving(false)
      await onChanged()
    },
  })
  const failure = enrol.error ?? renew.error ?? remove.error

  return (
    <section className="me-card" aria-labelledby="me-totp">
      <div className="me-card-head">
        <h2 id="me-totp">Authenticator app</h2>
        {totp !== null || enrol.isSuccess ? null : (
          <Button variant="default" loading={enrol.isPending} onClick={() => enrol.mutate()}>
            Set up
          </Button>
        )}
        {totp === null || codes !== undefined || isLeaving ? null : (
          <div className="proof-actions">
            <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
              New recovery codes
            </Button>
            <Button variant="default" onClick={() => setLeaving(true)}>
              Stop using it
            </Button>
          </div>
        )}
      </div>
      {codes !== undefined ? (
        <p>In use from the next sign-in on.</p>
      ) : totp === null ? (
        <p>Not used. It asks for a code from your phone at each sign-in, so that a stolen password is not enough.</p>
      ) : (
        <p>
          In use since {formatInstant(totp.confirmedAt, 'record', timeZone)} · {totp.recoveryCodesLeft} of 8 recovery
          codes left
        </p>
      )}
      {failure === null ? null : <ProblemNotice what="Nothing was changed" error={failure} />}
      {isLeaving ? (
        <div className="proof-actions">
          <p>From the next sign-in on your password alone is enough, and your recovery codes end.</p>
          <Button loading={remove.isPending} onClick={() => remove.mutate()}>
            Stop using the app
          </Button>
          <Button variant="default" onClick={() => setLeaving(false)}>
            Keep it
          </Button>
        </div>
      ) : null}
      {enrol.data !== undefined && codes === undefined ? (
        <EnrolForm enrolment={enrol.data} onConfirmed={setCodes} onCancel={() => enrol.reset()} />
      ) : null}
      {codes === undefined ? null : (
        <RecoveryCodes
          codes={codes}
          onKept={() => {
            setCodes(undefined)
            enrol.reset()
            void onChanged()
          }}
        />
      )}
    </section>
  )
}

interface EnrolFormProps {
  readonly enrolment: { readonly secret: string; readonly uri: string }
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void
  readonly onCancel: () => void
}

function EnrolForm({ enrolment, onConfirmed, onCancel }: EnrolFormProps): ReactElement {
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => client(confirmTotp, { code }),
    onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes),
    onError: () => setCode(''),
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (code !== '') confirm.mutate()
  }

  return (
    <form className="enrol" onSubmit={onSubmit}>
      <QrCode text={enrolment.uri} label="QR code for the authenticator app" />
      <div className="me-form">
        <div>
          <h3>1. Scan the code with the app</h3>
          <p>Or type this key into it:</p>
          <output className="enrol-secret" aria-label="Key for the app">
            {enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}
          </output>
        </div>
        <div>
          <h3>2. Type what the app shows</h3>
          <TextInput
            label="Code"
            description="Six digits; a new one every 30 seconds."
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={20}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        </div>
        {confirm.isError ? <ProblemNotice what="The app is not confirmed" error={confirm.error} /> : null}
        <div className="proof-actions">
          <Button type="submit" loading={confirm.isPending} disabled={code === ''}>
            Confirm
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  )
}
