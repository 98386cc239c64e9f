import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Asset } from '@throughline/model'
import { listAssets, listDeviations } from '@throughline/model'
import { DataTable, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { HeldOrders } from './HeldOrders.tsx'
import { doubtedGauges } from './outage-words.ts'
import { useHeldOrders } from './use-held.ts'

interface DoubtedGaugesProps {
  /** Only this one. */
  readonly assetId?: Asset['id']
}

const mostNamed = 6

/** Gauges that were found out of tolerance: what was measured with them, and the orders held, until the deviation is closed. */
export function DoubtedGauges({ assetId }: DoubtedGaugesProps): ReactElement | null {
  const { data, error } = useQuery({
    ...ask(listDeviations, { state: 'open', limit: 2000 }),
    refetchInterval: makingRefreshMs,
  })
  const assets = useQuery({ ...ask(listAssets, {}), staleTime: 30_000 })
  const doubts = doubtedGauges(data?.deviations ?? [], []).length
  const { orders } = useHeldOrders(doubts > 0)
  const found = doubtedGauges(data?.deviations ?? [], orders ?? []).filter(
    (gauge) => assetId === undefined || gauge.assetId === assetId,
  )
  if (error !== null) return <ProblemNotice what="Gauges in doubt could not be read" error={error} />
  if (found.length === 0) return null
  return (
    <section aria-labelledby="doubted-gauges">
      <h2 id="doubted-gauges">{assetId === undefined ? 'Gauges in doubt' : 'What it measured is in doubt'}</h2>
      <DataTable
        caption="Gauges found out of tolerance, with the orders that they hold"
        rows={found}
        rowKey={({ deviation }) => deviation}
        columns={[
          {
            key: 'gauge',
            head: 'Gauge',
            tight: true,
            cell: (gauge) => {
              const code = assets.data?.find(({ id }) => id === gauge.assetId)?.code
              return code === undefined ? (
                'outside your scopes'
              ) : (
                <Link to="/gauges-and-tools/$code" params={{ code }}>
                  {code}
                </Link>
              )
            },
          },
          {
            key: 'deviation',
            head: 'In doubt until closed',
            tight: true,
            cell: ({ deviation }) => (
              <Link to="/deviations/$code" params={{ code: deviation }}>
                {deviation}
              </Link>
            ),
          },
          {
            key: 'lots',
            head: 'Used for',
            cell: ({ lots }) => (
              <>
                {lots.slice(0, mostNamed).map(({ lotId, code }) => (
                  <Link key={lotId} className="making-place" to="/lots/$code" params={{ code }}>
                    {code}
                  </Link>
                ))}
                {lots.length > mostNamed ? `and ${lots.length - mostNamed} more` : null}
                {lots.length === 0 ? 'no piece that is known' : null}
              </>
            ),
          },
          {
            key: 'orders',
            head: 'Orders',
            cell: (gauge) => <HeldOrders orders={orders === undefined ? undefined : gauge.orders} />,
          },
        ]}
      />
    </section>
  )
}
