import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ActivationLink, PersonAccount, RoleGrant } from '@throughline/model'
import {
  approvePerson,
  disablePerson,
  enablePerson,
  listPersons,
  renamePerson,
  renewActivation,
  setPersonGrants,
} from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { z } from 'zod'
import { client } from '../../door/client.ts'
import { Dialog } from '../access/Dialog.tsx'
import { GrantList } from '../access/GrantList.tsx'
import { GrantsEditor } from '../access/GrantsEditor.tsx'
import { ReasonDialog } from '../access/ReasonDialog.tsx'
import { ActivationLinkShown } from './ActivationLinkShown.tsx'

export type PersonAct = 'approve' | 'renew' | 'disable' | 'enable' | 'grants' | 'rename'

interface PersonDialogsProps {
  readonly act: PersonAct
  readonly person: PersonAccount
  readonly onClose: () => void
}

/** What can be done with an account, each said before it is done. */
export function PersonDialogs({ act, person, onClose }: PersonDialogsProps): ReactElement {
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ queryKey: [listPersons.name] })
  const [link, setLink] = useState<z.output<typeof ActivationLink> | undefined>(undefined)
  const [grants, setGrants] = useState<RoleGrant[]>(person.grants)
  const [printedName, setPrintedName] = useState(person.printedName)
  const personId = person.id
  const called = person.printedName

  if (link !== undefined) return <LinkDialog name={called} link={link} onClose={onClose} />
  switch (act) {
    case 'approve':
      return <ApproveDialog person={person} onLink={setLink} onClose={onClose} />
    case 'renew':
      return (
        <ReasonDialog
          title={`New one-time link for ${called}`}
          confirm="Make the link"
          failure="No link was made"
          onClose={onClose}
          // The link takes the place of this dialog.
          onDone={() => undefined}
          onConfirm={async (reason) => setLink(await client(renewActivation, { personId, reason }))}
        >
          <p>
            With it {called} sets a new password. A link made before stops working; the present password works until the
            new one is set.
          </p>
        </ReasonDialog>
      )
    case 'disable':
      return (
        <ReasonDialog
          title={person.state === 'awaiting-approval' ? `Refuse the account of ${called}` : `Disable ${called}`}
          confirm={person.state === 'awaiting-approval' ? 'Refuse' : 'Disable'}
          failure="Nothing was changed"
          onClose={onClose}
          onConfirm={async (reason) => {
            await client(disablePerson, { personId, reason })
            await refresh()
          }}
        >
          <p>{called} is signed out everywhere at once and cannot sign in. Their records and their name stay.</p>
        </ReasonDialog>
      )
    case 'enable':
      return (
        <ReasonDialog
          title={`Enable ${called}`}
          confirm="Enable"
          failure="Nothing was changed"
          onClose={onClose}
          onConfirm={async (reason) => {
            await client(enablePerson, { personId, reason })
            await refresh()
          }}
        >
          <p>{called} is as before: the same roles, the same password.</p>
          <GrantList grants={person.grants} />
        </ReasonDialog>
      )
    case 'grants':
      return (
        <ReasonDialog
          title={`Roles of ${called}`}
          confirm="Change roles"
          failure="The roles were not changed"
          onClose={onClose}
          onConfirm={async (reason) => {
            await client(setPersonGrants, { personId, grants, reason })
            await refresh()
          }}
        >
          <GrantsEditor grants={grants} onChange={setGrants} />
          <p className="tl-dim">{called} is signed out everywhere and begins anew with these roles.</p>
        </ReasonDialog>
      )
    case 'rename':
      return (
        <ReasonDialog
          title={`Printed name of ${called}`}
          confirm="Change the name"
          failure="The name was not changed"
          onClose={onClose}
          onConfirm={async (reason) => {
            await client(renamePerson, { personId, printedName, reason })
            await refresh()
          }}
        >
          <TextInput
            label="Printed name"
            description="What was signed before keeps the name of that time."
            maxLength={120}
            value={printedName}
            onChange={(event) => setPrintedName(event.currentTarget.value)}
          />
        </ReasonDialog>
      )
  }
}

interface ApproveDialogProps {
  readonly person: PersonAccount
  readonly onLink: (link: z.output<typeof ActivationLink>) => void
  readonly onClose: () => void
}

function ApproveDialog({ person, onLink, onClose }: ApproveDialogProps): ReactElement {
  const queryClient = useQueryClient()
  const approve = useMutation({
    mutationFn: () => client(approvePerson, { personId: person.id }),
    onSuccess: ({ activation }) => {
      onLink(activation)
      return queryClient.invalidateQueries({ queryKey: [listPersons.name] })
    },
  })
  return (
    <Dialog title={`Approve ${person.printedName}`} onClose={onClose}>
      <div className="access-form">
        <dl className="facts">
          <dt>Sign-in name</dt>
          <dd>{person.name}</dd>
          <dt>Identity checked</dt>
          <dd>{person.identityChecked}</dd>
          <dt>Invited by</dt>
          <dd>{person.invitedBy?.name}</dd>
          <dt>Roles</dt>
          <dd>
            <GrantList grants={person.grants} />
          </dd>
        </dl>
        {approve.isError ? <ProblemNotice what="The account was not approved" error={approve.error} /> : null}
        <div className="access-actions">
          <Button loading={approve.isPending} onClick={() => approve.mutate()}>
            Approve
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

interface LinkDialogProps {
  readonly name: string
  readonly link: z.output<typeof ActivationLink>
  readonly onClose: () => void
}

function LinkDialog({ name, link, onClose }: LinkDialogProps): ReactElement {
  return (
    <Dialog title={`One-time link for ${name}`} onClose={onClose}>
      <div className="access-form">
        <ActivationLinkShown name={name} activation={link} />
        <div className="access-actions">
          <Button onClick={onClose}>Done</Button>
        </div>
      </div>
    </Dialog>
  )
}
