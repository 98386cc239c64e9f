import { DomainError } from '@throughline/kernel'
import type { SampleBatch, SampleValue } from '@throughline/model'
import { statusCode, valueAt, valueKind } from '@throughline/model'
import { misfitKind, SampleColumns } from './columns.ts'
import type { Registry, Series } from './registry.ts'
import type { ResolvedBatch } from './sample-store.ts'
import type { StoredValue } from './stored-value.ts'
import { fitValue, toStored } from './stored-value.ts'

/** What was counted of one batch while it was taken in; late and parked rows are settled later, against the tables. */
export interface Tally {
  fresh: number
  lateHeard: number
  parkedHeard: number
  expired: number
  unreadable: number
  misfit: number
  notANumber: number
}

export interface ParkedRow extends StoredValue {
  readonly source: string
  readonly at: number
  readonly serverAt: number
  readonly status: number
  readonly job: number
}

/** Sorts the rows of batches into what is surely new, what may be there already, and what belongs to no tag. */
export class Intake {
  readonly fresh = new SampleColumns()
  readonly late = new SampleColumns()
  parked: ParkedRow[] = []
  readonly changed = new Set<Series>()
  dirtyPairs: [number, number][] = []
  /** The texts of this commit by their row in the table `text`. */
  readonly texts = new Map<bigint, string>()
  readonly #registry: Registry

  constructor(registry: Registry) {
    this.#registry = registry
  }

  clear(): void {
    this.fresh.clear()
    this.late.clear()
    this.parked = []
    this.dirtyPairs = []
    for (const series of this.changed) series.newest = -1
    this.changed.clear()
    this.texts.clear()
  }

  /**
   * Moves the agent's cursor.
   * @throws DomainError `conflict` when batches are missing in between: accepting this one would lose them
   */
  follow(agent: string, sequence: number): void {
    const cursor = this.#registry.cursors.get(agent)
    if (cursor === undefined) this.#registry.cursors.set(agent, { first: sequence, last: sequence })
    else if (sequence === cursor.last + 1) cursor.last = sequence
    else if (sequence > cursor.last) {
      throw new DomainError(
        'conflict',
        'historian.sequence-gap',
        `Batch ${sequence} of ${agent} came before batch ${cursor.last + 1}: send again from there`,
        { agent, expected: cursor.last + 1, received: sequence, committedSequence: cursor.last },
      )
    }
  }

  take({ batch, targets, expected }: ResolvedBatch, job: number): Tally {
    const tally: Tally = { fresh: 0, lateHeard: 0, parkedHeard: 0, expired: 0, unreadable: 0, misfit: 0, notANumber: 0 }
    const series = targets.map((tag) => (tag === null ? undefined : this.#registry.seriesOf(tag)))
    for (let row = 0; row < batch.count; row++) {
      let status = batch.status[row] ?? 0
      const serverAt = batch.serverAt[row] ?? 0
      let at = batch.at[row] ?? 0
      if (!isInstant(at)) {
        if (!isInstant(serverAt)) {
          tally.unreadable++
          continue
        }
        at = serverAt
        status = statusCode.badInvalidTimestamp
      }
      at = Math.floor(at)
      if (at < this.#registry.rawFrom) {
        tally.expired++
        continue
      }
      const tag = batch.tagIndex[row] ?? 0
      const target = series[tag]
      if (target === undefined) this.#park(batch, row, at, status, job, tally)
      else this.#place(batch, row, target, expected[tag] ?? 0, at, status, job, tally)
    }
    return tally
  }

  #place(
    batch: SampleBatch,
    row: number,
    series: Series,
    expected: number,
    at: number,
    status: number,
    job: number,
    tally: Tally,
  ): void {
    const isFresh = at > series.lastAt
    const columns = isFresh ? this.fresh : this.late
    const position = columns.next()
    columns.series[position] = series.id
    columns.at[position] = at
    columns.serverAt[position] = serverAtOf(batch, row, at)
    columns.status[position] = status
    columns.job[position] = job
    this.#putValue(columns, position, batch, row, expected, tally)
    if (!isFresh) {
      tally.lateHeard++
      return
    }
    tally.fresh++
    series.lastAt = at
    series.newest = position
    this.changed.add(series)
    const bucket = at - (at % 60e6)
    if (series.dirtyBucket !== bucket) {
      series.dirtyBucket = bucket
      if (this.#registry.markDirty(series.id, bucket)) this.dirtyPairs.push([series.id, bucket])
    }
  }

  #putValue(
    columns: SampleColumns,
    position: number,
    batch: SampleBatch,
    row: number,
    expected: number,
    tally: Tally,
  ): void {
    const kind = batch.kind[row] ?? 0
    const double = batch.doubles[row] ?? 0
    columns.int64[position] = 0n
    if (kind === valueKind.none || (kind === valueKind.double && !Number.isFinite(double))) {
      columns.kind[position] = valueKind.none
      columns.double[position] = 0
      if (kind === valueKind.none) return
      columns.status[position] = statusCode.badOutOfRange
      tally.notANumber++
      return
    }
    // The one path that most samples take: nothing to convert, no object made.
    if ((kind === expected || expected === 0) && (kind === valueKind.double || kind === valueKind.boolean)) {
      columns.kind[position] = kind
      columns.double[position] = double
      return
    }
    const value = valueAt(batch, row)
    this.#putSlowly(columns, position, value, expected, tally)
  }

  #putSlowly(
    columns: SampleColumns,
    position: number,
    value: SampleValue | null,
    expected: number,
    tally: Tally,
  ): void {
    const fitting = value === null ? undefined : fitValue(value, expected)
    if (fitting === undefined) {
      tally.misfit++
      columns.kind[position] = misfitKind
      columns.double[position] = columns.status[position] ?? 0
      columns.int64[position] = this.#registry.textId(String(value))
      columns.status[position] = statusCode.badTypeMismatch
      return
    }
    const stored = toStored(fitting)
    columns.kind[position] = stored.kind
    columns.double[position] = stored.double
    columns.int64[position] = stored.kind === valueKind.string ? this.#textId(stored.text) : stored.int64
  }

  #textId(text: string): bigint {
    const id = this.#registry.textId(text)
    this.texts.set(id, text)
    return id
  }

  #park(batch: SampleBatch, row: number, at: number, status: number, job: number, tally: Tally): void {
    tally.parkedHeard++
    const value = valueAt(batch, row)
    const isNumber = typeof value !== 'number' || Number.isFinite(value)
    if (!isNumber) tally.notANumber++
    this.parked.push({
      ...toStored(isNumber ? value : null),
      source: batch.tags[batch.tagIndex[row] ?? 0] ?? '',
      at,
      serverAt: serverAtOf(batch, row, at),
      status: isNumber ? status : statusCode.badOutOfRange,
      job,
    })
  }
}

/** Whole microseconds from 1970 to where a double is still exact (year 2255). */
const isInstant = (at: number): boolean => at >= 0 && at < Number.MAX_SAFE_INTEGER

function serverAtOf(batch: SampleBatch, row: number, at: number): number {
  const serverAt = batch.serverAt[row] ?? 0
  return isInstant(serverAt) ? Math.floor(serverAt) : at
}
