import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Passkey } from '@throughline/model'
import { getSignInNotice, listPasskeys, registerPasskey, removePasskey } from '@throughline/model'
import { DataTable, formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { arePasskeysPossible, makePasskey } from './passkey-client.ts'
import './credential.css'

/** The own passkeys: added, named, removed, reported lost. */
export function PasskeySection({ onChanged }: { readonly onChanged: () => Promise<unknown> }): ReactElement {
  const timeZone = usePlantZone()
  const passkeys = useQuery(ask(listPasskeys, {}))
  const notice = useQuery({ ...ask(getSignInNotice, {}), staleTime: Number.POSITIVE_INFINITY })
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Passkey | undefined>(undefined)
  const changed = async (): Promise<void> => {
    setAdding(false)
    setLeaving(undefined)
    await Promise.all([passkeys.refetch(), onChanged()])
  }
  const isPossible = arePasskeysPossible(notice.data?.passkeyOrigin)
  const count = passkeys.data?.length ?? 0

  return (
    <section className="me-card" aria-labelledby="me-passkeys">
      <div className="me-card-head">
        <h2 id="me-passkeys">Passkeys</h2>
        {isPossible && !isAdding ? (
          <Button variant="default" onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        ) : null}
      </div>
      <p>
        {count === 0 ? 'None. ' : ''}A passkey signs you in with your fingerprint, face or the PIN of the device,
        without a password.
      </p>
      {notice.isSuccess && !isPossible ? (
        <p className="tl-dim">
          {notice.data.passkeyOrigin === null
            ? 'This plant has no address that passkeys could be bound to.'
            : `They work at ${notice.data.passkeyOrigin}, in a browser that has them; this page is at ${location.origin}.`}
        </p>
      ) : null}
      {passkeys.isError ? <ProblemNotice what="The passkeys could not be read" error={passkeys.error} /> : null}
      {count === 0 ? null : (
        <DataTable
          caption="Your passkeys"
          rows={passkeys.data ?? []}
          rowKey={(passkey) => passkey.id}
          columns={[
            { key: 'name', head: 'Name', cell: (passkey) => passkey.name },
            { key: 'made', head: 'Added', cell: (passkey) => formatInstant(passkey.madeAt, 'record', timeZone) },
            {
              key: 'used',
              head: 'Last used',
              cell: (passkey) =>
                passkey.lastUsedAt === null ? 'not yet' : formatInstant(passkey.lastUsedAt, 'record', timeZone),
            },
            {
              key: 'remove',
              head: <span className="tl-hidden">Action</span>,
              tight: true,
              cell: (passkey) => (
                <Button size="compact-sm" variant="default" onClick={() => setLeaving(passkey)}>
                  Remove<span className="tl-hidden"> {passkey.name}</span>
                </Button>
              ),
            },
          ]}
        />
      )}
      {isAdding ? <AddForm onAdded={changed} onCancel={() => setAdding(false)} /> : null}
      {leaving === undefined ? null : (
        <RemoveDialog passkey={leaving} onRemoved={changed} onClose={() => setLeaving(undefined)} />
      )}
    </section>
  )
}

interface AddFormProps {
  readonly onAdded: () => Promise<void>
  readonly onCancel: () => void
}

function AddForm({ onAdded, onCancel }: AddFormProps): ReactElement {
  const [name, setName] = useState('')
  const [told, setTold] = useState(false)
  const add = useMutation({
    mutationFn: async () => client(registerPasskey, { name: name.trim(), registration: await makePasskey() }),
    onSuccess: onAdded,
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setTold(true)
    if (name.trim() !== '') add.mutate()
  }

  return (
    <form className="me-form" onSubmit={onSubmit}>
      {add.isError ? <ProblemNotice what="The passkey was not added" error={add.error} /> : null}
      <TextInput
        label="Name of the passkey"
        description="What you will know it by: the device that it is on."
        placeholder="Work laptop"
        maxLength={60}
        value={name}
        error={told && name.trim() === '' ? 'Give it a name.' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className="proof-actions">
        <Button type="submit" loading={add.isPending}>
          Add passkey
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

interface RemoveDialogProps {
  readonly passkey: Passkey
  readonly onRemoved: () => Promise<void>
  readonly onClose: () => void
}

function RemoveDialog({ passkey, onRemoved, onClose }: RemoveDialogProps): ReactElement {
  const remove = useMutation({
    mutationFn: (cause: 'lost' | 'no-longer-used') => client(removePasskey, { passkeyId: passkey.id, cause }),
    onSuccess: onRemoved,
  })
  return (
    <Modal opened onClose={onClose} title={`Remove ${passkey.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="proof-form">
        <p>It is refused from now on. If it is lost and somebody uses it, the plant’s security role is told.</p>
        {remove.isError ? <ProblemNotice what="The passkey was not removed" error={remove.error} /> : null}
        <div className="proof-actions">
          <Button loading={remove.isPending} onClick={() => remove.mutate('lost')}>
            It is lost
          </Button>
          <Button variant="default" disabled={remove.isPending} onClick={() => remove.mutate('no-longer-used')}>
            I no longer use it
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Modal>
  )
}
