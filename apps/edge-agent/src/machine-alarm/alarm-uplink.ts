import type { AlarmBuffer, FaultRegistry } from '@throughline/edge'
import { SampleAcknowledgement, wireTopics } from '@throughline/model'
import type { WirePart } from '../uplink.ts'

const batchSize = 200
const resendAfterMs = 10_000

/** Sends what machines say of their own alarms, one batch at a time, until the server has recorded each. */
export class AlarmUplink implements WirePart {
  readonly topics: readonly string[]
  readonly #agent: string
  readonly #buffer: AlarmBuffer
  readonly #faults: FaultRegistry
  #say: ((topic: string, payload: string) => void) | undefined
  /** The newest on its way, and when it was sent by the process's own clock. */
  #sent: { readonly sequence: number; readonly atMs: number } | undefined

  constructor(agent: string, buffer: AlarmBuffer, faults: FaultRegistry) {
    this.#agent = agent
    this.#buffer = buffer
    this.#faults = faults
    this.topics = [wireTopics.alarmsRecorded(agent)]
    buffer.onCommit(() => this.#pump())
  }

  begin(say: (topic: string, payload: string) => void): void {
    this.#sent = undefined
    // The server may be another than before, or have been set up anew: it is told what stands.
    this.#buffer.retell()
    this.#say = say
    this.#pump()
  }

  hear(_topic: string, payload: Uint8Array): void {
    const text = new TextDecoder().decode(payload)
    const sequence = sequenceIn(text)
    if (sequence === undefined) {
      this.#faults.count(this.#agent, 'alarms-recorded-malformed', text.slice(0, 100))
      return
    }
    // What was sent later than this answer knows waits for an answer of its own.
    if (this.#sent !== undefined && sequence > this.#sent.sequence) return
    this.#buffer.recorded(sequence)
    this.#sent = undefined
    this.#pump()
  }

  tick(): void {
    if (this.#sent !== undefined && performance.now() - this.#sent.atMs > resendAfterMs) this.#sent = undefined
    this.#pump()
  }

  end(): void {
    this.#say = undefined
  }

  #pump(): void {
    if (this.#say === undefined || this.#sent !== undefined) return
    const batch = this.#buffer.next(batchSize)
    if (batch === undefined) return
    this.#sent = { sequence: batch.sequence, atMs: performance.now() }
    this.#say(wireTopics.alarms(this.#agent), JSON.stringify(batch))
  }
}

function sequenceIn(text: string): number | undefined {
  try {
    return SampleAcknowledgement.safeParse(JSON.parse(text)).data?.sequence
  } catch {
    return undefined
  }
}
