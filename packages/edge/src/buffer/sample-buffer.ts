import { randomInt } from 'node:crypto'
import type { StatementSync } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { decodeSampleBatch, encodeSampleBatch, sampleAt, statusCode } from '@throughline/model'
import type { FaultRegistry } from '../fault/fault-registry.ts'

export interface SampleBufferConfig {
  readonly file: string
  readonly agent: string
  readonly clock: Clock
  readonly faults: FaultRegistry
  /** Encoded samples kept at most, in bytes. Default 4 GiB, about 130 million samples. */
  readonly maxBytes?: number
}

/** A batch as it lies in the buffer and travels. */
export interface BufferedBatch {
  readonly sequence: number
  readonly bytes: Uint8Array
  readonly count: number
}

const commitWithinMs = 20
const commitAtSamples = 500
const maxBatchSamples = 5000

// The exclusive lock keeps a second agent out of the file: two would number their batches alike.
const schema = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists batch (sequence integer primary key, bytes blob not null, count integer not null) strict;
  create table if not exists state (key text primary key, value integer not null) strict;
`

type StateKey = 'buffer-id' | 'last-sequence' | 'acknowledged-sequence' | 'heartbeat' | 'clean-stop'

/**
 * Samples on disk until the server has acknowledged them. Appended samples are committed together, at latest 50 ms after
 * the first; a batch is deleted only once its sequence is acknowledged; a sequence is never used twice. When the buffer
 * is full the oldest are kept: new samples are counted and refused, and each of their tags gets a gap once there is room.
 */
export class SampleBuffer {
  readonly #config: SampleBufferConfig
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #keep: StatementSync
  readonly #maxBytes: number
  /** Where the agent was last seen alive, when it ended without a clean stop. */
  readonly crashedAfter: Instant | undefined
  /** Names this buffer among all that this agent ever had: another buffer's sequence is another sequence. */
  #bufferId: number
  /** A new id was taken, and no answer that fits it was heard yet. */
  #isRenewed = false
  #waiting: Sample[] = []
  #timer: NodeJS.Timeout | undefined
  #urgent: NodeJS.Immediate | undefined
  #bytes: number
  #samples: number
  #lastSequence: number
  #acknowledged: number
  /** The first and the newest refused sample of each tag, while the buffer is full. */
  readonly #refused = new Map<string, { readonly first: Sample; newest: Sample }>()
  #onCommit: () => void = () => {}
  #closed = false

  /** @throws DomainError `unavailable` (`edge.buffer-unusable`) naming the file */
  constructor(config: SampleBufferConfig) {
    this.#config = config
    this.#maxBytes = config.maxBytes ?? 4 * 1024 ** 3
    try {
      this.#database = new DatabaseSync(config.file)
      this.#database.exec(schema)
      const total = this.#totals('')
      this.#bytes = total.bytes
      this.#samples = total.samples
      this.#insert = this.#database.prepare('insert into batch (sequence, bytes, count) values (?, ?, ?)')
      this.#keep = this.#database.prepare(
        'insert into state (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
      )
      this.#bufferId = this.#state('buffer-id') ?? newBufferId()
      this.#keep.run('buffer-id' satisfies StateKey, this.#bufferId)
      this.#lastSequence = this.#state('last-sequence') ?? 0
      this.#acknowledged = this.#state('acknowledged-sequence') ?? 0
      const heartbeat = this.#state('heartbeat')
      this.crashedAfter =
        heartbeat === undefined || this.#state('clean-stop') === 1 ? undefined : (heartbeat as Instant)
      this.#keep.run('clean-stop' satisfies StateKey, 0)
    } catch (error) {
      throw new DomainError(
        'unavailable',
        'edge.buffer-unusable',
        `The buffer ${config.file} cannot be used: ${messageOf(error)}. Check that no other agent uses it, its folder is writable and the disk is not full`,
        {},
        error,
      )
    }
  }

  /** Samples that the server has not acknowledged, those not yet on disk included. */
  get pendingSamples(): number {
    return this.#samples + this.#waiting.length
  }

  get lastSequence(): number {
    return this.#lastSequence
  }

  get acknowledgedSequence(): number {
    return this.#acknowledged
  }

  get isFull(): boolean {
    return this.#bytes >= this.#maxBytes
  }

  /** Called after each commit that added batches. One listener: the uplink. */
  onCommit(listener: () => void): void {
    this.#onCommit = listener
  }

  /** Takes samples, to be on disk within 20 ms. */
  append(samples: readonly Sample[]): void {
    if (samples.length === 0 || this.#closed) return
    for (const sample of samples) this.#waiting.push(sample)
    this.#timer ??= setTimeout(() => this.flush(), commitWithinMs)
    // An immediate lets a burst gather into one commit: the more comes, the bigger the batch.
    if (this.#waiting.length >= commitAtSamples) this.#urgent ??= setImmediate(() => this.flush())
  }

  /** Commits what waits, now. A disk that refuses keeps the samples in memory and is tried again. */
  flush(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#urgent)
    this.#timer = undefined
    this.#urgent = undefined
    if (this.#waiting.length === 0 || this.#closed) return
    const samples = this.#waiting
    this.#waiting = []
    if (this.isFull) {
      this.#refuse(samples)
      return
    }
    try {
      this.#commit(samples)
    } catch (error) {
      this.#config.faults.count('buffer', 'commit-failed', messageOf(error))
      this.#keepForRetry(samples)
      return
    }
    this.#onCommit()
  }

  /** The oldest batches with a sequence above `sequence`, in sequence. */
  batchesAfter(sequence: number, limit: number): BufferedBatch[] {
    const rows = this.#database
      .prepare('select sequence, bytes, count from batch where sequence > ? order by sequence limit ?')
      .all(sequence, limit)
    return rows.map((row) => ({
      sequence: Number(row['sequence']),
      bytes: row['bytes'] as Uint8Array,
      count: Number(row['count']),
    }))
  }

  /**
   * The server has committed everything up to this sequence: it is deleted here. A sequence that this buffer never gave,
   * or gave back already, means that server and buffer do not remember the same past (one of them came back from a
   * copy): then what waits gets a new sender, or the server would refuse it for ever or take it for heard before.
   * Returns true when that happened and all that waits must be sent afresh.
   */
  acknowledge(sequence: number): boolean {
    if (this.#closed) return false
    if (sequence > this.#lastSequence || sequence < this.#acknowledged) return this.#renewSender(sequence)
    this.#isRenewed = false
    if (sequence === this.#acknowledged) return false
    const gone = this.#totals('where sequence <= ?', sequence)
    this.#transaction(() => {
      this.#database.prepare('delete from batch where sequence <= ?').run(sequence)
      this.#keep.run('acknowledged-sequence' satisfies StateKey, sequence)
    })
    this.#acknowledged = sequence
    this.#bytes -= gone.bytes
    this.#samples -= gone.samples
    if (!this.isFull) this.#recordRefusedAsGaps()
    return false
  }

  /** Remembers that the agent lives. Not while the buffer is full: a crash must then show as a gap from where it filled. */
  heartbeat(): void {
    if (this.#closed || this.#refused.size > 0) return
    this.#keep.run('heartbeat' satisfies StateKey, this.#config.clock.now())
  }

  /** Commits what waits and closes the file; the next start knows that nothing was cut off. */
  close(): void {
    if (this.#closed) return
    this.flush()
    if (this.#waiting.length === 0 && this.#refused.size === 0) this.#keep.run('clean-stop' satisfies StateKey, 1)
    clearTimeout(this.#timer)
    this.#closed = true
    this.#database.close()
  }

  #commit(samples: readonly Sample[]): void {
    let sequence = this.#lastSequence
    let bytes = 0
    this.#transaction(() => {
      for (let start = 0; start < samples.length; start += maxBatchSamples) {
        const batch = samples.slice(start, start + maxBatchSamples)
        const encoded = encodeSampleBatch(senderOf(this.#config.agent, this.#bufferId), ++sequence, batch)
        this.#insert.run(sequence, encoded, batch.length)
        bytes += encoded.length
      }
      this.#keep.run('last-sequence' satisfies StateKey, sequence)
      this.#keep.run('heartbeat' satisfies StateKey, this.#config.clock.now())
    })
    this.#lastSequence = sequence
    this.#bytes += bytes
    this.#samples += samples.length
  }

  #renewSender(sequence: number): boolean {
    // Answers to what was sent under the old name may still come in.
    if (this.#isRenewed) return false
    const known = `${this.#acknowledged} to ${this.#lastSequence} here, ${sequence} there`
    this.#config.faults.count('buffer', 'sequence-estranged', known)
    const bufferId = newBufferId()
    this.#transaction(() => {
      const replace = this.#database.prepare('update batch set bytes = ? where sequence = ?')
      for (const pending of this.batchesAfter(0, Number.MAX_SAFE_INTEGER)) {
        const batch = decodeSampleBatch(pending.bytes)
        const samples = Array.from({ length: batch.count }, (_, row) => sampleAt(batch, row))
        replace.run(
          encodeSampleBatch(senderOf(this.#config.agent, bufferId), pending.sequence, samples),
          pending.sequence,
        )
      }
      this.#keep.run('buffer-id' satisfies StateKey, bufferId)
    })
    this.#bufferId = bufferId
    this.#isRenewed = true
    return true
  }

  #refuse(samples: readonly Sample[]): void {
    const [example] = samples
    this.#config.faults.count('buffer', 'buffer-full', `${example?.tag} at ${example?.at}`, samples.length)
    for (const sample of samples) {
      const known = this.#refused.get(sample.tag)
      if (known === undefined) this.#refused.set(sample.tag, { first: sample, newest: sample })
      else if (sample.at > known.newest.at) known.newest = sample
    }
  }

  #recordRefusedAsGaps(): void {
    const gaps = [...this.#refused.values()].flatMap(({ first, newest }): Sample[] => {
      const gap = { ...first, value: null, status: statusCode.badNoCommunication }
      return newest.at > first.at ? [gap, newest] : [gap]
    })
    this.#refused.clear()
    this.append(gaps)
  }

  /** Memory is no buffer: beyond a million samples the newest are refused as if the disk were full. */
  #keepForRetry(samples: Sample[]): void {
    this.#waiting = samples.length > 1_000_000 ? samples.slice(0, 1_000_000) : samples
    if (samples.length > 1_000_000) this.#refuse(samples.slice(1_000_000))
    this.#timer = setTimeout(() => this.flush(), 1000)
  }

  #totals(where: string, ...parameters: number[]): { bytes: number; samples: number } {
    const sql = `select sum(length(bytes)) as bytes, sum(count) as samples from batch ${where}`
    const row = this.#database.prepare(sql).get(...parameters)
    return { bytes: Number(row?.['bytes'] ?? 0), samples: Number(row?.['samples'] ?? 0) }
  }

  #state(key: StateKey): number | undefined {
    const row = this.#database.prepare('select value from state where key = ?').get(key)
    return row === undefined ? undefined : Number(row['value'])
  }

  #transaction(work: () => void): void {
    this.#database.exec('begin immediate')
    try {
      work()
      this.#database.exec('commit')
    } catch (error) {
      this.#database.exec('rollback')
      throw error
    }
  }
}

const newBufferId = (): number => randomInt(2 ** 47)

/** What the server keeps a sequence of: `<agent>/<buffer>`. */
const senderOf = (agent: string, bufferId: number): string => `${agent}/${bufferId.toString(36)}`
