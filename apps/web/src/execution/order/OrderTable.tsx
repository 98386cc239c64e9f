import { Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import type { DataColumn } from '@throughline/ui'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { amountText, piecesText } from '../form/amount.ts'
import { isLate, openHoldsOf, orderStateWords } from './order-words.ts'

interface OrderTableProps {
  readonly orders: readonly Order[]
  readonly tree: PlantTree
  readonly empty: ReactNode
}

/** Orders as they are to be done: the most urgent first. */
export function OrderTable({ orders, tree, empty }: OrderTableProps): ReactElement {
  const now = useNow(30_000)
  const columns: DataColumn<Order>[] = [
    { key: 'priority', head: 'Priority', align: 'right', tight: true, cell: ({ priority }) => priority },
    {
      key: 'order',
      head: 'Order',
      tight: true,
      cell: ({ code, reference }) => (
        <>
          <Link to="/orders/$code" params={{ code }}>
            {code}
          </Link>
          {reference === '' ? null : <span className="machine-sub">{reference}</span>}
        </>
      ),
    },
    {
      key: 'state',
      head: 'State',
      cell: (order) => {
        const holds = openHoldsOf(order)
        return (
          <>
            {orderStateWords[order.state]}
            {holds.length === 0 ? null : <strong className="making-held">Held</strong>}
            {holds[0] === undefined ? null : <span className="machine-sub">{holds[0].reason}</span>}
          </>
        )
      },
    },
    { key: 'product', head: 'Product', tight: true, cell: ({ product }) => product },
    {
      key: 'made',
      head: 'Good of ordered',
      align: 'right',
      tight: true,
      cell: ({ good, quantity, unit, scrap }) => (
        <span className="tl-figure">
          {amountText(good, '1')} of {piecesText(quantity, unit)}
          {scrap === '0' ? null : <span className="machine-sub">{amountText(scrap, unit)} scrap</span>}
        </span>
      ),
    },
    {
      key: 'due',
      head: 'Due',
      tight: true,
      cell: (order) =>
        order.dueAt === null ? (
          '—'
        ) : (
          <span className="tl-figure">
            {formatInstant(order.dueAt, 'day-minute', tree.timeZoneOf(order.siteId))}
            {isLate(order, now) ? <strong className="machine-sub">late</strong> : null}
          </span>
        ),
    },
    { key: 'site', head: 'Site', tight: true, cell: ({ siteId }) => tree.byId(siteId)?.name ?? '—' },
  ]
  return <DataTable caption="Orders" rows={orders} rowKey={({ id }) => id} empty={empty} columns={columns} />
}
