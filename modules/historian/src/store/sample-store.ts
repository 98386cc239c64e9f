import type { Instant } from '@throughline/kernel'
import type { SampleBatch, SampleValue } from '@throughline/model'

/** A batch whose tags are resolved: position by position the tag's id, or null for a source that belongs to no tag. */
export interface ResolvedBatch {
  readonly batch: SampleBatch
  readonly targets: readonly (string | null)[]
  /** The `valueKind` that each tag holds; 0 where there is no tag. */
  readonly expected: Uint8Array
}

/** What became of a batch. `accepted + duplicate + parked + expired + unreadable` is its number of samples. */
export interface AppendResult {
  /** Newly stored in the history of a tag, late ones included. */
  readonly accepted: number
  /** Of the accepted: not newer than what the tag already had. */
  readonly late: number
  /** Already there, by tag (or parked source) and instant: nothing changed. */
  readonly duplicate: number
  /** Newly parked: their source belongs to no tag yet. */
  readonly parked: number
  /** Older than the retention of raw samples: not stored. */
  readonly expired: number
  /** Without any usable instant: not stored. */
  readonly unreadable: number
  /** Of the accepted: value did not fit the tag's data type, stored without value as `badTypeMismatch`. */
  readonly misfit: number
  /** Of the accepted: not a number, or infinite, stored without value as `badOutOfRange`. */
  readonly notANumber: number
  /** All batches of the agent up to this sequence are committed. */
  readonly committedSequence: number
}

export interface LastSample {
  readonly at: Instant
  readonly serverAt: Instant
  readonly value: SampleValue | null
  readonly status: number
}

/** What the source, or the tag's data type, said before the value that is stored now. */
export interface OriginalValue {
  readonly value: SampleValue | null
  readonly status: number
  readonly reason: string
  readonly by: string
}

export interface StoredReading extends LastSample {
  readonly original: OriginalValue | null
}

/** One step of a reduced history: facts of the samples inside `[bucket, bucket + width)` alone. Times in µs, integral in value × s. */
export interface Segment {
  readonly bucket: number
  readonly usable: number
  readonly bad: number
  readonly low: number | null
  readonly high: number | null
  readonly total: number | null
  readonly firstValue: number | null
  readonly lastValue: number | null
  readonly headAt: number
  readonly tailAt: number
  /** The number held after `tailAt`; null for texts and when the last sample was not usable. */
  readonly tail: number | null
  readonly tailOk: boolean
  readonly integral: number
  readonly known: number
  readonly gaps: readonly number[]
}

/** The newest sample before a window. */
export interface Carry {
  readonly at: number
  readonly value: number | null
  readonly ok: boolean
}

export interface Reduction {
  /** Null when there is no sample in the seven days before the window. */
  readonly carry: Carry | null
  readonly segments: readonly Segment[]
  /** True when each segment is one sample. */
  readonly raw: boolean
  /** Width of the segments, µs: wider than asked where only rollups are left. */
  readonly width: number
}

export interface ReductionRequest {
  readonly tagIds: readonly string[]
  readonly from: number
  readonly to: number
  /** Width of a segment, µs; segments start at multiples of it. */
  readonly width: number
  /** The coarsest rollup that may be read: 0 none, 1 minute, 2 quarter of an hour, 3 hour. */
  readonly level: number
  /** A tag with at most so many samples in the window comes sample by sample. */
  readonly rawUpTo: number
  readonly now: number
}

export interface StateTime {
  readonly value: SampleValue
  readonly us: number
  readonly occurrences: number
}

export interface ParkedSource {
  readonly source: string
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
  readonly lastValue: SampleValue | null
}

export interface Correction {
  readonly tagId: string
  readonly at: number
  readonly value: SampleValue | null
  readonly reason: string
  readonly by: string
}

export interface StoreStats {
  readonly samples: number
  readonly series: number
  readonly commits: number
  readonly unrolledBuckets: number
  readonly databaseBytes: number
  readonly walBytes: number
}

/** What a start finds: no scan of samples is needed for it. */
export interface StoreStart {
  readonly cursors: ReadonlyMap<string, number>
  readonly last: ReadonlyMap<string, LastSample>
}

/** Where samples are kept. The embedded implementation is DuckDB in a worker thread; a column-store server fits the same port. */
export interface SampleStore {
  /**
   * Resolves after the commit is durable.
   * @throws DomainError `conflict` (`historian.sequence-gap`) when batches between this and the last committed are missing
   */
  append(resolved: ResolvedBatch): Promise<AppendResult>
  /** Hears the newest sample of every tag that a commit changed, before its `append` resolves. */
  onLast(listen: (tagId: string, last: LastSample) => void): void
  readonly start: StoreStart
  listRaw(
    tagId: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<{ readings: StoredReading[]; truncated: boolean }>
  find(tagId: string, at: number): Promise<StoredReading | undefined>
  /** One answer a tag, in the order asked. */
  reduce(request: ReductionRequest): Promise<Reduction[]>
  timeInState(tagId: string, from: number, to: number, now: number): Promise<{ states: StateTime[]; unknownUs: number }>
  listParked(): Promise<ParkedSource[]>
  /** Moves the parked samples of a source into a tag's history; again changes nothing. */
  unpark(source: string, tagId: string, expectedKind: number): Promise<{ moved: number }>
  /** Puts corrected values in place, keeping what was there; again changes nothing. */
  correct(corrections: readonly Correction[]): Promise<{ applied: number }>
  /** Drops raw samples and minute rollups older than the given instants (null = keeps). */
  dropBefore(raw: number | null, minute: number | null): Promise<{ samples: number }>
  exportParquet(tagIds: readonly string[], from: number, to: number, name: string): Promise<ExportedFile>
  /** Brings the rollups up to date with everything that ended before `now`. */
  rollUp(now: number): Promise<void>
  stats(): Promise<StoreStats>
  close(): Promise<void>
}

export interface ExportedFile {
  readonly file: string
  readonly rows: number
  readonly sha256: string
}
