import type { DuckDBConnection } from '@duckdb/node-api'
import { DuckDBListValue } from '@duckdb/node-api'
import { numbersOf } from './columns.ts'
import type { Carry, Reduction, Segment } from './sample-store.ts'

/**
 * Segments in columns of doubles, as they leave the worker: a question for eight tags brings 8,000 of them, and 8,000
 * objects cost both threads more to pass over than DuckDB needs to find them. NaN stands for null.
 */
export interface SegmentColumns {
  readonly columns: readonly Float64Array[]
  /** Rows with gaps only. */
  readonly gaps: ReadonlyMap<number, readonly number[]>
}

/** The answer to a question for several tags, as it leaves the worker. */
export interface ReductionColumns {
  /** The series of each tag asked for; null for one that never sent. */
  readonly series: readonly (number | null)[]
  readonly carries: ReadonlyMap<number, Carry>
  readonly folded: SegmentColumns | null
  /** Sample by sample, for the series that have few. */
  readonly raw: SegmentColumns | null
  readonly width: number
}

const fields = [
  'series',
  'bucket',
  'usable',
  'bad',
  'low',
  'high',
  'total',
  'first_value',
  'last_value',
  'head_at',
  'tail_at',
  'tail',
  'tail_ok',
  'integral',
  'known',
]

/** Runs a query that answers segments, ordered by series and time. */
export async function readSegments(connection: DuckDBConnection, sql: string): Promise<SegmentColumns> {
  const doubles = fields.map((field) => `coalesce(${field}::double, 'nan'::double)`).join(', ')
  const result = await connection.run(`select ${doubles}, gaps from (${sql}) order by series, head_at`)
  const chunks = await result.fetchAllChunks()
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0)
  const columns = fields.map(() => new Float64Array(rows))
  const gaps = new Map<number, readonly number[]>()
  let first = 0
  for (const chunk of chunks) {
    for (const [index, column] of columns.entries()) column.set(numbersOf(chunk, index), first)
    const lists = chunk.getColumnVector(fields.length)
    for (let row = 0; row < chunk.rowCount; row++) {
      const list = lists.getItem(row)
      if (list instanceof DuckDBListValue && list.items.length > 0) gaps.set(first + row, list.items.map(Number))
    }
    first += chunk.rowCount
  }
  return { columns, gaps }
}

/** How many samples of each series the segments hold. */
export function countsOf({ columns }: SegmentColumns): Map<number, number> {
  const counts = new Map<number, number>()
  const [series, , usable, bad] = columns
  for (const [row, id] of (series ?? new Float64Array()).entries()) {
    counts.set(id, (counts.get(id) ?? 0) + (usable?.[row] ?? 0) + (bad?.[row] ?? 0))
  }
  return counts
}

/** One reduction a tag, in the order asked. */
export function reductionsOf({ series, carries, folded, raw, width }: ReductionColumns): Reduction[] {
  const buckets = folded === null ? new Map<number, Segment[]>() : segmentsBySeries(folded)
  const samples = raw === null ? new Map<number, Segment[]>() : segmentsBySeries(raw)
  return series.map((id) => {
    if (id === null) return { carry: null, segments: [], raw: false, width }
    const few = samples.get(id)
    return { carry: carries.get(id) ?? null, segments: few ?? buckets.get(id) ?? [], raw: few !== undefined, width }
  })
}

/** The segments of each series, in order of time. */
function segmentsBySeries({ columns, gaps }: SegmentColumns): Map<number, Segment[]> {
  const bySeries = new Map<number, Segment[]>()
  const at = (column: number, row: number): number => columns[column]?.[row] ?? Number.NaN
  const orNull = (column: number, row: number): number | null => {
    const value = at(column, row)
    return Number.isNaN(value) ? null : value
  }
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    const tailOk = at(12, row) === 1
    const segment: Segment = {
      bucket: at(1, row),
      usable: at(2, row),
      bad: at(3, row),
      low: orNull(4, row),
      high: orNull(5, row),
      total: orNull(6, row),
      firstValue: orNull(7, row),
      lastValue: orNull(8, row),
      headAt: at(9, row),
      tailAt: at(10, row),
      tail: tailOk ? orNull(11, row) : null,
      tailOk,
      integral: at(13, row),
      known: at(14, row),
      gaps: gaps.get(row) ?? [],
    }
    const series = at(0, row)
    const known = bySeries.get(series)
    if (known === undefined) bySeries.set(series, [segment])
    else known.push(segment)
  }
  return bySeries
}
