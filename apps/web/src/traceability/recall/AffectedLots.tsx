import { Button, NativeSelect, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { RecallDrill } from '@throughline/model'
import { DataTable, EmptyState } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { amountText } from '../../execution/form/amount.ts'
import '../../identity/access/access.css'
import '../genealogy/genealogy.css'
import { countedStatuses, fittingLots, statusWord } from './recall-words.ts'

const page = 200

/** Every piece that a recall would reach, as it stood when the drill began, nearest first. */
export function AffectedLots({ drill }: { readonly drill: RecallDrill }): ReactElement {
  const [status, setStatus] = useState('')
  const [text, setText] = useState('')
  const [shown, setShown] = useState(page)
  const rows = fittingLots(drill.affected, status === '' ? undefined : status, text)
  return (
    <section aria-labelledby="affected">
      <h2 id="affected">Affected, as they stood then</h2>
      <search className="access-filter thread-filter">
        <TextInput
          label="Find"
          description="Lot, material or place"
          autoComplete="off"
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        <NativeSelect
          label="Status"
          value={status}
          data={[
            { value: '', label: 'Any' },
            ...countedStatuses(drill.counts).byStatus.map(([value, count]) => ({
              value,
              label: `${statusWord(value)} (${count})`,
            })),
          ]}
          onChange={(event) => setStatus(event.currentTarget.value)}
        />
      </search>
      <DataTable
        caption="Affected lots and serials, nearest first"
        rows={rows.slice(0, shown)}
        rowKey={({ lotId }) => lotId}
        empty={<EmptyState title="No piece fits." reason="Take back a filter." />}
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
          { key: 'status', head: 'Status', tight: true, cell: (lot) => statusWord(lot.status) },
          { key: 'place', head: 'Where', cell: ({ place }) => (place === '' ? 'nowhere in the plant' : place) },
          {
            key: 'quantity',
            head: 'Quantity',
            align: 'right',
            tight: true,
            cell: ({ quantity, unit }) => <span className="tl-figure">{amountText(quantity, unit)}</span>,
          },
          {
            key: 'depth',
            head: 'Steps away',
            align: 'right',
            tight: true,
            cell: ({ depth }) => <span className="tl-figure">{depth}</span>,
          },
        ]}
      />
      {rows.length > shown ? (
        <p>
          {shown} of {rows.length} are shown.{' '}
          <Button variant="default" size="compact-sm" onClick={() => setShown(shown + page)}>
            Show {Math.min(page, rows.length - shown)} more
          </Button>
        </p>
      ) : null}
    </section>
  )
}
