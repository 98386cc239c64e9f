import { DomainError, messageOf } from '@throughline/kernel'
import { SampleAcknowledgement, wireTopics } from '@throughline/model'
import type { MqttClient } from 'mqtt'
import { connect } from 'mqtt'

export interface UplinkOptions {
  readonly url: string
  /** Account at the broker, and the name under which the batches go. */
  readonly agent: string
  readonly apiKey: string
  /** Newest sequence that the server is known to have committed. */
  readonly acknowledged: number
  readonly onAcknowledged: (sequence: number) => void
  /** Bad input and lost connections, once per cause. */
  readonly onFault: (cause: string, example: string) => void
}

/** So many batches may be on the way: the historian's pace is the back-fill's pace. */
const batchesInFlight = 4
/** A batch that nobody answered is sent again; the server stores it once. */
const resendAfterMs = 15_000

/** Sends batches to the server in sequence, a few at a time, and again until they are committed. */
export class BackfillUplink {
  readonly #options: UplinkOptions
  readonly #client: MqttClient
  readonly #inFlight = new Map<number, Uint8Array>()
  readonly #resend: NodeJS.Timeout
  #acknowledged: number
  #closed = false
  /** Batches may go out: the answer is listened to, and those that waited went first. */
  #open = false
  #moved = Promise.withResolvers<void>()
  #heardMs = performance.now()

  constructor(options: UplinkOptions) {
    this.#options = options
    this.#acknowledged = options.acknowledged
    const { url, agent, apiKey } = options
    this.#client = connect(url, {
      ...{ username: agent, password: apiKey, clientId: `backfill-${agent}`, reconnectPeriod: 1000 },
      // What is not committed is kept here and sent again; a second queue would only double it.
      ...{ queueQoSZero: false, clean: true },
    })
    this.#client.on('connect', () => void this.#subscribe())
    this.#client.on('close', () => {
      this.#open = false
    })
    this.#client.on('error', (error) => options.onFault('broker-unreachable', messageOf(error)))
    this.#client.on('message', (_topic, payload) => this.#hear(payload))
    this.#resend = setInterval(() => {
      if (this.#inFlight.size > 0 && performance.now() - this.#heardMs > resendAfterMs) this.#sendAgain()
    }, 1000)
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  /**
   * Takes a batch when there is room for one more on the way.
   * @throws DomainError `unavailable` when the uplink was closed meanwhile
   */
  async send(sequence: number, batch: Uint8Array): Promise<void> {
    while (this.#inFlight.size >= batchesInFlight) await this.#nextMove()
    if (sequence <= this.#acknowledged) return
    this.#inFlight.set(sequence, batch)
    this.#publish(batch)
  }

  /** Settles when all that was sent is committed. */
  async drained(): Promise<void> {
    while (this.#inFlight.size > 0) await this.#nextMove()
  }

  /** Retained, for the console and the page. */
  tellProgress(fraction: number, message: string): void {
    const topic = `throughline/v1/${this.#options.agent}/progress`
    if (!this.#client.connected) return
    this.#client.publish(topic, JSON.stringify({ fraction, message }), { qos: 1, retain: true })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#resend)
    this.#moved.resolve()
    if (this.#client.connected) await this.#client.endAsync()
    else this.#client.end(true)
  }

  async #nextMove(): Promise<void> {
    await this.#moved.promise
    if (this.#closed) throw new DomainError('unavailable', 'demo-plant.backfill-closed', 'The back-fill was stopped')
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#client.subscribeAsync(wireTopics.acknowledgement(this.#options.agent), { qos: 1 })
      this.#open = true
      this.#sendAgain()
    } catch (error) {
      this.#options.onFault('subscribe-refused', messageOf(error))
    }
  }

  #sendAgain(): void {
    this.#heardMs = performance.now()
    for (const batch of this.#inFlight.values()) this.#publish(batch)
  }

  #publish(batch: Uint8Array): void {
    if (!this.#open) return
    this.#client.publish(wireTopics.samples(this.#options.agent), Buffer.from(batch.buffer), { qos: 1 })
  }

  #hear(payload: Uint8Array): void {
    const told = acknowledgementIn(payload)
    if (told === undefined) {
      this.#options.onFault('acknowledgement-malformed', Buffer.from(payload.subarray(0, 100)).toString())
      return
    }
    this.#heardMs = performance.now()
    if (told <= this.#acknowledged) return
    this.#acknowledged = told
    for (const sequence of this.#inFlight.keys()) if (sequence <= told) this.#inFlight.delete(sequence)
    this.#options.onAcknowledged(told)
    const { resolve } = this.#moved
    this.#moved = Promise.withResolvers()
    resolve()
  }
}

function acknowledgementIn(payload: Uint8Array): number | undefined {
  try {
    return SampleAcknowledgement.parse(JSON.parse(new TextDecoder().decode(payload))).sequence
  } catch {
    return undefined
  }
}
