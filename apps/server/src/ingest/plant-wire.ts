import { DomainError, messageOf } from '@throughline/kernel'
import { wireTopics } from '@throughline/model'
import mqtt from 'mqtt'
import type { Logger } from 'pino'
import type { Account } from './broker-address.ts'

/** The server's own session with the broker, embedded or not: hears the edge agents, answers them, publishes for others. */
export interface PlantWire {
  publish(topic: string, payload: string, options?: { retain?: boolean; qos?: 0 | 1 }): void
  close(): Promise<void>
}

export interface WireListener {
  samples(agent: string, message: Uint8Array): void
  /** `retained`: kept by the broker from earlier, so no sign of life. */
  status(agent: string, message: Uint8Array, retained: boolean): void
  progress(agent: string, message: Uint8Array): void
  /** A piece of a document. */
  documents?(agent: string, message: Uint8Array): void
  /** What machines say of their own alarms. */
  alarms?(agent: string, message: Uint8Array): void
  /** What came of a command. */
  commandReply?(agent: string, message: Uint8Array): void
  /** Connected, for the first time or again: the broker may have forgotten all that it kept. */
  connected(): void
}

const clientId = 'throughline-server'

/**
 * Dials the broker and stays connected for ever.
 * @throws DomainError `unavailable` when the first dial fails within 10 s
 */
export async function openPlantWire(
  address: string,
  account: Account | null,
  listener: WireListener,
  log: Logger,
): Promise<PlantWire> {
  const client = mqtt.connect(address, {
    clientId,
    protocolVersion: 4,
    // What agents sent while the server was away waits in their own durable buffers, not in the broker.
    clean: true,
    reconnectPeriod: 500,
    connectTimeout: 5000,
    // Only the namespace goes out unconfirmed: while the broker is away its older values are of no use to anybody.
    queueQoSZero: false,
    ...(account ?? {}),
  })
  const heard = /^throughline\/v1\/([^/]+)\/(samples|status|progress|documents|alarms|command-reply)$/
  client.on('message', (topic, payload, packet) => {
    const match = heard.exec(topic)
    const [, agent, kind] = match ?? []
    if (agent === undefined || kind === undefined) return
    if (kind === 'command-reply') listener.commandReply?.(agent, payload)
    else listener[kind as Exclude<keyof WireListener, 'connected' | 'commandReply'>]?.(agent, payload, packet.retain)
  })
  let closing = false
  client.on('error', (error) => {
    if (!closing) log.warn({ reason: error.message }, 'the broker connection failed and is tried again')
  })
  await connected(client, address)
  const topics = [
    wireTopics.samples('+'),
    wireTopics.status('+'),
    wireTopics.documents('+'),
    wireTopics.alarms('+'),
    wireTopics.commandReply('+'),
    'throughline/v1/+/progress',
  ]
  await client.subscribeAsync(topics, { qos: 1 })
  client.on('connect', () => listener.connected())
  return {
    publish(topic, payload, options = {}) {
      if (closing) return
      client.publish(topic, payload, { qos: options.qos ?? 0, retain: options.retain ?? false })
    },
    async close() {
      closing = true
      await client.endAsync()
    },
  }
}

async function connected(client: mqtt.MqttClient, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let last = 'no answer'
    const onError = (error: Error): void => {
      last = messageOf(error)
    }
    const timer = setTimeout(() => {
      client.end(true)
      const { host } = new URL(address)
      reject(
        new DomainError('unavailable', 'server.broker-unreachable', `The broker at ${host} does not answer: ${last}`),
      )
    }, 10_000)
    client.on('error', onError)
    client.once('connect', () => {
      clearTimeout(timer)
      client.off('error', onError)
      resolve()
    })
  })
}
