import type { Instant } from '@throughline/kernel'
import type { ReactElement } from 'react'
import { formatNumber } from '../format/number.ts'
import { formatDuration, formatInstant } from '../format/time.ts'
import { unitLabel } from '../format/unit-label.ts'
import type { DataColumn } from '../table/DataTable.tsx'
import { DataTable } from '../table/DataTable.tsx'
import type { TrendTrace } from './trend-columns.ts'
import { trendColumns } from './trend-columns.ts'

const mostRows = 500

/** The same trends as numbers: newest first, the last 500 instants, with every gap of each tag listed. */
export function TrendTable({
  traces,
  timeZone,
}: {
  traces: readonly TrendTrace[]
  timeZone: string | undefined
}): ReactElement {
  const columns = trendColumns(traces)
  const newest = columns.x
    .map((_, index) => index)
    .slice(-mostRows)
    .reverse()
  const fields: DataColumn<number>[] = [
    {
      key: 'at',
      head: 'Time',
      tight: true,
      cell: (row) => (
        <span className="tl-figure">
          {formatInstant(Math.round((columns.x[row] ?? 0) * 1e6) as Instant, 'record', timeZone)}
        </span>
      ),
    },
    ...traces.map((trace, index): DataColumn<number> => {
      const label = unitLabel(trace.unit)
      return {
        key: trace.series.tagId,
        head: label === '' ? trace.label : `${trace.label} [${label}]`,
        align: 'right',
        cell: (row) => <span className="tl-figure">{cellText(columns.traces[index], row, trace.decimals)}</span>,
      }
    }),
  ]
  const gaps = traces.flatMap((trace) => trace.series.gaps.map((gap) => ({ trace, gap })))
  return (
    <div className="tl-trend">
      <DataTable caption="Trend values" columns={fields} rows={newest} rowKey={(row) => String(row)} />
      {columns.x.length > mostRows ? (
        <p className="tl-dim">
          The newest {mostRows} of {columns.x.length} instants; the CSV file has them all.
        </p>
      ) : null}
      {gaps.length === 0 ? null : (
        <DataTable
          caption="Gaps without usable values"
          columns={[
            { key: 'tag', head: 'Gap in', cell: ({ trace }) => trace.label },
            { key: 'from', head: 'From', cell: ({ gap }) => formatInstant(gap.from, 'record', timeZone) },
            { key: 'to', head: 'To', cell: ({ gap }) => formatInstant(gap.to, 'record', timeZone) },
            { key: 'length', head: 'Length', cell: ({ gap }) => formatDuration((gap.to - gap.from) / 1000) },
          ]}
          rows={gaps}
          rowKey={({ trace, gap }) => `${trace.series.tagId} ${gap.from}`}
        />
      )}
    </div>
  )
}

type Cells = {
  line: (number | null | undefined)[]
  min: (number | null | undefined)[]
  max: (number | null | undefined)[]
}

function cellText(cells: Cells | undefined, row: number, decimals: number): string {
  const value = cells?.line[row]
  if (value === undefined) return ''
  if (value === null) return '—'
  const min = cells?.min[row] ?? value
  const max = cells?.max[row] ?? value
  const text = formatNumber(value, decimals)
  return min === max ? text : `${text} (${formatNumber(min, decimals)} … ${formatNumber(max, decimals)})`
}
