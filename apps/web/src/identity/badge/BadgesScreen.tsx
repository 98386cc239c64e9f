import { Modal, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Badge } from '@throughline/model'
import { BadgeCode, issueBadge, listBadges, listPersons, revokeBadge } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from '../access/AccessTabs.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { InForce } from '../access/InForce.tsx'
import { useDenial } from '../access/may.ts'
import { ReasonDialog } from '../access/ReasonDialog.tsx'
import { ReasonedEnd } from '../access/ReasonedEnd.tsx'
import '../access/access.css'

/** Who holds which badge; a lost one is revoked here. */
export function BadgesScreen(): ReactElement {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const badges = useQuery(ask(listBadges, {}))
  const persons = useQuery(ask(listPersons, {}))
  const [isIssuing, setIssuing] = useState(false)
  const [revoking, setRevoking] = useState<Badge | undefined>(undefined)
  const mayNotWrite = denial('identity.badge.write', 'give or revoke badges')
  const holderOf = (badge: Badge): string =>
    persons.data?.find(({ id }) => id === badge.personId)?.printedName ?? 'somebody who could not be read'
  const refresh = () => queryClient.invalidateQueries({ queryKey: [listBadges.name] })
  const active = (badges.data ?? []).filter(({ state }) => state === 'active').length
  return (
    <>
      <ScreenHead
        title="Badges"
        answer={badges.data === undefined ? undefined : `${active} of ${badges.data.length} in use`}
        actions={
          <GuardedButton reason={mayNotWrite} onClick={() => setIssuing(true)}>
            Give a badge
          </GuardedButton>
        }
      />
      <AccessTabs />
      <div className="access">
        {badges.isError ? <ProblemNotice what="The badges could not be listed" error={badges.error} /> : null}
        {badges.data === undefined ? null : (
          <DataTable
            caption="Badges"
            rows={badges.data}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No badges" reason="With a badge and a PIN people sign in at stations." />}
            columns={[
              {
                key: 'holder',
                head: 'Holder',
                cell: (badge) => <span className="access-person">{holderOf(badge)}</span>,
              },
              {
                key: 'ending',
                head: 'Ends with',
                tight: true,
                cell: ({ ending }) => <span className="tl-figure">{ending}</span>,
              },
              {
                key: 'state',
                head: 'State',
                tight: true,
                cell: ({ state }) => <InForce holds={state === 'active'} yes="In use" no="Revoked" />,
              },
              {
                key: 'issued',
                head: 'Given',
                tight: true,
                cell: ({ issuedAt }) => (
                  <span className="tl-figure">{formatInstant(issuedAt, 'record', timeZone)}</span>
                ),
              },
              {
                key: 'revoke',
                head: 'Action',
                tight: true,
                cell: (badge) =>
                  badge.state === 'revoked' ? null : (
                    <GuardedButton
                      variant="default"
                      size="compact-sm"
                      reason={mayNotWrite}
                      aria-label={`Revoke the badge of ${holderOf(badge)}`}
                      onClick={() => setRevoking(badge)}
                    >
                      Revoke
                    </GuardedButton>
                  ),
              },
            ]}
          />
        )}
      </div>
      {isIssuing ? (
        <IssueDialog
          persons={(persons.data ?? []).filter(({ state }) => state !== 'disabled')}
          onClose={() => setIssuing(false)}
          onDone={refresh}
        />
      ) : null}
      {revoking === undefined ? null : (
        <ReasonDialog
          title="Revoke a badge"
          confirm="Revoke"
          failure="The badge was not revoked"
          onConfirm={async (reason) => {
            await client(revokeBadge, { badgeId: revoking.id, reason })
            await refresh()
          }}
          onClose={() => setRevoking(undefined)}
        >
          <p>
            The badge of {holderOf(revoking)} that ends with {revoking.ending} works no longer, for nobody, and its use
            is reported.
          </p>
        </ReasonDialog>
      )}
    </>
  )
}

interface IssueDialogProps {
  readonly persons: readonly { readonly id: Badge['personId']; readonly printedName: string; readonly name: string }[]
  readonly onClose: () => void
  readonly onDone: () => Promise<unknown>
}

function IssueDialog({ persons, onClose, onDone }: IssueDialogProps): ReactElement {
  const [personId, setPersonId] = useState('')
  const [badge, setBadge] = useState('')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const person = persons.find(({ id }) => id === personId)
  const issue = useMutation({
    mutationFn: () => client(issueBadge, { personId: person?.id ?? '', badge, reason }),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const isWhole = person !== undefined && BadgeCode.safeParse(badge).success && reason.trim().length >= 3
    setMissing(!isWhole)
    if (isWhole) issue.mutate()
  }

  return (
    <Modal opened onClose={onClose} title="Give a badge" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="access-form" onSubmit={onSubmit}>
        <NativeSelect
          label="Person"
          value={personId}
          onChange={(event) => setPersonId(event.currentTarget.value)}
          data={[
            { value: '', label: 'Choose a person' },
            ...persons.map(({ id, printedName, name }) => ({ value: id, label: `${printedName} (${name})` })),
          ]}
        />
        <TextInput
          label="Badge"
          description="Put the cursor here and hold the badge to the reader."
          autoComplete="off"
          spellCheck={false}
          maxLength={128}
          value={badge}
          // A reader ends with Enter, which must not send a form that is half filled in.
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault()
          }}
          onChange={(event) => setBadge(event.currentTarget.value)}
        />
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={missing ? 'Choose a person, read a badge, and say why in 3 characters at least.' : undefined}
          save={issue}
          failure="No badge was given"
          verb="Give the badge"
          onCancel={onClose}
        />
      </form>
    </Modal>
  )
}
