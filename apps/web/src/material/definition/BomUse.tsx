import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { BillOfMaterial, Order, WorkDefinition } from '@throughline/model'
import { listBoms, listOrders, listWorkDefinitions } from '@throughline/model'
import { DataTable, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { openStates, orderStateWords } from '../../execution/order/order-words.ts'
import { bomUse } from './bom-use.ts'

interface Use {
  readonly error: Error | null
  /** Open orders that keep a version of it. */
  readonly running: readonly Order[]
  /** Orders that are not released yet, and then look for an effective one. */
  readonly waiting: readonly Order[]
  /** Routings that build in positions of it. */
  readonly routings: readonly WorkDefinition[]
  /** Products that the product is built into. */
  readonly within: readonly string[]
  readonly isKnown: boolean
}

/** Who uses the bill of material of a product now. */
export function useBomUse(product: string, versions: readonly Pick<BillOfMaterial, 'id'>[]): Use {
  const orders = useQuery({
    ...ask(listOrders, { product, state: [...openStates], limit: 2000 }),
    refetchInterval: makingRefreshMs,
  })
  const definitions = useQuery(ask(listWorkDefinitions, { product }))
  const boms = useQuery(ask(listBoms, {}))
  const isKnown = orders.data !== undefined && definitions.data !== undefined && boms.data !== undefined
  return {
    ...bomUse(product, versions, orders.data?.orders ?? [], definitions.data ?? [], boms.data ?? []),
    isKnown,
    error: orders.error ?? definitions.error ?? boms.error,
  }
}

interface BomUseProps {
  readonly product: string
  readonly versions: readonly BillOfMaterial[]
}

/** Which orders are made by a bill of material, and which routings build in its positions. */
export function BomUse({ product, versions }: BomUseProps): ReactElement {
  const { running, waiting, routings, within, isKnown, error } = useBomUse(product, versions)
  return (
    <section className="performance" aria-labelledby="bom-use">
      <h2 id="bom-use">Where it is used</h2>
      {error === null ? null : <ProblemNotice what="Its use could not be read" error={error} />}
      {isKnown ? (
        <>
          <p>
            {routings.length === 0 ? 'No routing builds in positions of it.' : 'Positions of it are built in by '}
            {routings.map(({ id, code }) => (
              <Link key={id} className="making-place" to="/work-definitions/$code" params={{ code }}>
                {code}
              </Link>
            ))}
            {within.length === 0 ? null : `${product} is a part of ${within.join(', ')}.`}
          </p>
          <DataTable
            caption={`Open orders for ${product}`}
            rows={[...running, ...waiting]}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No open order is made by it." />}
            columns={[
              {
                key: 'order',
                head: 'Open order',
                cell: ({ code }) => (
                  <Link to="/orders/$code" params={{ code }}>
                    {code}
                  </Link>
                ),
              },
              { key: 'state', head: 'State', tight: true, cell: ({ state }) => orderStateWords[state] },
              {
                key: 'version',
                head: 'Keeps version',
                align: 'right',
                tight: true,
                cell: ({ bomId }) => versions.find(({ id }) => id === bomId)?.version ?? 'none yet',
              },
            ]}
          />
        </>
      ) : null}
    </section>
  )
}
