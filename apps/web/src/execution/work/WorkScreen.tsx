import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouteContext } from '@tanstack/react-router'
import { listDispatch } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { ask } from '../../door/queries.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import '../../performance/station/station.css'
import { OfflineBanner } from '../../shell/ConnectionState.tsx'
import { amountText } from '../form/amount.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import '../making.css'
import { runStateWords } from '../order/order-words.ts'
import { RunWork } from './RunWork.tsx'

const route = getRouteApi('/app/work/$nodeId')

type Dispatched = (typeof listDispatch)['output']['_output'][number]

/** The work at a place: what is in hand, then what comes next, and what to do about the one that is chosen. */
export function WorkScreen(): ReactElement {
  const { nodeId } = route.useParams()
  const { session } = useRouteContext({ from: '/app' })
  const { tree } = useNodes()
  const node = tree.byId(nodeId)
  const [chosenId, setChosenId] = useState<string | undefined>(undefined)
  const { data, error } = useQuery({
    ...ask(listDispatch, { nodeId, state: ['ready', 'running', 'paused'] }),
    enabled: node !== undefined,
    refetchInterval: makingRefreshMs,
  })
  useEffect(() => {
    document.title = `Work at ${node?.name ?? 'no such place'} · Throughline`
  }, [node])
  const runs = data ?? []
  const chosen =
    runs.find(({ id }) => id === chosenId) ?? runs.find(({ heldBy }) => heldBy?.id === session.personId) ?? runs[0]
  return (
    <main className="station" data-density="floor" id="main">
      <OfflineBanner />
      <header className="station-head">
        <h1>{node === undefined ? 'No such place' : `Work at ${node.name}`}</h1>
        <p className="station-who">{session.printedName}</p>
        <nav className="station-ways" aria-label="Other pages">
          <Link to="/orders">Orders</Link>
          {node === undefined ? null : (
            <Link to="/station-stops/$nodeId" params={{ nodeId }}>
              Stops and scrap
            </Link>
          )}
        </nav>
      </header>
      {node === undefined ? (
        <EmptyState title="No equipment here" reason="It may have been removed, or lie outside your scopes." />
      ) : null}
      {error === null ? null : <ProblemNotice what="The work could not be read" error={error} />}
      {data === undefined ? null : chosen === undefined ? (
        <EmptyState
          title="Nothing is to be done here."
          reason="Released orders show when their operation is due here."
        />
      ) : (
        <>
          <RunWork key={chosen.id} run={chosen} nodeId={nodeId} tree={tree} />
          <section aria-labelledby="work-list">
            <h2 id="work-list">To be done here</h2>
            <div className="station-tiles">
              {runs.map((run) => (
                <RunTile key={run.id} run={run} isChosen={run.id === chosen.id} onChoose={() => setChosenId(run.id)} />
              ))}
            </div>
          </section>
        </>
      )}
    </main>
  )
}

const mostCodes = 3

interface RunTileProps {
  readonly run: Dispatched
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function RunTile({ run, isChosen, onChoose }: RunTileProps): ReactElement {
  return (
    <button type="button" className="station-tile work-tile" aria-pressed={isChosen} onClick={onChoose}>
      <strong>
        {run.orderCode} · {run.sequence} {run.name}
      </strong>
      <span>
        {runStateWords[run.state]}
        {run.held ? ', held' : ''}
        {run.heldBy === null ? '' : `, ${run.heldBy.name}`}
      </span>
      <span>
        {amountText(run.quantity, '1')} of {run.product}, priority {run.priority}
        {run.subjectCodes.length === 0 || run.subjectCodes.length > mostCodes ? '' : `: ${run.subjectCodes.join(', ')}`}
      </span>
    </button>
  )
}
