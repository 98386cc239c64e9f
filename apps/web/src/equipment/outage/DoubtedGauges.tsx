import { Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import { DataTable } from '@throughline/ui'
import type { ReactElement } from 'react'
import { HeldOrders } from './HeldOrders.tsx'
import { doubtedGauges } from './outage-words.ts'

interface DoubtedGaugesProps {
  readonly orders: readonly Order[] | undefined
  /** Only this one. */
  readonly code?: string
}

/** Gauges that were found out of tolerance and still hold orders, until the deviation about what they measured is closed. */
export function DoubtedGauges({ orders, code }: DoubtedGaugesProps): ReactElement | null {
  const found = doubtedGauges(orders ?? []).filter((gauge) => code === undefined || gauge.code === code)
  if (found.length === 0) return null
  return (
    <section aria-labelledby="doubted-gauges">
      <h2 id="doubted-gauges">{code === undefined ? 'Gauges in doubt' : 'What it measured is in doubt'}</h2>
      <DataTable
        caption="Gauges found out of tolerance, with the orders that they hold"
        rows={found}
        rowKey={(gauge) => `${gauge.code} ${gauge.deviation}`}
        columns={[
          {
            key: 'gauge',
            head: 'Gauge',
            cell: (gauge) => (
              <Link to="/gauges-and-tools/$code" params={{ code: gauge.code }}>
                {gauge.code}
              </Link>
            ),
          },
          {
            key: 'deviation',
            head: 'Until this is closed',
            cell: ({ deviation }) => (
              <Link to="/deviations/$code" params={{ code: deviation }}>
                {deviation}
              </Link>
            ),
          },
          { key: 'orders', head: 'Orders', cell: (gauge) => <HeldOrders orders={gauge.orders} /> },
        ]}
      />
    </section>
  )
}
