import type { listDispatch } from '@throughline/model'
import { EmptyState, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { amountText } from '../form/amount.ts'
import { runStateWords } from '../order/order-words.ts'
import { Codes } from './Codes.tsx'
import { useStation } from './station-context.ts'

export type Dispatched = (typeof listDispatch)['output']['_output'][number]

interface RunListProps {
  readonly runs: readonly Dispatched[]
  readonly onOpen: (run: Dispatched) => void
}

const mostCodes = 3

/** What is to be done here: what is in hand, then by priority and due time. */
export function RunList({ runs, onOpen }: RunListProps): ReactElement {
  if (runs.length === 0) {
    return (
      <EmptyState title="Nothing is to be done here." reason="Released orders show when their operation is due here." />
    )
  }
  return (
    <section aria-labelledby="work-list">
      <h2 id="work-list">To be done here: scan an order, or touch it</h2>
      <div className="station-tiles work-runs">
        {runs.map((run) => (
          <RunTile key={run.id} run={run} onOpen={() => onOpen(run)} />
        ))}
      </div>
    </section>
  )
}

function RunTile({ run, onOpen }: { readonly run: Dispatched; readonly onOpen: () => void }): ReactElement {
  const { timeZone } = useStation()
  const { subjectCodes: codes } = run
  return (
    <button type="button" className="station-tile work-tile" onClick={onOpen}>
      <strong>
        {run.orderCode} · {run.sequence} {run.name}
      </strong>
      <span>
        {run.attempt === 1 ? null : <strong>Rework {run.attempt - 1}: </strong>}
        {runStateWords[run.state]}
        {run.held ? ', held' : ''}
        {run.heldBy === null ? '' : `, ${run.heldBy.name}`}
        {run.state !== 'paused' || run.pauseReason === '' ? '' : `: ${run.pauseReason}`}
      </span>
      <span>
        {amountText(run.quantity, '1')} of {run.product}, priority {run.priority}
        {run.dueAt === null ? '' : `, due ${formatInstant(run.dueAt, 'minute', timeZone)}`}
        {codes.length === 0 || codes.length > mostCodes ? null : (
          <>
            : <Codes codes={codes} />
          </>
        )}
      </span>
    </button>
  )
}
