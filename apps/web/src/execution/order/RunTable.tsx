import { Link } from '@tanstack/react-router'
import type { OperationRun, Order } from '@throughline/model'
import { DataTable, EmptyState, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { amountText } from '../form/amount.ts'
import { runStateWords } from './order-words.ts'
import { RunInstruction } from './RunInstruction.tsx'
import { SkipRun } from './SkipRun.tsx'

interface RunTableProps {
  readonly order: Order
  readonly runs: readonly OperationRun[]
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

const mostCodes = 4

/** The operations of an order in sequence, each with its doings: where, who, when, how much. */
export function RunTable({ order, runs, tree, timeZone }: RunTableProps): ReactElement {
  return (
    <section aria-labelledby="order-operations">
      <h2 id="order-operations">Operations</h2>
      <DataTable
        caption="Operations and their runs, in sequence"
        rows={runs}
        rowKey={({ id }) => id}
        empty={<EmptyState title="No operations yet." reason="They come with the release, from the work definition." />}
        columns={[
          {
            key: 'operation',
            head: 'Operation',
            cell: ({ sequence, name, attempt, instructionId }) => (
              <>
                <strong className="tl-figure">{sequence}</strong> {name}
                {attempt === 1 ? null : <span className="machine-sub">rework {attempt - 1}</span>}
                {instructionId === null ? null : (
                  <span className="machine-sub making-piece">
                    <RunInstruction instructionId={instructionId} />
                  </span>
                )}
              </>
            ),
          },
          {
            key: 'state',
            head: 'State',
            tight: true,
            cell: ({ state, pauseReason }) => (
              <>
                {runStateWords[state]}
                {pauseReason === '' ? null : <span className="machine-sub">{pauseReason}</span>}
              </>
            ),
          },
          { key: 'where', head: 'Where', cell: (run) => <Where run={run} tree={tree} /> },
          {
            key: 'who',
            head: 'Who',
            tight: true,
            cell: ({ heldBy, labour }) => {
              const names = [...new Set(labour.map(({ name }) => name))]
              return (
                <>
                  {heldBy === null ? (names.at(-1) ?? '—') : <strong>{heldBy.name}</strong>}
                  {names.length < 2 ? null : <span className="machine-sub">{names.join(', ')}</span>}
                </>
              )
            },
          },
          {
            key: 'when',
            head: 'When',
            tight: true,
            cell: ({ startedAt, completedAt }) =>
              startedAt === null ? (
                '—'
              ) : (
                <>
                  <span className="tl-figure">{formatInstant(startedAt, 'day-minute', timeZone)}</span>
                  {completedAt === null ? null : (
                    <span className="machine-sub">to {formatInstant(completedAt, 'day-minute', timeZone)}</span>
                  )}
                </>
              ),
          },
          {
            key: 'made',
            head: 'Good of given',
            align: 'right',
            tight: true,
            cell: ({ good, scrap, rework, quantity }) => (
              <span className="tl-figure">
                {amountText(good, '1')} of {amountText(quantity, order.unit)}
                {scrap === '0' ? null : <span className="machine-sub">{amountText(scrap, '1')} scrap</span>}
                {rework === '0' ? null : <span className="machine-sub">{amountText(rework, '1')} rework</span>}
              </span>
            ),
          },
          { key: 'pieces', head: 'Pieces', cell: ({ subjectCodes }) => <Pieces codes={subjectCodes} /> },
          {
            key: 'tools',
            head: 'Gauges, tools',
            cell: ({ tools }) => (tools.length === 0 ? '—' : tools.join(', ')),
          },
          {
            key: 'acts',
            head: <span className="tl-hidden">What can be done</span>,
            tight: true,
            cell: (run) => (order.state === 'released' || order.state === 'running' ? <SkipRun run={run} /> : null),
          },
        ]}
      />
    </section>
  )
}

function Pieces({ codes }: { readonly codes: readonly string[] }): ReactElement {
  const more = codes.length - mostCodes
  return (
    <>
      {codes.slice(0, mostCodes).map((code) => (
        <span key={code} className="making-piece">
          {code}
        </span>
      ))}
      {more > 0 ? `and ${more} more` : null}
    </>
  )
}

function Where({ run, tree }: { readonly run: OperationRun; readonly tree: PlantTree }): ReactElement {
  const ids = run.nodeId === null ? run.candidates : [run.nodeId]
  const nodes = ids.flatMap((id) => tree.byId(id) ?? [])
  if (nodes.length === 0) return <span>—</span>
  return (
    <>
      {nodes.slice(0, mostCodes).map((node) => (
        <Link key={node.id} className="making-place" to="/work/$nodeId" params={{ nodeId: node.id }}>
          {node.name}
        </Link>
      ))}
      {nodes.length <= mostCodes ? null : <span className="machine-sub">or {nodes.length - mostCodes} more</span>}
    </>
  )
}
