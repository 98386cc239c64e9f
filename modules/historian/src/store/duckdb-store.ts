import { Worker } from 'node:worker_threads'
import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Envelope, LastRow, Reply, Request, WorkerSettings } from './protocol.ts'
import { fromWireError } from './protocol.ts'
import type {
  AppendResult,
  Correction,
  ExportedFile,
  LastSample,
  ParkedSource,
  Reduction,
  ReductionRequest,
  ResolvedBatch,
  SampleStore,
  StateTime,
  StoredReading,
  StoreStart,
  StoreStats,
} from './sample-store.ts'
import type { ReductionColumns } from './segment-columns.ts'
import { reductionsOf } from './segment-columns.ts'

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/**
 * Opens the DuckDB store in its worker thread.
 * @throws DomainError `unavailable` (`historian.database-unavailable`) when another process holds the database
 */
export async function openDuckdbStore(settings: WorkerSettings): Promise<SampleStore> {
  const worker = new Worker(new URL('./duckdb-worker.ts', import.meta.url), { workerData: settings })
  const ready = await new Promise<Extract<Reply, { type: 'ready' }>>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (reply: Reply) => {
      if (reply.type === 'ready') resolve(reply)
      else if (reply.type === 'failed') reject(fromWireError(reply.error))
    })
  })
  worker.removeAllListeners('error')
  return new DuckdbStore(worker, ready)
}

class DuckdbStore implements SampleStore {
  readonly start: StoreStart
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners: ((tagId: string, last: LastSample) => void)[] = []
  #nextId = 1
  /** Why the worker answers no more. */
  #gone: DomainError | undefined
  #closing: Promise<void> | undefined

  constructor(worker: Worker, ready: Extract<Reply, { type: 'ready' }>) {
    this.#worker = worker
    this.start = { cursors: ready.cursors, last: new Map(ready.last.map((row) => [row.tag, lastOf(row)])) }
    worker.on('message', (reply: Reply) => this.#receive(reply))
    worker.on('error', (error) => this.#end(stopped(error)))
    worker.on('exit', () => this.#end(stopped()))
  }

  onLast(listen: (tagId: string, last: LastSample) => void): void {
    this.#listeners.push(listen)
  }

  append(resolved: ResolvedBatch): Promise<AppendResult> {
    return this.#ask({ method: 'append', resolved })
  }

  listRaw(
    tagId: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<{ readings: StoredReading[]; truncated: boolean }> {
    return this.#ask({ method: 'listRaw', tagId, from, to, limit })
  }

  async find(tagId: string, at: number): Promise<StoredReading | undefined> {
    return (await this.listRaw(tagId, at, at + 1, 1)).readings[0]
  }

  async reduce(request: ReductionRequest): Promise<Reduction[]> {
    return reductionsOf(await this.#ask<ReductionColumns>({ method: 'reduce', request }))
  }

  timeInState(
    tagId: string,
    from: number,
    to: number,
    now: number,
  ): Promise<{ states: StateTime[]; unknownUs: number }> {
    return this.#ask({ method: 'timeInState', tagId, from, to, now })
  }

  listParked(): Promise<ParkedSource[]> {
    return this.#ask({ method: 'listParked' })
  }

  unpark(source: string, tagId: string, expectedKind: number): Promise<{ moved: number }> {
    return this.#ask({ method: 'unpark', source, tagId, expectedKind })
  }

  correct(corrections: readonly Correction[]): Promise<{ applied: number }> {
    return this.#ask({ method: 'correct', corrections })
  }

  dropBefore(raw: number | null, minute: number | null): Promise<{ samples: number }> {
    return this.#ask({ method: 'dropBefore', raw, minute })
  }

  exportParquet(tagIds: readonly string[], from: number, to: number, name: string): Promise<ExportedFile> {
    return this.#ask({ method: 'exportParquet', tagIds, from, to, name })
  }

  rollUp(now: number): Promise<void> {
    return this.#ask({ method: 'rollUp', now })
  }

  stats(): Promise<StoreStats> {
    return this.#ask({ method: 'stats' })
  }

  close(): Promise<void> {
    this.#closing ??= this.#gone === undefined ? this.#close() : Promise.resolve()
    return this.#closing
  }

  async #close(): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    const closed = this.#ask({ method: 'close' })
    this.#gone = stopped()
    await closed
    await exited
  }

  #ask<Result>(request: Request): Promise<Result> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone)
    const id = this.#nextId++
    const envelope: Envelope = { id, request }
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      // Copied, not transferred: the caller still reads the batch for live values and watches.
      this.#worker.postMessage(envelope)
    })
  }

  #receive(reply: Reply): void {
    switch (reply.type) {
      case 'last':
        for (const row of reply.last) for (const listen of this.#listeners) listen(row.tag, lastOf(row))
        return
      case 'done':
        this.#take(reply.id)?.resolve(reply.result as never)
        return
      case 'failed':
        if (reply.id !== null) this.#take(reply.id)?.reject(fromWireError(reply.error))
        return
      case 'ready':
        return
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #end(error: DomainError): void {
    this.#gone ??= error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

const lastOf = ({ at, serverAt, value, status }: LastRow): LastSample => ({
  at: at as Instant,
  serverAt: serverAt as Instant,
  value,
  status,
})

function stopped(cause?: unknown): DomainError {
  const message = 'The historian has stopped: nothing is stored until the server is started again'
  return new DomainError('unavailable', 'historian.stopped', message, {}, cause)
}
