import type { Clock, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { SampleBatch } from '@throughline/model'
import type { Module, Platform } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import type { Logger } from 'pino'
import { registerContextInterval } from './context-interval/operations.ts'
import { registerRetention } from './retention/operations.ts'
import { dropBefore } from './retention/rules.ts'
import { readRetention } from './retention/store.ts'
import { applyCorrections, registerSample } from './sample/operations.ts'
import { listNewestCorrections } from './sample/store.ts'
import { openDuckdbStore } from './store/duckdb-store.ts'
import type { AppendResult, LastSample, SampleStore, StoreStats } from './store/sample-store.ts'
import type { TagFinder } from './tags.ts'
import { kindOf } from './tags.ts'
import { registerTrend } from './trend/operations.ts'
import { registerUnmappedSource } from './unmapped-source/operations.ts'
import { listMappings } from './unmapped-source/store.ts'

export interface HistorianOptions {
  /** Folder of the sample database and the exports; made when it is missing. */
  readonly dir: string
  readonly clock: Clock
  readonly directory: TagFinder
  readonly log: Logger
  /** How long a commit waits for company, ms; default 100. */
  readonly commitEveryMs?: number
  /** What DuckDB may use, MB; default 192. */
  readonly memoryLimitMb?: number
}

/** The face of the historian for the composition root. */
export interface Historian {
  readonly module: Module
  /** Opens the sample database and brings it in step with the records; belongs after the start of the platform. */
  open(): Promise<void>
  /**
   * Stores a batch: resolves when it is durable. The batch is only read.
   * @throws DomainError `conflict` (`historian.sequence-gap`, details `expected`, `committedSequence`) when batches before it are missing
   */
  append(batch: SampleBatch): Promise<AppendResult>
  /** The same batch, its sources that were given to a tag under that tag's id: for whoever follows readings by tag. */
  namedByTag(batch: SampleBatch): SampleBatch
  last(tagId: string): LastSample | undefined
  lastAll(): Iterable<readonly [tagId: string, last: LastSample]>
  /** The newest batch of a sender that was committed; 0 when it was never heard. */
  loadedSequence(agent: string): number
  stats(): Promise<StoreStats>
  /** Drops what is older than the retention that is set. Meant for once a night. */
  applyRetention(now: Instant): Promise<{ samples: number }>
  close(): Promise<void>
}

const rollUpEveryMs = 2000

export function historianModule(options: HistorianOptions): Historian {
  return new EmbeddedHistorian(options)
}

class EmbeddedHistorian implements Historian {
  readonly module: Module
  readonly #options: HistorianOptions
  readonly #last = new Map<string, LastSample>()
  readonly #sequences = new Map<string, number>()
  readonly #mapped = new Map<string, string>()
  #platform: Platform | undefined
  #store: SampleStore | undefined
  #rollUp: NodeJS.Timeout | undefined
  #rollingUp: Promise<void> | undefined

  constructor(options: HistorianOptions) {
    this.#options = options
    const { directory } = options
    this.module = {
      name: 'historian',
      migrations: readMigrations(new URL('./migrations/', import.meta.url)),
      records: { key: { source_mapping: 'source' } },
      register: (platform) => {
        this.#platform = platform
        const store = (): SampleStore => this.#opened()
        registerSample(platform, store, directory, (tagId) => this.last(tagId))
        registerTrend(platform, store, directory)
        registerContextInterval(platform, store, directory)
        registerRetention(platform)
        registerUnmappedSource(platform, store, directory, (source, tagId) => this.#follow(source, tagId))
      },
    }
  }

  async open(): Promise<void> {
    const { dir, memoryLimitMb = 192, commitEveryMs = 100 } = this.#options
    const store = await openDuckdbStore({ dir, memoryLimitMb, threads: 2, commitEveryMs })
    for (const [tagId, last] of store.start.last) this.#last.set(tagId, last)
    for (const [agent, sequence] of store.start.cursors) this.#sequences.set(agent, sequence)
    store.onLast((tagId, last) => this.#last.set(tagId, last))
    this.#store = store
    const db = this.#platform?.db
    if (db !== undefined) {
      for (const { source, tagId } of await listMappings(db)) await this.#follow(source, tagId)
      await applyCorrections(store, this.#options.directory, await listNewestCorrections(db))
    }
    this.#rollUp = setInterval(() => this.#rollUpNow(store), rollUpEveryMs)
  }

  async append(batch: SampleBatch): Promise<AppendResult> {
    const found = batch.tags.map((name) => this.#options.directory.find(this.#mapped.get(name) ?? name))
    const result = await this.#opened().append({
      batch,
      targets: found.map((tag) => tag?.id ?? null),
      expected: Uint8Array.from(found, (tag) => (tag === undefined ? 0 : kindOf(tag.dataType))),
    })
    this.#sequences.set(batch.agent, result.committedSequence)
    return result
  }

  namedByTag(batch: SampleBatch): SampleBatch {
    if (!batch.tags.some((name) => this.#mapped.has(name))) return batch
    return { ...batch, tags: batch.tags.map((name) => this.#mapped.get(name) ?? name) }
  }

  last(tagId: string): LastSample | undefined {
    return this.#last.get(tagId)
  }

  lastAll(): Iterable<readonly [tagId: string, last: LastSample]> {
    return this.#last.entries()
  }

  loadedSequence(agent: string): number {
    return this.#sequences.get(agent) ?? 0
  }

  async stats(): Promise<StoreStats> {
    return this.#opened().stats()
  }

  async applyRetention(now: Instant): Promise<{ samples: number }> {
    const store = this.#opened()
    if (this.#platform === undefined) return { samples: 0 }
    const { raw, minute } = dropBefore(await readRetention(this.#platform.db), now)
    if (raw === null && minute === null) return { samples: 0 }
    // What goes must be in the rollups first: they outlive it.
    await store.rollUp(now)
    return store.dropBefore(raw, minute)
  }

  async close(): Promise<void> {
    clearInterval(this.#rollUp)
    await this.#rollingUp
    await this.#store?.close()
  }

  async #follow(source: string, tagId: string): Promise<void> {
    this.#mapped.set(source, tagId)
    const tag = this.#options.directory.find(tagId)
    if (tag === undefined) return
    await this.#opened().unpark(source, tagId, kindOf(tag.dataType))
  }

  #rollUpNow(store: SampleStore): void {
    this.#rollingUp ??= store
      .rollUp(this.#options.clock.now())
      .catch((error: unknown) => this.#options.log.error({ error }, 'samples could not be rolled up'))
      .finally(() => {
        this.#rollingUp = undefined
      })
  }

  #opened(): SampleStore {
    if (this.#store !== undefined) return this.#store
    throw new DomainError('unavailable', 'historian.not-open', 'The historian is starting: try again in a moment')
  }
}
