import { useQuery } from '@tanstack/react-query'
import type { OperationRun, Order } from '@throughline/model'
import { getReadiness } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { GateList } from '../form/GateList.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { closedGates, openHoldsOf } from './order-words.ts'

interface OrderReadinessProps {
  readonly order: Order
  readonly runs: readonly OperationRun[] | undefined
}

/** What blocks an order, in words: every gate of the operations that come next. */
export function OrderReadiness({ order, runs }: OrderReadinessProps): ReactElement | null {
  const asked = order.state === 'released' || order.state === 'running'
  const { data, error } = useQuery({
    ...ask(getReadiness, { orderId: order.id }),
    enabled: asked,
    refetchInterval: makingRefreshMs,
  })
  if (order.state === 'closed' || order.state === 'cancelled') return null
  const closed = data?.reduce((count, { gates }) => count + closedGates(gates).length, 0)
  return (
    <section className="performance-panel" aria-labelledby="order-blocks">
      <h2 id="order-blocks">What blocks this?</h2>
      {error === null ? null : <ProblemNotice what="The gates could not be read" error={error} />}
      {order.state === 'created' ? (
        <p>It is not released: release it, and its first operation can be started.</p>
      ) : null}
      {order.state === 'completed' ? (
        <p>
          Every operation is done.{' '}
          {openHoldsOf(order).length === 0 ? 'It waits to be closed.' : 'It is held, and can be closed without a hold.'}
        </p>
      ) : null}
      {!asked || data === undefined ? null : data.length === 0 ? (
        <p>No operation can be gone on with: those that are left wait for one before them.</p>
      ) : (
        <>
          <p>
            <strong>
              {closed === 0 ? 'Nothing blocks it.' : `${closed} ${closed === 1 ? 'thing blocks' : 'things block'} it.`}
            </strong>
          </p>
          <ul className="making-list">
            {data.map(({ runId, sequence, name, gates }) => (
              <li key={runId}>
                <h3>
                  {sequence} {name}
                  {piecesText(runs?.find(({ id }) => id === runId))}
                </h3>
                <GateList gates={gates} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const piecesText = (run: OperationRun | undefined): string =>
  run === undefined || run.subjectCodes.length === 0 || run.subjectCodes.length > 3
    ? ''
    : ` of ${run.subjectCodes.join(', ')}`
