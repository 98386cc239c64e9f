/** A rollup: its table and the width of its buckets in µs. Each is folded from the one before it, the first from raw samples. */
export interface Rollup {
  readonly table: 'minute' | 'quarter' | 'hour'
  readonly width: number
}

export const rollups: readonly Rollup[] = [
  { table: 'minute', width: 60e6 },
  { table: 'quarter', width: 900e6 },
  { table: 'hour', width: 3600e6 },
]

const columns = `series, bucket, usable, bad, low, high, total, first_value, first_at, last_value, last_at, head_at, tail_at,
  tail, tail_ok, integral, known, gaps`

/** Usable = good or uncertain with a value. Kind 4 is text: usable, without a number. */
export const usableSql = 'status < 2147483648 and kind between 1 and 4'

/** Each raw sample as a segment of its own. */
export const rawSegments = (where: string): string => `
  select series, at_us as bucket, (ok)::integer as usable, (not ok)::integer as bad, v as low, v as high, v as total,
    v as first_value, case when ok then at_us end as first_at, v as last_value, case when ok then at_us end as last_at,
    at_us as head_at, at_us as tail_at, v as tail, ok as tail_ok, 0::double as integral, 0::bigint as known, null::bigint[] as gaps
  from (select series, at_us, ${usableSql} as ok, case when ${usableSql} and kind <> 4 then double end as v
    from sample where ${where})`

export const rollupSegments = (table: Rollup['table'], where: string): string =>
  `select ${columns} from ${table} where ${where}`

/**
 * Folds segments into wider ones, per series and `width`. A segment tells only of samples inside it, so a late sample
 * touches one bucket and no neighbour; what is held between two segments of one bucket is added here, and what is held
 * across buckets by the reader, which knows its window.
 */
export const foldSegments = (segments: string, width: number): string => `
  with segment as (${segments}),
  placed as (select * replace (head_at - head_at % ${width} as bucket) from segment),
  linked as (select *, lead(head_at) over (partition by series, bucket order by head_at) as next_at from placed)
  select series, bucket, sum(usable)::integer as usable, sum(bad)::integer as bad, min(low) as low, max(high) as high,
    sum(total) as total, arg_min(first_value, first_at) as first_value, min(first_at) as first_at,
    arg_max(last_value, last_at) as last_value, max(last_at) as last_at, min(head_at) as head_at,
    max(tail_at) as tail_at, arg_max(tail, tail_at) as tail, arg_max(tail_ok, tail_at) as tail_ok,
    sum(integral + coalesce(tail * (next_at - tail_at) / 1e6, 0)) as integral,
    sum(known + case when tail_ok and next_at is not null then next_at - tail_at else 0 end)::bigint as known,
    flatten(list(list_concat(coalesce(gaps, []),
      case when not tail_ok and next_at is not null then [tail_at, next_at] else [] end)) filter (where bad > 0)) as gaps
  from linked group by series, bucket`

/**
 * The segments that cover `[from, to)` of some series, each part by the coarsest rollup that fits: rollups for whole
 * buckets that ended before `rolledUntil`, raw samples at the edges.
 */
export function coverWindow(from: number, to: number, level: number, rolledUntil: number, seriesList: string): string {
  const parts: string[] = []
  cover(parts, from, to, level, rolledUntil, seriesList)
  return parts.length === 0 ? rawSegments('false') : parts.join('\n union all ')
}

function cover(parts: string[], from: number, to: number, level: number, rolledUntil: number, series: string): void {
  if (from >= to) return
  const rollup = rollups[level - 1]
  if (rollup === undefined) {
    parts.push(rawSegments(`series in (${series}) and at_us >= ${from} and at_us < ${to}`))
    return
  }
  const start = Math.ceil(from / rollup.width) * rollup.width
  const end = Math.floor(Math.min(to, rolledUntil) / rollup.width) * rollup.width
  if (start >= end) {
    cover(parts, from, to, level - 1, rolledUntil, series)
    return
  }
  cover(parts, from, start, level - 1, rolledUntil, series)
  parts.push(rollupSegments(rollup.table, `series in (${series}) and bucket >= ${start} and bucket < ${end}`))
  cover(parts, end, to, level - 1, rolledUntil, series)
}
