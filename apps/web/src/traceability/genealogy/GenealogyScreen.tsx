import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { traceGenealogy } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { TraceTabs } from '../TraceTabs.tsx'
import { ExportThread } from './ExportThread.tsx'
import './genealogy.css'
import { ThreadBar } from './ThreadBar.tsx'
import { ThreadView } from './ThreadView.tsx'
import type { ThreadGraph, Trace } from './thread-graph.ts'
import { threadGraph } from './thread-graph.ts'
import { hasWindow, questionOf } from './thread-search.ts'
import { kindWord, kindWords } from './thread-words.ts'

const route = getRouteApi('/app/genealogy/$code')

/** A graph is drawn anew only when somebody asks: it must not change under a finger. */
const freshMs = 60_000

/** What went into something and what came of it, drawn and as a table. */
export function GenealogyScreen(): ReactElement {
  const { code } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const timeZone = usePlantZone()
  const question = questionOf(code, search)
  const direction = search.direction ?? 'both'
  const backward = useQuery({
    ...ask(traceGenealogy, { ...question, direction: 'backward' }),
    enabled: direction !== 'forward',
    staleTime: freshMs,
  })
  const forward = useQuery({
    ...ask(traceGenealogy, { ...question, direction: 'forward' }),
    enabled: direction !== 'backward',
    staleTime: freshMs,
  })
  const asked = [...(direction === 'forward' ? [] : [backward]), ...(direction === 'backward' ? [] : [forward])]
  const back = direction === 'forward' ? undefined : backward.data
  const on = direction === 'backward' ? undefined : forward.data
  const isThere = asked.every(({ data }) => data !== undefined)
  const error = asked.find((each) => each.error !== null)?.error ?? null
  const graph = useMemo(() => (isThere ? threadGraph(back, on) : undefined), [isThere, back, on])
  const start = [back, on].flatMap((trace) => trace?.nodes.filter(({ depth }) => depth === 0) ?? [])[0]
  const bar = (
    <ThreadBar
      search={search}
      isTimed={hasWindow(search.kind ?? start?.kind)}
      timeZone={timeZone}
      onChange={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
    />
  )
  return (
    <>
      <ScreenHead
        above={<TraceTabs />}
        title={
          start === undefined
            ? `Genealogy of ${code}`
            : `Genealogy: ${kindWord(start.kind).toLowerCase()} ${start.label}`
        }
        answer={graph === undefined ? undefined : <Answer graph={graph} back={back} on={on} />}
        actions={
          <ExportThread
            from={question.from}
            directions={direction === 'both' ? ['backward', 'forward'] : [direction]}
          />
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The genealogy could not be read" error={error} />}
        {graph === undefined ? (
          bar
        ) : (
          <ThreadView
            key={`${code} ${search.kind} ${direction}`}
            graph={graph}
            startKey={start === undefined ? undefined : `${start.kind}:${start.id}`}
            timeZone={timeZone}
          >
            {bar}
          </ThreadView>
        )}
      </div>
    </>
  )
}

interface AnswerProps {
  readonly graph: ThreadGraph
  readonly back: Trace | undefined
  readonly on: Trace | undefined
}

function Answer({ graph, back, on }: AnswerProps): ReactElement {
  const lots = (sign: number): number =>
    [...graph.nodes.values()].filter(({ kind, level }) => kind === 'lot' && level * sign > 0).length
  const words = (count: number): string => `${count} ${kindWords('lot', count)}`
  const elapsedMs = Math.ceil((back?.elapsedMs ?? 0) + (on?.elapsedMs ?? 0))
  return (
    <>
      {back === undefined ? null : <strong>{words(lots(-1))} went in</strong>}
      {on === undefined ? null : <strong>{words(lots(1))} came of it</strong>}
      <span className="tl-figure">found in {elapsedMs}&#8239;ms</span>
    </>
  )
}
