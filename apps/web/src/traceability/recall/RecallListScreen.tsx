import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listRecallDrills } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { TraceTabs } from '../TraceTabs.tsx'
import { countedStatuses, elapsedText } from './recall-words.ts'
import type { RecallFrom } from './StartRecall.tsx'
import { StartRecall } from './StartRecall.tsx'

const route = getRouteApi('/app/recalls')
const refreshMs = 30_000

/** The recall drills of the plant, and the beginning of another. */
export function RecallListScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const { nodes } = useNodes()
  const timeZone = usePlantZone()
  const from: RecallFrom | undefined =
    search.kind === undefined || search.id === undefined
      ? undefined
      : { kind: search.kind, id: search.id, label: search.label ?? search.id }
  const refused = denial('traceability.recall', 'hold recall drills')
  const [starting, setStarting] = useState(from !== undefined && refused === undefined)
  const { data, error } = useQuery({
    ...ask(listRecallDrills, { withAffected: false, limit: 200 }),
    refetchInterval: refreshMs,
  })
  const open = data?.filter(({ endedAt }) => endedAt === null).length ?? 0
  return (
    <>
      <ScreenHead
        above={<TraceTabs />}
        title="Recall drills"
        answer={
          data === undefined ? undefined : (
            <>
              <strong>{open === 0 ? 'None is open' : `${open} open`}</strong>
              <span>{data.length} held</span>
            </>
          )
        }
        actions={
          <GuardedButton reason={refused} onClick={() => setStarting(true)}>
            Start a drill
          </GuardedButton>
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The recall drills could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Recall drills, newest first"
            rows={data}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No drill yet." reason="Hold one, so that a recall does not come as the first." />}
            columns={[
              {
                key: 'begun',
                head: 'Begun',
                tight: true,
                cell: ({ id, begunAt, begunBy }) => (
                  <>
                    <Link to="/recalls/$drillId" params={{ drillId: id }}>
                      {formatInstant(begunAt, 'record', timeZone)}
                    </Link>
                    <span className="machine-sub">by {begunBy}</span>
                  </>
                ),
              },
              {
                key: 'subject',
                head: 'What was suspect',
                cell: ({ subject, reason }) => (
                  <>
                    {subject}
                    <span className="machine-sub">{reason}</span>
                  </>
                ),
              },
              {
                key: 'pieces',
                head: 'Pieces',
                align: 'right',
                tight: true,
                cell: ({ counts }) => <span className="tl-figure">{countedStatuses(counts).total}</span>,
              },
              {
                key: 'elapsed',
                head: 'Found in',
                align: 'right',
                tight: true,
                cell: ({ elapsedMs }) => <span className="tl-figure">{elapsedText(elapsedMs)}</span>,
              },
              {
                key: 'ended',
                head: 'Ended',
                cell: ({ endedAt, conclusion }) =>
                  endedAt === null ? (
                    <strong>open</strong>
                  ) : (
                    <>
                      {formatInstant(endedAt, 'day-minute', timeZone)}
                      <span className="machine-sub">{conclusion}</span>
                    </>
                  ),
              },
            ]}
          />
        )}
      </div>
      {starting ? (
        <StartRecall
          nodes={nodes}
          timeZone={timeZone}
          from={from}
          onClose={() => {
            setStarting(false)
            if (from !== undefined) void navigate({ search: {}, replace: true })
          }}
        />
      ) : null}
    </>
  )
}
