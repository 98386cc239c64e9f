import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouteContext } from '@tanstack/react-router'
import { listAuditEntries, listOperations, listPersons, recordKinds, recordNoun } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AuditTabs } from './AuditTabs.tsx'
import type { AuditFilter, AuditSearch } from './audit-search.ts'
import { clockWords, filterOf } from './audit-search.ts'
import { EntryLine } from './EntryLine.tsx'
import './audit.css'

const route = getRouteApi('/app/audit')
const pageSize = 50

/** Who did what, when and why: everything that was recorded, newest first. */
export function AuditScreen(): ReactElement {
  const search = route.useSearch()
  const timeZone = usePlantZone()
  const { filter, problem } = filterOf(search, timeZone)
  const entries = useInfiniteQuery({
    queryKey: [listAuditEntries.name, 'pages', filter],
    queryFn: ({ pageParam, signal }) => client(listAuditEntries, { ...filter, ...pageAfter(pageParam) }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : (page.at(-1)?.number ?? undefined)),
  })
  const shown = entries.data?.pages.flat() ?? []
  return (
    <>
      <ScreenHead
        title="Audit trail"
        answer="Who did what, when and why. Nothing here can be changed or deleted; refused attempts stand here too."
      />
      <AuditTabs />
      <div className="audit">
        <Filter />
        {problem === undefined ? null : <p className="screen-note">{problem}</p>}
        {entries.isError ? <ProblemNotice what="The audit trail could not be read" error={entries.error} /> : null}
        {entries.data !== undefined && shown.length === 0 ? <Nothing filter={filter} /> : null}
        <ol className="entry-list" aria-label="Audit entries, newest first" aria-busy={entries.isFetching}>
          {shown.map((entry) => (
            <li key={entry.id}>
              <EntryLine entry={entry} />
            </li>
          ))}
        </ol>
        {entries.hasNextPage ? (
          <Button variant="default" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            Show older entries
          </Button>
        ) : null}
      </div>
    </>
  )
}

const pageAfter = (before: number | null): AuditFilter =>
  before === null ? { limit: pageSize } : { limit: pageSize, before }

function Nothing({ filter }: { filter: AuditFilter }): ReactElement {
  const navigate = route.useNavigate()
  if (Object.keys(filter).length === 0) return <EmptyState title="Nothing was recorded yet" />
  return (
    <EmptyState
      title="No entry fits"
      reason="Nothing that was recorded fits everything that is asked for above."
      action={
        <Button variant="default" onClick={() => void navigate({ search: {} })}>
          Clear the search
        </Button>
      }
    />
  )
}

function Filter(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const people = usePeople()
  const timeZone = usePlantZone()
  const [reason, setReason] = useState(search.reason ?? '')
  const follow = (change: AuditSearch): void => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')
    void navigate({ search: Object.fromEntries(next), replace: true })
  }
  return (
    <search className="audit-filter">
      <NativeSelect
        label="Who"
        value={search.who ?? ''}
        data={people}
        onChange={(event) => follow({ who: event.currentTarget.value })}
      />
      <NativeSelect
        label="What was done"
        value={search.deed ?? ''}
        data={deeds}
        onChange={(event) => follow({ deed: event.currentTarget.value })}
      />
      <NativeSelect
        label="Changed record"
        value={search.record ?? ''}
        data={[{ value: '', label: 'Any' }, ...recordKinds.map((kind) => ({ value: kind, label: recordNoun(kind) }))]}
        onChange={(event) => follow({ record: event.currentTarget.value })}
      />
      <NativeSelect
        label="Outcome"
        value={search.outcome ?? ''}
        data={[
          { value: '', label: 'Any' },
          { value: 'done', label: 'Done' },
          { value: 'refused', label: 'Refused' },
        ]}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          follow({ outcome: chosen === 'done' || chosen === 'refused' ? chosen : undefined })
        }}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          follow({ reason })
        }}
      >
        <TextInput
          label="Reason contains"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onBlur={() => follow({ reason })}
        />
      </form>
      <TextInput
        label="From"
        description={clockWords(timeZone)}
        className="audit-time"
        type="datetime-local"
        value={search.from ?? ''}
        onChange={(event) => follow({ from: event.currentTarget.value })}
      />
      <TextInput
        label="Before"
        description={clockWords(timeZone)}
        className="audit-time"
        type="datetime-local"
        value={search.to ?? ''}
        onChange={(event) => follow({ to: event.currentTarget.value })}
      />
    </search>
  )
}

/** Everybody who can be looked for; without the right to see people, the kinds of actors alone. */
function usePeople() {
  const { session } = useRouteContext({ from: '/app' })
  const mayList = session.permissions.includes('identity.person.read')
  const { data = [] } = useQuery({ ...ask(listPersons, {}), enabled: mayList })
  const kinds = [
    { value: '', label: 'Anybody' },
    { value: 'person', label: 'People' },
    { value: 'machine', label: 'Machines' },
    { value: 'station', label: 'Boards on the wall' },
    { value: 'system', label: 'The product itself' },
    { value: 'nobody', label: 'Nobody signed in' },
  ]
  return [...kinds, ...data.map(({ id, name, printedName }) => ({ value: id, label: `${printedName} (${name})` }))]
}

/** What leaves an entry when it is done, by what it is said to do. */
const deeds = [
  { value: '', label: 'Anything' },
  ...listOperations()
    .filter(({ mutates }) => mutates)
    .map(({ name, summary }) => ({ value: name, label: summary.split(/[:;]/)[0]?.slice(0, 80) ?? name }))
    .sort((a, b) => (a.label < b.label ? -1 : 1)),
]
