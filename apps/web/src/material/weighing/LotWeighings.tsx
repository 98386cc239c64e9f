import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Lot } from '@throughline/model'
import { listWeighings } from '@throughline/model'
import { DataTable, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { amountText } from '../../execution/form/amount.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { OrderLink } from '../../execution/order/OrderLink.tsx'
import { LotLink } from '../lot/LotLink.tsx'
import { sourceWords, toleranceText } from './weigh-figures.ts'

interface LotWeighingsProps {
  readonly lot: Lot
  readonly timeZone: string | undefined
}

/** What was weighed out of a lot, or that it was weighed out itself; a lot without any has no such part. */
export function LotWeighings({ lot, timeZone }: LotWeighingsProps): ReactElement | null {
  const { data, error } = useQuery({ ...ask(listWeighings, { lotId: lot.id }), refetchInterval: makingRefreshMs })
  if (error !== null) return <ProblemNotice what="The weighings could not be read" error={error} />
  if (data === undefined || data.length === 0) return null
  return (
    <section aria-labelledby="lot-weighings">
      <h2 id="lot-weighings">Weighings</h2>
      <DataTable
        caption="Weighings, newest first"
        rows={data}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'at',
            head: 'When',
            tight: true,
            cell: ({ weighedAt }) => <span className="tl-figure">{formatInstant(weighedAt, 'record', timeZone)}</span>,
          },
          {
            key: 'net',
            head: 'Net',
            align: 'right',
            tight: true,
            cell: ({ net, unit, gross, tare }) => (
              <span className="tl-figure">
                {amountText(net, unit)}
                <span className="machine-sub">
                  gross {gross}, tare {tare}
                </span>
              </span>
            ),
          },
          { key: 'target', head: 'Target', tight: true, cell: (weighing) => toleranceText(weighing) },
          {
            key: 'scale',
            head: 'Scale',
            tight: true,
            cell: ({ scale, source }) => (
              <>
                <Link to="/gauges-and-tools/$code" params={{ code: scale }}>
                  {scale}
                </Link>
                <span className="machine-sub">{sourceWords[source]}</span>
              </>
            ),
          },
          {
            key: 'lots',
            head: 'From and to',
            cell: ({ lotId, dispensedLotId, orderId }) => (
              <>
                {lotId === lot.id ? null : (
                  <span className="lot-others">
                    from <LotLink lotId={lotId} />
                  </span>
                )}
                {dispensedLotId === null || dispensedLotId === lot.id ? null : (
                  <span className="lot-others">
                    to <LotLink lotId={dispensedLotId} />
                  </span>
                )}
                {orderId === null ? null : (
                  <span className="machine-sub">
                    for <OrderLink orderId={orderId} />
                  </span>
                )}
              </>
            ),
          },
          {
            key: 'who',
            head: 'By, and confirmed by',
            cell: ({ weighedBy, confirmedBy, confirmedAt }) => (
              <>
                {weighedBy}
                {confirmedBy === null ? (
                  <strong className="machine-sub">nobody confirmed it: nothing is taken</strong>
                ) : (
                  <span className="machine-sub">
                    confirmed by {confirmedBy}
                    {confirmedAt === null ? '' : `, ${formatInstant(confirmedAt, 'day-minute', timeZone)}`}
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
    </section>
  )
}
