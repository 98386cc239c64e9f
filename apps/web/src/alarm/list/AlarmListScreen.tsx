import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { Alarm, AlarmSummary } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { priorityWords } from '../alarm-words.ts'
import type { AlarmSearch } from '../routes.ts'
import { useAlarms } from '../standing/use-alarms.ts'
import type { AlarmResult, AlarmTask } from './AlarmDialogs.tsx'
import { AlarmDialogs } from './AlarmDialogs.tsx'
import { AlarmRow } from './AlarmRow.tsx'
import { CalledAlarm } from './CalledAlarm.tsx'
import { actionsOf, byEquipment, countOf } from './list-rules.ts'

const route = getRouteApi('/app/alarms')
const pageSize = 200
/** As many as one answer holds: a filter by priority is made here. */
const most = 2000
const priorities = [1, 2, 3, 4] as const

/** What stands, most urgent first; or what nobody is shown. */
export function AlarmListScreen(): ReactElement {
  const { occurrence } = route.useSearch()
  return occurrence === undefined ? <AlarmList /> : <CalledAlarm occurrence={occurrence} />
}

function AlarmList(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { tree, nodes } = useNodes()
  const node = search.node === undefined ? undefined : tree.node(search.node)
  const show = search.show ?? 'standing'
  const { alarms, total, summary, error } = useAlarms({
    ...(node === undefined ? {} : { nodeId: node.id }),
    show,
    limit: search.priority === undefined ? pageSize : most,
  })
  const fitting = (alarms ?? []).filter(
    ({ priority }) => search.priority === undefined || String(priority) === search.priority,
  )
  const shown = fitting.slice(0, pageSize)
  const all = search.priority === undefined ? total : fitting.length
  function go(next: Partial<AlarmSearch>): void {
    void navigate({ search: (before) => ({ ...before, ...next }) })
  }
  return (
    <>
      <ScreenHead
        title={node === undefined ? 'Alarms' : `Alarms of ${node.name}`}
        answer={summary === undefined ? undefined : <SummaryAnswer summary={summary} />}
      />
      <AlarmTabs />
      <div className="performance-bar">
        <div className="performance-place">
          <span className="performance-bar-label">Where</span>
          <ScopePicker
            label="Where"
            nodes={nodes}
            value={node?.id ?? null}
            onPick={(id) => go({ node: nodes.find((one) => one.id === id)?.path })}
          />
        </div>
        <NativeSelect
          label="Priority"
          value={search.priority ?? ''}
          data={[
            { value: '', label: 'All' },
            ...priorities.map((value) => ({ value: String(value), label: `${value} ${priorityWords[value]}` })),
          ]}
          onChange={(event) =>
            go({
              priority: priorities
                .map(String)
                .find((one) => one === event.currentTarget.value) as AlarmSearch['priority'],
            })
          }
        />
        <SegmentedControl
          aria-label="Which alarms"
          className="alarm-tabs"
          data={tabsOf(summary)}
          value={show}
          onChange={(value) => go({ show: shows.find((one) => one === value) })}
        />
      </div>
      <div className="performance">
        {search.node !== undefined && node === undefined ? (
          <p className="screen-note" role="alert">
            No equipment at “{search.node}”. Shown are the alarms of all that you may see.
          </p>
        ) : null}
        {error === null ? null : <ProblemNotice what="The alarms could not be read" error={error} />}
        {alarms === undefined ? null : (
          <Listed
            key={`${show} ${node?.id} ${search.priority}`}
            alarms={shown}
            total={all}
            isFlood={summary?.flood === true && show === 'standing'}
            lastTenMinutes={summary?.lastTenMinutes ?? 0}
            tree={tree}
            empty={emptyWords[show]}
          />
        )}
      </div>
    </>
  )
}

const shows = ['standing', 'shelved', 'suppressed', 'out-of-service', 'unknown'] as const
const emptyWords: Readonly<Record<(typeof shows)[number], string>> = {
  standing: 'No alarm stands',
  shelved: 'No alarm is shelved',
  suppressed: 'No alarm is suppressed by design',
  'out-of-service': 'No alarm is out of service',
  unknown: 'Of every alarm it is known whether it stands',
}

function tabsOf(summary: AlarmSummary | undefined): { value: string; label: string }[] {
  const count = (number: number | undefined): string => (number === undefined ? '' : ` ${number}`)
  return [
    { value: 'standing', label: `Standing${count(summary === undefined ? undefined : countOf(summary.standing))}` },
    { value: 'shelved', label: `Shelved${count(summary?.shelved)}` },
    { value: 'suppressed', label: `Suppressed${count(summary?.suppressed)}` },
    { value: 'out-of-service', label: `Out of service${count(summary?.outOfService)}` },
    { value: 'unknown', label: `Unknown${count(summary?.unknown)}` },
  ]
}

function SummaryAnswer({ summary }: { readonly summary: AlarmSummary }): ReactElement {
  const standing = countOf(summary.standing)
  const open = countOf(summary.unacknowledged)
  return (
    <>
      <strong>
        {standing === 0 ? 'No alarm stands' : `${standing} ${standing === 1 ? 'alarm stands' : 'alarms stand'}`}
      </strong>
      {standing === 0 ? null : <span>{open === 0 ? 'all acknowledged' : `${open} not acknowledged`}</span>}
      {priorities
        .filter((priority) => summary.standing[priority] > 0)
        .map((priority) => (
          <span key={priority} className="alarm-count">
            <AlarmMark priority={priority} unacknowledged={summary.unacknowledged[priority] > 0} size={14} />
            <span>× {summary.standing[priority]}</span>
          </span>
        ))}
      <span>{summary.lastTenMinutes} new in ten minutes</span>
    </>
  )
}

interface ListedProps {
  readonly alarms: readonly Alarm[]
  readonly total: number
  readonly isFlood: boolean
  readonly lastTenMinutes: number
  readonly tree: PlantTree
  readonly empty: string
}

function Listed({ alarms, total, isFlood, lastTenMinutes, tree, empty }: ListedProps): ReactElement {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [task, setTask] = useState<AlarmTask | undefined>(undefined)
  const [result, setResult] = useState<AlarmResult | undefined>(undefined)
  const [grouped, setGrouped] = useState<boolean | undefined>(undefined)
  const isGrouped = grouped ?? isFlood
  const picked = alarms.filter(({ definitionId }) => chosen.has(definitionId))
  const rows = (list: readonly Alarm[]): ReactElement => (
    <AlarmRows
      alarms={list}
      tree={tree}
      chosen={chosen}
      onTask={setTask}
      onSelect={(id, selected) =>
        setChosen((before) => new Set(selected ? [...before, id] : [...before].filter((one) => one !== id)))
      }
    />
  )
  return (
    <>
      {isFlood ? (
        <div className="screen-note alarm-flood" role="status">
          <strong>Alarm flood:</strong> {lastTenMinutes} new alarms in ten minutes, more than one operator can answer.
          Begin with the equipment on top.
        </div>
      ) : null}
      <div>
        <Bulk alarms={alarms} picked={picked} onTask={setTask}>
          {alarms.length < 2 ? null : (
            <Button variant="default" aria-pressed={isGrouped} onClick={() => setGrouped(!isGrouped)}>
              {isGrouped ? 'One list' : 'Group by equipment'}
            </Button>
          )}
        </Bulk>
        <div aria-live="polite">
          {result === undefined ? null : (
            <div className="screen-note alarm-result">
              {result.done}
              {result.refused.length === 0 ? null : (
                <ul aria-label="Refused">
                  {result.refused.map((text) => (
                    <li key={text}>{text}.</li>
                  ))}
                </ul>
              )}
            </div>
          )}
        </div>
      </div>
      {alarms.length === 0 ? (
        <EmptyState title={empty} reason="Nothing fits the place and the priority chosen above." />
      ) : isGrouped ? (
        byEquipment(alarms).map((group, index) => (
          <details key={group.nodeId} open={index === 0 || group.alarms.length <= 3} className="alarm-group">
            <summary>
              <AlarmMark priority={worstOf(group.alarms)} size={14} />
              <strong>{tree.byId(group.nodeId)?.path ?? 'Equipment outside your scopes'}</strong> {group.alarms.length}{' '}
              {group.alarms.length === 1 ? 'alarm' : 'alarms'}
            </summary>
            {rows(group.alarms)}
          </details>
        ))
      ) : (
        rows(alarms)
      )}
      {total > alarms.length ? (
        <p className="screen-note">
          The {alarms.length} most urgent of {total} alarms are shown. Choose a place or a priority for the others.
        </p>
      ) : null}
      {task === undefined ? null : (
        <AlarmDialogs
          task={task}
          onClose={() => setTask(undefined)}
          onResult={(next) => {
            setResult(next)
            setChosen(new Set())
          }}
        />
      )}
    </>
  )
}

const worstOf = (alarms: readonly Alarm[]): AlarmPriority =>
  Math.min(...alarms.map(({ priority }) => priority)) as AlarmPriority

interface AlarmRowsProps {
  readonly alarms: readonly Alarm[]
  readonly tree: PlantTree
  readonly chosen: ReadonlySet<string>
  readonly onSelect: (definitionId: string, selected: boolean) => void
  readonly onTask: (task: AlarmTask) => void
}

function AlarmRows({ alarms, tree, chosen, onSelect, onTask }: AlarmRowsProps): ReactElement {
  const now = useNow(5000)
  return (
    <ul className="alarm-rows">
      {alarms.map((alarm) => (
        <AlarmRow
          key={alarm.definitionId}
          alarm={alarm}
          tree={tree}
          now={now}
          selected={chosen.has(alarm.definitionId)}
          onSelect={(selected) => onSelect(alarm.definitionId, selected)}
          onTask={onTask}
        />
      ))}
    </ul>
  )
}

interface BulkProps {
  readonly alarms: readonly Alarm[]
  readonly picked: readonly Alarm[]
  readonly onTask: (task: AlarmTask) => void
  readonly children: ReactElement | null
}

/** What is done to several at once: those chosen, or else all that are shown. */
function Bulk({ alarms, picked, onTask, children }: BulkProps): ReactElement {
  const refusal = useDenial()('alarm.acknowledge', 'acknowledge or reset alarms')
  const from = picked.length > 0 ? picked : alarms
  const which = picked.length > 0 ? 'chosen' : 'shown'
  const open = from.filter((alarm) => actionsOf(alarm).acknowledge)
  const latched = from.filter((alarm) => actionsOf(alarm).reset)
  return (
    <div className="form-line">
      {open.length === 0 ? null : (
        <GuardedButton reason={refusal} onClick={() => onTask({ kind: 'acknowledge', alarms: open })}>
          Acknowledge all {which} ({open.length})
        </GuardedButton>
      )}
      {latched.length === 0 ? null : (
        <GuardedButton variant="default" reason={refusal} onClick={() => onTask({ kind: 'reset', alarms: latched })}>
          Reset all latched {which} ({latched.length})
        </GuardedButton>
      )}
      {children}
    </div>
  )
}
