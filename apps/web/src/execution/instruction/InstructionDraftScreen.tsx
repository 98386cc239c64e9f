import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listInstructions } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { InstructionForm } from './InstructionForm.tsx'
import '../../performance/performance.css'
import '../making.css'
import './instruction.css'

const route = getRouteApi('/app/instruction-drafts/$code')

/** Writes a new work instruction. */
export const NewInstructionScreen = (): ReactElement => <InstructionForm before={undefined} />

/** Writes the next version of a work instruction, or goes on with the draft that there is. */
export function InstructionDraftScreen(): ReactElement {
  const { code } = route.useParams()
  const { data, error, refetch } = useQuery({ ...ask(listInstructions, { code }), staleTime: Number.POSITIVE_INFINITY })
  const newest = data?.toSorted((a, b) => b.version - a.version)[0]
  if (newest !== undefined) return <InstructionForm key={newest.id} before={newest} />
  return (
    <>
      <ScreenHead above={<Link to="/instructions">Work instructions</Link>} title={`Work instruction ${code}`} />
      {error === null ? null : (
        <ProblemNotice
          what="The instruction could not be read"
          error={error}
          action={
            <Button variant="default" onClick={() => void refetch()}>
              Try again
            </Button>
          }
        />
      )}
      {data === undefined ? null : (
        <p>
          There is no work instruction {code}. <Link to="/instruction-drafts">Write a new one</Link>
        </p>
      )}
    </>
  )
}
