import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listLogbooks } from '@throughline/model'
import { DataTable, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { MakingTabs } from '../version/MakingTabs.tsx'
import { textIn } from '../version/version-words.ts'
import { BookForm } from './BookForm.tsx'
import { bookKindWords } from './logbook-words.ts'
import '../../performance/performance.css'
import '../making.css'

/** The books of the plant: of equipment, cleaning, areas and shifts. */
export function LogbookListScreen(): ReactElement {
  const { tree, nodes } = useNodes()
  const denial = useDenial()
  const [opening, setOpening] = useState(false)
  const { data, error } = useQuery({ ...ask(listLogbooks, {}), refetchInterval: makingRefreshMs })
  return (
    <>
      <ScreenHead
        title="Logbooks"
        answer={data === undefined ? undefined : `${data.length} ${data.length === 1 ? 'book' : 'books'}`}
        actions={
          <GuardedButton
            reason={denial('execution.definition.write', 'open logbooks')}
            onClick={() => setOpening(true)}
          >
            Open a logbook
          </GuardedButton>
        }
      />
      <MakingTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The logbooks could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Logbooks"
            rows={data}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No logbook yet." reason="Engineers open them at a place." />}
            columns={[
              {
                key: 'name',
                head: 'Logbook',
                cell: ({ id, name }) => (
                  <Link to="/logbooks/$logbookId" params={{ logbookId: id }}>
                    {name}
                  </Link>
                ),
              },
              { key: 'kind', head: 'Kind', tight: true, cell: ({ kind }) => bookKindWords[kind] },
              { key: 'where', head: 'Where', cell: ({ nodeId }) => tree.byId(nodeId)?.path ?? 'outside your scopes' },
              {
                key: 'forms',
                head: 'Forms',
                cell: ({ templates }) => templates.map(({ title }) => textIn(title)).join(', '),
              },
              { key: 'state', head: 'State', tight: true, cell: ({ state }) => (state === 'open' ? 'Open' : 'Closed') },
            ]}
          />
        )}
      </div>
      {opening ? <BookForm nodes={nodes} book={undefined} onClose={() => setOpening(false)} /> : null}
    </>
  )
}
