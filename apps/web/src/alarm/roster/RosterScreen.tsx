import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { plusMs, systemClock } from '@throughline/kernel'
import type { AlarmRoster } from '@throughline/model'
import { listAlarmCalls, listRosters } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { priorityWords, secondsText } from '../alarm-words.ts'
import { RosterForm } from './RosterForm.tsx'
import { callText, hoursText } from './roster-words.ts'

/** Who is called for which alarms, and who was. */
export function RosterScreen(): ReactElement {
  const { nodes, tree } = useNodes()
  const mayNot = useDenial()('alarm.roster.write', 'change who is called')
  const { data, error } = useQuery(ask(listRosters, {}))
  const [editing, setEditing] = useState<AlarmRoster | 'new' | undefined>(undefined)
  return (
    <>
      <ScreenHead
        title="Alarm rosters and calls"
        answer={
          data === undefined ? undefined : (
            <strong>
              {data.filter(({ active }) => active).length === 0
                ? 'Nobody is called for any alarm'
                : `${data.filter(({ active }) => active).length} of ${data.length} rosters in use`}
            </strong>
          )
        }
        actions={
          <GuardedButton reason={mayNot} onClick={() => setEditing('new')}>
            Add a roster
          </GuardedButton>
        }
      />
      <AlarmTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The rosters could not be read" error={error} />}
        {data !== undefined && data.length === 0 ? (
          <EmptyState title="No roster yet" reason="Without one, alarms are shown on the pages and nobody is called." />
        ) : null}
        {(data ?? []).map((roster) => (
          <Roster key={roster.id} roster={roster} tree={tree} mayNot={mayNot} onEdit={() => setEditing(roster)} />
        ))}
        <Calls rosters={data ?? []} />
      </div>
      {editing === undefined ? null : (
        <RosterForm
          before={editing === 'new' ? undefined : editing}
          nodes={nodes}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}

interface RosterProps {
  readonly roster: AlarmRoster
  readonly tree: PlantTree
  readonly mayNot: string | undefined
  readonly onEdit: () => void
}

function Roster({ roster, tree, mayNot, onEdit }: RosterProps): ReactElement {
  const { name, nodeId, priority, hours, timeZone, steps, active } = roster
  return (
    <section className="performance-panel" aria-labelledby={`roster-${roster.id}`}>
      <div className="performance-panel-head">
        <h2 id={`roster-${roster.id}`}>
          {name}
          {active ? '' : ' (not in use)'}
        </h2>
        <span className="form-line">
          <RecordTrailLink kind="alarm.roster" id={roster.id} />
          <GuardedButton variant="default" reason={mayNot} aria-label={`Change ${name}`} onClick={onEdit}>
            Change
          </GuardedButton>
        </span>
      </div>
      <p>
        Priority {priority} ({priorityWords[priority as 1 | 2 | 3 | 4].toLowerCase()})
        {priority === 1 ? '' : ' and more urgent'} of {tree.byId(nodeId)?.path ?? 'equipment outside your scopes'};{' '}
        {hours.length === 0 ? 'always' : `${hours.map(hoursText).join('; ')}, ${timeZone}`}
      </p>
      <ol>
        {steps.map((step, index) => (
          // Steps have no name of their own; their order is what they mean.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
          <li key={index} className="alarm-wrap">
            {index + 1}. {[...step.emails, ...step.webhooks].join(', ')}
            <span className="access-sub">
              {index === steps.length - 1
                ? 'the last step'
                : `the next step after ${secondsText(step.afterSeconds)} without an acknowledgement`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

const backMs = 7 * 86_400_000
const aheadMs = 86_400_000
const mostCalls = 200

function Calls({ rosters }: { readonly rosters: readonly AlarmRoster[] }): ReactElement {
  const timeZone = usePlantZone()
  useTopic('alarm', [[listAlarmCalls.name]])
  const { data, error } = useQuery({
    queryKey: [listAlarmCalls.name, 'lately'],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => {
      const now = systemClock.now()
      const window = { from: plusMs(now, -backMs), to: plusMs(now, aheadMs) }
      return client(listAlarmCalls, { window, limit: mostCalls }, { signal })
    },
  })
  return (
    <div>
      <h2>Calls of the last seven days</h2>
      {error === null ? null : <ProblemNotice what="The calls could not be read" error={error} />}
      {data === undefined ? null : (
        <DataTable
          caption="Calls of the last seven days"
          rows={data}
          rowKey={(row) => row.id}
          empty={<EmptyState title="Nobody was called" />}
          columns={[
            {
              key: 'due',
              head: 'Due',
              tight: true,
              cell: (row) => <span className="tl-figure">{formatInstant(row.dueAt, 'record', timeZone)}</span>,
            },
            {
              key: 'alarm',
              head: 'Alarm',
              cell: (row) => (
                <Link to="/alarms/$definitionId" params={{ definitionId: row.definitionId }}>
                  {row.name}
                </Link>
              ),
            },
            {
              key: 'to',
              head: 'To',
              cell: (row) => (
                <>
                  {row.to}
                  <span className="access-sub">
                    {row.by}, step {row.step + 1} of{' '}
                    {rosters.find(({ id }) => id === row.rosterId)?.name ?? 'a roster outside your scopes'}
                  </span>
                </>
              ),
            },
            {
              key: 'sent',
              head: 'What became of it',
              cell: (row) => (
                <>
                  {callText(row)}
                  {row.sentAt === null ? null : (
                    <span className="access-sub">{formatInstant(row.sentAt, 'record', timeZone)}</span>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
      {data?.length === mostCalls ? <p className="tl-dim">The newest {mostCalls} are shown.</p> : null}
    </div>
  )
}
