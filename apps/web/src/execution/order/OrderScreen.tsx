import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import { getOrder, listOrderRuns } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { InspectionList } from '../../quality/inspection/InspectionList.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { ThreadLink } from '../../traceability/ThreadLink.tsx'
import { amountText, piecesText } from '../form/amount.ts'
import { isId, makingRefreshMs } from '../form/making-queries.ts'
import '../../performance/performance.css'
import '../making.css'
import { OrderActions } from './OrderActions.tsx'
import { OrderDeviations, OrderPieces } from './OrderContext.tsx'
import { OrderFacts } from './OrderFacts.tsx'
import { OrderHolds } from './OrderHolds.tsx'
import { OrderReadiness } from './OrderReadiness.tsx'
import { isLate, openHoldsOf, orderStateWords } from './order-words.ts'
import { RunTable } from './RunTable.tsx'

const route = getRouteApi('/app/orders/$code')

/** One order: how far it is, what blocks it, its operations, and what may be done about it. */
export function OrderScreen(): ReactElement {
  const { code } = route.useParams()
  const { tree } = useNodes()
  const { data: order, error } = useQuery({
    ...ask(getOrder, isId(code) ? { orderId: code } : { code }),
    refetchInterval: makingRefreshMs,
  })
  const runs = useQuery({
    ...ask(listOrderRuns, { orderId: order?.id ?? '' }),
    enabled: order !== undefined,
    refetchInterval: makingRefreshMs,
  })
  const timeZone = order === undefined ? undefined : tree.timeZoneOf(order.siteId)
  return (
    <>
      <ScreenHead
        above={<Link to="/orders">Orders</Link>}
        title={order === undefined ? `Order ${code}` : `${order.code}: ${order.product}`}
        answer={order === undefined ? undefined : <OrderAnswer order={order} timeZone={timeZone} />}
        actions={order === undefined ? undefined : <OrderActions order={order} timeZone={timeZone} />}
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The order could not be read" error={error} />}
        {order === undefined ? null : (
          <>
            <OrderHolds order={order} timeZone={timeZone} />
            <OrderReadiness order={order} runs={runs.data} />
            {runs.error === null ? null : <ProblemNotice what="The operations could not be read" error={runs.error} />}
            {runs.data === undefined ? null : (
              <RunTable order={order} runs={runs.data} tree={tree} timeZone={timeZone} />
            )}
            <OrderDeviations order={order} timeZone={timeZone} />
            <InspectionList of={{ orderId: order.id }} order={order.code} timeZone={timeZone} />
            <OrderPieces order={order} tree={tree} />
            <OrderFacts order={order} tree={tree} timeZone={timeZone} />
          </>
        )}
      </div>
    </>
  )
}

interface OrderAnswerProps {
  readonly order: Order
  readonly timeZone: string | undefined
}

function OrderAnswer({ order, timeZone }: OrderAnswerProps): ReactElement {
  const now = useNow(30_000)
  const held = openHoldsOf(order).length > 0
  return (
    <>
      <strong>
        {orderStateWords[order.state]}
        {held ? ', held' : ''}
      </strong>
      <span className="tl-figure">
        {amountText(order.good, '1')} good and {amountText(order.scrap, '1')} scrap of{' '}
        {piecesText(order.quantity, order.unit)}
      </span>
      <span>
        Priority {order.priority}
        {order.dueAt === null ? '' : `, due ${formatInstant(order.dueAt, 'day-minute', timeZone)}`}
        {isLate(order, now) ? <strong>, late</strong> : null}
      </span>
      <ThreadLink kind="order" id={order.id} />
      <RecordTrailLink kind="execution.order" id={order.id} />
    </>
  )
}
