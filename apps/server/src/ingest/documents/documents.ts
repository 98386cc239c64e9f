import { createHash } from 'node:crypto'
import { DomainError, messageOf } from '@throughline/kernel'
import type { DocumentAnswer, DocumentChunk, ParsedDocument, PlantDocument } from '@throughline/model'
import { DocumentDescription, decodeDocumentChunk } from '@throughline/model'
import type { BlobStore, Module, Platform, UnitOfWork } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import type { FaultLog } from '../../diagnostics/fault-log.ts'
import { Assembly } from './assembly.ts'
import { registerDocuments } from './operations.ts'
import { findByHash, hasHash, insertDocument, readParsed } from './store.ts'

/** A document as whoever makes something of it gets it. */
export interface ReceivedDocument extends PlantDocument {
  readonly parsed: ParsedDocument
}

/** Makes something of a document, in a transaction of its own: once that is committed, not again; at least once before. */
export type DocumentHandler = (uow: UnitOfWork, document: ReceivedDocument) => Promise<void>

export interface Documents {
  readonly module: Module
  /** Names who hears of every document; also of those that came before it was there and were not told yet. */
  on(name: string, handle: DocumentHandler): void
  /** One message of an agent; the answer goes back to it. Undefined when there is nothing to be said. */
  hear(agent: string, message: Uint8Array): Promise<DocumentAnswer | undefined>
}

export interface DocumentsOptions {
  readonly blobs: BlobStore
  readonly faults: Pick<FaultLog, 'add'>
  /** Of a message: description and original. Default 128 MB. */
  readonly maxBytes?: number
}

/** The one way in for documents: pieces are put together, the original kept, the record committed, and only then answered. */
export function openDocuments(options: DocumentsOptions): Documents {
  const intake = new DocumentIntake(options)
  return {
    module: {
      name: 'document',
      migrations: readMigrations(new URL('./migrations/', import.meta.url)),
      register(platform) {
        intake.register(platform)
        registerDocuments(platform, options.blobs)
      },
    },
    on: (name, handle) => intake.on(name, handle),
    hear: (agent, message) => intake.hear(agent, message),
  }
}

const part = 'document'

class DocumentIntake {
  readonly #options: DocumentsOptions
  readonly #handlers = new Map<string, DocumentHandler>()
  /** One document at a time of each agent. */
  readonly #assemblies = new Map<string, Assembly>()
  readonly #turns = new Map<string, Promise<unknown>>()
  #platform: Platform | undefined

  constructor(options: DocumentsOptions) {
    this.#options = options
  }

  register(platform: Platform): void {
    this.#platform = platform
    for (const [name, handle] of this.#handlers) this.#subscribe(platform, name, handle)
  }

  on(name: string, handle: DocumentHandler): void {
    this.#handlers.set(name, handle)
    if (this.#platform !== undefined) this.#subscribe(this.#platform, name, handle)
  }

  /** Messages of one agent are worked off in their order. */
  async hear(agent: string, message: Uint8Array): Promise<DocumentAnswer | undefined> {
    const before = this.#turns.get(agent) ?? Promise.resolve()
    const turn = before.then(() => this.#hear(agent, message))
    this.#turns.set(agent, turn)
    return await turn
  }

  async #hear(agent: string, message: Uint8Array): Promise<DocumentAnswer | undefined> {
    let chunk: DocumentChunk
    try {
      chunk = decodeDocumentChunk(message)
    } catch (error) {
      this.#options.faults.add(agent, 'document-malformed', messageOf(error))
      return undefined
    }
    try {
      return await this.#take(agent, chunk)
    } catch (error) {
      this.#assemblies.delete(agent)
      const isRefusal = error instanceof DomainError && error.kind === 'invalid'
      this.#options.faults.add(agent, isRefusal ? 'document-refused' : 'document-unkept', messageOf(error))
      // What cannot be kept now is sent again; what is wrong stays wrong.
      return isRefusal
        ? { hash: chunk.hash, received: 0, outcome: 'refused', reason: messageOf(error).slice(0, 500) }
        : undefined
    }
  }

  async #take(agent: string, chunk: DocumentChunk): Promise<DocumentAnswer> {
    const { hash } = chunk
    let assembly = this.#assemblies.get(agent)
    if (assembly?.fits(chunk) !== true) {
      if (await hasHash(this.#registered().db, hash)) return delivered(hash, chunk.total)
      assembly = new Assembly(chunk, this.#options.maxBytes ?? 128_000_000)
      this.#assemblies.set(agent, assembly)
    }
    assembly.add(chunk)
    if (!assembly.isWhole) return { hash, received: assembly.received, outcome: 'partial', reason: null }
    await this.#keep(agent, assembly)
    this.#assemblies.delete(agent)
    return delivered(hash, chunk.total)
  }

  async #keep(agent: string, { hash, description, original }: Assembly): Promise<void> {
    const { blobs } = this.#options
    const described = describedIn(description)
    if (described.hash !== hash || hashOf(original) !== hash || described.size !== original.length) {
      throw new DomainError(
        'invalid',
        'server.document-altered',
        `The bytes of ${described.name} are not those that the agent took: it was altered on its way or on the agent's disk`,
      )
    }
    const { parsed, name, kind, connection, takenAt, size } = described
    await blobs.put(original)
    const parsedHash = await blobs.put(new TextEncoder().encode(JSON.stringify(parsed)))
    const told = { hash, name, kind, agent, connection, size, results: parsed.results.length }
    await this.#registered().act(part, 'document.document.receive', told, async (uow) => {
      const row = { hash, name, kind, agent, connection, size, parsedHash, takenAt, receivedAt: uow.at }
      const documentId = await insertDocument(uow.trx, row)
      if (documentId !== undefined) uow.emit('document.received', { documentId, hash, name, kind, agent, connection })
    })
  }

  #subscribe(platform: Platform, name: string, handle: DocumentHandler): void {
    platform.on('document.received', `document.${name}`, async (uow, { hash }) => {
      const found = await findByHash(uow.trx, hash)
      if (found === undefined) return
      const { parsedHash, ...document } = found
      await handle(uow, { ...document, parsed: await readParsed(this.#options.blobs, document.name, parsedHash) })
    })
  }

  #registered(): Platform {
    if (this.#platform !== undefined) return this.#platform
    throw new DomainError(
      'unavailable',
      'server.documents-not-open',
      'Documents are not taken before the plant has started',
    )
  }
}

const delivered = (hash: string, received: number): DocumentAnswer => ({
  ...{ hash, received, outcome: 'delivered', reason: null },
})

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function describedIn(bytes: Uint8Array): DocumentDescription {
  try {
    return DocumentDescription.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (error) {
    const message = `The description of a document is malformed: ${messageOf(error)}`
    throw new DomainError('invalid', 'server.document-undescribed', message.slice(0, 500), {}, error)
  }
}
