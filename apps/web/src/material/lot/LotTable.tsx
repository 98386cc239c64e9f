import { useQuery } from '@tanstack/react-query'
import { Link, useRouteContext } from '@tanstack/react-router'
import type { Lot } from '@throughline/model'
import { listOrders } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { hoursText, isExpired, isGone, lotStatusWords, outLifeNow } from './lot-words.ts'

interface LotTableProps {
  readonly caption: string
  readonly lots: readonly Lot[]
  readonly tree: PlantTree
  readonly empty: ReactNode
}

/** Lots and serials: what each may be used for, until when, and where it lies. */
export function LotTable({ caption, lots, tree, empty }: LotTableProps): ReactElement {
  const now = useNow(30_000)
  const makers = useMakers(lots)
  return (
    <DataTable
      caption={caption}
      rows={lots}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        {
          key: 'lot',
          head: 'Lot',
          tight: true,
          cell: ({ code, supplierLot }) => (
            <>
              <Link to="/lots/$code" params={{ code }}>
                {code}
              </Link>
              {supplierLot === null ? null : <span className="machine-sub">supplier’s lot {supplierLot}</span>}
            </>
          ),
        },
        { key: 'material', head: 'Material', tight: true, cell: ({ material }) => material },
        {
          key: 'status',
          head: 'Status',
          tight: true,
          cell: ({ id, status, openDeviations }) => (
            <>
              {status === 'planned' || status === 'available' || status === 'consumed' || status === 'shipped' ? (
                lotStatusWords[status]
              ) : (
                <strong>{lotStatusWords[status]}</strong>
              )}
              {status === 'planned' && makers.has(id) ? <span className="machine-sub">{makers.get(id)}</span> : null}
              {openDeviations.length === 0 ? null : (
                <span className="machine-sub">{openDeviations.join(', ')} open</span>
              )}
            </>
          ),
        },
        {
          key: 'quantity',
          head: 'Quantity',
          align: 'right',
          tight: true,
          cell: ({ quantity, unit }) => <span className="tl-figure">{piecesText(quantity, unit)}</span>,
        },
        {
          key: 'expires',
          head: 'Expires',
          tight: true,
          cell: (lot) =>
            lot.expiresAt === null ? (
              '—'
            ) : (
              <span className="tl-figure">
                {formatInstant(lot.expiresAt, 'day', lot.nodeId === null ? undefined : tree.timeZoneOf(lot.nodeId))}
                {isExpired(lot, now) && !isGone(lot) ? <strong className="machine-sub">expired</strong> : null}
              </span>
            ),
        },
        {
          key: 'out-life',
          head: 'Out-life left',
          align: 'right',
          tight: true,
          cell: ({ outLife }) => {
            if (outLife === null) return '—'
            const { leftSeconds, isRunning, isOver } = outLifeNow(outLife, now)
            return (
              <span className="tl-figure">
                {isOver ? <strong>used up</strong> : hoursText(leftSeconds)}
                {isRunning ? <span className="machine-sub">running</span> : null}
              </span>
            )
          },
        },
        {
          key: 'where',
          head: 'Where',
          cell: ({ nodeId, place }) => (
            <>
              {nodeId === null ? '—' : (tree.byId(nodeId)?.name ?? 'outside your scopes')}
              {place === '' ? null : <span className="machine-sub">{place}</span>}
            </>
          ),
        },
      ]}
    />
  )
}

/** Of lots that an order plans or makes at the moment, which one and how far it is: they are on record before they are there. */
function useMakers(lots: readonly Lot[]): ReadonlyMap<string, string> {
  const { session } = useRouteContext({ from: '/app' })
  const { data } = useQuery({
    ...ask(listOrders, { state: ['released', 'running'], limit: 2000 }),
    enabled: session.permissions.includes('execution.read') && lots.some(({ orderId }) => orderId !== null),
  })
  return new Map(
    data?.orders.flatMap(({ code, state, subjects }) =>
      subjects.map((id) => [id, state === 'released' ? `${code} is not begun` : `${code} is running`] as const),
    ),
  )
}
