import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { CurrentSession, Station } from '@throughline/model'
import { closeSession, getCurrentStation, listAssets, listCurrentStates, listDispatch } from '@throughline/model'
import { formatDuration, formatInstant, ProblemNotice } from '@throughline/ui'
import { ArrowLeftRight, ClipboardList, Gauge, LogOut, Scale, UserRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { client } from '../../door/client.ts'
import { ask, nodesQuery } from '../../door/queries.ts'
import { BadgePrompt } from './BadgePrompt.tsx'
import { commandIn } from './command.ts'
import { useIdle, useWedgeReader, useWorker } from './kiosk-hooks.ts'
import { StationValues } from './StationValues.tsx'
import './kiosk.css'

/** A station of the plant: who works here is always seen, and the next one takes over with badge and PIN. */
export function KioskScreen(): ReactElement {
  const station = useQuery(ask(getCurrentStation, {}))
  useEffect(() => {
    document.title = `${station.data?.name ?? 'Station'} · Throughline`
  }, [station.data])
  return (
    <main className="kiosk" data-density="floor">
      {station.isError ? <ProblemNotice what="The station does not reach the server" error={station.error} /> : null}
      {station.data === undefined ? null : station.data === null ? (
        <NoStation />
      ) : station.data.kind === 'wall' ? (
        <WallHere name={station.data.name} />
      ) : (
        <KioskOf station={station.data} />
      )}
    </main>
  )
}

function NoStation(): ReactElement {
  return (
    <section className="kiosk-prompt">
      <h1>This device is no station</h1>
      <p className="kiosk-note">
        Badge and PIN work at registered stations. An administrator who is signed in on this device makes it one.
      </p>
      <Link to="/stations" className="kiosk-button">
        Go to the stations
      </Link>
    </section>
  )
}

function WallHere({ name }: { readonly name: string }): ReactElement {
  return (
    <section className="kiosk-prompt">
      <h1>{name} is a board on the wall</h1>
      <p className="kiosk-note">
        It only shows, and nobody signs in here. An administrator at another device retires it; then this one can become
        a terminal.
      </p>
      <Link to="/wall" className="kiosk-button">
        Show the board
      </Link>
    </section>
  )
}

function KioskOf({ station }: { readonly station: Station }): ReactElement {
  const { worker, setWorker } = useWorker()
  const navigate = useNavigate()
  const [handOver, setHandOver] = useState<{ badge?: string } | undefined>(undefined)
  const [wasLocked, setLocked] = useState(false)

  async function end(): Promise<void> {
    setHandOver(undefined)
    // Whatever the server says, nobody is shown as signed in any longer.
    await client(closeSession, {}).catch(() => undefined)
    setWorker(null)
  }
  function begin(session: CurrentSession): void {
    setHandOver(undefined)
    setLocked(false)
    setWorker(session)
    void goToWork(session)
  }
  /** Whoever works on orders lands on theirs, where there are any. */
  async function goToWork(session: CurrentSession): Promise<void> {
    if (!session.permissions.includes('execution.run.perform')) return
    const { nodeId } = station
    const todo = await client(listDispatch, { nodeId, state: ['ready', 'running', 'paused'], limit: 1 }).catch(() => [])
    if (todo.length > 0) await navigate({ to: '/work/$nodeId', params: { nodeId } })
  }
  useIdle(worker ? worker.idleTimeoutMs : undefined, () => {
    setLocked(true)
    void end()
  })

  const isWorking = worker !== null && worker !== undefined
  return (
    <>
      <header className="kiosk-head">
        <p className="kiosk-station">{station.name}</p>
        <div className="kiosk-who" data-signed-in={isWorking}>
          <UserRound size={30} aria-hidden="true" />
          <div>
            <p className="kiosk-name">{isWorking ? worker.printedName : 'Nobody is signed in'}</p>
            {isWorking ? (
              <p className="kiosk-since">since {formatInstant(worker.openedAt, 'second', undefined)}</p>
            ) : null}
          </div>
        </div>
      </header>
      {worker === undefined ? null : worker === null ? (
        <BadgePrompt
          title="Sign in"
          note={
            wasLocked
              ? `Locked after ${formatDuration(station.idleTimeoutMs)} without use. Sign in to go on.`
              : 'With your badge and your PIN.'
          }
          onSignedIn={begin}
        />
      ) : handOver === undefined ? (
        <Work station={station} onHandOver={setHandOver} onSignOut={() => void end()} />
      ) : (
        <BadgePrompt
          key={handOver.badge ?? ''}
          title="Hand over"
          note={`${worker.printedName} stays signed in until the next PIN is right.`}
          badge={handOver.badge}
          onSignedIn={begin}
          onCancel={() => setHandOver(undefined)}
        />
      )}
    </>
  )
}

/** The way to what is said at a machine: why it stood, scrap, help. */
function Machines({ nodeId }: { readonly nodeId: Station['nodeId'] }): ReactElement[] {
  const machines = useQuery(ask(listCurrentStates, { nodeId }))
  const nodes = useQuery(nodesQuery)
  return (machines.data ?? []).map((machine) => (
    <Link key={machine.nodeId} className="kiosk-button" to="/station-stops/$nodeId" params={{ nodeId: machine.nodeId }}>
      <Gauge size={30} aria-hidden="true" />
      {nodes.data?.find(({ id }) => id === machine.nodeId)?.name ?? 'Machine'}
    </Link>
  ))
}

function WorkLink({ nodeId }: { readonly nodeId: Station['nodeId'] }): ReactElement | null {
  const { worker } = useWorker()
  if (worker?.permissions.includes('execution.run.perform') !== true) return null
  return (
    <Link className="kiosk-button" to="/work/$nodeId" params={{ nodeId }}>
      <ClipboardList size={30} aria-hidden="true" />
      Orders
    </Link>
  )
}

/** To the scale, where the plant has one. */
function WeighLink(): ReactElement | null {
  const { worker } = useWorker()
  const mayWeigh = worker?.permissions.includes('material.weigh') === true
  const { data } = useQuery({ ...ask(listAssets, { kind: 'scale' }), enabled: mayWeigh, staleTime: 60_000 })
  if (!mayWeigh || data === undefined || data.length === 0) return null
  return (
    <Link className="kiosk-button" to="/weigh">
      <Scale size={30} aria-hidden="true" />
      Weigh out
    </Link>
  )
}

interface WorkProps {
  readonly station: Station
  readonly onHandOver: (handOver: { badge?: string }) => void
  readonly onSignOut: () => void
}

function Work({ station, onHandOver, onSignOut }: WorkProps): ReactElement {
  useWedgeReader((badge) => {
    if (commandIn(badge) === undefined) onHandOver({ badge })
  })
  return (
    <>
      <div className="kiosk-work">
        <StationValues nodeId={station.nodeId} />
      </div>
      <footer className="kiosk-actions">
        <WorkLink nodeId={station.nodeId} />
        <WeighLink />
        <Machines nodeId={station.nodeId} />
        <button type="button" className="kiosk-button kiosk-primary" onClick={() => onHandOver({})}>
          <ArrowLeftRight size={30} aria-hidden="true" />
          Hand over
        </button>
        <button type="button" className="kiosk-button" onClick={onSignOut}>
          <LogOut size={30} aria-hidden="true" />
          Sign out
        </button>
      </footer>
    </>
  )
}
