import { Link } from '@tanstack/react-router'
import type { Order, OrderHold } from '@throughline/model'
import { endOrderHold } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { equipmentSubject } from '../../equipment/outage/outage-words.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { holdCauseWords, openHoldsOf } from './order-words.ts'

interface OrderHoldsProps {
  readonly order: Order
  readonly timeZone: string | undefined
}

/** Why an order may not go on, who said so, and the holds that have ended. */
export function OrderHolds({ order, timeZone }: OrderHoldsProps): ReactElement | null {
  const denial = useDenial()
  const [ending, setEnding] = useState<OrderHold | undefined>(undefined)
  const open = openHoldsOf(order)
  const ended = order.holds.filter((hold) => hold.ended !== null)
  if (order.holds.length === 0) return null
  return (
    <section className="performance-panel" aria-labelledby="order-holds">
      <h2 id="order-holds">{open.length === 0 ? 'Holds that have ended' : 'Held'}</h2>
      <ul className="making-list">
        {open.map((hold) => (
          <li key={hold.id} className="making-item">
            <HoldText hold={hold} timeZone={timeZone} />
            <GuardedButton
              variant="default"
              reason={
                hold.cause !== 'person'
                  ? `It ends by itself when ${hold.subject ?? 'its cause'} is settled.`
                  : denial('execution.order.release', 'end holds')
              }
              told={hold.cause !== 'person'}
              onClick={() => setEnding(hold)}
            >
              End the hold
            </GuardedButton>
          </li>
        ))}
        {ended.map((hold) => (
          <li key={hold.id}>
            <HoldText hold={hold} timeZone={timeZone} />
          </li>
        ))}
      </ul>
      {ending === undefined ? null : (
        <TaskDialog
          title={`End the hold of ${order.code}`}
          verb="End the hold"
          failure="The order is still held"
          onSave={(reason) => client(endOrderHold, { orderId: order.id, holdId: ending.id, reason })}
          onClose={() => setEnding(undefined)}
        >
          <p>Held because: {ending.reason}</p>
        </TaskDialog>
      )}
    </section>
  )
}

function HoldText({ hold, timeZone }: { readonly hold: OrderHold } & Pick<OrderHoldsProps, 'timeZone'>): ReactElement {
  return (
    <div>
      {hold.ended === null ? <strong>{hold.reason}</strong> : <s>{hold.reason}</s>}
      {hold.subject === null ? null : (
        <>
          {' '}
          <Subject hold={hold} subject={hold.subject} />
        </>
      )}
      <span className="machine-sub">
        {holdCauseWords[hold.cause]}, by {hold.by}, {formatInstant(hold.at, 'record', timeZone)}
      </span>
      {hold.ended === null ? null : (
        <span className="machine-sub">
          Ended by {hold.ended.by}, {formatInstant(hold.ended.at, 'record', timeZone)}: {hold.ended.reason}
        </span>
      )}
    </div>
  )
}

function Subject({ hold, subject }: { readonly hold: OrderHold; readonly subject: string }): ReactElement {
  if (hold.cause === 'material')
    return (
      <Link to="/lots/$code" params={{ code: subject }}>
        {subject}
      </Link>
    )
  if (hold.cause === 'deviation')
    return (
      <Link to="/deviations/$code" params={{ code: subject }}>
        {subject}
      </Link>
    )
  if (hold.cause === 'person') return <span>{subject}</span>
  const read = equipmentSubject(subject)
  if (read.kind === 'equipment')
    return (
      <Link to="/equipment/$" params={{ _splat: read.path }}>
        {read.path}
      </Link>
    )
  return (
    <>
      <Link to="/gauges-and-tools/$code" params={{ code: read.code }}>
        {read.code}
      </Link>{' '}
      <Link to="/deviations/$code" params={{ code: read.deviation }}>
        {read.deviation}
      </Link>
    </>
  )
}
