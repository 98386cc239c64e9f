import { Link } from '@tanstack/react-router'
import type { AsBuilt } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { amountText } from '../../execution/form/amount.ts'
import { sourceWords, toleranceText } from '../../material/weighing/weigh-figures.ts'
import { calibrationText, runName } from './as-built-words.ts'

interface WeighingsMadeProps {
  readonly made: AsBuilt
  readonly timeZone: string | undefined
  readonly heading: 'h2' | 'h3'
}

/** What was weighed out and went in: on which scale, by whom, and who confirmed it. */
export function WeighingsMade({ made, timeZone, heading: Heading }: WeighingsMadeProps): ReactElement | null {
  const { weighings, lot, runs } = made
  if (weighings.length === 0) return null
  return (
    <section aria-label={`Weighings of ${lot.code}`}>
      <Heading>Weighings</Heading>
      <DataTable
        caption={`Weighings for ${lot.code}`}
        rows={weighings}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'what',
            head: 'Weighed out',
            cell: ({ dispensedCode, lotCode, material }) => (
              <>
                <Link to="/lots/$code" params={{ code: dispensedCode }}>
                  {dispensedCode}
                </Link>
                <span className="machine-sub">
                  {material} of {lotCode}
                </span>
              </>
            ),
          },
          {
            key: 'net',
            head: 'Net',
            align: 'right',
            tight: true,
            cell: ({ net, gross, tare, unit }) => (
              <>
                {amountText(net, unit)}
                <span className="machine-sub">
                  gross {gross}, tare {tare}
                </span>
              </>
            ),
          },
          {
            key: 'target',
            head: 'Target',
            tight: true,
            cell: (weighing) => (
              <>
                {toleranceText(weighing)}
                {weighing.within ? null : <strong className="machine-sub">OUTSIDE</strong>}
              </>
            ),
          },
          {
            key: 'scale',
            head: 'Scale',
            cell: ({ scale, source, tool }) => (
              <>
                {scale}, {sourceWords[source]}
                <span className="machine-sub">{calibrationText(tool)}</span>
              </>
            ),
          },
          {
            key: 'who',
            head: 'By, and confirmed by',
            cell: ({ weighedBy, weighedAt, confirmedBy, confirmedAt }) => (
              <>
                {weighedBy}, {formatInstant(weighedAt, 'record', timeZone)}
                <span className="machine-sub">
                  {confirmedBy === null || confirmedAt === null
                    ? 'nobody confirmed it'
                    : `confirmed by ${confirmedBy}, ${formatInstant(confirmedAt, 'record', timeZone)}`}
                </span>
              </>
            ),
          },
          {
            key: 'into',
            head: 'Went into',
            cell: ({ runId }) => {
              const run = runs.find(({ id }) => id === runId)
              return runId === null ? 'not used yet' : run === undefined ? 'a part of it' : runName(run)
            },
          },
        ]}
      />
    </section>
  )
}
