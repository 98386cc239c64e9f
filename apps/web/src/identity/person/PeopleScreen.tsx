import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { PersonAccount } from '@throughline/model'
import { listPersons } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from '../access/AccessTabs.tsx'
import { GrantList } from '../access/GrantList.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { useDenial } from '../access/may.ts'
import { InviteDialog } from './InviteDialog.tsx'
import { PersonState, stateWords } from './PersonState.tsx'
import '../access/access.css'

const route = getRouteApi('/app/people')

/** Everybody with an account: who waits for approval first. */
export function PeopleScreen(): ReactElement {
  const { search = '', state } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const [inviting, setInviting] = useState(false)
  const query = useQuery(ask(listPersons, {}))
  const people = query.data ?? []
  const shown = people
    .filter((person) => (state === undefined || person.state === state) && holds(person, search))
    .sort((a, b) => Number(b.state === 'awaiting-approval') - Number(a.state === 'awaiting-approval'))
  const follow = (change: { search?: string; state?: PersonAccount['state'] | undefined }): void => {
    const next = { search, state, ...change }
    void navigate({
      search: {
        ...(next.search === '' ? {} : { search: next.search }),
        ...(next.state === undefined ? {} : { state: next.state }),
      },
      replace: true,
    })
  }

  return (
    <>
      <ScreenHead
        title="People"
        answer={query.data === undefined ? undefined : answerOf(people)}
        actions={
          <GuardedButton
            told
            reason={denial('identity.person.write', 'invite people')}
            onClick={() => setInviting(true)}
          >
            Invite a person
          </GuardedButton>
        }
      />
      <AccessTabs />
      <div className="access">
        <div className="access-filter">
          <TextInput
            label="Name or role"
            value={search}
            onChange={(event) => follow({ search: event.currentTarget.value })}
          />
          <NativeSelect
            label="State"
            value={state ?? ''}
            data={[
              { value: '', label: 'Any' },
              ...Object.entries(stateWords).map(([value, label]) => ({ value, label })),
            ]}
            onChange={(event) => {
              const chosen = event.currentTarget.value
              follow({ state: chosen === '' ? undefined : (chosen as PersonAccount['state']) })
            }}
          />
        </div>
        {query.isError ? <ProblemNotice what="The people could not be listed" error={query.error} /> : null}
        {query.data === undefined ? null : (
          <DataTable
            caption="People"
            rows={shown}
            rowKey={(person) => person.id}
            empty={<EmptyState title="Nobody matches" reason="No account fits the words and the state above." />}
            columns={[
              {
                key: 'name',
                head: 'Person',
                cell: (person) => (
                  <Link to="/people/$personId" params={{ personId: person.id }} className="access-person">
                    {person.printedName}
                    <span className="access-sub">{person.name}</span>
                  </Link>
                ),
              },
              { key: 'roles', head: 'Roles', cell: (person) => <GrantList grants={person.grants} /> },
              { key: 'state', head: 'State', tight: true, cell: (person) => <PersonState state={person.state} /> },
              {
                key: 'seen',
                head: 'Last sign-in',
                tight: true,
                cell: (person) =>
                  person.lastSignInAt === null ? (
                    <span className="tl-dim">never</span>
                  ) : (
                    <span className="tl-figure">{formatInstant(person.lastSignInAt, 'record', timeZone)}</span>
                  ),
              },
            ]}
          />
        )}
      </div>
      {inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </>
  )
}

function holds({ name, printedName, grants }: PersonAccount, search: string): boolean {
  const text = `${name} ${printedName} ${grants.map(({ role }) => role).join(' ')}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function answerOf(people: readonly PersonAccount[]): string {
  const active = people.filter(({ state }) => state === 'active').length
  const waiting = people.filter(({ state }) => state === 'awaiting-approval').length
  const wait = waiting === 0 ? 'nobody awaits approval' : `${waiting} ${waiting === 1 ? 'awaits' : 'await'} approval`
  return `${active} of ${people.length} active · ${wait}`
}
