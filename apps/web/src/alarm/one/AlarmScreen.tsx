import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Alarm, AlarmDefinition } from '@throughline/model'
import { listAlarmDefinitions, listAlarmHistory, listAlarms } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { alarmStateWords, isHidden, isUnacknowledged } from '../alarm-words.ts'
import { DefinitionFacts } from '../definition/DefinitionFacts.tsx'
import type { AlarmResult, AlarmTask } from '../list/AlarmDialogs.tsx'
import { AlarmDialogs } from '../list/AlarmDialogs.tsx'
import { AlarmButtons, AlarmStanding } from '../list/AlarmRow.tsx'
import { AlarmDeviations } from './AlarmDeviations.tsx'
import { AlarmTrend } from './AlarmTrend.tsx'
import { LinkedDetail } from './LinkedDetail.tsx'
import { OwnHistory } from './OwnHistory.tsx'

/** From the epoch to the end of this century, in microseconds. */
const allTime = { from: 0, to: 4_102_444_800_000_000 }

const route = getRouteApi('/app/alarms/$definitionId')

/** One alarm: where it stands, what it means, how its value went, what happened to it. */
export function AlarmScreen(): ReactElement {
  const { definitionId } = route.useParams()
  const { tree } = useNodes()
  useTopic('alarm', [[listAlarms.name]])
  const definitions = useQuery(ask(listAlarmDefinitions, {}))
  const alarms = useQuery(ask(listAlarms, { show: 'all', limit: 2000 }))
  const inForce = alarms.data?.alarms.find((one) => one.definitionId === definitionId)
  const newest = definitions.data?.find(({ id }) => id === definitionId)
  // A version that was replaced is on neither list; what happened under it still tells its name.
  const isOld = alarms.data !== undefined && definitions.data !== undefined && (inForce ?? newest) === undefined
  const past = useQuery({ ...ask(listAlarmHistory, { definitionId, window: allTime, limit: 1 }), enabled: isOld })
  const name = inForce?.name ?? newest?.name ?? past.data?.transitions[0]?.name
  const alarm = inForce ?? alarms.data?.alarms.find((one) => one.name === name)
  const error = definitions.error ?? alarms.error
  return (
    <>
      <ScreenHead
        above={<Link to="/alarms">Alarms</Link>}
        title={alarm?.message ?? newest?.message ?? 'Alarm'}
        answer={
          <>
            {alarm === undefined ? null : (
              <span className="alarm-count">
                <AlarmMark
                  priority={alarm.priority as AlarmPriority}
                  unacknowledged={isUnacknowledged(alarm.state)}
                  hidden={isHidden(alarm.state)}
                />
                <strong>{alarmStateWords[alarm.state]}</strong>
              </span>
            )}
            {name === undefined ? null : <span>{name}</span>}
          </>
        }
      />
      <AlarmTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The alarm could not be read" error={error} />}
        {alarms.data !== undefined && alarm === undefined ? (
          name === undefined ? (
            <EmptyState
              title="No alarm in force by this address"
              reason="Its definition was replaced by a newer version or retired, or lies outside your scopes."
              action={<Link to="/alarm-definitions">Go to the master alarm database</Link>}
            />
          ) : (
            <p className="screen-note">This alarm is not in force: nothing raises it.</p>
          )
        ) : null}
        {alarm !== undefined && inForce === undefined ? (
          <p className="screen-note">
            The version of this address was replaced.{' '}
            <Link to="/alarms/$definitionId" params={{ definitionId: alarm.definitionId }}>
              Go to the one in force
            </Link>
          </p>
        ) : null}
        {alarm === undefined ? null : <Standing alarm={alarm} tree={tree} />}
        {name === undefined ? null : <OfName name={name} definitionId={definitionId} tree={tree} />}
      </div>
    </>
  )
}

function Standing({ alarm, tree }: { readonly alarm: Alarm; readonly tree: PlantTree }): ReactElement {
  const now = useNow(5000)
  const [task, setTask] = useState<AlarmTask | undefined>(undefined)
  const [result, setResult] = useState<AlarmResult | undefined>(undefined)
  return (
    <section className="performance-panel" aria-labelledby="alarm-stands">
      <h2 id="alarm-stands">Where it stands</h2>
      <div className="alarm-since">
        <AlarmStanding alarm={alarm} now={now} timeZone={tree.timeZoneOf(alarm.nodeId)} />
      </div>
      {alarm.detail === '' ? null : (
        <p className="tl-figure alarm-wrap">
          <LinkedDetail detail={alarm.detail} />
        </p>
      )}
      <AlarmButtons alarm={alarm} onTask={setTask} />
      <div aria-live="polite">
        {result === undefined ? null : (
          <p>
            {result.done} {result.refused.join('. ')}
          </p>
        )}
      </div>
      {task === undefined ? null : <AlarmDialogs task={task} onClose={() => setTask(undefined)} onResult={setResult} />}
    </section>
  )
}

interface OfNameProps {
  readonly name: string
  readonly definitionId: string
  readonly tree: PlantTree
}

function OfName({ name, definitionId, tree }: OfNameProps): ReactElement | null {
  const { data, error } = useQuery(ask(listAlarmDefinitions, { name }))
  if (error !== null) return <ProblemNotice what="The definition could not be read" error={error} />
  const version: AlarmDefinition | undefined = data?.find(({ id }) => id === definitionId)
  if (version === undefined) return null
  const timeZone = tree.timeZoneOf(version.nodeId)
  return (
    <>
      {version.tagId === null ? null : (
        <AlarmTrend tagId={version.tagId} condition={version.condition} timeZone={timeZone} />
      )}
      <section className="performance-panel" aria-labelledby="alarm-definition">
        <div className="performance-panel-head">
          <h2 id="alarm-definition">What it means: version {version.version}</h2>
          <Link to="/alarm-definitions/$name" params={{ name }}>
            Versions and signatures
          </Link>
        </div>
        <DefinitionFacts definition={version} tree={tree} timeZone={timeZone} />
      </section>
      <AlarmDeviations name={name} qualityCritical={version.qualityCritical} timeZone={timeZone} />
      <OwnHistory definitionId={version.id} tree={tree} timeZone={timeZone} />
    </>
  )
}
