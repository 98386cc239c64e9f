import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import type { UnmappedSource } from '@throughline/model'
import { listUnmappedSources } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { MapSourceDialog } from './MapSourceDialog.tsx'

/** Sources that send and belong to no tag: their samples wait here until someone gives them one. */
export function UnmappedSources(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const timeZone = usePlantZone()
  const mayMap = session.permissions.includes('equipment.model.write')
  const [mapping, setMapping] = useState<UnmappedSource | undefined>(undefined)
  const [done, setDone] = useState<string | undefined>(undefined)
  const query = useQuery({ ...ask(listUnmappedSources, {}), refetchInterval: 5000 })
  return (
    <section aria-labelledby="diagnostics-unmapped">
      <h2 id="diagnostics-unmapped">Unmapped sources</h2>
      {done === undefined ? null : <p role="status">{done}</p>}
      {query.isError ? <ProblemNotice what="The unmapped sources could not be listed" error={query.error} /> : null}
      {query.data === undefined ? null : query.data.length === 0 ? (
        <EmptyState
          title="Every source belongs to a tag"
          reason="A source that sends without a tag is parked and listed here."
        />
      ) : (
        <DataTable
          caption="Unmapped sources"
          rows={query.data}
          rowKey={(source) => source.source}
          columns={[
            { key: 'source', head: 'Source', cell: (row) => row.source },
            {
              key: 'count',
              head: 'Samples',
              align: 'right',
              tight: true,
              cell: (row) => <span className="tl-figure">{formatNumber(row.count, 0)}</span>,
            },
            {
              key: 'value',
              head: 'Last value',
              align: 'right',
              tight: true,
              cell: (row) => String(row.lastValue ?? '—'),
            },
            { key: 'last', head: 'Last', tight: true, cell: (row) => formatInstant(row.lastAt, 'record', timeZone) },
            {
              key: 'map',
              head: <span className="tl-hidden">Map</span>,
              tight: true,
              cell: (row) => (
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={!mayMap}
                  title={mayMap ? undefined : 'Needs the permission to change the equipment model; ask an engineer.'}
                  aria-label={`Map ${row.source}`}
                  onClick={() => setMapping(row)}
                >
                  Map
                </Button>
              ),
            },
          ]}
        />
      )}
      {mapping === undefined ? null : (
        <MapSourceDialog
          source={mapping}
          onClose={() => setMapping(undefined)}
          onMapped={(text) => {
            setMapping(undefined)
            setDone(text)
          }}
        />
      )}
    </section>
  )
}
