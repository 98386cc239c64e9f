import { useQuery } from '@tanstack/react-query'
import type { OperationRun, Order } from '@throughline/model'
import { getReadiness } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { GateList } from '../form/GateList.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { GateAnswers } from './GateAnswers.tsx'
import { closedGates, nextOperations, openHoldsOf } from './order-words.ts'

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
  const closed = new Set(data?.flatMap(({ gates }) => closedGates(gates).map(({ message }) => message))).size
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
      {!asked ? null : data === undefined ? (
        error === null ? (
          <p aria-busy="true">The gates are being looked at.</p>
        ) : null
      ) : data.length === 0 ? (
        <p>No operation can be gone on with: those that are left wait for one before them.</p>
      ) : (
        <>
          <p>
            <strong>
              {closed === 0 ? 'Nothing blocks it.' : `${closed} ${closed === 1 ? 'thing blocks' : 'things block'} it.`}
            </strong>
          </p>
          <ul className="making-list">
            {nextOperations(data).map(({ sequence, name, runIds, gates }) => (
              <li key={runIds[0]}>
                <h3>
                  {sequence} {name}
                  {piecesText(runs?.filter(({ id }) => runIds.includes(id)) ?? [])}
                </h3>
                <GateList gates={gates} />
                <div className="making-list">
                  {runs
                    ?.filter(({ id }) => runIds.includes(id))
                    .slice(0, mostCodes)
                    .map((run) => (
                      <GateAnswers key={run.id} run={run} gates={gates} />
                    ))}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const mostCodes = 3

function piecesText(runs: readonly OperationRun[]): string {
  const codes = runs.flatMap(({ subjectCodes }) => subjectCodes)
  return codes.length === 0 || codes.length > mostCodes ? '' : ` of ${codes.join(', ')}`
}
