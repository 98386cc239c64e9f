import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listBoms } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { DraftPage } from '../../execution/version/DraftPage.tsx'
import '../../execution/form/draft.css'
import '../../performance/performance.css'
import { BomForm } from './BomForm.tsx'

const route = getRouteApi('/app/bill-of-material-drafts/$product')

/** Writes the bill of material of another product. */
export const NewBomScreen = (): ReactElement => <BomForm before={undefined} />

/** Writes the next version of a bill of material, or goes on with the draft that there is. */
export function BomDraftScreen(): ReactElement {
  const { product } = route.useParams()
  const query = useQuery({ ...ask(listBoms, { product }), refetchOnMount: 'always' })
  return (
    <DraftPage
      key={product}
      title={`Bill of material of ${product}`}
      above={<Link to="/bills-of-material">Bills of material</Link>}
      versions={query.data}
      fetching={query.isFetching}
      error={query.error}
      onRetry={() => void query.refetch()}
    >
      {(newest) => <BomForm key={newest.id} before={newest} />}
    </DraftPage>
  )
}
