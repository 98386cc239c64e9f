import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { statusCode, valueKind } from '@throughline/model'
import type { SampleDatabase } from './database.ts'
import type { LastRow } from './protocol.ts'
import type { Registry } from './registry.ts'
import type { Correction, ExportedFile, ResolvedBatch } from './sample-store.ts'
import { fromStored, toStored } from './stored-value.ts'
import type { Writer } from './writer.ts'

/** Parked samples move to their tag in pieces, so that a year of a parked source does not fill the memory. */
const rowsPerMove = 50_000

/** The rare work on stored samples: parked ones that got a tag, corrections, retention, export. */
export class Upkeep {
  readonly #database: SampleDatabase
  readonly #registry: Registry
  readonly #writer: Writer

  constructor(database: SampleDatabase, registry: Registry, writer: Writer) {
    this.#database = database
    this.#registry = registry
    this.#writer = writer
  }

  async unpark(source: string, tagId: string, expectedKind: number): Promise<{ moved: number; last: LastRow[] }> {
    const last: LastRow[] = []
    let moved = 0
    for (;;) {
      const part = await this.#writer.transaction(async () => {
        const rows = await this.#rows(
          `select at_us::double, server_at::double, kind, double, int64, text, status from parked
           where source = $1 order by at_us limit ${rowsPerMove}`,
          [source],
        )
        if (rows.length === 0) return { stored: 0, last: [] }
        const stored = await this.#writer.store(batchOf(rows, tagId, expectedKind))
        await this.#database.writing.run('delete from parked where source = $1 and at_us <= $2', [
          source,
          BigInt(Number(rows.at(-1)?.[0])),
        ])
        return { stored: rows.length, last: stored.last }
      })
      if (part.stored === 0) return { moved, last }
      moved += part.stored
      last.push(...part.last)
    }
  }

  async correct(corrections: readonly Correction[]): Promise<{ applied: number; last: LastRow[] }> {
    return this.#writer.transaction(async () => {
      const last: LastRow[] = []
      let applied = 0
      for (const correction of corrections) {
        if (!(await this.#correctOne(correction))) continue
        applied++
        const series = this.#registry.findSeries(correction.tagId)
        if (series === undefined || series.lastAt !== correction.at) continue
        const row = await this.#refreshLast(series.id, correction)
        if (row !== undefined) last.push(row)
      }
      return { applied, last }
    })
  }

  async #correctOne({ tagId, at, value, reason, by }: Correction): Promise<boolean> {
    const series = this.#registry.findSeries(tagId)
    if (series === undefined) return false
    const { writing } = this.#database
    const where = `series = ${series.id} and at_us = ${at}`
    const stored = toStored(value)
    const values: DuckDBValue[] = [stored.kind, stored.double, stored.int64, stored.text, reason, by]
    const before = await this.#rows(
      `select new_kind = $1 and new_double = $2 and new_int64 = $3 and new_text = $4 and reason = $5 and person = $6
       from correction where ${where}`,
      values,
    )
    if (before[0]?.[0] === true) return false
    if (before.length === 0) {
      const kept = await writing.runAndReadAll(
        `insert into correction
         select s.series, s.at_us, s.kind, s.double, s.int64, coalesce(t.value, ''), s.status, $5, $6, $1, $2, $3, $4
         from sample s left join text t on t.id = s.int64 and s.kind = ${valueKind.string} where s.series = ${series.id} and s.at_us = ${at}`,
        values,
      )
      if (Number(kept.getRows()[0]?.[0] ?? 0) === 0) return false
    } else {
      await writing.run(
        `update correction set new_kind = $1, new_double = $2, new_int64 = $3, new_text = $4, reason = $5, person = $6
         where ${where}`,
        values,
      )
    }
    const int64 = stored.kind === valueKind.string ? await this.#storeText(stored.text) : stored.int64
    await writing.run(
      `update sample set kind = $1, double = $2, int64 = $3, status = ${statusCode.goodLocalOverride} where ${where}`,
      [stored.kind, stored.double, int64],
    )
    const bucket = at - (at % 60e6)
    if (this.#registry.markDirty(series.id, bucket)) {
      await writing.run(`insert into dirty values (${series.id}, ${bucket})`)
    }
    return true
  }

  async #refreshLast(id: number, { tagId, at, value }: Correction): Promise<LastRow | undefined> {
    const stored = toStored(value)
    await this.#database.writing.run(
      `update series set kind = $1, double = $2, int64 = $3, text = $4, status = ${statusCode.goodLocalOverride}
       where id = ${id}`,
      [stored.kind, stored.double, stored.int64, stored.text],
    )
    const rows = await this.#rows(`select server_at::double from series where id = ${id}`)
    return { tag: tagId, at, serverAt: Number(rows[0]?.[0]), value, status: statusCode.goodLocalOverride }
  }

  async #storeText(text: string): Promise<bigint> {
    const id = this.#registry.textId(text)
    for (const [newId, value] of this.#registry.newTexts) {
      await this.#database.writing.run('insert into text values ($1, $2)', [newId, value])
    }
    this.#registry.newTexts = []
    return id
  }

  async dropBefore(raw: number | null, minute: number | null): Promise<{ samples: number }> {
    const { writing } = this.#database
    const samples = await this.#writer.transaction(async () => {
      if (minute !== null) {
        await writing.run(`delete from minute where bucket < ${minute}`)
        await writing.run(`update kept set minute_from = greatest(minute_from, ${minute})`)
        this.#registry.minuteFrom = Math.max(this.#registry.minuteFrom, minute)
      }
      if (raw === null) return 0
      const dropped = await writing.runAndReadAll(`delete from sample where at_us < ${raw}`)
      await writing.run(`delete from parked where at_us < ${raw}`)
      await writing.run(`delete from dirty where bucket < ${raw}`)
      await writing.run(`update kept set raw_from = greatest(raw_from, ${raw})`)
      this.#registry.cleanDirty(0, raw)
      this.#registry.rawFrom = Math.max(this.#registry.rawFrom, raw)
      return Number(dropped.getRows()[0]?.[0] ?? 0)
    })
    await writing.run('checkpoint')
    return { samples }
  }

  /** Written under a temporary name, flushed, hashed and only then named: a file with the final name is whole. */
  async exportParquet(tagIds: readonly string[], from: number, to: number, name: string): Promise<ExportedFile> {
    const ids = tagIds.flatMap((tag) => this.#registry.findSeries(tag)?.id ?? [])
    const file = join(this.#database.exportDir, name)
    const temporary = `${file}.part`
    const written = await this.#database.reading.runAndReadAll(
      `copy (
         select n.tag, s.at_us as source_time_us, s.server_at as server_time_us, case when s.kind = 1 then s.double end as double,
           case when s.kind = 2 then s.int64 end as int64, case when s.kind = 3 then s.double = 1 end as boolean,
           case when s.kind >= 4 then t.value end as text, s.status
         from sample s join series n on n.id = s.series
         left join text t on t.id = s.int64 and s.kind >= 4
         where s.series in (${[-1, ...ids].join(',')}) and s.at_us >= ${from} and s.at_us < ${to} order by n.tag, s.at_us)
       to '${temporary.replaceAll("'", "''")}' (format parquet, compression zstd)`,
    )
    await flush(temporary)
    const hash = createHash('sha256')
    await pipeline(createReadStream(temporary), hash)
    await rename(temporary, file)
    await flush(this.#database.exportDir)
    return { file, rows: Number(written.getRows()[0]?.[0] ?? 0), sha256: hash.digest('hex') }
  }

  async #rows(sql: string, values: DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    return (await (this.#database.writing as DuckDBConnection).runAndReadAll(sql, values)).getRows()
  }
}

/** DuckDB's COPY does not flush its file. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function batchOf(rows: readonly DuckDBValue[][], tagId: string, expectedKind: number): ResolvedBatch {
  const texts: string[] = []
  const bits = new ArrayBuffer(8 * rows.length)
  const batch = {
    agent: '',
    sequence: 1,
    count: rows.length,
    tags: [tagId],
    texts,
    at: Float64Array.from(rows, (row) => Number(row[0])),
    serverAt: Float64Array.from(rows, (row) => Number(row[1])),
    doubles: new Float64Array(bits),
    int64s: new BigInt64Array(bits),
    tagIndex: new Uint32Array(rows.length),
    status: Uint32Array.from(rows, (row) => Number(row[6])),
    kind: Uint8Array.from(rows, (row) => Number(row[2])),
  }
  rows.forEach((row, index) => {
    const value = fromStored(Number(row[2]), Number(row[3]), row[4] as bigint, String(row[5]))
    if (typeof value === 'bigint') batch.int64s[index] = value
    else if (typeof value === 'string') batch.doubles[index] = texts.push(value) - 1
    else batch.doubles[index] = Number(value ?? 0)
  })
  return { batch, targets: [tagId], expected: Uint8Array.of(expectedKind) }
}
