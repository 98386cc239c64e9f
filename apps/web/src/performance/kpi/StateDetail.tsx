import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import { listAlarmHistory } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { formatInstant, PriorityShape, ProblemNotice, StateChip } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask, tagsQuery } from '../../door/queries.ts'
import { usePlantPaths } from '../../equipment/node/plant-hooks.ts'
import { searchOfWindow } from '../../historian/trend/trend-search.ts'
import type { StateStretch } from '../machine/machine-words.ts'
import { durationText, stateText } from '../machine/machine-words.ts'

interface StateDetailProps {
  readonly stretch: StateStretch
  readonly machine: EquipmentNode | undefined
  readonly timeZone: string | undefined
}

const aroundMs = 60_000
const tracesPerTrend = 8
const mostAlarms = 50

const sources = {
  rule: 'from the machine’s signals',
  manual: 'recorded by a person',
  calendar: 'from the calendar',
  line: 'from the other machines of the line',
} as const

/** One state of one machine: how long, by what; the way to its stop and trend; and the alarms from a minute before on. */
export function StateDetail({ stretch, machine, timeZone }: StateDetailProps): ReactElement {
  const { interval } = stretch
  const window = { from: plusMs(stretch.from as Instant, -aroundMs), to: plusMs(stretch.to as Instant, aroundMs) }
  const alarms = useQuery({
    ...ask(listAlarmHistory, { nodeId: interval.nodeId, window, events: ['occur'], limit: mostAlarms }),
    staleTime: 10_000,
  })
  const tagIds = useMachineTags(interval.nodeId)
  return (
    <div className="strip-detail" aria-live="polite">
      <h3>
        {machine?.name ?? 'A machine outside your scopes'}{' '}
        <StateChip state={interval.state} label={stateText(interval.state, interval.label)} />
      </h3>
      <p>
        {formatInstant(stretch.from as Instant, 'record', timeZone)} to{' '}
        {interval.to === null ? 'now' : formatInstant(stretch.to as Instant, 'record', timeZone)},{' '}
        {durationText(stretch.to - stretch.from)}, {sources[interval.source]}
      </p>
      <p className="inline-links">
        {interval.stopId === null ? (
          <span className="tl-dim">
            No stop: {interval.state === 'running' ? 'the machine ran' : 'none was due here'}
          </span>
        ) : (
          <Link to="/stops/$stopId" params={{ stopId: interval.stopId }}>
            The stop
          </Link>
        )}
        {tagIds.length === 0 ? null : (
          <Link
            to="/trend"
            search={{ tags: tagIds.join(), ...searchOfWindow({ fromMs: window.from / 1000, toMs: window.to / 1000 }) }}
          >
            Trend of that time
          </Link>
        )}
      </p>
      <h3>Alarms of that time</h3>
      {alarms.error === null ? null : <ProblemNotice what="The alarms could not be read" error={alarms.error} />}
      {alarms.data === undefined ? null : alarms.data.transitions.length === 0 ? (
        <p className="tl-dim">No alarm came up from a minute before to a minute after.</p>
      ) : (
        <ul>
          {alarms.data.transitions.map((one) => (
            <li key={one.id}>
              <PriorityShape priority={one.priority as AlarmPriority} size={14} />{' '}
              {formatInstant(one.at, 'second', timeZone)} {one.name}: {one.message}
            </li>
          ))}
          {alarms.data.more ? <li className="tl-dim">and more: the first {mostAlarms} are shown</li> : null}
        </ul>
      )}
    </div>
  )
}

/** Measured values of a machine, those with a normal band first: what a trend of it shows. */
function useMachineTags(nodeId: string): string[] {
  const { data } = useQuery(tagsQuery)
  const tree = usePlantPaths()
  const nodeIds = new Set<string>(tree.within(nodeId).map(({ id }) => id))
  return (data?.tags ?? [])
    .filter((tag) => nodeIds.has(tag.nodeId) && tag.dataType !== 'string')
    .toSorted((a, b) => Number(b.normalLow !== null) - Number(a.normalLow !== null))
    .slice(0, tracesPerTrend)
    .map(({ id }) => id)
}
