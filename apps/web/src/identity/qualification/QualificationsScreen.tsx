import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { listQualifications, revokeQualification } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from '../access/AccessTabs.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { InForce } from '../access/InForce.tsx'
import { useDenial } from '../access/may.ts'
import { ReasonDialog } from '../access/ReasonDialog.tsx'
import { GrantQualification } from './GrantQualification.tsx'
import type { NamedQualification } from './qualification-words.ts'
import { endsSoon, standing, standingWords } from './qualification-words.ts'
import '../access/access.css'

const route = getRouteApi('/app/qualifications')

/** Who may do what that not everybody may, and until when; the soonest to end first. */
export function QualificationsScreen(): ReactElement {
  const { search = '', show = 'held' } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const queryClient = useQueryClient()
  const timeZone = usePlantZone()
  const now = useNow(30_000)
  const [granting, setGranting] = useState(false)
  const [revoking, setRevoking] = useState<NamedQualification | undefined>(undefined)
  const { data, error } = useQuery(ask(listQualifications, {}))
  const mayNot = denial('identity.qualification.write', 'grant or revoke qualifications')
  const words = search.trim().toLowerCase()
  const held = data?.filter((each) => standing(each, now) === 'holds') ?? []
  const soon = held.filter((each) => endsSoon(each, now)).length
  const rows = data?.filter(
    (each) =>
      (show === 'all' || standing(each, now) === 'holds' || standing(each, now) === 'later') &&
      [each.printedName, each.personName, each.skill].some((text) => text.toLowerCase().includes(words)),
  )
  return (
    <>
      <ScreenHead
        title="Qualifications"
        answer={
          data === undefined ? undefined : (
            <>
              <span>{held.length} in force</span>
              <strong>
                {soon === 0 ? 'none ends within 30 days' : `${soon} ${soon === 1 ? 'ends' : 'end'} within 30 days`}
              </strong>
            </>
          )
        }
        actions={
          <GuardedButton reason={mayNot} onClick={() => setGranting(true)}>
            Grant a qualification
          </GuardedButton>
        }
      />
      <AccessTabs />
      <div className="access">
        <search className="access-filter">
          <TextInput
            label="Search"
            placeholder="Person or skill"
            value={search}
            maxLength={60}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, search: value === '' ? undefined : value }),
                replace: true,
              })
            }
          />
          <NativeSelect
            label="Which"
            value={show}
            data={[
              { value: 'held', label: 'In force or to come' },
              { value: 'all', label: 'All, ended and revoked too' },
            ]}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: (before) => ({ ...before, show: value === 'all' ? 'all' : undefined }) })
            }
          />
        </search>
        {error === null ? null : <ProblemNotice what="The qualifications could not be read" error={error} />}
        {rows === undefined ? null : (
          <DataTable
            caption="Qualifications, the soonest to end first"
            rows={rows}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                title={data?.length === 0 ? 'Nobody is qualified for anything yet.' : 'None fits.'}
                reason="Operations and steps ask for a skill; who has it, may start them."
              />
            }
            columns={[
              {
                key: 'person',
                head: 'Person',
                cell: ({ printedName, personName }) => (
                  <span className="access-person">
                    {printedName}
                    <span className="access-sub">{personName}</span>
                  </span>
                ),
              },
              {
                key: 'skill',
                head: 'Skill',
                cell: ({ skill, onlyFor }) => (
                  <>
                    {skill}
                    {onlyFor === null ? null : <span className="access-sub">on {onlyFor} only</span>}
                  </>
                ),
              },
              {
                key: 'state',
                head: 'State',
                cell: (row) => (
                  <>
                    <InForce
                      holds={standing(row, now) === 'holds'}
                      yes={standingWords.holds}
                      no={standingWords[standing(row, now)]}
                    />
                    {row.revoked === null ? null : (
                      <span className="access-sub">
                        by {row.revoked.by}: {row.revoked.reason}
                      </span>
                    )}
                  </>
                ),
              },
              {
                key: 'until',
                head: 'Until',
                tight: true,
                cell: (row) => (
                  <>
                    {row.validTo === null ? 'without end' : formatInstant(row.validTo, 'record', timeZone)}
                    {endsSoon(row, now) ? <span className="access-sub">within 30 days</span> : null}
                  </>
                ),
              },
              {
                key: 'evidence',
                head: 'Evidence',
                cell: ({ evidence, recordedBy, validFrom }) => (
                  <>
                    {evidence}
                    <span className="access-sub">
                      since {formatInstant(validFrom, 'day', timeZone)}, recorded by {recordedBy}
                    </span>
                  </>
                ),
              },
              {
                key: 'acts',
                head: <span className="tl-hidden">What can be done</span>,
                tight: true,
                cell: (row) => (
                  <span className="access-actions">
                    {row.revoked === null && standing(row, now) !== 'over' ? (
                      <GuardedButton
                        variant="default"
                        size="compact-sm"
                        reason={mayNot}
                        aria-label={`Revoke ${row.skill} of ${row.printedName}`}
                        onClick={() => setRevoking(row)}
                      >
                        Revoke
                      </GuardedButton>
                    ) : null}
                    <RecordTrailLink kind="identity.qualification" id={row.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
      </div>
      {granting ? <GrantQualification known={data ?? []} onClose={() => setGranting(false)} /> : null}
      {revoking === undefined ? null : (
        <ReasonDialog
          title={`Revoke ${revoking.skill} of ${revoking.printedName}`}
          confirm="Revoke"
          failure="The qualification was not revoked"
          onClose={() => setRevoking(undefined)}
          onConfirm={async (reason) => {
            await client(revokeQualification, { qualificationId: revoking.id, reason })
            await queryClient.invalidateQueries({ queryKey: [listQualifications.name] })
          }}
        >
          <p>From now on operations and steps that ask for it are closed to this person.</p>
        </ReasonDialog>
      )}
    </>
  )
}
