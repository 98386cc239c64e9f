import type { ServerResponse } from 'node:http'

/** What is to be told from a sequence on; `next` null = an error, after which the stream ends. */
export interface StreamPart {
  readonly document: string | (() => string)
  readonly count: number
  readonly next: number | null
}

const boundary = 'observations-follow'
const shortestIntervalMs = 10
/** A client that reads slower than it is told must not fill the agent's memory. */
const maxQueuedBytes = 4_000_000

/** One open `sample` request: parts at its interval, and an empty one as a heartbeat. */
export class SampleStream {
  readonly #response: ServerResponse
  readonly #heartbeatMs: number
  readonly #partFrom: (sequence: number) => StreamPart
  readonly #timer: NodeJS.Timeout
  #next: number
  #saidMs = performance.now()

  constructor(
    response: ServerResponse,
    question: { readonly from: number; readonly intervalMs: number | null; readonly heartbeatMs: number },
    partFrom: (sequence: number) => StreamPart,
  ) {
    this.#response = response
    this.#heartbeatMs = question.heartbeatMs
    this.#partFrom = partFrom
    this.#next = question.from
    response.writeHead(200, {
      'content-type': `multipart/x-mixed-replace;boundary=${boundary}`,
      'cache-control': 'no-store',
    })
    response.flushHeaders()
    this.#timer = setInterval(() => this.#tick(), Math.max(shortestIntervalMs, question.intervalMs ?? 0))
    this.#tick()
  }

  write(document: string): void {
    const length = Buffer.byteLength(document)
    this.#response.write(`--${boundary}\r\nContent-type: text/xml\r\nContent-length: ${length}\r\n\r\n${document}\r\n`)
    this.#saidMs = performance.now()
  }

  /** Says nothing more; the connection is somebody else's business. */
  end(): void {
    clearInterval(this.#timer)
  }

  /** Tells all that there is, part after part; a heartbeat when there is nothing and it is due. */
  #tick(): void {
    while (this.#response.writableLength <= maxQueuedBytes) {
      const { document, count, next } = this.#partFrom(this.#next)
      const isDue = performance.now() - this.#saidMs >= this.#heartbeatMs
      if (next !== null && count === 0 && !isDue) return
      this.write(typeof document === 'string' ? document : document())
      if (next === null) {
        this.end()
        this.#response.end()
        return
      }
      this.#next = next
      if (count === 0) return
    }
  }
}
