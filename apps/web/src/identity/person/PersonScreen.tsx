import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouteContext } from '@tanstack/react-router'
import type { PersonAccount } from '@throughline/model'
import { listPersons } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { GrantList } from '../access/GrantList.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { useDenial } from '../access/may.ts'
import type { PersonAct } from './PersonDialogs.tsx'
import { PersonDialogs } from './PersonDialogs.tsx'
import { PersonState } from './PersonState.tsx'
import '../access/access.css'
import '../session/session.css'

const route = getRouteApi('/app/people/$personId')

/** One person's account: how it came about, what it may do, and what can be done with it. */
export function PersonScreen(): ReactElement {
  const { personId } = route.useParams()
  const query = useQuery(ask(listPersons, {}))
  const person = query.data?.find(({ id }) => id === personId)
  if (query.isError) return <ProblemNotice what="The account could not be read" error={query.error} />
  if (query.data === undefined) return <div className="screen-pending" aria-busy="true" />
  if (person === undefined) {
    return (
      <EmptyState
        title="There is no such person"
        reason="The address names an account that this plant does not have."
        action={<Link to="/people">All people</Link>}
      />
    )
  }
  return <Account person={person} />
}

function Account({ person }: { person: PersonAccount }): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const denial = useDenial()
  const timeZone = usePlantZone()
  const [act, setAct] = useState<PersonAct | undefined>(undefined)
  const at = (instant: Parameters<typeof formatInstant>[0] | null): string =>
    instant === null ? '—' : formatInstant(instant, 'record', timeZone)
  const mayNotWrite = denial('identity.person.write', 'change accounts')
  const own = session.personId === person.id ? 'Nobody changes their own roles; ask another administrator.' : undefined
  const sameHand =
    person.invitedBy?.id === session.personId ? 'You invited this person: somebody else has to approve.' : undefined
  const waits = person.state === 'awaiting-approval'
  const mayNotChange =
    mayNotWrite ?? (waits ? 'What awaits approval is not changed: refuse it, or have it approved first.' : undefined)

  return (
    <>
      <ScreenHead
        above={
          <p>
            <Link to="/people">People</Link>
          </p>
        }
        title={person.printedName}
        answer={
          <>
            <span>{person.name}</span>
            <PersonState state={person.state} />
            <RecordTrailLink kind="identity.person" id={person.id} />
          </>
        }
        actions={
          <>
            {waits ? (
              <GuardedButton
                told
                reason={denial('identity.person.approve', 'approve accounts') ?? sameHand}
                onClick={() => setAct('approve')}
              >
                Approve
              </GuardedButton>
            ) : null}
            {person.state === 'invited' || person.state === 'active' ? (
              <GuardedButton variant="default" reason={mayNotWrite} onClick={() => setAct('renew')}>
                New one-time link
              </GuardedButton>
            ) : null}
            {person.state === 'disabled' ? (
              <GuardedButton variant="default" reason={mayNotWrite} onClick={() => setAct('enable')}>
                Enable
              </GuardedButton>
            ) : (
              <GuardedButton variant="default" reason={mayNotWrite} onClick={() => setAct('disable')}>
                {waits ? 'Refuse' : 'Disable'}
              </GuardedButton>
            )}
          </>
        }
      />
      <div className="me">
        <section aria-labelledby="person-roles">
          <h2 id="person-roles">Roles</h2>
          <div className="facts-block">
            <GrantList grants={person.grants} />
          </div>
          <div className="access-actions">
            <GuardedButton variant="default" reason={mayNotChange ?? own} onClick={() => setAct('grants')}>
              Change roles
            </GuardedButton>
            <GuardedButton variant="default" reason={mayNotChange} onClick={() => setAct('rename')}>
              Change printed name
            </GuardedButton>
          </div>
        </section>
        <section aria-labelledby="person-account">
          <h2 id="person-account">Account</h2>
          <dl className="facts">
            <dt>Identity checked</dt>
            <dd>{person.identityChecked ?? 'not recorded'}</dd>
            <dt>Invited by</dt>
            <dd>{person.invitedBy?.name ?? 'not recorded'}</dd>
            <dt>Made</dt>
            <dd>{at(person.createdAt)}</dd>
            <dt>Approved</dt>
            <dd>{approvalText(person, at)}</dd>
            <dt>Last sign-in</dt>
            <dd>{person.lastSignInAt === null ? 'never' : at(person.lastSignInAt)}</dd>
          </dl>
          {session.permissions.includes('platform.audit.read') ? (
            <p>
              <a href={`/audit?kind=identity.person&id=${person.id}`}>History of this account</a>
            </p>
          ) : null}
        </section>
      </div>
      {act === undefined ? null : <PersonDialogs act={act} person={person} onClose={() => setAct(undefined)} />}
    </>
  )
}

function approvalText(person: PersonAccount, at: (instant: PersonAccount['approvedAt']) => string): string {
  if (person.approvedBy !== null) return `${at(person.approvedAt)} by ${person.approvedBy.name}`
  if (person.approvalExempt !== null) return `not needed: ${person.approvalExempt}`
  return person.state === 'awaiting-approval' ? 'not yet' : 'not recorded'
}
