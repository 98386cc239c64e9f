import { fromBinary } from '@bufbuild/protobuf'
import type { Broker } from '@throughline/broker'
import { startBroker } from '@throughline/broker'
import type { IClientOptions, MqttClient } from 'mqtt'
import { connectAsync } from 'mqtt'
import type { Payload } from '../generated/sparkplug_b_pb.ts'
import { PayloadSchema } from '../generated/sparkplug_b_pb.ts'

/** One message as it came over the broker. */
export interface Heard {
  readonly topic: string
  readonly bytes: Buffer
  readonly qos: number
  readonly retain: boolean
}

const account = { username: 'plant', password: 'secret' }

/** An account that may say everything and hear nothing. */
export const deafCredentials = { username: 'deaf', password: 'secret' }

/** A broker with the two accounts of the tests. */
export function startPlantBroker(port = 0): Promise<Broker> {
  return startBroker({
    port,
    folder: null,
    authenticate: async (username, password) => {
      if (password !== account.password) return null
      if (username === deafCredentials.username) return { publish: ['#'], subscribe: [] }
      return username === account.username ? { publish: ['#'], subscribe: ['#'] } : null
    },
    onFault: () => {},
  })
}

export const urlOf = (broker: { port: number }): string => `mqtt://127.0.0.1:${broker.port}`

/** A plain MQTT client that hears all Sparkplug messages in order and says whatever a test wants said. */
export class Witness {
  readonly heard: Heard[] = []
  readonly client: MqttClient

  private constructor(client: MqttClient) {
    this.client = client
    client.on('error', () => {})
    client.on('message', (topic, bytes, { qos, retain }) => this.heard.push({ topic, bytes, qos, retain }))
  }

  static async join(broker: { port: number }, options: IClientOptions = {}): Promise<Witness> {
    const client = await connectAsync(urlOf(broker), { ...account, reconnectPeriod: 0, ...options })
    const witness = new Witness(client)
    await client.subscribeAsync('spBv1.0/#', { qos: 1 })
    return witness
  }

  /** The messages of one kind (`NBIRTH`, `STATE` …), oldest first. */
  all(kind: string): Heard[] {
    return this.heard.filter(({ topic }) => topic.split('/').includes(kind))
  }

  payloads(kind: string): Payload[] {
    return this.all(kind).map(({ bytes }) => payloadOf(bytes))
  }

  async say(topic: string, payload: Buffer | string, options: { qos?: 0 | 1; retain?: boolean } = {}): Promise<void> {
    await this.client.publishAsync(topic, payload, { qos: options.qos ?? 0, retain: options.retain ?? false })
  }

  async leave(): Promise<void> {
    await this.client.endAsync(true)
  }
}

export const payloadOf = (bytes: Uint8Array): Payload => fromBinary(PayloadSchema, bytes)

export const credentials = account
