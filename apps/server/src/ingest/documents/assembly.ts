import { DomainError } from '@throughline/kernel'
import type { DocumentChunk } from '@throughline/model'

/** The pieces of one document, in order, until it is whole. */
export class Assembly {
  readonly hash: string
  readonly described: number
  readonly #message: Uint8Array
  #received = 0

  /** @throws DomainError `invalid` (`server.document-too-large`) */
  constructor({ hash, total, described }: DocumentChunk, maxBytes: number) {
    if (total > maxBytes) {
      const message = `A document of ${(total / 1e6).toFixed(1)} MB: at most ${(maxBytes / 1e6).toFixed(0)} are taken`
      throw new DomainError('invalid', 'server.document-too-large', message)
    }
    this.hash = hash
    this.described = described
    this.#message = new Uint8Array(total)
  }

  get received(): number {
    return this.#received
  }

  get isWhole(): boolean {
    return this.#received === this.#message.length
  }

  fits({ hash, total, described }: DocumentChunk): boolean {
    return hash === this.hash && total === this.#message.length && described === this.described
  }

  /** Takes what goes on from here; a piece that is known, or that comes too early, changes nothing. */
  add({ offset, bytes }: DocumentChunk): void {
    if (offset > this.#received || offset + bytes.length <= this.#received) return
    this.#message.set(bytes, offset)
    this.#received = offset + bytes.length
  }

  get description(): Uint8Array {
    return this.#message.subarray(0, this.described)
  }

  get original(): Uint8Array {
    return this.#message.subarray(this.described)
  }
}
