import type { DuckDBConnection } from '@duckdb/node-api'
import type { Rollup } from './fold.ts'
import { foldRaw, foldSegments, rollupSegments, rollups } from './fold.ts'
import type { Registry } from './registry.ts'

/** A pass takes at most about so many (series, minute) pairs, so that commits do not wait long behind it. */
const pairsPerPass = 60_000
const hour = 3600e6

/** A span of whole hours whose noted minutes are rolled up together. */
export interface RollUpSpan {
  readonly from: number
  readonly to: number
}

/** The noted minutes that ended before `now`, cut into spans: neighbouring hours together, far ones apart. */
export function planRollUp(registry: Registry, now: number): RollUpSpan[] {
  const pairsByHour = new Map<number, number>()
  for (const [bucket, series] of registry.dirty) {
    if (bucket + 60e6 > now) continue
    const start = bucket - (bucket % hour)
    pairsByHour.set(start, (pairsByHour.get(start) ?? 0) + series.size)
  }
  const spans: { from: number; to: number; pairs: number }[] = []
  for (const [start, pairs] of [...pairsByHour].sort(([a], [b]) => a - b)) {
    const last = spans.at(-1)
    if (last !== undefined && last.to === start && last.pairs + pairs <= pairsPerPass) {
      last.to = start + hour
      last.pairs += pairs
    } else spans.push({ from: start, to: start + hour, pairs })
  }
  const closed = now - (now % 60e6)
  return spans.map((span) => ({ from: span.from, to: Math.min(span.to, closed) }))
}

/** Rolls the noted minutes of one span up from raw samples, then the quarters and hours they lie in. Runs in a transaction of the caller's. */
export async function rollUpSpan(connection: DuckDBConnection, { from, to }: RollUpSpan): Promise<void> {
  const inSpan = `bucket >= ${from} and bucket < ${to}`
  await connection.run(
    `create or replace temp table touched as select distinct series, bucket from dirty where ${inSpan}`,
  )
  const extent = await connection.runAndReadAll('select min(bucket)::double, max(bucket)::double from touched')
  const [low, high] = extent.getRows()[0] ?? []
  if (low === null || low === undefined) return
  for (const [index, rollup] of rollups.entries()) {
    await refold(connection, rollup, rollups[index - 1], Number(low), Number(high) + 60e6)
  }
  await connection.run(`delete from dirty where ${inSpan}`)
}

/** Replaces the touched buckets of one rollup, made from the finer one or from raw samples. */
async function refold(
  connection: DuckDBConnection,
  rollup: Rollup,
  finer: Rollup | undefined,
  low: number,
  high: number,
): Promise<void> {
  const { table, width } = rollup
  const from = Math.floor(low / width) * width
  const to = Math.ceil(high / width) * width
  const touched = `(select distinct series, bucket - bucket % ${width} from touched)`
  await connection.run(
    `delete from ${table} where bucket >= ${from} and bucket < ${to} and (series, bucket) in ${touched}`,
  )
  const folded =
    finer === undefined
      ? foldRaw(`at_us >= ${from} and at_us < ${to} and (series, at_us - at_us % ${width}) in ${touched}`, width)
      : foldSegments(
          rollupSegments(
            finer.table,
            `bucket >= ${from} and bucket < ${to} and (series, bucket - bucket % ${width}) in ${touched}`,
          ),
          width,
        )
  await connection.run(`insert into ${table} ${folded}`)
}
