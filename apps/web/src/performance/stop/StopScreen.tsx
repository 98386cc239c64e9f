import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Stop } from '@throughline/model'
import { getStop } from '@throughline/model'
import { formatInstant, ProblemNotice, StateChip } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { categoryWords, durationText, stateText } from '../machine/machine-words.ts'
import { useNodes, useNow, useReasons } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { searchOf } from '../window/window-choice.ts'
import { SplitStop } from './SplitStop.tsx'
import { StopComments } from './StopComments.tsx'
import { StopCounts } from './StopCounts.tsx'
import { StopReason } from './StopReason.tsx'

const route = getRouteApi('/app/stops/$stopId')

/** One stop: what is known of it, and what a person may say. */
export function StopScreen(): ReactElement {
  const { stopId } = route.useParams()
  const { tree } = useNodes()
  useTopic('performance', [[getStop.name]])
  const { data: stop, error } = useQuery(ask(getStop, { stopId }))
  const machine = stop === undefined ? undefined : tree.byId(stop.nodeId)
  const timeZone = stop === undefined ? undefined : tree.timeZoneOf(stop.nodeId)
  return (
    <>
      <ScreenHead
        above={<Link to="/stops">Stops</Link>}
        title={stop === undefined ? 'Stop' : `Stop of ${machine?.name ?? 'a machine outside your scopes'}`}
        answer={stop === undefined ? undefined : <StopAnswer stop={stop} timeZone={timeZone} />}
      />
      <PerformanceTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The stop could not be read" error={error} />}
        {stop === undefined ? null : (
          <>
            {stop.replacedAt === null ? null : (
              <p className="screen-note">
                Another stop stands in its place since {formatInstant(stop.replacedAt, 'record', timeZone)}. This one is
                no longer counted and can not be changed.
              </p>
            )}
            <Facts stop={stop} tree={tree} timeZone={timeZone} />
            <StopReason key={stop.version} stop={stop} />
            {stop.replacedAt === null ? (
              <SplitStop key={`split-${stop.version}`} stop={stop} timeZone={timeZone} />
            ) : null}
            <StopCounts stop={stop} timeZone={timeZone} />
            <StopComments stop={stop} timeZone={timeZone} />
          </>
        )}
      </div>
    </>
  )
}

interface StopProps {
  readonly stop: Stop
  readonly timeZone: string | undefined
}

function StopAnswer({ stop, timeZone }: StopProps): ReactElement {
  const now = useNow()
  return (
    <>
      <span>
        {formatInstant(stop.from, 'record', timeZone)} to{' '}
        {stop.to === null ? 'now' : formatInstant(stop.to, 'second', timeZone)}
      </span>
      <strong>
        {durationText((stop.to ?? now) - stop.from)}
        {stop.to === null ? ', still open' : ''}
      </strong>
      <RecordTrailLink kind="performance.stop" id={stop.id} />
    </>
  )
}

const byWords = { machine: 'the machine’s code', rule: 'a rule of the line', person: 'a person' } as const

function Facts({ stop, tree, timeZone }: StopProps & { readonly tree: PlantTree }): ReactElement {
  const now = useNow(10_000)
  const { textOf } = useReasons('stop', undefined)
  const machine = tree.byId(stop.nodeId)
  const cause = stop.causedBy === null ? undefined : tree.byId(stop.causedBy)
  const place = machine === undefined ? {} : { node: machine.path }
  return (
    <section className="performance-panel" aria-label="What is known">
      <dl className="stop-facts">
        <dt>State</dt>
        <dd>
          <StateChip state={stop.state} label={stateText(stop.state, stop.label)} />
          {stop.minor ? ' · minor stop: a loss of speed, needs no reason' : ''}
        </dd>
        <dt>Reason</dt>
        <dd>
          {stop.reasonId === null ? (
            <strong>Unexplained</strong>
          ) : (
            `${textOf(stop.reasonId)}${stop.reasonBy === null ? '' : `, by ${byWords[stop.reasonBy]}`}`
          )}
        </dd>
        <dt>Counts as</dt>
        <dd>{stop.category === null ? 'by its state, until it has a reason' : categoryWords[stop.category]}</dd>
        <dt>Order</dt>
        <dd>{stop.order ?? '— (none was told)'}</dd>
        <dt>Product</dt>
        <dd>{stop.product ?? '— (none was told)'}</dd>
        {stop.causedBy === null ? null : (
          <>
            <dt>Caused by</dt>
            <dd>
              {cause === undefined ? (
                'a machine outside your scopes'
              ) : (
                <Link to="/oee" search={{ node: cause.path, ...searchOf({ from: stop.from, to: stop.to ?? now }) }}>
                  {cause.name}
                </Link>
              )}
            </dd>
          </>
        )}
        {stop.cameFrom.length === 0 ? null : (
          <>
            <dt>Came from</dt>
            <dd className="inline-links">
              {stop.cameFrom.map((id, index) => (
                <Link key={id} to="/stops/$stopId" params={{ stopId: id }}>
                  Stop {index + 1}
                </Link>
              ))}
            </dd>
          </>
        )}
        <dt>Around it</dt>
        <dd>
          <Link to="/oee" search={{ ...place, ...searchOf({ from: stop.from, to: stop.to ?? now }) }}>
            States, trend and alarms of that time
          </Link>
          <span className="machine-sub">
            version {stop.version}, shown at {formatInstant(now, 'second', timeZone)}
          </span>
        </dd>
      </dl>
    </section>
  )
}
