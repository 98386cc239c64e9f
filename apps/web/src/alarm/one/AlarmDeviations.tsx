import { useQuery } from '@tanstack/react-query'
import { listDeviations } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { DeviationTable } from '../../quality/deviation/DeviationTable.tsx'

const most = 20

interface AlarmDeviationsProps {
  readonly name: string
  /** Whether each occurrence is told to quality, as the version of this page says. */
  readonly qualityCritical: boolean
  readonly timeZone: string | undefined
}

/** What quality made of an alarm: the deviations that it opened, the open ones first. */
export function AlarmDeviations({ name, qualityCritical, timeZone }: AlarmDeviationsProps): ReactElement | null {
  const refusal = useDenial()('quality.read', 'read deviations')
  const { data, error } = useQuery({
    ...ask(listDeviations, { alarm: name, limit: most }),
    refetchInterval: makingRefreshMs,
    enabled: refusal === undefined,
  })
  // An older version may have opened some; otherwise there is nothing to tell.
  if (!qualityCritical && (data === undefined || data.total === 0)) return null
  return (
    <section className="performance-panel" aria-labelledby="alarm-deviations">
      <h2 id="alarm-deviations">Deviations</h2>
      {refusal === undefined ? null : <p>{refusal}</p>}
      {error === null ? null : <ProblemNotice what="The deviations could not be read" error={error} />}
      {data === undefined ? null : (
        <DeviationTable
          caption="Deviations that this alarm opened"
          deviations={data.deviations}
          timeZone={timeZone}
          empty={
            <EmptyState
              title="It has opened no deviation"
              reason="Each occurrence opens one, or joins the one that is open for the same order."
            />
          }
        />
      )}
      {data !== undefined && data.total > data.deviations.length ? (
        <p>
          The newest {data.deviations.length} of {data.total}.
        </p>
      ) : null}
    </section>
  )
}
