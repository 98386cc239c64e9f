import { Link } from '@tanstack/react-router'
import type { Deviation } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { deviationStateWords, dispositionWords, severityWords } from './deviation-words.ts'

interface DeviationTableProps {
  readonly caption: string
  readonly deviations: readonly Deviation[]
  readonly timeZone: string | undefined
  readonly empty: ReactNode
}

const mostLots = 3

/** Deviations in the order that the server gives: open ones first. */
export function DeviationTable({ caption, deviations, timeZone, empty }: DeviationTableProps): ReactElement {
  return (
    <DataTable
      caption={caption}
      rows={deviations}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        {
          key: 'code',
          head: 'Deviation',
          tight: true,
          cell: ({ code }) => (
            <Link to="/deviations/$code" params={{ code }}>
              {code}
            </Link>
          ),
        },
        {
          key: 'state',
          head: 'State',
          tight: true,
          cell: ({ state, closed }) => (
            <>
              {state === 'open' ? <strong>{deviationStateWords.open}</strong> : deviationStateWords[state]}
              {closed === null || closed.disposition === null ? null : (
                <span className="machine-sub">{dispositionWords[closed.disposition]}</span>
              )}
            </>
          ),
        },
        { key: 'severity', head: 'Severity', tight: true, cell: ({ severity }) => severityWords[severity] },
        {
          key: 'title',
          head: 'What happened',
          cell: ({ title, about }) => (
            <>
              {title}
              {about === '' ? null : <span className="machine-sub">{about}</span>}
            </>
          ),
        },
        {
          key: 'at',
          head: 'When',
          tight: true,
          cell: ({ at }) => <span className="tl-figure">{formatInstant(at, 'day-minute', timeZone)}</span>,
        },
        {
          key: 'order',
          head: 'Order',
          tight: true,
          cell: ({ orderCode }) =>
            orderCode === null ? (
              '—'
            ) : (
              <Link to="/orders/$code" params={{ code: orderCode }}>
                {orderCode}
              </Link>
            ),
        },
        {
          key: 'lots',
          head: 'Lots',
          tight: true,
          cell: ({ lots }) => (
            <>
              {lots.length === 0 ? '—' : null}
              {lots.slice(0, mostLots).map(({ lotId, code }) => (
                <Link key={lotId} className="making-place" to="/lots/$code" params={{ code }}>
                  {code}
                </Link>
              ))}
              {lots.length > mostLots ? `and ${lots.length - mostLots} more` : null}
            </>
          ),
        },
      ]}
    />
  )
}
