import { Link } from '@tanstack/react-router'
import type { AsBuilt } from '@throughline/model'
import { DataTable, EmptyState, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { movementWords } from '../../material/lot/lot-words.ts'
import { boughtLots } from './as-built-words.ts'

interface BuiltFromProps {
  readonly made: AsBuilt
  readonly timeZone: string | undefined
}

/** The lots that nothing here was made of: whose they are, with their certificates; and what happened to the piece. */
export function BuiltFrom({ made, timeZone }: BuiltFromProps): ReactElement {
  const { genealogy, movements } = made
  return (
    <>
      <section aria-labelledby="made-raw">
        <h2 id="made-raw">Material that it goes back to</h2>
        {genealogy.truncated ? <p className="screen-note">There are more lots than one answer holds.</p> : null}
        {genealogy.hidden > 0 ? (
          <p className="screen-note">{genealogy.hidden} lots lie at places that you may not see, and are not shown.</p>
        ) : null}
        <DataTable
          caption={`Lots that ${made.lot.code} goes back to`}
          rows={boughtLots(made)}
          rowKey={({ id }) => id}
          empty={<EmptyState title="No material is recorded that went into it." />}
          columns={[
            {
              key: 'lot',
              head: 'Lot',
              tight: true,
              cell: ({ code }) => (
                <Link to="/lots/$code" params={{ code }}>
                  {code}
                </Link>
              ),
            },
            { key: 'material', head: 'Material', tight: true, cell: ({ material }) => material },
            {
              key: 'supplier',
              head: 'Supplier',
              cell: ({ supplier, supplierLot }) =>
                supplier === null ? 'not known' : `${supplier}, its lot ${supplierLot ?? 'not known'}`,
            },
            {
              key: 'certificate',
              head: 'Certificate',
              cell: ({ certificate, certificateNeeded }) =>
                certificate === null ? (
                  certificateNeeded ? (
                    <strong>missing</strong>
                  ) : (
                    'none needed'
                  )
                ) : (
                  certificate.number
                ),
            },
            {
              key: 'expires',
              head: 'Expires',
              tight: true,
              cell: ({ expiresAt }) => (expiresAt === null ? 'never' : formatInstant(expiresAt, 'day', timeZone)),
            },
          ]}
        />
      </section>
      <details>
        <summary>{movements.length} movements of the piece</summary>
        <DataTable
          caption="Movements of the piece"
          rows={movements}
          rowKey={({ id }) => id}
          columns={[
            { key: 'at', head: 'When', tight: true, cell: ({ at }) => formatInstant(at, 'record', timeZone) },
            { key: 'kind', head: 'What', tight: true, cell: ({ kind }) => movementWords[kind] },
            { key: 'place', head: 'Where', cell: ({ place }) => place ?? '—' },
            { key: 'by', head: 'By', tight: true, cell: ({ recordedBy }) => recordedBy },
            { key: 'reason', head: 'Why', cell: ({ reason }) => (reason === '' ? '—' : reason) },
          ]}
        />
      </details>
    </>
  )
}
