import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Inspection } from '@throughline/model'
import { listDeviations } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { deviationStateWords } from '../deviation/deviation-words.ts'

/** The deviation that a failed inspection opened. */
export function InspectionDeviation({ inspection }: { readonly inspection: Inspection }): ReactElement {
  const { id, lotId, piece } = inspection
  const { data, error } = useQuery({
    ...ask(listDeviations, { ...(lotId === null ? { search: piece.slice(0, 60) } : { lotId }), limit: 500 }),
    refetchInterval: makingRefreshMs,
  })
  if (error !== null) return <ProblemNotice what="The deviation could not be read" error={error} />
  const found = data?.deviations.find(({ cause }) => cause.kind === 'inspection' && cause.ref === id)
  if (found === undefined) return <span>{data === undefined ? 'is being read' : 'none is on record'}</span>
  return (
    <>
      <Link to="/deviations/$code" params={{ code: found.code }}>
        {found.code}
      </Link>
      , {deviationStateWords[found.state].toLowerCase()}
    </>
  )
}
