import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listBoms } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { VersionedList } from '../../execution/version/VersionedList.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { MaterialTabs } from './MaterialTabs.tsx'

const route = getRouteApi('/app/bills-of-material')

/** What products are made of. */
export function BomListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const { data, error } = useQuery({ ...ask(listBoms, {}), refetchInterval: makingRefreshMs })
  return (
    <VersionedList
      title="Bills of material"
      nouns={['bill of material', 'bills of material']}
      rows={data}
      error={error}
      state={state}
      onState={(value) => void navigate({ search: { state: value } })}
      tabs={<MaterialTabs />}
      action={
        <GuardedButton
          reason={denial('material.definition.write', 'write bills of material')}
          onClick={() => void navigate({ to: '/bill-of-material-drafts' })}
        >
          Write a bill of material
        </GuardedButton>
      }
      first={({ product }) => (
        <Link to="/bills-of-material/$product" params={{ product }}>
          {product}
        </Link>
      )}
      columns={[{ key: 'lines', head: 'Lines', align: 'right', tight: true, cell: ({ lines }) => lines.length }]}
    />
  )
}
