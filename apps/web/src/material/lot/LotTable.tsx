import { Link } from '@tanstack/react-router'
import type { Lot } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
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
          cell: ({ status, openDeviations }) => (
            <>
              {status === 'available' || status === 'consumed' || status === 'shipped' ? (
                lotStatusWords[status]
              ) : (
                <strong>{lotStatusWords[status]}</strong>
              )}
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
