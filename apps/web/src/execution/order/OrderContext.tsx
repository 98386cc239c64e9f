import { useQuery } from '@tanstack/react-query'
import type { Order } from '@throughline/model'
import { listDeviations, listLots } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { LotTable } from '../../material/lot/LotTable.tsx'
import { DeviationTable } from '../../quality/deviation/DeviationTable.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'

interface OrderDeviationsProps {
  readonly order: Order
  readonly timeZone: string | undefined
}

/** What departed from what was approved while the order was made. */
export function OrderDeviations({ order, timeZone }: OrderDeviationsProps): ReactElement {
  const { data, error } = useQuery({
    ...ask(listDeviations, { orderId: order.id }),
    refetchInterval: makingRefreshMs,
  })
  return (
    <section aria-labelledby="order-deviations">
      <h2 id="order-deviations">Deviations</h2>
      {error === null ? null : <ProblemNotice what="The deviations could not be read" error={error} />}
      {data === undefined ? null : (
        <DeviationTable
          caption="Deviations of this order"
          deviations={data.deviations}
          timeZone={timeZone}
          empty={<EmptyState title="No deviation of this order." />}
        />
      )}
    </section>
  )
}

/** The lots and serials that the order makes. */
export function OrderPieces({ order, tree }: { readonly order: Order; readonly tree: PlantTree }): ReactElement {
  const { data, error } = useQuery({
    ...ask(listLots, { orderId: order.id }),
    refetchInterval: makingRefreshMs,
  })
  return (
    <section aria-labelledby="order-pieces">
      <h2 id="order-pieces">What it makes</h2>
      {error === null ? null : <ProblemNotice what="The lots could not be read" error={error} />}
      {data === undefined ? null : (
        <LotTable
          caption="Lots and serials of this order"
          lots={data.lots}
          tree={tree}
          empty={<EmptyState title="No lot or serial yet." reason="They come with the release." />}
        />
      )}
    </section>
  )
}
