import { malformed, tooLarge } from './failure.ts'

const headerLimit = 4096

/**
 * Cuts the body of a `multipart/x-mixed-replace` answer into its parts, however the network chopped it. A part with a
 * length is complete as soon as its bytes are here, one without ends at the next boundary.
 */
export class PartReader {
  readonly #boundary: Buffer
  readonly #limit: number
  #rest: Buffer = Buffer.alloc(0)
  /** Of the part that is being read: undefined = its header is not here yet; null = it says no length. */
  #length: number | null | undefined

  constructor(boundary: string, limit: number) {
    this.#boundary = Buffer.from(`--${boundary.replace(/^--/, '')}`)
    this.#limit = limit
  }

  /**
   * Takes what the socket gave, returns the parts that are now whole.
   * @throws DomainError `invalid` when the frame makes no sense or a part is too large: nothing after it can be trusted
   */
  push(chunk: Uint8Array): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const parts: string[] = []
    for (;;) {
      const part = this.#next()
      if (part === undefined) return parts
      if (part !== '') parts.push(part)
    }
  }

  #next(): string | undefined {
    if (this.#length === undefined && !this.#readHeader()) return undefined
    if (this.#length === null) return this.#untilBoundary()
    const length = this.#length ?? 0
    if (this.#rest.length < length) return undefined
    return this.#cut(length)
  }

  #cut(length: number): string {
    const part = this.#rest.toString('utf8', 0, length)
    this.#rest = this.#rest.subarray(length)
    this.#length = undefined
    return part.trim()
  }

  #untilBoundary(): string | undefined {
    const end = this.#rest.indexOf(this.#boundary)
    if (end >= 0) return this.#cut(end)
    if (this.#rest.length > this.#limit) throw tooLarge(this.#limit)
    return undefined
  }

  /** From the boundary to the empty line after it; true when it is here. */
  #readHeader(): boolean {
    const start = this.#rest.indexOf(this.#boundary)
    const from = start + this.#boundary.length
    const [end, next] = start < 0 ? [-1, -1] : this.#emptyLine(from)
    if (end < 0) {
      if (this.#rest.length > headerLimit) throw malformed('the stream has no boundary where one belongs')
      return false
    }
    const header = this.#rest.toString('latin1', from, end)
    const [, length] = /content-length:\s*(\d+)/i.exec(header) ?? []
    this.#rest = this.#rest.subarray(next)
    this.#length = length === undefined ? null : Number(length)
    if (this.#length !== null && this.#length > this.#limit) throw tooLarge(this.#limit)
    return true
  }

  /** Where the header ends and where the body begins; some agents write bare line feeds. */
  #emptyLine(from: number): [number, number] {
    for (const mark of ['\r\n\r\n', '\n\n']) {
      const at = this.#rest.indexOf(mark, from)
      if (at >= 0 && at - from <= headerLimit) return [at, at + Buffer.byteLength(mark)]
    }
    return [-1, -1]
  }
}
