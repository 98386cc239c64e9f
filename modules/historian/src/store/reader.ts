import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { Instant } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import { misfitKind } from './columns.ts'
import { coverWindow, foldRaw, foldSegments, rawSegments, usableSql } from './fold.ts'
import type { Registry } from './registry.ts'
import type { Carry, ParkedSource, ReductionRequest, StateTime, StoredReading } from './sample-store.ts'
import type { ReductionColumns, SegmentColumns } from './segment-columns.ts'
import { countsOf, readSegments } from './segment-columns.ts'
import { fromStored } from './stored-value.ts'

/** A value is not believed to hold for longer than this without a sample. */
const lookBackUs = 7 * 86_400e6

const quarterHour = 900e6

/** Answers questions to the tables, on a connection of its own. */
export class Reader {
  readonly #connection: DuckDBConnection
  readonly #registry: Registry

  constructor(connection: DuckDBConnection, registry: Registry) {
    this.#connection = connection
    this.#registry = registry
  }

  async listRaw(
    tagId: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<{ readings: StoredReading[]; truncated: boolean }> {
    const series = this.#registry.findSeries(tagId)
    if (series === undefined) return { readings: [], truncated: false }
    const rows = await this.#rows(
      `select s.at_us::double, s.server_at::double, s.kind, s.double, s.int64, t.value, s.status,
         c.kind, c.double, c.int64, c.text, c.status, c.reason, c.person
       from (select * from sample where series = ${series.id} and at_us >= ${from} and at_us < ${to}
         order by at_us limit ${limit + 1}) s
       left join text t on t.id = s.int64 and s.kind in (4, ${misfitKind})
       left join correction c on c.series = s.series and c.at_us = s.at_us
       order by s.at_us`,
    )
    return { readings: rows.slice(0, limit).map(readingOf), truncated: rows.length > limit }
  }

  async reduce(asked: ReductionRequest): Promise<ReductionColumns> {
    const request = withinKept(asked, this.#registry)
    const series = request.tagIds.map((tag) => this.#registry.findSeries(tag)?.id ?? null)
    const ids = series.filter((id) => id !== null)
    const carries = new Map<number, Carry>()
    if (ids.length === 0) return { series, carries, folded: null, raw: null, width: request.width }
    await this.#readCarries(ids, request, (id, carry) => carries.set(id, carry))
    const folded = await this.#fold(ids, request)
    const few = ids.filter((id) => (countsOf(folded).get(id) ?? 0) <= request.rawUpTo)
    const raw =
      few.length === 0 || request.rawUpTo <= 0
        ? null
        : await readSegments(this.#connection, rawSegments(within(few, request.from, request.to)))
    return { series, carries, folded, raw, width: request.width }
  }

  /** Value held before the window: the tail of the newest segment of the last seven days. */
  async #readCarries(
    ids: readonly number[],
    request: ReductionRequest,
    put: (id: number, carry: Carry) => void,
  ): Promise<void> {
    const from = Math.floor((request.from - lookBackUs) / quarterHour) * quarterHour
    const segments = coverWindow(from, request.from, 3, rolledUntil(request.now), ids.join(','))
    const rows = await this.#rows(
      `select series, max(tail_at)::double, arg_max(tail, tail_at), arg_max(tail_ok, tail_at)
       from (${segments}) group by series`,
    )
    for (const [id, at, tail, ok] of rows) {
      put(Number(id), { at: Number(at), value: ok === true ? numberOrNull(tail) : null, ok: ok === true })
    }
  }

  async #fold(ids: readonly number[], { from, to, level, width, now }: ReductionRequest): Promise<SegmentColumns> {
    const sql =
      level === 0
        ? foldRaw(within(ids, from, to), width)
        : foldSegments(coverWindow(from, to, level, rolledUntil(now), ids.join(',')), width)
    return readSegments(this.#connection, sql)
  }

  async timeInState(
    tagId: string,
    from: number,
    to: number,
    now: number,
  ): Promise<{ states: StateTime[]; unknownUs: number }> {
    const end = Math.max(from, Math.min(to, now))
    const series = this.#registry.findSeries(tagId)
    if (series === undefined) return { states: [], unknownUs: to - from }
    let entering = -1
    await this.#readCarries([series.id], { tagIds: [], from, to, width: 0, level: 3, rawUpTo: 0, now }, (_, carry) => {
      entering = carry.at
    })
    const rows = await this.#rows(
      `with held as (
         select greatest(at_us, ${from}) as at_us, ${usableSql} as ok, kind, double, int64, series
         from sample where series = ${series.id} and at_us >= ${entering < 0 ? from : entering} and at_us < ${end}
           and (at_us >= ${from} or at_us = ${entering})),
       spans as (
         select *, lead(at_us, 1, ${end}) over (order by at_us) - at_us as us from held qualify us > 0),
       marked as (
         select *, row(ok, kind, double, int64) is distinct from lag(row(ok, kind, double, int64)) over (order by at_us) as begins
         from spans)
       select kind, double, int64, any_value(t.value), sum(us)::double, sum(begins::integer)::integer
       from marked left join text t on kind = 4 and t.id = int64
       where ok group by kind, double, int64 order by min(at_us)`,
    )
    const states = mergeEqual(rows)
    return { states, unknownUs: to - from - states.reduce((sum, state) => sum + state.us, 0) }
  }

  async listParked(): Promise<ParkedSource[]> {
    const rows = await this.#rows(
      `select source, count(*)::double, min(at_us)::double, max(at_us)::double,
         arg_max(kind, at_us), arg_max(double, at_us), arg_max(int64, at_us), arg_max(text, at_us)
       from parked group by source order by source`,
    )
    return rows.map((row) => ({
      source: String(row[0]),
      count: Number(row[1]),
      firstAt: Number(row[2]),
      lastAt: Number(row[3]),
      lastValue: fromStored(Number(row[4]), Number(row[5]), row[6] as bigint, textOrNull(row[7])),
    }))
  }

  async counts(): Promise<{ samples: number }> {
    const rows = await this.#rows('select count(*)::double from sample')
    return { samples: Number(rows[0]?.[0] ?? 0) }
  }

  async #rows(sql: string): Promise<DuckDBValue[][]> {
    return (await this.#connection.runAndReadAll(sql)).getRows()
  }
}

/** Where raw samples, or even minutes, were dropped, whole buckets of what is left answer. */
function withinKept(request: ReductionRequest, { rawFrom, minuteFrom }: Registry): ReductionRequest {
  if (request.from >= rawFrom) return request
  const [level, width] = request.from < minuteFrom ? [2, 900e6] : [1, 60e6]
  return {
    ...request,
    from: request.from - (request.from % width),
    to: request.to < rawFrom ? Math.ceil(request.to / width) * width : request.to,
    level: Math.max(request.level, level),
    width: Math.max(request.width, width),
    rawUpTo: 0,
  }
}

/** Minutes that ended by now are rolled up before a question is answered; the running one is read raw. */
const rolledUntil = (now: number): number => now - (now % 60e6)

const within = (ids: readonly number[], from: number, to: number): string =>
  `series in (${ids.join(',')}) and at_us >= ${from} and at_us < ${to}`

const numberOrNull = (value: DuckDBValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value)

const textOrNull = (value: DuckDBValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value)

function readingOf(row: readonly DuckDBValue[]): StoredReading {
  const [at, serverAt, kind, double, int64, text, status] = row
  const stored = {
    at: Number(at) as Instant,
    serverAt: Number(serverAt) as Instant,
    value: fromStored(Number(kind), Number(double), int64 as bigint, textOrNull(text)),
    status: Number(status),
  }
  if (row[7] !== null && row[7] !== undefined) {
    const value = fromStored(Number(row[7]), Number(row[8]), row[9] as bigint, textOrNull(row[10]))
    return {
      ...stored,
      original: { value, status: Number(row[11]), reason: String(row[12]), by: String(row[13]) },
    }
  }
  if (Number(kind) !== misfitKind || stored.status !== statusCode.badTypeMismatch) return { ...stored, original: null }
  const reason = 'The value does not fit the data type of the tag'
  return { ...stored, original: { value: textOrNull(text), status: Number(double), reason, by: 'historian' } }
}

/** One text may have two rows in the table `text`: equal values are one state. */
function mergeEqual(rows: readonly DuckDBValue[][]): StateTime[] {
  const states = new Map<string, StateTime>()
  for (const [kind, double, int64, text, us, occurrences] of rows) {
    const value = fromStored(Number(kind), Number(double), int64 as bigint, textOrNull(text))
    if (value === null) continue
    const key = `${typeof value} ${value}`
    const before = states.get(key)
    states.set(key, {
      value,
      us: Number(us) + (before?.us ?? 0),
      occurrences: Number(occurrences) + (before?.occurrences ?? 0),
    })
  }
  return [...states.values()]
}
