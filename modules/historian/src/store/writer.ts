import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import { DomainError } from '@throughline/kernel'
import { valueKind } from '@throughline/model'
import { appendPairs, misfitKind } from './columns.ts'
import type { SampleDatabase } from './database.ts'
import type { ParkedRow, Tally } from './intake.ts'
import { Intake } from './intake.ts'
import type { LastRow } from './protocol.ts'
import type { Registry, Series } from './registry.ts'
import type { AppendResult, ResolvedBatch } from './sample-store.ts'
import type { StoredValue } from './stored-value.ts'
import { fromStored, toStored } from './stored-value.ts'

export interface Committed {
  /** One answer a batch, in the order given. */
  readonly results: readonly (AppendResult | DomainError)[]
  readonly last: readonly LastRow[]
}

const sampleColumns = 'series, at_us, server_at, kind, double, int64, status'
const parkedColumns = 'source, at_us, server_at, kind, double, int64, text, status'

/** Puts batches into the tables, several in one transaction, and keeps the registry in step with what is committed. */
export class Writer {
  commits = 0
  readonly #connection: DuckDBConnection
  readonly #registry: Registry
  readonly #intake: Intake
  #appenders: { sample: DuckDBAppender; dirty: DuckDBAppender } | undefined

  constructor(database: SampleDatabase, registry: Registry) {
    this.#connection = database.writing
    this.#registry = registry
    this.#intake = new Intake(registry)
  }

  /** Commits the batches in one transaction, durable when this resolves. A batch out of sequence is refused alone. */
  async commit(jobs: readonly ResolvedBatch[]): Promise<Committed> {
    const tallies: (Tally | DomainError)[] = []
    return this.transaction(async () => {
      jobs.forEach((job, index) => {
        try {
          this.#intake.follow(job.batch.agent, job.batch.sequence)
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          tallies.push(error)
          return
        }
        tallies.push(this.#intake.take(job, index))
      })
      const stored = await this.#store()
      for (const [index, job] of jobs.entries()) {
        if (!(tallies[index] instanceof DomainError)) await this.#saveCursor(job.batch.agent)
      }
      const results = tallies.map((tally, index) =>
        tally instanceof DomainError ? tally : this.#resultOf(tally, index, jobs, stored),
      )
      return { results, last: stored.last }
    })
  }

  /** Puts one batch of no agent in place, as a part of a transaction of the caller's. */
  async store(job: ResolvedBatch): Promise<{ stored: number; last: readonly LastRow[] }> {
    const tally = this.#intake.take(job, 0)
    const stored = await this.#store()
    return { stored: tally.fresh + (stored.late.get(0) ?? 0), last: stored.last }
  }

  /** Runs `work` in a transaction; when it fails, what is held in memory is read anew, for nothing of it happened. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#intake.clear()
    await this.#connection.run('begin')
    try {
      const result = await work()
      await this.#connection.run('commit')
      this.commits++
      return result
    } catch (error) {
      this.#appenders = undefined
      this.#intake.clear()
      await this.#connection.run('rollback').catch(() => undefined)
      await this.#registry.load(this.#connection)
      throw error
    }
  }

  async #store(): Promise<Stored> {
    const intake = this.#intake
    const appenders = await this.#openAppenders()
    if (intake.fresh.length > 0) {
      intake.fresh.appendTo(appenders.sample, 'without-job')
      appenders.sample.flushSync()
    }
    const late = intake.late.length === 0 ? none : await this.#storeLate()
    const parked = intake.parked.length === 0 ? none : await this.#storeParked(intake.parked)
    await this.#storeTexts()
    if (intake.dirtyPairs.length > 0) {
      appendPairs(appenders.dirty, intake.dirtyPairs)
      appenders.dirty.flushSync()
    }
    return { late, parked, last: await this.#storeLast() }
  }

  /** Exact check against the table: only what is not there yet goes in, each instant of a series once. */
  async #storeLate(): Promise<ReadonlyMap<number, number>> {
    const connection = this.#connection
    await connection.run('create or replace temp table late as select *, 0::integer as job from sample limit 0')
    const appender = await connection.createAppender('late', 'main', 'temp')
    this.#intake.late.appendTo(appender, 'with-job')
    appender.closeSync()
    const bounds = await connection.runAndReadAll('select min(at_us)::double, max(at_us)::double from late')
    const [low, high] = bounds.getRows()[0] ?? []
    await connection.run(
      `create or replace temp table fresh as
       select distinct on (series, at_us) * from late where not exists (
         select 1 from sample where sample.at_us between ${low} and ${high}
           and sample.series = late.series and sample.at_us = late.at_us)
       order by series, at_us, late.rowid`,
    )
    await connection.run(`insert into sample select ${sampleColumns} from fresh`)
    const pairs = await connection.runAndReadAll(
      'select distinct series, (at_us - at_us % 60000000)::double from fresh',
    )
    for (const [series, bucket] of pairs.getRows()) {
      const pair: [number, number] = [Number(series), Number(bucket)]
      if (this.#registry.markDirty(...pair)) this.#intake.dirtyPairs.push(pair)
    }
    return countByJob(connection)
  }

  async #storeParked(rows: readonly ParkedRow[]): Promise<ReadonlyMap<number, number>> {
    const connection = this.#connection
    await connection.run('create or replace temp table late_parked as select *, 0::integer as job from parked limit 0')
    const appender = await connection.createAppender('late_parked', 'main', 'temp')
    for (const row of rows) {
      appender.appendVarchar(row.source)
      appender.appendBigInt(BigInt(row.at))
      appender.appendBigInt(BigInt(row.serverAt))
      putValue(appender, row)
      appender.appendUInteger(row.status)
      appender.appendInteger(row.job)
      appender.endRow()
    }
    appender.closeSync()
    await connection.run(
      `create or replace temp table fresh as
       select distinct on (source, at_us) * from late_parked where not exists (
         select 1 from parked where parked.source = late_parked.source and parked.at_us = late_parked.at_us)
       order by source, at_us, late_parked.rowid`,
    )
    await connection.run(`insert into parked select ${parkedColumns} from fresh`)
    return countByJob(connection)
  }

  async #storeTexts(): Promise<void> {
    const texts = this.#registry.newTexts
    if (texts.length === 0) return
    const appender = await this.#connection.createAppender('text')
    for (const [id, value] of texts) {
      appender.appendBigInt(id)
      appender.appendVarchar(value)
      appender.endRow()
    }
    appender.closeSync()
    this.#registry.newTexts = []
  }

  async #storeLast(): Promise<LastRow[]> {
    const rows: LastRow[] = []
    const newSeries = this.#registry.series.filter((series) => !series.stored && series.newest < 0)
    if (this.#intake.changed.size + newSeries.length === 0) return rows
    await this.#connection.run('create or replace temp table changed as from series limit 0')
    const appender = await this.#connection.createAppender('changed', 'main', 'temp')
    for (const series of this.#intake.changed) {
      const row = this.#lastOf(series)
      rows.push(row.wire)
      putSeries(appender, series, row.wire, row.stored)
    }
    for (const series of newSeries) putSeries(appender, series, unheard(series.tag), toStored(null))
    appender.closeSync()
    await this.#connection.run(
      `update series set at_us = c.at_us, server_at = c.server_at, kind = c.kind, double = c.double, int64 = c.int64,
         text = c.text, status = c.status from changed c where c.id = series.id`,
    )
    if ([...this.#intake.changed, ...newSeries].some((series) => !series.stored)) {
      await this.#connection.run('insert into series select * from changed where id not in (select id from series)')
    }
    for (const series of [...this.#intake.changed, ...newSeries]) series.stored = true
    return rows
  }

  #lastOf(series: Series): { wire: LastRow; stored: StoredValue } {
    const { fresh } = this.#intake
    const at = series.newest
    const kind = fresh.kind[at] ?? 0
    const int64 = fresh.int64[at] ?? 0n
    const text = kind === valueKind.string ? (this.#intake.texts.get(int64) ?? null) : null
    const value = fromStored(kind, fresh.double[at] ?? 0, int64, text)
    return {
      wire: {
        tag: series.tag,
        at: fresh.at[at] ?? 0,
        serverAt: fresh.serverAt[at] ?? 0,
        value,
        status: fresh.status[at] ?? 0,
      },
      stored: toStored(kind === misfitKind ? null : value),
    }
  }

  async #saveCursor(agent: string): Promise<void> {
    const cursor = this.#registry.cursors.get(agent)
    if (cursor === undefined) return
    const updated = await this.#connection.runAndReadAll(
      'update ingest_cursor set sequence = $2::bigint where agent = $1',
      [agent, BigInt(cursor.last)],
    )
    if (Number(updated.getRows()[0]?.[0] ?? 0) > 0) return
    await this.#connection.run('insert into ingest_cursor values ($1, $2, $3)', [
      agent,
      BigInt(cursor.first),
      BigInt(cursor.last),
    ])
  }

  #resultOf(tally: Tally, index: number, jobs: readonly ResolvedBatch[], stored: Stored): AppendResult {
    const late = stored.late.get(index) ?? 0
    const parked = stored.parked.get(index) ?? 0
    return {
      accepted: tally.fresh + late,
      late,
      parked,
      duplicate: tally.lateHeard - late + tally.parkedHeard - parked,
      expired: tally.expired,
      unreadable: tally.unreadable,
      misfit: tally.misfit,
      notANumber: tally.notANumber,
      committedSequence: this.#registry.cursors.get(jobs[index]?.batch.agent ?? '')?.last ?? 0,
    }
  }

  async #openAppenders() {
    this.#appenders ??= {
      sample: await this.#connection.createAppender('sample'),
      dirty: await this.#connection.createAppender('dirty'),
    }
    return this.#appenders
  }
}

interface Stored {
  /** Rows that went in, by position of their batch. */
  readonly late: ReadonlyMap<number, number>
  readonly parked: ReadonlyMap<number, number>
  readonly last: LastRow[]
}

const none: ReadonlyMap<number, number> = new Map()

const unheard = (tag: string): LastRow => ({ tag, at: -1, serverAt: -1, value: null, status: 0 })

async function countByJob(connection: DuckDBConnection): Promise<ReadonlyMap<number, number>> {
  const counts = await connection.runAndReadAll('select job, count(*)::integer from fresh group by job')
  return new Map(counts.getRows().map(([job, count]) => [Number(job), Number(count)]))
}

function putValue(appender: DuckDBAppender, value: StoredValue): void {
  appender.appendUTinyInt(value.kind)
  appender.appendDouble(value.double)
  appender.appendBigInt(value.int64)
  appender.appendVarchar(value.text)
}

function putSeries(appender: DuckDBAppender, series: Series, row: LastRow, value: StoredValue): void {
  appender.appendInteger(series.id)
  appender.appendVarchar(series.tag)
  appender.appendBigInt(BigInt(row.at))
  appender.appendBigInt(BigInt(row.serverAt))
  putValue(appender, value)
  appender.appendUInteger(row.status)
  appender.endRow()
}
