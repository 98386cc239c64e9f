import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listWorkDefinitions } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import { MakingTabs } from '../version/MakingTabs.tsx'
import { VersionedList } from '../version/VersionedList.tsx'

const route = getRouteApi('/app/work-definitions')

/** How the products of the plant are made. */
export function DefinitionListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const listed = useQuery({ ...ask(listWorkDefinitions, {}), refetchInterval: makingRefreshMs })
  return (
    <VersionedList
      title="Work definitions"
      nouns={['work definition', 'work definitions']}
      listed={listed}
      state={state}
      onState={(value) => void navigate({ search: { state: value } })}
      tabs={<MakingTabs />}
      permission="execution.definition.write"
      onWrite={() => void navigate({ to: '/work-definition-drafts' })}
      first={({ code, drawing }) => (
        <>
          <Link to="/work-definitions/$code" params={{ code }}>
            {code}
          </Link>
          {drawing === null ? null : (
            <span className="machine-sub">
              {drawing.number}, revision {drawing.revision}
            </span>
          )}
        </>
      )}
      columns={[
        { key: 'product', head: 'Product', cell: ({ product }) => product },
        { key: 'operations', head: 'Operations', align: 'right', tight: true, cell: (row) => row.operations.length },
      ]}
    />
  )
}
