import type { DocumentBuffer, FaultRegistry, WaitingDocument } from '@throughline/edge'
import { DocumentAnswer, encodeDocumentChunk, wireTopics } from '@throughline/model'
import type { WirePart } from '../uplink.ts'

const chunkBytes = 256 * 1024
/** What may be on its way: little enough that readings are not held up by a large file. */
const windowBytes = 4 * chunkBytes
const resendAfterMs = 10_000

/** A document on its way, and how far it got. */
interface Sending {
  readonly document: WaitingDocument
  /** What the server holds, and what was sent. */
  confirmed: number
  sent: number
  /** When the server last said something of it, by the process's own clock. */
  heardAtMs: number
}

/** Sends documents in pieces, one document after the other, each until the server has it for good or refuses it. */
export class DocumentUplink implements WirePart {
  readonly topics: readonly string[]
  readonly #agent: string
  readonly #buffer: DocumentBuffer
  readonly #faults: FaultRegistry
  #say: ((topic: string, payload: Buffer) => void) | undefined
  #sending: Sending | undefined

  constructor(agent: string, buffer: DocumentBuffer, faults: FaultRegistry) {
    this.#agent = agent
    this.#buffer = buffer
    this.#faults = faults
    this.topics = [wireTopics.documentAnswer(agent)]
    buffer.onWaiting(() => this.#pump())
  }

  begin(say: (topic: string, payload: Buffer) => void): void {
    this.#say = say
    this.#sendAgain()
  }

  hear(_topic: string, payload: Uint8Array): void {
    const text = new TextDecoder().decode(payload)
    const answer = answerIn(text)
    if (answer === undefined) {
      this.#faults.count(this.#agent, 'document-answer-malformed', text.slice(0, 200))
      return
    }
    const sending = this.#sending
    if (sending?.document.hash !== answer.hash) return
    if (answer.outcome !== 'partial') {
      this.#buffer.settle({ hash: answer.hash, outcome: answer.outcome, reason: answer.reason })
      this.#sending = undefined
      this.#pump()
      return
    }
    sending.heardAtMs = performance.now()
    // Fewer than before: the server began anew, and what is on its way goes nowhere.
    if (answer.received < sending.confirmed) sending.sent = answer.received
    sending.confirmed = Math.min(answer.received, sending.document.message.length)
    sending.sent = Math.max(sending.sent, sending.confirmed)
    this.#pump()
  }

  tick(): void {
    if (this.#sending !== undefined && performance.now() - this.#sending.heardAtMs > resendAfterMs) this.#sendAgain()
    this.#pump()
  }

  end(): void {
    this.#say = undefined
  }

  /** From what the server is known to hold; at least the last piece, so that it answers. */
  #sendAgain(): void {
    const sending = this.#sending
    if (sending !== undefined) {
      sending.sent = Math.max(0, Math.min(sending.confirmed, sending.document.message.length - chunkBytes))
      sending.heardAtMs = performance.now()
    }
    this.#pump()
  }

  #pump(): void {
    const say = this.#say
    if (say === undefined) return
    this.#sending ??= this.#next()
    const sending = this.#sending
    if (sending === undefined) return
    const { hash, message, described } = sending.document
    while (sending.sent < message.length && sending.sent - sending.confirmed < windowBytes) {
      const bytes = message.subarray(sending.sent, sending.sent + chunkBytes)
      const chunk = { hash, offset: sending.sent, total: message.length, described, bytes }
      sending.sent += bytes.length
      say(wireTopics.documents(this.#agent), Buffer.from(encodeDocumentChunk(chunk)))
    }
  }

  #next(): Sending | undefined {
    const document = this.#buffer.oldest()
    return document && { document, confirmed: 0, sent: 0, heardAtMs: performance.now() }
  }
}

function answerIn(text: string): DocumentAnswer | undefined {
  try {
    return DocumentAnswer.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
