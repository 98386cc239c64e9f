import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Lot, MaterialMovement } from '@throughline/model'
import { listMovements } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { amountText } from '../../execution/form/amount.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { OrderLink } from '../../execution/order/OrderLink.tsx'
import { movementWords } from './lot-words.ts'

interface LotMovementsProps {
  readonly lot: Lot
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

/** What happened to a lot, newest first. */
export function LotMovements({ lot, tree, timeZone }: LotMovementsProps): ReactElement {
  const { data, error } = useQuery({ ...ask(listMovements, { lotId: lot.id }), refetchInterval: makingRefreshMs })
  return (
    <section aria-labelledby="lot-movements">
      <h2 id="lot-movements">Movements</h2>
      {error === null ? null : <ProblemNotice what="The movements could not be read" error={error} />}
      {data === undefined ? null : (
        <DataTable
          caption="Movements, newest first"
          rows={data.movements.toReversed()}
          rowKey={({ id }) => id}
          empty={<EmptyState title="Nothing happened to it yet." />}
          columns={[
            {
              key: 'at',
              head: 'When',
              tight: true,
              cell: ({ at }) => <span className="tl-figure">{formatInstant(at, 'record', timeZone)}</span>,
            },
            { key: 'what', head: 'What', tight: true, cell: ({ kind }) => movementWords[kind] },
            {
              key: 'change',
              head: 'Change',
              align: 'right',
              tight: true,
              cell: (movement) => <span className="tl-figure">{changeText(movement, lot)}</span>,
            },
            {
              key: 'others',
              head: 'From and to',
              cell: (movement) => <Others movement={movement} lot={lot} lots={data.lots} />,
            },
            {
              key: 'where',
              head: 'Where',
              cell: ({ nodeId }) => (nodeId === null ? '—' : (tree.byId(nodeId)?.name ?? 'outside your scopes')),
            },
            {
              key: 'who',
              head: 'Who and why',
              cell: ({ recordedBy, reason }) => (
                <>
                  {recordedBy}
                  {reason === '' ? null : <span className="machine-sub">{reason}</span>}
                </>
              ),
            },
          ]}
        />
      )}
    </section>
  )
}

/** What the movement added to this lot or took from it; a lot on both sides is only moved. */
function changeText({ from, to }: MaterialMovement, { id, unit }: Lot): string {
  const out = from.find(({ lotId }) => lotId === id)?.quantity ?? '0'
  const into = to.find(({ lotId }) => lotId === id)?.quantity ?? '0'
  if (out === into) return '—'
  return [
    ...(out === '0' ? [] : [`−${amountText(out, unit)}`]),
    ...(into === '0' ? [] : [`+${amountText(into, unit)}`]),
  ].join(' ')
}

interface OthersProps {
  readonly movement: MaterialMovement
  readonly lot: Lot
  /** What the lots are called that movements name. */
  readonly lots: readonly Pick<Lot, 'id' | 'code'>[]
}

function Others({ movement, lot, lots }: OthersProps): ReactElement {
  const sides = (['from', 'to'] as const).map((side) => ({
    side,
    codes: movement[side].flatMap(({ lotId }) => lots.find(({ id }) => id === lotId && id !== lot.id)?.code ?? []),
  }))
  return (
    <>
      {sides.map(({ side, codes }) => (codes.length === 0 ? null : <OtherLots key={side} side={side} codes={codes} />))}
      {movement.orderId === null ? null : (
        <span className="machine-sub">
          for <OrderLink orderId={movement.orderId} />
        </span>
      )}
    </>
  )
}

const mostLots = 6

function OtherLots({ side, codes }: { readonly side: string; readonly codes: readonly string[] }): ReactElement {
  return (
    <span className="lot-others">
      {side}{' '}
      {codes.slice(0, mostLots).map((code) => (
        <Link key={code} className="making-place" to="/lots/$code" params={{ code }}>
          {code}
        </Link>
      ))}
      {codes.length > mostLots ? `and ${codes.length - mostLots} more` : null}
    </span>
  )
}
