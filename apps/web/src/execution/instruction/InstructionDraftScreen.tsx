import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listInstructions } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { DraftPage } from '../version/DraftPage.tsx'
import { InstructionForm } from './InstructionForm.tsx'

const route = getRouteApi('/app/instruction-drafts/$code')

/** Writes a new work instruction. */
export const NewInstructionScreen = (): ReactElement => <InstructionForm before={undefined} />

/** Writes the next version of a work instruction, or goes on with the draft that there is. */
export function InstructionDraftScreen(): ReactElement {
  const { code } = route.useParams()
  const query = useQuery({ ...ask(listInstructions, { code }), refetchOnMount: 'always' })
  return (
    <DraftPage
      key={code}
      title={`Work instruction ${code}`}
      above={<Link to="/instructions">Work instructions</Link>}
      versions={query.data}
      fetching={query.isFetching}
      error={query.error}
      onRetry={() => void query.refetch()}
    >
      {(newest) => <InstructionForm key={newest.id} before={newest} />}
    </DraftPage>
  )
}
