import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate, useRouteContext } from '@tanstack/react-router'
import type { EquipmentNode, OperationRun } from '@throughline/model'
import { listDispatch } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ask } from '../../door/queries.ts'
import { useOnline } from '../../identity/signature/use-online.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import '../../performance/station/station.css'
import { readDensity } from '../../shell/preferences.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import '../making.css'
import { useOfflineWork } from '../offline/use-offline-work.ts'
import { HandOver } from './HandOver.tsx'
import { RunList } from './RunList.tsx'
import { RunWork } from './RunWork.tsx'
import { StationHead } from './StationHead.tsx'
import { StationTask } from './StationTask.tsx'
import { StationTiles } from './StationTiles.tsx'
import './station-work.css'
import type { CommandName } from './scan-meaning.ts'
import { scanMeaning } from './scan-meaning.ts'
import type { StationPage } from './station-context.ts'
import { pressPrimary, StationContext, signal } from './station-context.ts'
import type { TaskId } from './station-tasks.ts'
import { runAfter } from './step-sheet.ts'
import { useScan } from './use-scan.ts'
import { useTakeOver } from './use-take-over.ts'
import { WaitingBanner } from './WaitingBanner.tsx'

const route = getRouteApi('/app/work/$nodeId')

/** The station of a place: my order, else what is to be done here. */
export function StationScreen(): ReactElement {
  const { nodeId } = route.useParams()
  const { tree } = useNodes()
  const node = tree.byId(nodeId)
  useEffect(() => {
    // Sheets lie outside the page: they are as large as the rest of the floor all the same.
    const { dataset } = document.documentElement
    dataset['density'] = 'floor'
    return () => {
      dataset['density'] = readDensity()
    }
  }, [])
  useEffect(() => {
    document.title = `Work at ${node?.name ?? 'no such place'} · Throughline`
  }, [node])
  return (
    <main className="station work-station" data-density="floor" id="main">
      {node === undefined ? (
        <>
          <h1>No such place</h1>
          <EmptyState title="No equipment here" reason="It may have been removed, or lie outside your scopes." />
        </>
      ) : (
        <StationAt key={node.id} node={node} timeZone={tree.timeZoneOf(node.id)} />
      )}
    </main>
  )
}

const signalOf = {
  PAUSE: 'pause',
  COMPLETE: 'complete',
  REPORT: 'report',
  KEY: 'key',
  NEXT: 'next',
  REASON: 'reason',
  SKIP: 'skip',
  SCRAP: 'scrap',
  REWORK: 'rework',
} as const

interface StationAtProps {
  readonly node: EquipmentNode
  readonly timeZone: string | undefined
}

function StationAt({ node, timeZone }: StationAtProps): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const { run: wanted } = route.useSearch()
  const navigate = useNavigate()
  const online = useOnline()
  const desk = useOfflineWork(session, online)
  const takeOver = useTakeOver()
  const [task, setTask] = useState<TaskId | undefined>(undefined)
  const [said, setSaid] = useState('')
  const [handOver, setHandOver] = useState(false)
  const [scanned, setScanned] = useState<string | undefined>(undefined)
  const { data, error } = useQuery({
    ...ask(listDispatch, { nodeId: node.id, state: ['ready', 'running', 'paused'] }),
    refetchInterval: makingRefreshMs,
  })
  const runs = useMemo(
    () =>
      (data ?? [])
        .map((run) => ({ ...run, ...runAfter(run, desk.content.waiting, () => session.printedName) }))
        .filter(({ state }) => state !== 'completed'),
    [data, desk.content.waiting, session.printedName],
  )
  const waitedFor = useRef(0)
  const waits = desk.content.waiting.length
  const refused = desk.content.refused.length
  useEffect(() => {
    if (waitedFor.current > 0 && waits === 0)
      setSaid(
        refused === 0 ? 'Everything that waited here was delivered.' : 'Delivered; what was refused stands above.',
      )
    waitedFor.current = waits
  }, [waits, refused])
  const mine = runs.find(({ heldBy, state }) => heldBy?.id === session.personId && state === 'running')
  const chosen = wanted === 'list' ? undefined : (runs.find(({ id }) => id === wanted) ?? mine)
  const mineId = mine?.id
  useEffect(() => {
    // Whoever takes the station over goes on with what was on it.
    if (wanted === undefined && mineId !== undefined)
      void navigate({ to: '/work/$nodeId', params: { nodeId: node.id }, search: { run: mineId }, replace: true })
  }, [wanted, mineId, node.id, navigate])
  const open = (runId: OperationRun['id'] | 'list', piece?: string): void => {
    setTask(undefined)
    setScanned(piece)
    setHandOver(false)
    void navigate({ to: '/work/$nodeId', params: { nodeId: node.id }, search: { run: runId }, replace: true })
  }

  function onScan(text: string): void {
    setSaid('')
    const taker = document.querySelector<HTMLElement>('[data-takes-code]')
    const starts = taker?.dataset['takesCode'] === 'start'
    const meaning = scanMeaning(text, { runs, chosenId: chosen?.id, takes: taker !== null, starts })
    if (meaning.kind === 'open') open(meaning.runId as OperationRun['id'], meaning.piece)
    else if (meaning.kind === 'entry') signal('code', meaning.text)
    else if (meaning.kind === 'command') obey(meaning.name, meaning.argument)
    else if (meaning.kind === 'unknown-command') {
      setSaid(`${text} is no command of a station: print the sheet of commands anew.`)
    } else setSaid(`Nothing here asks for ${text}. Is it a badge? Then hand over first.`)
  }
  function obey(name: CommandName, argument: string): void {
    if (name === 'LIST') open('list')
    else if (name === 'HELP') setTask('call')
    else {
      const isHeard = name === 'START' || name === 'DONE' ? pressPrimary() : signal(signalOf[name], argument)
      if (!isHeard) setSaid(`${name} has nothing to do here now.`)
    }
  }
  useScan(!handOver, onScan)

  const page: StationPage = {
    ...{ session, node, timeZone, online, say: setSaid },
    handOver: () => setHandOver(true),
    scan: onScan,
  }
  return (
    <StationContext value={page}>
      <WaitingBanner state={desk} online={online} />
      <StationHead said={said} onList={chosen === undefined ? undefined : () => open('list')} />
      {error === null || data !== undefined ? null : <ProblemNotice what="The work could not be read" error={error} />}
      <div className="work-body">
        {handOver ? (
          <HandOver
            onBack={() => setHandOver(false)}
            onTaken={(next) => {
              setHandOver(false)
              setSaid('')
              takeOver(next)
            }}
          />
        ) : task !== undefined ? (
          <StationTask task={task} run={chosen} onClose={() => setTask(undefined)} />
        ) : data === undefined ? null : chosen === undefined ? (
          <RunList runs={runs} onOpen={(run) => open(run.id)} />
        ) : (
          <RunWork key={chosen.id} listed={chosen} desk={desk} scanned={scanned} onEnd={() => open('list')} />
        )}
      </div>
      <StationTiles
        task={task}
        onTask={(next) => {
          setHandOver(false)
          setSaid('')
          setTask(next === task ? undefined : next)
        }}
      />
    </StationContext>
  )
}
