import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { listQualifications, revokeQualification } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from '../access/AccessTabs.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { useDenial } from '../access/may.ts'
import { ReasonDialog } from '../access/ReasonDialog.tsx'
import { GrantQualification } from './GrantQualification.tsx'
import { HeldAnswer, HeldList } from './HeldList.tsx'
import type { NamedQualification } from './qualification-words.ts'
import { standingWords } from './qualification-words.ts'
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
  const nameOf = ({ skill, printedName }: NamedQualification): string => `${skill} of ${printedName}`
  return (
    <>
      <ScreenHead
        title="Qualifications"
        answer={data === undefined ? undefined : <HeldAnswer data={data} now={now} />}
        actions={
          <GuardedButton reason={mayNot} onClick={() => setGranting(true)}>
            Grant a qualification
          </GuardedButton>
        }
      />
      <AccessTabs />
      <div className="access">
        <HeldList
          kind="identity.qualification"
          {...{ data, error, now, search, show, mayNot, nameOf }}
          onSearch={(next) => void navigate({ search: (before) => ({ ...before, search: next }), replace: true })}
          onShow={(next) => void navigate({ search: (before) => ({ ...before, show: next }) })}
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
          ]}
          textOf={({ printedName, personName, skill }) => [printedName, personName, skill]}
          zoneOf={() => timeZone}
          givenBy={({ recordedBy }) => `recorded by ${recordedBy}`}
          words={{
            caption: 'Qualifications, the soonest to end first',
            unread: 'The qualifications could not be read',
            placeholder: 'Person or skill',
            all: 'All, ended and revoked too',
            none: 'Nobody is qualified for anything yet.',
            why: 'Operations and steps ask for a skill; who has it, may start them.',
            until: 'Until',
            revoke: 'Revoke',
            revoked: standingWords.revoked,
          }}
          onRevoke={setRevoking}
        />
      </div>
      {granting ? <GrantQualification known={data ?? []} onClose={() => setGranting(false)} /> : null}
      {revoking === undefined ? null : (
        <ReasonDialog
          title={`Revoke ${nameOf(revoking)}`}
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
