import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import { fromMs, plusMs, systemClock } from '@throughline/kernel'
import type { AndonCall, KpiRow } from '@throughline/model'
import { getKpis, listCalls, listCurrentStates } from '@throughline/model'
import { formatInstant, formatNumber, kpiText, StateChip } from '@throughline/ui'
import type { CSSProperties, ReactElement } from 'react'
import { useEffect, useMemo } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { figureRefreshMs } from '../live-refresh.ts'
import type { Machine } from '../machine/machine-words.ts'
import { durationText, kpiOf, worstMachinesFirst } from '../machine/machine-words.ts'
import { useInWindow, useNow, usePlace, useShownWindow, useWindowChoice } from '../machine/performance-hooks.ts'
import { callText } from './call-words.ts'
import { OfflineNotice } from './OfflineNotice.tsx'
import { isRefusal, isSilent, troubleLine, wallTypeVh } from './wall-rules.ts'
import './wall.css'

const thisShift = {}
const usualDistanceM = 10
const usualDiagonalIn = 55
const lookBackMs = 86_400_000
const mostCalls = 3
/** A network that swallows everything lets a question wait for minutes: then it is asked anew. */
const longestWaitMs = 10_000

interface WallBoardProps {
  /** The equipment that is shown; empty = the only root there is. */
  readonly path: string
  /** When the page began to ask. */
  readonly since: Instant
  readonly onRefused: (error: Error) => void
}

/** Machines, two numbers, one line of trouble, open calls; nothing to touch. */
export function WallBoard({ path, since, onRefused }: WallBoardProps): ReactElement {
  const queryClient = useQueryClient()
  const { distance = usualDistanceM, diagonal = usualDiagonalIn } = useSearch({ strict: false })
  const { node, unknown, tree, timeZone } = usePlace(path === '' ? undefined : path)
  const now = useNow()
  const choice = useWindowChoice(thisShift, node?.id, timeZone)
  const shown = useShownWindow(choice)
  useTopic('performance', [[listCurrentStates.name]])
  useTopic('andon', [[listCalls.name]])
  const asked = node === undefined ? {} : { nodeId: node.id }
  const states = useQuery({
    ...ask(listCurrentStates, asked),
    queryFn: ({ signal }) =>
      client(listCurrentStates, asked, { signal: AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]) }),
    refetchInterval: figureRefreshMs,
    enabled: !unknown,
  })
  const kpis = useInWindow(getKpis, choice, [node?.id ?? null, 'none'], (window) =>
    node === undefined ? { window } : { nodeId: node.id, window },
  )
  const calls = useQuery({
    queryKey: [listCalls.name, node?.id ?? null, 'wall'],
    refetchInterval: figureRefreshMs,
    queryFn: ({ signal }) => {
      const to = systemClock.now()
      const window = { from: plusMs(to, -lookBackMs), to: plusMs(to, 60_000) }
      const input = node === undefined ? { window, onlyOpen: true } : { nodeId: node.id, window, onlyOpen: true }
      return client(listCalls, input, { signal })
    },
  })
  useEffect(() => {
    document.title = `${node?.name ?? 'Plant'} · Throughline`
  }, [node])
  const machines = useMemo(
    () =>
      (states.data ?? []).flatMap((current): Machine[] => {
        const machine = tree.byId(current.nodeId)
        return machine === undefined ? [] : [{ node: machine, name: machine.path, current }]
      }),
    [states.data, tree],
  )
  const worst = useMemo(() => worstMachinesFirst(machines), [machines])
  const heardAt = machines.reduce((newest, { current }) => Math.max(newest, current.heardAt ?? 0), 0)
  const answeredAt = states.dataUpdatedAt === 0 ? undefined : fromMs(states.dataUpdatedAt)
  const silent = !unknown && isSilent(answeredAt, now)
  useEffect(() => {
    // What hangs on the old way to the server is asked anew on the new one.
    if (!silent)
      void queryClient.invalidateQueries({ predicate: ({ queryKey: [name] }) => name !== listCurrentStates.name })
  }, [silent, queryClient])
  const { error } = states
  useEffect(() => {
    if (isRefusal(error)) onRefused(error)
  }, [error, onRefused])
  const style = {
    '--wall-type': `${wallTypeVh(distance, diagonal)}vh`,
    '--wall-tiles': Math.max(1, machines.length),
  } as CSSProperties
  return (
    <main className="wall" data-mantine-color-scheme="dark" style={style} id="main">
      <header className="wall-head">
        <h1>{unknown ? `No equipment at ${path}` : (node?.name ?? 'All machines')}</h1>
        <span>{shown?.label ?? ''}</span>
      </header>
      <TwoNumbers total={kpis.data?.answer.total} />
      <ul className="wall-machines" aria-label="Machines">
        {machines
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ node: machine, current }) => (
            <li key={machine.id} className="wall-machine">
              <span className="wall-machine-name">{machine.name}</span>
              <span className="wall-machine-state">
                <StateChip state={current.state} />
              </span>
              <span className="wall-machine-since tl-figure">{durationText(now - current.since)}</span>
            </li>
          ))}
      </ul>
      <p className="wall-trouble">{states.data === undefined ? '' : troubleLine(worst, now)}</p>
      <Calls calls={calls.data ?? []} nameOf={(nodeId) => tree.byId(nodeId)?.name ?? 'a machine'} now={now} />
      <footer className="wall-foot tl-figure">
        <span>{formatInstant(now, 'record', timeZone)}</span>
        <span>
          {heardAt === 0 ? 'no data yet' : `data of ${formatInstant(heardAt as Instant, 'second', timeZone)}`}
        </span>
      </footer>
      {silent ? (
        <OfflineNotice since={answeredAt ?? since} now={now} timeZone={timeZone} isEmpty={answeredAt === undefined} />
      ) : null}
    </main>
  )
}

function TwoNumbers({ total }: { readonly total: KpiRow | undefined }): ReactElement {
  const oee = total === undefined ? undefined : kpiOf(total, 'oee')
  return (
    <dl className="wall-numbers">
      <div>
        <dt>OEE of the shift</dt>
        <dd className="tl-figure">{kpiText(oee?.value ?? null, '%')}</dd>
      </div>
      <div>
        <dt>Good parts</dt>
        <dd className="tl-figure">{total === undefined ? '—' : formatNumber(total.elements.gq, 0)}</dd>
      </div>
    </dl>
  )
}

interface CallsProps {
  readonly calls: readonly AndonCall[]
  readonly nameOf: (nodeId: string) => string
  readonly now: Instant
}

function Calls({ calls, nameOf, now }: CallsProps): ReactElement {
  return (
    <ul className="wall-calls" aria-label="Open calls">
      {calls.slice(0, mostCalls).map((call) => (
        <li key={call.id}>
          {nameOf(call.nodeId)}: {callText(call, now)}
        </li>
      ))}
      {calls.length > mostCalls ? <li>and {calls.length - mostCalls} more calls</li> : null}
      {calls.length === 0 ? <li>No open calls</li> : null}
    </ul>
  )
}
