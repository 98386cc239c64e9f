import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startBroker } from '@throughline/broker'
import type { SampleBatch } from '@throughline/model'
import { decodeSampleBatch, listTags, wireTopics } from '@throughline/model'
import type { MqttClient } from 'mqtt'
import { connect } from 'mqtt'
import { plantTags } from '../plant/assets.ts'

/** Stands in for the product: the real broker, a tag list, and a historian that remembers what it committed. */
export class ReceivingServer {
  readonly account = 'demo-backfill'
  readonly apiKey = 'a-key-for-tests'
  /** Batches in the order in which they were committed. */
  readonly batches: SampleBatch[] = []
  /** Every other message: topic and payload. */
  readonly messages: { topic: string; payload: Buffer }[] = []
  /** Batches that came a second time. */
  again = 0
  /** Batches that came before one that had to come first. */
  early = 0
  /** How many batches it commits before it stops answering. */
  patience = Number.POSITIVE_INFINITY
  readonly #http: Server
  readonly #broker: Awaited<ReturnType<typeof startBroker>>
  readonly #client: MqttClient

  private constructor(http: Server, broker: Awaited<ReturnType<typeof startBroker>>, client: MqttClient) {
    this.#http = http
    this.#broker = broker
    this.#client = client
    client.on('message', (topic, payload) => this.#hear(topic, payload))
  }

  static async start(): Promise<ReceivingServer> {
    const http = createServer((request, response) => {
      const known = request.url === `/api/${listTags.name}`
      const allowed = request.headers.authorization === 'Bearer a-key-for-tests'
      response.writeHead(known && allowed ? 200 : 401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ tags: plantTags.map(tagRow), total: plantTags.length }))
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const everything = { publish: ['#'], subscribe: ['#'] }
    const broker = await startBroker({
      ...{ port: 0, folder: null, onFault: () => {} },
      authenticate: async (_name, password) => (password === 'a-key-for-tests' ? everything : null),
    })
    const url = `mqtt://127.0.0.1:${broker.port}`
    const client = connect(url, { username: 'server', password: 'a-key-for-tests', reconnectPeriod: 200 })
    const server = new ReceivingServer(http, broker, client)
    await new Promise<void>((resolve) => client.once('connect', () => resolve()))
    await client.subscribeAsync(['throughline/#', 'spBv1.0/#'], { qos: 1 })
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${this.#broker.port}`
  }

  /** Sends anything, as the server could. */
  async say(topic: string, payload: string): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1 })
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true)
    await this.#broker.close()
    await new Promise<void>((resolve) => this.#http.close(() => resolve()))
  }

  #hear(topic: string, payload: Buffer): void {
    if (topic === wireTopics.acknowledgement(this.account)) return
    if (topic !== wireTopics.samples(this.account)) {
      this.messages.push({ topic, payload })
      return
    }
    const batch = decodeSampleBatch(payload)
    if (batch.sequence <= this.batches.length) this.again++
    else if (this.batches.length < this.patience) {
      if (batch.sequence === this.batches.length + 1) this.batches.push(batch)
      else this.early++
    }
    const text = JSON.stringify({ sequence: this.batches.length })
    this.#client.publish(wireTopics.acknowledgement(this.account), text, { qos: 1 })
  }
}

/** Any id that is a UUID will do, as long as each tag has one of its own. */
export function tagIdOf(index: number): string {
  return `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`
}

function tagRow(tag: (typeof plantTags)[number]) {
  const { lively: _lively, historyEveryMs: _spacing, ...definition } = tag.definition
  return { ...definition, id: tagIdOf(tag.index), nodeId: tagIdOf(0), path: tag.path, source: null }
}
