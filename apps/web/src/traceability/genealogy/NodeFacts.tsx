import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouteContext } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import type { ThreadEdge } from '@throughline/model'
import { listTags } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { mostTraces } from '../../historian/trend/trend-search.ts'
import { DocumentLink } from '../DocumentLink.tsx'
import type { LevelNode, ThreadGraph } from './thread-graph.ts'
import { keyOf } from './thread-graph.ts'
import { edgeWords, kindWord, levelWords } from './thread-words.ts'

interface NodeFactsProps {
  readonly node: LevelNode
  readonly graph: ThreadGraph
  readonly timeZone: string | undefined
  readonly onPick: (key: string) => void
  readonly onClose: () => void
}

/** One node: what it is, where more is said of it, and what it hangs on. */
export function NodeFacts({ node, graph, timeZone, onPick, onClose }: NodeFactsProps): ReactElement {
  const near = { timeZone, nodes: graph.nodes, onPick }
  return (
    <section className="performance-panel thread-facts" aria-label={`${kindWord(node.kind)} ${node.label}`}>
      <div className="performance-panel-head">
        <h2>{node.label}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <X size={18} aria-hidden="true" />
        </button>
      </div>
      <p>
        {kindWord(node.kind)}
        {node.detail === '' ? '' : `: ${node.detail}`}
      </p>
      <p className="tl-dim">
        {levelWords(node.level)}
        {node.at === null ? '' : `, ${formatInstant(node.at, 'record', timeZone)}`}
      </p>
      <p className="inline-links">
        <NodeLinks node={node} />
        {node.level === 0 ? null : (
          <Link
            to="/genealogy/$code"
            params={{ code: node.kind === 'lot' ? node.label : node.id }}
            search={node.kind === 'lot' ? {} : { kind: node.kind }}
          >
            Trace from here
          </Link>
        )}
        <RecallLink node={node} />
      </p>
      <Neighbours
        {...near}
        title="Comes from"
        edges={graph.edges.filter(({ to }) => keyOf(to) === node.key)}
        far="from"
      />
      <Neighbours
        {...near}
        title="Went into"
        edges={graph.edges.filter(({ from }) => keyOf(from) === node.key)}
        far="to"
      />
    </section>
  )
}

/** What the graph says of a tool that was scanned and that nobody registered: there is no page of it. */
const unregistered = 'not registered'

/** Where the record behind a node is. */
function NodeLinks({ node: { kind, id, label, detail } }: { readonly node: LevelNode }): ReactElement | null {
  if (kind === 'lot') {
    return (
      <Link to="/lots/$code" params={{ code: label }}>
        Lot
      </Link>
    )
  }
  if (kind === 'order') {
    return (
      <Link to="/orders/$code" params={{ code: label }}>
        Order
      </Link>
    )
  }
  if (kind === 'deviation') {
    return (
      <Link to="/deviations/$code" params={{ code: label }}>
        Deviation
      </Link>
    )
  }
  if (kind === 'equipment') {
    return (
      <Link to="/equipment/$" params={{ _splat: detail }}>
        Equipment
      </Link>
    )
  }
  if (kind === 'container') {
    return (
      <Link to="/containers/$sscc" params={{ sscc: label }}>
        Container
      </Link>
    )
  }
  if (kind === 'tool' && detail !== unregistered) {
    return (
      <Link to="/gauges-and-tools/$code" params={{ code: id }}>
        Tool
      </Link>
    )
  }
  if (kind === 'document') return <DocumentLink hash={id}>{label}</DocumentLink>
  return kind === 'process-data' ? <ReadingsLink id={id} /> : null
}

/** The way to a drill with this as what is suspect. */
function RecallLink({ node: { kind, id, label } }: { readonly node: LevelNode }): ReactElement | null {
  const { session } = useRouteContext({ from: '/app' })
  const isSource = kind === 'lot' || kind === 'equipment' || kind === 'tool' || kind === 'person'
  if (!isSource || !session.permissions.includes('traceability.recall')) return null
  return (
    <Link to="/recalls" search={{ kind, id, label }}>
      Recall drill
    </Link>
  )
}

/** The trend of a window of readings, which is called `<node>/<from>/<to>`. */
function ReadingsLink({ id }: { readonly id: string }): ReactElement | null {
  const [nodeId = '', from, to] = id.split('/')
  const { data } = useQuery({ ...ask(listTags, { nodeId, limit: mostTraces }), staleTime: 60_000 })
  if (data === undefined || data.tags.length === 0) return null
  const window = { from: toIso(Number(from) as Instant), to: toIso(Number(to) as Instant) }
  return (
    <Link to="/trend" search={{ tags: data.tags.map((tag) => tag.id).join(','), ...window }}>
      Trend of that time
    </Link>
  )
}

interface NeighboursProps {
  readonly title: string
  readonly edges: readonly ThreadEdge[]
  readonly far: 'from' | 'to'
  readonly nodes: ThreadGraph['nodes']
  readonly timeZone: string | undefined
  readonly onPick: (key: string) => void
}

const mostShown = 12

function Neighbours({ title, edges, far, nodes, timeZone, onPick }: NeighboursProps): ReactElement | null {
  if (edges.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="thread-neighbours">
        {edges.slice(0, mostShown).map((edge) => {
          const key = keyOf(edge[far])
          return (
            <li key={`${key} ${edge.kind} ${edge.at} ${edge.runId}`}>
              <Button variant="default" size="compact-sm" onClick={() => onPick(key)}>
                {nodes.get(key)?.label ?? edge[far].id}
              </Button>
              <span className="tl-dim">
                {edgeWords[edge.kind]}
                {edge.quantity === null ? '' : `, ${edge.quantity}`}, {formatInstant(edge.at, 'day-minute', timeZone)}
              </span>
            </li>
          )
        })}
      </ul>
      {edges.length > mostShown ? <p className="tl-dim">and {edges.length - mostShown} more, in the table</p> : null}
    </>
  )
}
