import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listBoms } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { VersionedList } from '../../execution/version/VersionedList.tsx'
import { MaterialTabs } from './MaterialTabs.tsx'

const route = getRouteApi('/app/bills-of-material')

/** What products are made of. */
export function BomListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const listed = useQuery({ ...ask(listBoms, {}), refetchInterval: makingRefreshMs })
  return (
    <VersionedList
      title="Bills of material"
      nouns={['bill of material', 'bills of material']}
      listed={listed}
      state={state}
      onState={(value) => void navigate({ search: { state: value } })}
      tabs={<MaterialTabs />}
      permission="material.definition.write"
      onWrite={() => void navigate({ to: '/bill-of-material-drafts' })}
      first={({ product }) => (
        <Link to="/bills-of-material/$product" params={{ product }}>
          {product}
        </Link>
      )}
      columns={[{ key: 'lines', head: 'Lines', align: 'right', tight: true, cell: ({ lines }) => lines.length }]}
    />
  )
}
