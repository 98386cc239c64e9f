import { Button } from '@mantine/core'
import type { AsBuilt } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { DocumentLink } from '../DocumentLink.tsx'
import { limitsText, shortHash, withinText, withUnit } from './as-built-words.ts'
import { LateEntry } from './LateEntry.tsx'

interface InspectionResultsProps {
  readonly inspection: AsBuilt['inspections'][number]
  readonly timeZone: string | undefined
}

const page = 20

/** What was measured on the piece, with its limits. */
export function InspectionResults({ inspection, timeZone }: InspectionResultsProps): ReactElement {
  const [isWhole, setWhole] = useState(false)
  const { kind, piece, at, gauge, passed, results, document, recordedBy } = inspection
  const rows = isWhole ? results : results.slice(0, page)
  return (
    <article
      className="performance-panel made-run"
      aria-label={`Inspection, ${kind}, ${formatInstant(at, 'record', timeZone)}`}
    >
      <p>
        <strong>
          {kind}: {passed === null ? 'not judged' : passed ? 'passed' : 'FAILED'}
        </strong>
        , {formatInstant(at, 'record', timeZone)}, {gauge === null ? 'gauge not known' : `with ${gauge}`}, recorded by{' '}
        {recordedBy}
        {document === null ? null : (
          <>
            , <DocumentLink hash={document}>original</DocumentLink>{' '}
            <code className="made-hash" title={document}>
              {shortHash(document)}…
            </code>
          </>
        )}
        <LateEntry entry={inspection} timeZone={timeZone} />
      </p>
      <DataTable
        caption={`Results of the ${kind} inspection of ${piece}, ${formatInstant(at, 'record', timeZone)}`}
        rows={rows.map((result, index) => ({ ...result, key: `${result.characteristic} ${index}` }))}
        rowKey={({ key }) => key}
        columns={[
          {
            key: 'characteristic',
            head: 'Characteristic',
            cell: ({ characteristic, name }) => (
              <>
                {characteristic}
                {name === '' ? null : <span className="machine-sub">{name}</span>}
              </>
            ),
          },
          {
            key: 'nominal',
            head: 'Nominal',
            align: 'right',
            tight: true,
            cell: ({ nominal, unit }) => (nominal === null ? '—' : withUnit(nominal, unit)),
          },
          { key: 'limits', head: 'Limits', tight: true, cell: ({ low, high, unit }) => limitsText(low, high, unit) },
          {
            key: 'measured',
            head: 'Measured',
            align: 'right',
            tight: true,
            cell: ({ measured, unit, status }) => (measured === null ? status : withUnit(measured, unit)),
          },
          {
            key: 'verdict',
            head: 'Verdict',
            tight: true,
            cell: ({ within, status }) => (within === null ? status : withinText(within)),
          },
        ]}
      />
      {results.length > page && !isWhole ? (
        <p>
          <Button variant="default" size="compact-sm" onClick={() => setWhole(true)}>
            Show all {results.length} characteristics
          </Button>
        </p>
      ) : null}
    </article>
  )
}
