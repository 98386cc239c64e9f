import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import { plusMs, systemClock } from '@throughline/kernel'
import type { PlannedStop } from '@throughline/model'
import { cancelPlannedStop, listPlannedStops } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { durationText } from '../machine/machine-words.ts'
import { usePlace } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { PlanStopForm, plannedKinds } from './PlanStopForm.tsx'

const route = getRouteApi('/app/planned-stops')
const dayMs = 86_400_000
const backDays = 30
const aheadDays = 180

/** When equipment was and will be planned not to produce. */
export function PlannedStopsScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queryClient = useQueryClient()
  const denial = useDenial()
  const { node, nodes, tree, timeZone } = usePlace(search.node)
  const [isPlanning, setPlanning] = useState(false)
  const [cancelling, setCancelling] = useState<PlannedStop | undefined>(undefined)
  const { data, error } = useQuery({
    queryKey: [listPlannedStops.name, node?.id],
    enabled: node !== undefined,
    queryFn: ({ signal }) => {
      const now = systemClock.now()
      const window = { from: plusMs(now, -backDays * dayMs), to: plusMs(now, aheadDays * dayMs) }
      return client(listPlannedStops, { nodeId: node?.id ?? '', window }, { signal })
    },
  })
  const mayNot = denial('performance.calendar.write', 'plan stops')
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: [listPlannedStops.name] })
  const rows = (data ?? []).toSorted((a, b) => b.from - a.from)
  return (
    <>
      <ScreenHead
        title="Planned stops"
        answer={data === undefined ? undefined : nextText(data, timeZone)}
        actions={
          <GuardedButton
            reason={mayNot ?? (node === undefined ? 'Choose first where the stop is.' : undefined)}
            onClick={() => setPlanning(true)}
          >
            Plan a stop
          </GuardedButton>
        }
      />
      <PerformanceTabs />
      <div className="performance-bar">
        <div className="performance-place">
          <span className="performance-bar-label">Where</span>
          <ScopePicker
            label="Where"
            nodes={nodes}
            value={node?.id ?? null}
            onPick={(id) => void navigate({ search: { node: nodes.find((one) => one.id === id)?.path } })}
          />
        </div>
      </div>
      <div className="performance">
        {node === undefined ? (
          <EmptyState
            title="Choose where"
            reason="Planned stops are read for one piece of equipment and what is above it."
          />
        ) : null}
        {error === null ? null : <ProblemNotice what="The planned stops could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Planned stops"
            rows={rows}
            rowKey={(row) => row.id}
            empty={<EmptyState title={`No stops planned from ${backDays} days ago to ${aheadDays} days ahead.`} />}
            columns={[
              { key: 'from', head: 'From', tight: true, cell: (row) => time(row.from, timeZone) },
              { key: 'to', head: 'To', tight: true, cell: (row) => time(row.to, timeZone) },
              {
                key: 'lasts',
                head: 'Lasts',
                align: 'right',
                tight: true,
                cell: (row) => durationText(row.to - row.from),
              },
              { key: 'kind', head: 'Kind', tight: true, cell: (row) => plannedKinds[row.kind] },
              { key: 'label', head: 'What', cell: (row) => row.label },
              { key: 'where', head: 'Where', cell: (row) => tree.byId(row.nodeId)?.path ?? 'outside your scopes' },
              { key: 'by', head: 'By', tight: true, cell: (row) => row.recordedBy },
              {
                key: 'act',
                head: <span className="tl-hidden">Cancel</span>,
                tight: true,
                cell: (row) => (
                  <span className="form-line">
                    {row.cancelledReason === null ? (
                      <GuardedButton
                        size="compact-sm"
                        variant="default"
                        reason={mayNot}
                        aria-label={`Cancel the planned stop ${row.label}`}
                        onClick={() => setCancelling(row)}
                      >
                        Cancel
                      </GuardedButton>
                    ) : (
                      <span>cancelled: {row.cancelledReason}</span>
                    )}
                    <RecordTrailLink kind="performance.planned_stop" id={row.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
        {isPlanning && node !== undefined ? (
          <PlanStopForm node={node} timeZone={timeZone} onDone={refresh} onClose={() => setPlanning(false)} />
        ) : null}
        {cancelling === undefined ? null : (
          <ReasonDialog
            title={`Cancel “${cancelling.label}”`}
            confirm="Cancel the planned stop"
            failure="The planned stop still holds"
            onClose={() => setCancelling(undefined)}
            onConfirm={async (reason) => {
              await client(cancelPlannedStop, { plannedStopId: cancelling.id, reason })
              await refresh()
            }}
          >
            <p>Its time counts as planned busy time again. It stays readable.</p>
          </ReasonDialog>
        )}
      </div>
    </>
  )
}

function time(at: Instant, timeZone: string | undefined): ReactElement {
  return <span className="tl-figure">{formatInstant(at, 'record', timeZone)}</span>
}

function nextText(stops: readonly PlannedStop[], timeZone: string | undefined): string {
  const now = systemClock.now()
  const standing = stops.filter((stop) => stop.cancelledReason === null)
  const current = standing.find((stop) => stop.from <= now && now < stop.to)
  if (current !== undefined) return `Now: ${current.label}, until ${formatInstant(current.to, 'day-minute', timeZone)}`
  const [next] = standing.filter((stop) => stop.from > now).toSorted((a, b) => a.from - b.from)
  return next === undefined
    ? 'None lies ahead'
    : `Next: ${next.label}, ${formatInstant(next.from, 'day-minute', timeZone)}`
}
