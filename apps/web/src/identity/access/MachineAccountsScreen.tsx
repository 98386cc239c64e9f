import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MachineAccountEntry, RoleGrant } from '@throughline/model'
import { createMachineAccount, listMachineAccounts, PathName, revokeMachineAccount } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from './AccessTabs.tsx'
import { Dialog } from './Dialog.tsx'
import { FormEnd } from './FormEnd.tsx'
import { GrantList } from './GrantList.tsx'
import { GrantsEditor } from './GrantsEditor.tsx'
import { GuardedButton } from './GuardedButton.tsx'
import { InForce } from './InForce.tsx'
import { useDenial } from './may.ts'
import { OnceShown } from './OnceShown.tsx'
import { ReasonDialog } from './ReasonDialog.tsx'
import './access.css'

/** Accounts of software: edge agents and whatever reads the plant from outside. */
export function MachineAccountsScreen(): ReactElement {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<MachineAccountEntry | undefined>(undefined)
  const query = useQuery(ask(listMachineAccounts, {}))
  const mayNotWrite = denial('identity.machine-account.write', 'change machine accounts')
  const active = (query.data ?? []).filter(({ state }) => state === 'active').length
  return (
    <>
      <ScreenHead
        title="Machine accounts"
        answer={query.data === undefined ? undefined : `${active} of ${query.data.length} active`}
        actions={
          <GuardedButton told reason={mayNotWrite} onClick={() => setCreating(true)}>
            Create an account
          </GuardedButton>
        }
      />
      <AccessTabs />
      <div className="access">
        {query.isError ? <ProblemNotice what="The machine accounts could not be listed" error={query.error} /> : null}
        {query.data === undefined ? null : (
          <DataTable
            caption="Machine accounts"
            rows={query.data}
            rowKey={(account) => account.id}
            empty={
              <EmptyState title="No machine accounts" reason="An edge agent or a reader from outside needs one." />
            }
            columns={[
              {
                key: 'name',
                head: 'Account',
                cell: (account) => <span className="access-person">{account.name}</span>,
              },
              { key: 'roles', head: 'Roles', cell: (account) => <GrantList grants={account.grants} /> },
              {
                key: 'state',
                head: 'State',
                tight: true,
                cell: ({ state }) => <InForce holds={state === 'active'} yes="Active" no="Revoked" />,
              },
              {
                key: 'made',
                head: 'Made',
                tight: true,
                cell: (account) => (
                  <span className="tl-figure">{formatInstant(account.createdAt, 'record', timeZone)}</span>
                ),
              },
              {
                key: 'used',
                head: 'Last used, by the hour',
                tight: true,
                cell: (account) =>
                  account.lastUsedAt === null ? (
                    <span className="tl-dim">never</span>
                  ) : (
                    <span className="tl-figure">{formatInstant(account.lastUsedAt, 'record', timeZone)}</span>
                  ),
              },
              {
                key: 'revoke',
                head: <span className="tl-hidden">Revoke</span>,
                tight: true,
                cell: (account) =>
                  account.state === 'revoked' ? null : (
                    <GuardedButton
                      size="compact-sm"
                      variant="default"
                      reason={mayNotWrite}
                      aria-label={`Revoke ${account.name}`}
                      onClick={() => setRevoking(account)}
                    >
                      Revoke
                    </GuardedButton>
                  ),
              },
            ]}
          />
        )}
      </div>
      {creating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
      {revoking === undefined ? null : (
        <ReasonDialog
          title={`Revoke ${revoking.name}`}
          confirm="Revoke"
          failure="The account was not revoked"
          onClose={() => setRevoking(undefined)}
          onConfirm={async (reason) => {
            await client(revokeMachineAccount, { accountId: revoking.id, reason })
            await queryClient.invalidateQueries({ queryKey: [listMachineAccounts.name] })
          }}
        >
          <p>
            The key of {revoking.name} stops working at once, for good. What uses it cannot reach the plant any more.
          </p>
        </ReasonDialog>
      )}
    </>
  )
}

function CreateDialog({ onClose }: { onClose: () => void }): ReactElement {
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [grants, setGrants] = useState<RoleGrant[]>([{ role: 'edge-agent', nodeId: null }])
  const [wrong, setWrong] = useState(false)
  const create = useMutation({
    mutationFn: () => client(createMachineAccount, { name, grants }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [listMachineAccounts.name] }),
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const usable = PathName.safeParse(name).success
    setWrong(!usable)
    if (usable) create.mutate()
  }

  const made = create.data
  return (
    <Dialog
      size="lg"
      onClose={onClose}
      title={made === undefined ? 'Create a machine account' : `Key of ${made.account.name}`}
    >
      {made === undefined ? (
        <form className="access-form" onSubmit={onSubmit}>
          <TextInput
            label="Name"
            description="What uses it and where: edge-2, lims-reader."
            spellCheck={false}
            data-autofocus
            value={name}
            error={wrong ? 'Use letters, digits, ".", "-" or "_", starting with a letter or digit.' : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <GrantsEditor grants={grants} onChange={setGrants} forSoftware />
          <FormEnd save={create} failure="The account was not made" verb="Create" onCancel={onClose} />
        </form>
      ) : (
        <div className="access-form">
          <OnceShown
            label="API key"
            text={made.apiKey}
            note="Put it where the program reads it. It is not shown again: if it is lost, revoke the account and make another."
          />
          <div className="access-actions">
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
