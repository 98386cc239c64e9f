import { Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'

interface OrderFactsProps {
  readonly order: Order
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

/** What is known of an order beside its work: who wanted it, when it went which way. */
export function OrderFacts({ order, tree, timeZone }: OrderFactsProps): ReactElement {
  const at = (instant: Order['releasedAt']): string =>
    instant === null ? '—' : formatInstant(instant, 'record', timeZone)
  const instructions = Object.keys(order.instructions)
  return (
    <section className="performance-panel" aria-labelledby="order-facts">
      <h2 id="order-facts">About the order</h2>
      <dl className="stop-facts">
        <dt>Reference</dt>
        <dd>{order.reference === '' ? '—' : order.reference}</dd>
        <dt>Site</dt>
        <dd>{tree.byId(order.siteId)?.path ?? 'outside your scopes'}</dd>
        <dt>Due</dt>
        <dd>{at(order.dueAt)}</dd>
        <dt>Created</dt>
        <dd>
          {at(order.createdAt)} by {order.createdBy}
        </dd>
        <dt>Released</dt>
        <dd>{at(order.releasedAt)}</dd>
        <dt>Started</dt>
        <dd>{at(order.startedAt)}</dd>
        <dt>Completed</dt>
        <dd>{at(order.completedAt)}</dd>
        {order.splitFrom === null ? null : (
          <>
            <dt>Split from</dt>
            <dd>
              <Link to="/orders/$code" params={{ code: order.splitFrom }}>
                the order before
              </Link>
            </dd>
          </>
        )}
        <dt>Instructions kept</dt>
        <dd>{instructions.length === 0 ? '—' : instructions.join(', ')}</dd>
        <dt>Version</dt>
        <dd>{order.version}</dd>
      </dl>
    </section>
  )
}
