import { getRouteApi, Link, useRouteContext } from '@tanstack/react-router'
import type { CurrentState } from '@throughline/model'
import { EmptyState, formatInstant, formatNumber, ProblemNotice, StateChip } from '@throughline/ui'
import { CircleStop, Hand, Recycle, Siren, Trash2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { OfflineBanner } from '../../shell/ConnectionState.tsx'
import { durationText, stateText } from '../machine/machine-words.ts'
import { useCurrentStates, useNodes, useNow } from '../machine/performance-hooks.ts'
import { CallHelp } from './CallHelp.tsx'
import { CountEntryPad } from './CountEntryPad.tsx'
import { StateByHand } from './StateByHand.tsx'
import { StopReasonTiles } from './StopReasonTiles.tsx'
import type { Answer } from './task.ts'
import './station.css'

const route = getRouteApi('/app/station-stops/$nodeId')

const tasks = [
  { id: 'stop', label: 'Stop reason', icon: CircleStop },
  { id: 'scrap', label: 'Scrap', icon: Trash2 },
  { id: 'rework', label: 'Rework', icon: Recycle },
  { id: 'state', label: 'State by hand', icon: Hand },
  { id: 'call', label: 'Call help', icon: Siren },
] as const
type Task = (typeof tasks)[number]['id']

/** One machine, as the person who stands at it needs it: what it does, and five things to say. */
export function StationStopsScreen(): ReactElement {
  const { nodeId } = route.useParams()
  const { session } = useRouteContext({ from: '/app' })
  const { tree } = useNodes()
  const node = tree.byId(nodeId)
  const [task, setTask] = useState<Task>('stop')
  const [answer, setAnswer] = useState<Answer | undefined>(undefined)
  const { states, error } = useCurrentStates(node?.id)
  const timeZone = tree.timeZoneOf(nodeId)
  useEffect(() => {
    document.title = `${node?.name ?? 'Machine'} · Throughline`
  }, [node])
  const current = states?.find((one) => one.nodeId === nodeId)
  const shared = { node, current, timeZone, onDone: setAnswer }
  return (
    <main className="station" data-density="floor" id="main">
      <OfflineBanner />
      <header className="station-head">
        <h1>{node?.name ?? 'No such machine'}</h1>
        <p className="station-who">{session.printedName}</p>
        <nav className="station-ways" aria-label="Other pages">
          <Link to="/kiosk">Station</Link>
          <Link to="/work/$nodeId" params={{ nodeId }}>
            Work
          </Link>
          <Link to="/performance">All machines</Link>
        </nav>
      </header>
      {error === null ? null : <ProblemNotice what="The state could not be read" error={error} />}
      {node === undefined ? (
        <EmptyState title="No machine here" reason="It may have been removed, or lie outside your scopes." />
      ) : (
        <>
          {states === undefined ? null : <StateNow current={current} timeZone={timeZone} />}
          <p className="station-answer" role="status">
            {answer === undefined ? '' : `${answer.text}, ${formatInstant(answer.at, 'second', timeZone)}`}
          </p>
          <div className="station-work">
            {task === 'stop' ? <StopReasonTiles {...shared} node={node} /> : null}
            {task === 'scrap' || task === 'rework' ? (
              <CountEntryPad key={task} {...shared} node={node} kind={task} />
            ) : null}
            {task === 'state' ? <StateByHand {...shared} node={node} /> : null}
            {task === 'call' ? <CallHelp {...shared} node={node} /> : null}
          </div>
          <nav className="station-tasks" aria-label="What to say">
            {tasks.map(({ id, label, icon: Icon }) => (
              <button
                key={id}
                type="button"
                className="station-task"
                aria-pressed={task === id}
                onClick={() => {
                  setTask(id)
                  setAnswer(undefined)
                }}
              >
                <Icon size={30} aria-hidden="true" />
                {label}
              </button>
            ))}
          </nav>
        </>
      )}
    </main>
  )
}

interface StateNowProps {
  readonly current: CurrentState | undefined
  readonly timeZone: string | undefined
}

function StateNow({ current, timeZone }: StateNowProps): ReactElement {
  const now = useNow()
  if (current === undefined) {
    return (
      <section className="station-state" aria-label="State now">
        <p>No state is known: nothing was told yet. It can be told by hand.</p>
      </section>
    )
  }
  return (
    <section className="station-state" aria-label="State now">
      <p className="station-state-word">
        <StateChip state={current.state} label={stateText(current.state, current.label)} />
      </p>
      <p>
        for {durationText(now - current.since)}, since {formatInstant(current.since, 'minute', timeZone)}
      </p>
      <p>
        {current.order ?? 'No order'}
        {current.product === null ? '' : ` · ${current.product}`}
        {current.good === null ? '' : ` · ${formatNumber(current.good, 0)} good`}
        {current.scrap === null ? '' : ` · ${formatNumber(current.scrap, 0)} scrap`}
      </p>
    </section>
  )
}
