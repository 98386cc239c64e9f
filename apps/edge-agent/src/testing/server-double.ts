import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Broker } from '@throughline/broker'
import { startBroker } from '@throughline/broker'
import type { AgentConfiguration, Sample } from '@throughline/model'
import { AgentStatus, decodeSampleBatch, sampleAt, wireTopics } from '@throughline/model'
import type { MqttClient } from 'mqtt'
import mqtt from 'mqtt'

export const apiKey = 'a-key-that-the-server-made'
const rights = { publish: ['#'], subscribe: ['#'] }

/** The server as the agent sees it: the configuration by HTTP, and a historian behind the broker. */
export class ServerDouble {
  configuration: AgentConfiguration
  readonly asked: { authorization: string | undefined; known: string | null }[] = []
  /** As the historian would: what was committed, by sender, and the faults of the sequence. */
  readonly committed: { sender: string; sequence: number; samples: Sample[] }[] = []
  readonly statuses: AgentStatus[] = []
  committing = true
  #http: Server
  #broker: Broker | undefined
  #historian: MqttClient | undefined
  #brokerPort = 0

  constructor(configuration: AgentConfiguration) {
    this.configuration = configuration
    this.#http = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const { known } = JSON.parse(body)
        this.asked.push({ authorization: request.headers.authorization, known })
        const same = known === this.configuration.version
        response.setHeader('content-type', 'application/json')
        response.end(
          JSON.stringify({ version: this.configuration.version, configuration: same ? null : this.configuration }),
        )
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  /** Free for a test's own use: every account with the key may say and hear everything. */
  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${this.#brokerPort}`
  }

  async start(): Promise<void> {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    await this.startBroker()
  }

  async startBroker(): Promise<void> {
    this.#broker = await startBroker({
      port: this.#brokerPort,
      folder: null,
      authenticate: async (_name, password) => (password === apiKey ? rights : null),
      onFault: () => {},
    })
    this.#brokerPort = this.#broker.port
    const historian = mqtt.connect(this.mqttUrl, { username: 'historian', password: apiKey, reconnectPeriod: 0 })
    this.#historian = historian
    const connected = Promise.withResolvers<void>()
    historian.once('connect', () => connected.resolve())
    await connected.promise
    historian.on('message', (topic, payload) => this.#hear(historian, topic, payload))
    await historian.subscribeAsync('throughline/v1/edge-1/#', { qos: 1 })
  }

  async stopBroker(): Promise<void> {
    await this.#historian?.endAsync(true)
    await this.#broker?.close()
    this.#broker = undefined
  }

  async stop(): Promise<void> {
    await this.stopBroker()
    this.#http.closeAllConnections()
    this.#http.close()
  }

  stopHttp(): void {
    this.#http.closeAllConnections()
    this.#http.close()
  }

  /** The committed values of one tag, in the order of their commit. */
  valuesOf(tag: string): unknown[] {
    return this.committed.flatMap(({ samples }) =>
      samples.filter((sample) => sample.tag === tag).map((sample) => sample.value),
    )
  }

  #hear(historian: MqttClient, topic: string, payload: Uint8Array): void {
    if (topic === wireTopics.status('edge-1')) {
      this.statuses.push(AgentStatus.parse(JSON.parse(new TextDecoder().decode(payload))))
    }
    if (topic !== wireTopics.samples('edge-1') || !this.committing) return
    const batch = decodeSampleBatch(payload)
    const last = this.committed.findLast((one) => one.sender === batch.agent)?.sequence
    if (last === undefined || batch.sequence === last + 1) {
      const samples = Array.from({ length: batch.count }, (_, row) => sampleAt(batch, row))
      this.committed.push({ sender: batch.agent, sequence: batch.sequence, samples })
    }
    const sequence = this.committed.findLast((one) => one.sender === batch.agent)?.sequence ?? 0
    historian.publish(wireTopics.acknowledgement('edge-1'), JSON.stringify({ sequence }), { qos: 1 })
  }
}
