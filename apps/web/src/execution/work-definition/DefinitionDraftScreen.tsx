import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listWorkDefinitions } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { DraftPage } from '../version/DraftPage.tsx'
import { DefinitionForm } from './DefinitionForm.tsx'

const route = getRouteApi('/app/work-definition-drafts/$code')

/** Writes how another product is made. */
export const NewDefinitionScreen = (): ReactElement => <DefinitionForm before={undefined} />

/** Writes the next version of a work definition, or goes on with the draft that there is. */
export function DefinitionDraftScreen(): ReactElement {
  const { code } = route.useParams()
  const query = useQuery({ ...ask(listWorkDefinitions, { code }), refetchOnMount: 'always' })
  return (
    <DraftPage
      key={code}
      title={`Work definition ${code}`}
      above={<Link to="/work-definitions">Work definitions</Link>}
      versions={query.data}
      fetching={query.isFetching}
      error={query.error}
      onRetry={() => void query.refetch()}
    >
      {(newest) => <DefinitionForm key={newest.id} before={newest} />}
    </DraftPage>
  )
}
