import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { DomainError } from '@throughline/kernel'
import type { SampleDatabase } from './database.ts'
import { openSampleDatabase } from './database.ts'
import type { Envelope, LastRow, Question, Reply, WorkerSettings } from './protocol.ts'
import { toWireError } from './protocol.ts'
import { Reader } from './reader.ts'
import { Registry } from './registry.ts'
import { planRollUp, rollUpSpan } from './roll-up.ts'
import type { ResolvedBatch, StoreStats } from './sample-store.ts'
import { Upkeep } from './upkeep.ts'
import { Writer } from './writer.ts'

/** So many samples are committed at once without waiting for more. */
const rowsPerCommit = 10_000

/** The worker thread that owns DuckDB. Whatever changes the tables goes through one line, in order; questions run beside it. */
class StoreWorker {
  readonly #database: SampleDatabase
  readonly #registry: Registry
  readonly #writer: Writer
  readonly #reader: Reader
  readonly #upkeep: Upkeep
  readonly #commitEveryMs: number
  readonly #send: (reply: Reply) => void
  #waiting: { id: number; resolved: ResolvedBatch }[] = []
  #waitingRows = 0
  #timer: NodeJS.Timeout | undefined
  #line: Promise<unknown> = Promise.resolve()
  /** Questions that are being answered: DuckDB must not be closed under them. */
  readonly #asked = new Set<Promise<unknown>>()

  constructor(database: SampleDatabase, registry: Registry, commitEveryMs: number, send: (reply: Reply) => void) {
    this.#database = database
    this.#registry = registry
    this.#writer = new Writer(database, registry)
    this.#reader = new Reader(database.reading, registry)
    this.#upkeep = new Upkeep(database, registry, this.#writer)
    this.#commitEveryMs = commitEveryMs
    this.#send = send
  }

  async receive({ id, request }: Envelope): Promise<void> {
    if (request.method === 'append') {
      this.#append(id, request.resolved)
      return
    }
    try {
      this.#send({ type: 'done', id, result: await this.#tracked(request) })
    } catch (error) {
      this.#send({ type: 'failed', id, error: toWireError(error) })
    }
  }

  async #tracked(request: Question): Promise<unknown> {
    const answer = this.#answer(request)
    if (request.method !== 'close') this.#asked.add(answer)
    try {
      return await answer
    } finally {
      this.#asked.delete(answer)
    }
  }

  async #answer(request: Question): Promise<unknown> {
    switch (request.method) {
      case 'listRaw':
        return this.#reader.listRaw(request.tagId, request.from, request.to, request.limit)
      case 'reduce':
        await this.#rollUp(request.request.now)
        return this.#reader.reduce(request.request)
      case 'timeInState':
        await this.#rollUp(request.now)
        return this.#reader.timeInState(request.tagId, request.from, request.to, request.now)
      case 'listParked':
        return this.#reader.listParked()
      case 'unpark':
        return this.#telling(async () => {
          // Batches that wait were resolved before the source had its tag: parked after this move, they would stay so.
          await this.#commit()
          return this.#upkeep.unpark(request.source, request.tagId, request.expectedKind)
        })
      case 'correct':
        return this.#telling(() => this.#upkeep.correct(request.corrections))
      case 'dropBefore':
        return this.#inLine(() => this.#upkeep.dropBefore(request.raw, request.minute))
      case 'exportParquet':
        return this.#upkeep.exportParquet(request.tagIds, request.from, request.to, request.name)
      case 'rollUp':
        return this.#rollUp(request.now)
      case 'stats':
        return this.#stats()
      case 'close':
        return this.#close()
    }
  }

  #append(id: number, resolved: ResolvedBatch): void {
    this.#waiting.push({ id, resolved })
    this.#waitingRows += resolved.batch.count
    if (this.#waitingRows >= rowsPerCommit) this.#commitSoon()
    else this.#timer ??= setTimeout(() => this.#commitSoon(), this.#commitEveryMs)
  }

  #commitSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    void this.#inLine(() => this.#commit())
  }

  async #commit(): Promise<void> {
    const jobs = this.#waiting
    if (jobs.length === 0) return
    this.#waiting = []
    this.#waitingRows = 0
    try {
      const committed = await this.#writer.commit(jobs.map((job) => job.resolved))
      this.#tell(committed.last)
      jobs.forEach(({ id }, index) => {
        const result = committed.results[index]
        if (result instanceof DomainError) this.#send({ type: 'failed', id, error: toWireError(result) })
        else this.#send({ type: 'done', id, result })
      })
    } catch (error) {
      for (const { id } of jobs) this.#send({ type: 'failed', id, error: toWireError(error) })
    }
  }

  async #rollUp(now: number): Promise<void> {
    for (const span of planRollUp(this.#registry, now)) {
      await this.#inLine(async () => {
        await this.#writer.transaction(() => rollUpSpan(this.#database.writing, span))
        // After the commit: whoever asks before it would take the span for rolled up, and read tables that do not hold it.
        this.#registry.cleanDirty(span.from, span.to)
      })
    }
  }

  async #telling<Result extends { last: readonly LastRow[] }>(
    work: () => Promise<Result>,
  ): Promise<Omit<Result, 'last'>> {
    const { last, ...result } = await this.#inLine(work)
    this.#tell(last)
    return result
  }

  #tell(last: readonly LastRow[]): void {
    if (last.length > 0) this.#send({ type: 'last', last })
  }

  /** One change at a time: two transactions on the same rows would refuse each other. */
  async #inLine<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#line
    const turn = (async () => {
      await before.catch(() => undefined)
      return work()
    })()
    this.#line = turn.catch(() => undefined)
    return turn
  }

  async #stats(): Promise<StoreStats> {
    let unrolledBuckets = 0
    for (const series of this.#registry.dirty.values()) unrolledBuckets += series.size
    return {
      ...(await this.#reader.counts()),
      series: this.#registry.series.length,
      commits: this.#writer.commits,
      unrolledBuckets,
      databaseBytes: sizeOf(this.#database.file),
      walBytes: sizeOf(`${this.#database.file}.wal`),
    }
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#inLine(() => this.#commit())
    await Promise.allSettled(this.#asked)
    await this.#inLine(async () => this.#database.close())
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

async function start(): Promise<void> {
  const port = parentPort
  if (port === null)
    throw new DomainError('defect', 'historian.worker-misplaced', 'duckdb-worker.ts runs as a worker only')
  const send = (reply: Reply): void => port.postMessage(reply)
  try {
    const settings = workerData as WorkerSettings
    const database = await openSampleDatabase(settings)
    const registry = new Registry()
    const last = await registry.load(database.writing)
    const worker = new StoreWorker(database, registry, settings.commitEveryMs, send)
    port.on('message', (envelope: Envelope) => {
      void worker.receive(envelope).finally(() => {
        if (envelope.request.method === 'close') port.close()
      })
    })
    const cursors = new Map([...registry.cursors].map(([agent, cursor]) => [agent, cursor.last]))
    send({ type: 'ready', cursors, last: [...last].map(([tag, sample]) => ({ tag, ...sample })) })
  } catch (error) {
    send({ type: 'failed', id: null, error: toWireError(error) })
    port.close()
  }
}

await start()
