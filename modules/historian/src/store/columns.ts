import type { DuckDBAppender, DuckDBType } from '@duckdb/node-api'
import { BIGINT, DOUBLE, DuckDBDataChunk, INTEGER, UINTEGER, UTINYINT } from '@duckdb/node-api'
import { DomainError } from '@throughline/kernel'

/** The kind of a stored value that did not fit its tag: `int64` points to the original text, `double` holds the original status. */
export const misfitKind = 5

/** Rows of one DuckDB chunk at most (its vector size). */
const chunkRows = 2048

const chunkTypes: readonly DuckDBType[] = [INTEGER, BIGINT, BIGINT, UTINYINT, DOUBLE, BIGINT, UINTEGER]

/** Samples in typed columns, growing by doubling; laid out as the table `sample`, plus the position of the batch they came in. */
export class SampleColumns {
  length = 0
  series = new Int32Array(4096)
  at = new Float64Array(4096)
  serverAt = new Float64Array(4096)
  kind = new Uint8Array(4096)
  double = new Float64Array(4096)
  int64 = new BigInt64Array(4096)
  status = new Uint32Array(4096)
  job = new Int32Array(4096)

  /** Makes room for one more row and gives its position. */
  next(): number {
    if (this.length === this.series.length) this.#grow()
    return this.length++
  }

  clear(): void {
    this.length = 0
  }

  /** Hands all rows to an appender of a table with these columns, and the job when `withJob`. */
  appendTo(appender: DuckDBAppender, job: 'with-job' | 'without-job'): void {
    const types = job === 'with-job' ? [...chunkTypes, INTEGER] : chunkTypes
    for (let from = 0; from < this.length; from += chunkRows) {
      const to = Math.min(from + chunkRows, this.length)
      const chunk = DuckDBDataChunk.create(types, to - from)
      fill(chunk, 0, this.series.subarray(from, to))
      fillInstants(chunk, 1, this.at, from, to)
      fillInstants(chunk, 2, this.serverAt, from, to)
      fill(chunk, 3, this.kind.subarray(from, to))
      fill(chunk, 4, this.double.subarray(from, to))
      fill(chunk, 5, this.int64.subarray(from, to))
      fill(chunk, 6, this.status.subarray(from, to))
      if (job === 'with-job') fill(chunk, 7, this.job.subarray(from, to))
      appender.appendDataChunk(chunk)
    }
  }

  #grow(): void {
    const size = this.series.length * 2
    this.series = grown(new Int32Array(size), this.series)
    this.at = grown(new Float64Array(size), this.at)
    this.serverAt = grown(new Float64Array(size), this.serverAt)
    this.kind = grown(new Uint8Array(size), this.kind)
    this.double = grown(new Float64Array(size), this.double)
    this.int64 = grown(new BigInt64Array(size), this.int64)
    this.status = grown(new Uint32Array(size), this.status)
    this.job = grown(new Int32Array(size), this.job)
  }
}

/** Pairs of (series, bucket) as the table `dirty` takes them. */
export function appendPairs(appender: DuckDBAppender, pairs: readonly (readonly [number, number])[]): void {
  for (let from = 0; from < pairs.length; from += chunkRows) {
    const part = pairs.slice(from, from + chunkRows)
    const chunk = DuckDBDataChunk.create([INTEGER, BIGINT], part.length)
    fill(
      chunk,
      0,
      Int32Array.from(part, (pair) => pair[0]),
    )
    fillInstants(
      chunk,
      1,
      Float64Array.from(part, (pair) => pair[1]),
      0,
      part.length,
    )
    appender.appendDataChunk(chunk)
  }
}

type Column = Int32Array | Uint8Array | Uint32Array | Float64Array | BigInt64Array

function grown<Same extends Column>(larger: Same, old: Same): Same {
  larger.set(old as never)
  return larger
}

/**
 * Copies a whole column at once. The library offers only `setItem` per value, with a validity check and, for 64 bits, a
 * BigInt each (2 to 3 times slower over all); its vectors hold their rows in a typed array `items`, which this fills.
 */
function fill(chunk: DuckDBDataChunk, column: number, values: Column): void {
  const vector = chunk.getColumnVector(column)
  const items: unknown = Reflect.get(vector, 'items')
  if (!isTyped(items) || items.constructor !== values.constructor || items.length !== values.length) {
    throw new DomainError(
      'defect',
      'historian.duckdb-changed',
      `DuckDB's vector of column ${column} has another layout`,
    )
  }
  items.set(values as never)
  vector.flush()
}

/** All values of a column of doubles at once, for the same reason. */
export function numbersOf(chunk: DuckDBDataChunk, column: number): Float64Array {
  const items: unknown = Reflect.get(chunk.getColumnVector(column), 'items')
  if (items instanceof Float64Array && items.length === chunk.rowCount) return items
  throw new DomainError('defect', 'historian.duckdb-changed', `DuckDB's vector of column ${column} has another layout`)
}

/** Whole microseconds below 2^53 as 64-bit integers, without a BigInt per row. */
function fillInstants(chunk: DuckDBDataChunk, column: number, values: Float64Array, from: number, to: number): void {
  const words = new Uint32Array(2 * (to - from))
  for (let row = from; row < to; row++) {
    const value = values[row] ?? 0
    const high = Math.floor(value / 4294967296)
    words[2 * (row - from)] = value - high * 4294967296
    words[2 * (row - from) + 1] = high
  }
  fill(chunk, column, new BigInt64Array(words.buffer))
}

function isTyped(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
