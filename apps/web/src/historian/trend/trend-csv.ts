import type { Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import type { TrendTrace } from '@throughline/ui'
import { trendColumns } from '@throughline/ui'

/**
 * The trend on screen as CSV (RFC 4180): times ISO 8601 in UTC, numbers in full precision with a point, a bucket with its
 * average, min and max. Where a tag has no usable value its cell is empty and its path stands in the column `gap_begins`.
 */
export function trendCsv(traces: readonly TrendTrace[]): string {
  const { x, traces: columns } = trendColumns(traces)
  const head = ['time', ...traces.flatMap((trace) => headOf(trace, trace.title)), 'gap_begins']
  const rows = x.map((seconds, row) => {
    const cells = traces.flatMap((trace, index) => {
      const column = columns[index]
      const line = column?.line[row]
      return trace.series.kind === 'raw' ? [line] : [line, column?.min[row], column?.max[row]]
    })
    const gaps = traces.filter((_, index) => columns[index]?.line[row] === null).map((trace) => trace.title)
    return [toIso(Math.round(seconds * 1e6) as Instant), ...cells.map(cell), quoted(gaps.join(' '))]
  })
  return `${[head.map(quoted), ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`
}

function headOf(trace: TrendTrace, path: string): string[] {
  const name = trace.unit === '1' ? path : `${path} [${trace.unit}]`
  return trace.series.kind === 'raw' ? [name] : [`${name} average`, `${name} min`, `${name} max`]
}

const cell = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value))

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
