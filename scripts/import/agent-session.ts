import { DomainError, messageOf } from '@throughline/kernel'
import type { DocumentDescription, Sample } from '@throughline/model'
import {
  DocumentAnswer,
  encodeDocumentChunk,
  encodeSampleBatch,
  SampleAcknowledgement,
  wireTopics,
} from '@throughline/model'
import type { MqttClient } from 'mqtt'
import { connectAsync } from 'mqtt'

export interface AgentAccount {
  readonly mqttUrl: string
  /** The machine account: what it sends goes by its name. */
  readonly name: string
  readonly apiKey: string
}

const patienceMs = 60_000
const chunkBytes = 256 * 1024

/**
 * A session with the plant's broker that sends as an edge agent does: batches by number, documents in pieces; each is over
 * when the server says that it is committed.
 */
export class AgentSession {
  readonly #client: MqttClient
  readonly #account: AgentAccount
  /** What is waited for: looks at each message, and is done when it says so. */
  readonly #waiting = new Set<(topic: string, text: string) => void>()

  private constructor(client: MqttClient, account: AgentAccount) {
    this.#client = client
    this.#account = account
    client.on('message', (topic, payload) => {
      const text = payload.toString('utf8')
      for (const hear of this.#waiting) hear(topic, text)
    })
  }

  /** @throws DomainError `unavailable` or `forbidden` saying which setting is to be looked at */
  static async open(account: AgentAccount): Promise<AgentSession> {
    const { mqttUrl, name, apiKey } = account
    try {
      const options = { username: name, password: apiKey, clientId: `import-${name}`, reconnectPeriod: 0, clean: true }
      const client = await connectAsync(mqttUrl, options)
      const topics = [wireTopics.acknowledgement(name), wireTopics.documentAnswer(name)]
      const granted = await client.subscribeAsync(topics, { qos: 1 })
      if (granted.every(({ qos }) => qos <= 1)) return new AgentSession(client, account)
      await client.endAsync(true)
    } catch (error) {
      const message = `The broker ${mqttUrl} does not let ${name} in: ${messageOf(error)}. Check --mqtt, and that --account names the account of the key`
      throw new DomainError('unavailable', 'import.broker-refuses', message, { mqttUrl, name }, error)
    }
    const message = `${name} may not send readings: its account needs the role edge-agent for the whole plant`
    throw new DomainError('forbidden', 'import.account-no-agent', message, { name })
  }

  /**
   * Sends one batch of a series, numbered from 1 without a gap; `series` names it for good. One that was committed before is
   * not stored again.
   */
  async sendSamples(series: string, sequence: number, samples: readonly Sample[]): Promise<void> {
    const { name } = this.#account
    const batch = encodeSampleBatch(`${name}/${series}`, sequence, samples)
    await this.#until(
      `batch ${sequence}`,
      () => this.#client.publishAsync(wireTopics.samples(name), Buffer.from(batch.buffer), { qos: 1 }),
      (topic, text) => topic === wireTopics.acknowledgement(name) && sequenceIn(text) >= sequence,
    )
  }

  /** @throws DomainError `invalid` when the server refuses it for good, with its reason */
  async sendDocument(described: DocumentDescription, original: Uint8Array): Promise<void> {
    const { name } = this.#account
    const description = Buffer.from(JSON.stringify(described))
    const message = Buffer.concat([description, original])
    let answer: DocumentAnswer | undefined
    for (let offset = 0; offset < message.length; offset += chunkBytes) {
      const chunk = { hash: described.hash, offset, total: message.length, described: description.length }
      const bytes = encodeDocumentChunk({ ...chunk, bytes: message.subarray(offset, offset + chunkBytes) })
      answer = await this.#until(
        described.name,
        () => this.#client.publishAsync(wireTopics.documents(name), Buffer.from(bytes.buffer), { qos: 1 }),
        (topic, text) => topic === wireTopics.documentAnswer(name) && answerIn(text, described.hash),
      )
      if (answer.outcome !== 'partial') break
    }
    if (answer?.outcome === 'delivered') return
    const why = `${described.name}: the server did not take it: ${answer?.reason ?? 'it ended before it was whole'}`
    throw new DomainError('invalid', 'import.document-refused', why)
  }

  async close(): Promise<void> {
    await this.#client.endAsync()
  }

  async #until<Found>(
    what: string,
    send: () => Promise<unknown>,
    look: (topic: string, text: string) => Found,
  ): Promise<Exclude<Found, false | undefined>> {
    type Answer = Exclude<Found, false | undefined>
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const hear = (topic: string, text: string): void => {
      const found = look(topic, text)
      if (found !== false && found !== undefined) resolve(found as Answer)
    }
    const giveUp = (why: string): void => {
      const message = `${what}: ${why}. Look at the server's log, then run the import again: it goes on from there`
      reject(new DomainError('unavailable', 'import.not-committed', message))
    }
    const ended = (): void => giveUp('the broker ended the session')
    const timer = setTimeout(() => giveUp('the server did not say within a minute that it is committed'), patienceMs)
    this.#waiting.add(hear)
    this.#client.once('close', ended)
    try {
      await send()
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(hear)
      this.#client.off('close', ended)
    }
  }
}

const sequenceIn = (text: string): number => SampleAcknowledgement.safeParse(jsonIn(text)).data?.sequence ?? 0

function answerIn(text: string, hash: string): DocumentAnswer | undefined {
  const answer = DocumentAnswer.safeParse(jsonIn(text)).data
  return answer?.hash === hash ? answer : undefined
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
