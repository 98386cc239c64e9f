import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { DocumentDescription } from '@throughline/model'
import type { DocumentOutcome, DriverDocument } from '../driver.ts'

export interface DocumentBufferConfig {
  readonly file: string
  readonly clock: Clock
  /** Documents kept at most, in bytes. Default 4 GiB. */
  readonly maxBytes?: number
}

/** A document on its way: the message is its description as JSON, then the original. */
export interface WaitingDocument {
  readonly hash: string
  readonly message: Uint8Array
  /** Length of the description in the message. */
  readonly described: number
}

// The original of a document that arrived is not kept: its hash is, so that the same content is not sent twice.
const schema = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists document (
    hash text primary key,
    place integer not null,
    description blob,
    original blob,
    outcome text not null default 'waiting',
    reason text
  ) strict;
  create index if not exists document_waiting on document (place) where outcome = 'waiting';
`

/** Documents on disk until the server has them, the oldest first, each content once. */
export class DocumentBuffer {
  readonly #config: DocumentBufferConfig
  readonly #database: DatabaseSync
  readonly #maxBytes: number
  readonly #outcomes = new Map<string, { promise: Promise<DocumentOutcome>; resolve(outcome: DocumentOutcome): void }>()
  #bytes: number
  #onWaiting: () => void = () => {}
  #closed = false

  /** @throws DomainError `unavailable` (`edge.buffer-unusable`) naming the file */
  constructor(config: DocumentBufferConfig) {
    this.#config = config
    this.#maxBytes = config.maxBytes ?? 4 * 1024 ** 3
    try {
      this.#database = new DatabaseSync(config.file)
      this.#database.exec(schema)
      const total = this.#database.prepare('select sum(length(original) + length(description)) as bytes from document')
      this.#bytes = Number(total.get()?.['bytes'] ?? 0)
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

  /** Called when a document begins to wait. One listener: the uplink. */
  onWaiting(listener: () => void): void {
    this.#onWaiting = listener
  }

  /** How many documents wait. */
  get waiting(): number {
    const row = this.#database.prepare("select count(*) as count from document where outcome = 'waiting'").get()
    return Number(row?.['count'] ?? 0)
  }

  /**
   * Takes a document: on disk when the call returns.
   * @throws DomainError `unavailable` (`edge.documents-full`, `edge.document-unkept`)
   */
  put(connection: string, document: DriverDocument): Promise<DocumentOutcome> {
    const hash = createHash('sha256').update(document.bytes).digest('hex')
    const known = this.#database.prepare('select outcome, reason from document where hash = ?').get(hash)
    if (known !== undefined && known['outcome'] !== 'waiting') {
      const outcome = known['outcome'] as DocumentOutcome['outcome']
      return Promise.resolve({ hash, outcome, reason: known['reason'] as string | null })
    }
    if (known === undefined) this.#keep(hash, connection, document)
    return this.#pending(hash).promise
  }

  /** The document that waits longest. */
  oldest(): WaitingDocument | undefined {
    if (this.#closed) return undefined
    const row = this.#database
      .prepare("select hash, description, original from document where outcome = 'waiting' order by place limit 1")
      .get()
    if (row === undefined) return undefined
    const description = row['description'] as Uint8Array
    const message = Buffer.concat([description, row['original'] as Uint8Array])
    return { hash: String(row['hash']), message, described: description.length }
  }

  /** The server has said how it ended: the bytes are let go, the hash stays. */
  settle(outcome: DocumentOutcome): void {
    if (this.#closed) return
    const { hash } = outcome
    const size = this.#database
      .prepare(
        "select length(original) + length(description) as bytes from document where hash = ? and outcome = 'waiting'",
      )
      .get(hash)
    if (size === undefined) return
    this.#database
      .prepare('update document set outcome = ?, reason = ?, original = null, description = null where hash = ?')
      .run(outcome.outcome, outcome.reason, hash)
    this.#bytes -= Number(size['bytes'])
    this.#outcomes.get(hash)?.resolve(outcome)
    this.#outcomes.delete(hash)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#database.close()
  }

  #keep(hash: string, connection: string, { name, kind, bytes, parsed }: DriverDocument): void {
    const described: DocumentDescription = {
      ...{ hash, name, kind, connection, takenAt: this.#config.clock.now(), size: bytes.length },
      parsed,
    }
    const description = new TextEncoder().encode(JSON.stringify(described))
    const size = description.length + bytes.length
    if (this.#bytes + size > this.#maxBytes) {
      throw new DomainError(
        'unavailable',
        'edge.documents-full',
        `No room for ${name}: ${Math.round(this.#bytes / 1e6)} MB of documents wait for the server`,
      )
    }
    try {
      this.#database
        .prepare(
          'insert into document (hash, place, description, original) values (?, (select coalesce(max(place), 0) + 1 from document), ?, ?)',
        )
        .run(hash, description, bytes)
    } catch (error) {
      const message = `${name} cannot be kept in ${this.#config.file}: ${messageOf(error)}`
      throw new DomainError('unavailable', 'edge.document-unkept', message, {}, error)
    }
    this.#bytes += size
    // Whoever hands it over is told first.
    queueMicrotask(() => this.#onWaiting())
  }

  #pending(hash: string): { promise: Promise<DocumentOutcome>; resolve(outcome: DocumentOutcome): void } {
    const known = this.#outcomes.get(hash)
    if (known !== undefined) return known
    const { promise, resolve } = Promise.withResolvers<DocumentOutcome>()
    const pending = { promise, resolve }
    this.#outcomes.set(hash, pending)
    return pending
  }
}
