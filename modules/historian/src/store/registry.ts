import type { DuckDBConnection } from '@duckdb/node-api'
import type { Instant } from '@throughline/kernel'
import type { LastSample } from './sample-store.ts'
import { fromStored } from './stored-value.ts'

export interface Cursor {
  /** The first sequence heard of this agent: what comes from before it is taken without moving the cursor. */
  readonly first: number
  last: number
}

export interface Series {
  readonly id: number
  readonly tag: string
  /** Instant of the newest sample; -1 without any. */
  lastAt: number
  /** The minute that was last noted as unrolled: spares a look-up per sample. */
  dirtyBucket: number
  /** Where its newest sample of the running commit stands in the columns; -1 = unchanged. */
  newest: number
  stored: boolean
}

/** Texts kept in memory to share one row of the table `text`; beyond it a text may get a second row, which is harmless. */
const textCapacity = 50_000

/** What the writer must know of the database to take samples without asking it: all loaded from small tables. */
export class Registry {
  readonly cursors = new Map<string, Cursor>()
  readonly series: Series[] = []
  readonly #seriesByTag = new Map<string, Series>()
  /** Minute buckets that changed since they were rolled up, with their series. */
  readonly dirty = new Map<number, Set<number>>()
  #texts = new Map<string, bigint>()
  #nextText = 1n
  newTexts: [bigint, string][] = []
  /** What is older was dropped: raw samples, and minute rollups. */
  rawFrom = 0
  minuteFrom = 0

  /** Reads everything anew: at start, and after a commit that failed. */
  async load(connection: DuckDBConnection): Promise<ReadonlyMap<string, LastSample>> {
    this.cursors.clear()
    this.series.length = 0
    this.#seriesByTag.clear()
    this.dirty.clear()
    this.#texts = new Map()
    this.newTexts = []
    const last = await this.#loadSeries(connection)
    const cursors = await connection.runAndReadAll(
      'select agent, first_sequence::double, sequence::double from ingest_cursor',
    )
    for (const [agent, first, sequence] of cursors.getRows()) {
      this.cursors.set(String(agent), { first: Number(first), last: Number(sequence) })
    }
    const dirty = await connection.runAndReadAll('select series, bucket::double from dirty')
    for (const [series, bucket] of dirty.getRows()) this.markDirty(Number(series), Number(bucket))
    const texts = await connection.runAndReadAll(`select id, value from text order by id desc limit ${textCapacity}`)
    for (const [id, value] of texts.getRows()) {
      this.#texts.set(String(value), id as bigint)
      if ((id as bigint) >= this.#nextText) this.#nextText = (id as bigint) + 1n
    }
    const kept = await connection.runAndReadAll('select raw_from::double, minute_from::double from kept')
    const [rawFrom, minuteFrom] = kept.getRows()[0] ?? []
    this.rawFrom = Number(rawFrom ?? 0)
    this.minuteFrom = Number(minuteFrom ?? 0)
    return last
  }

  seriesOf(tag: string): Series {
    return this.#seriesByTag.get(tag) ?? this.#add(this.series.length, tag, -1, false)
  }

  findSeries(tag: string): Series | undefined {
    return this.#seriesByTag.get(tag)
  }

  /** Notes that a bucket must be rolled up; true when that is news. */
  markDirty(series: number, bucket: number): boolean {
    const known = this.dirty.get(bucket)
    if (known === undefined) {
      this.dirty.set(bucket, new Set([series]))
      return true
    }
    if (known.has(series)) return false
    known.add(series)
    return true
  }

  /** Forgets the buckets of `[from, to)`: they were rolled up. */
  cleanDirty(from: number, to: number): void {
    for (const bucket of this.dirty.keys()) if (bucket >= from && bucket < to) this.dirty.delete(bucket)
    for (const series of this.series) series.dirtyBucket = -1
  }

  textId(text: string): bigint {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    if (this.#texts.size >= textCapacity) this.#texts.clear()
    const id = this.#nextText++
    this.#texts.set(text, id)
    this.newTexts.push([id, text])
    return id
  }

  async #loadSeries(connection: DuckDBConnection): Promise<ReadonlyMap<string, LastSample>> {
    const last = new Map<string, LastSample>()
    const rows = await connection.runAndReadAll(
      'select id, tag, at_us::double, server_at::double, kind, double, int64, text, status from series order by id',
    )
    for (const [id, tag, at, serverAt, kind, double, int64, text, status] of rows.getRows()) {
      this.#add(Number(id), String(tag), Number(at), true)
      if (Number(at) < 0) continue
      last.set(String(tag), {
        at: Number(at) as Instant,
        serverAt: Number(serverAt) as Instant,
        value: fromStored(Number(kind), Number(double), int64 as bigint, text === null ? null : String(text)),
        status: Number(status),
      })
    }
    return last
  }

  #add(id: number, tag: string, lastAt: number, stored: boolean): Series {
    const series: Series = { id, tag, lastAt, dirtyBucket: -1, newest: -1, stored }
    this.series[id] = series
    this.#seriesByTag.set(tag, series)
    return series
  }
}
