import { Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import type { ReactElement } from 'react'
import '../../execution/making.css'

interface HeldOrdersProps {
  /** Undefined = not known yet. */
  readonly orders: readonly Pick<Order, 'id' | 'code' | 'product'>[] | undefined
}

/** The orders that are held because of something, each with its page. */
export function HeldOrders({ orders }: HeldOrdersProps): ReactElement {
  if (orders === undefined) return <span aria-busy="true">Held orders are being read</span>
  if (orders.length === 0) return <span>No order is held because of it.</span>
  return (
    <span>
      Held because of it:{' '}
      {orders.map(({ id, code, product }) => (
        <Link key={id} className="making-place" to="/orders/$code" params={{ code }}>
          {code}, {product}
        </Link>
      ))}
    </span>
  )
}
