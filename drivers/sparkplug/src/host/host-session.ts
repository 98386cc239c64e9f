import { readFile } from 'node:fs/promises'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf, toMs } from '@throughline/kernel'
import type { IClientOptions, MqttClient } from 'mqtt'
import { connect } from 'mqtt'
import { decodeState, encodeState } from '../state-message.ts'
import { namespace, stateTopic } from '../topic.ts'
import type { HostOptions } from './options.ts'

export interface HostSessionListener {
  message(topic: string, payload: Buffer): void
  /** Once, and never after `close`. */
  lost(reason: string): void
  fault(cause: string, example: string): void
}

/** Short, so that a broker that hangs is noticed within seconds: nothing else tells it from one with no news. */
const keepaliveSeconds = 2

/**
 * One MQTT session of a Sparkplug host application: the STATE certificate of death as will, the subscriptions, then the
 * certificate of birth, both with one timestamp.
 */
export class HostSession {
  readonly #options: HostOptions
  readonly #clock: Clock
  readonly #listener: HostSessionListener
  readonly #timestamp: number
  #client: MqttClient | null = null
  #heardAt: Instant
  #state: 'dialling' | 'open' | 'over' = 'dialling'
  readonly #waiting: { readonly topic: string; readonly payload: Buffer }[] = []

  constructor(options: HostOptions, clock: Clock, listener: HostSessionListener) {
    this.#options = options
    this.#clock = clock
    this.#listener = listener
    this.#heardAt = clock.now()
    this.#timestamp = Math.floor(toMs(this.#heardAt))
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** When the broker last gave any sign of life. */
  get heardAt(): Instant {
    return this.#heardAt
  }

  /** @throws DomainError `unavailable`, `forbidden` or `invalid` */
  async open(): Promise<void> {
    const { url, hostId, group } = this.#options
    const clientOptions = await this.#clientOptions()
    if (this.#state === 'over') throw this.#refusal(new Error('it was closed while it connected'))
    const client = connect(url, clientOptions)
    this.#client = client
    client.on('packetreceive', () => {
      this.#heardAt = this.#clock.now()
    })
    client.on('message', (topic, payload, packet) => this.#onMessage(topic, payload, packet.retain))
    try {
      await this.#connected(client)
      const from = group ?? '+'
      const kinds = ['NBIRTH', 'NDEATH', 'NDATA']
      const topics = [
        stateTopic(hostId),
        ...kinds.map((kind) => `${namespace}/${from}/${kind}/+`),
        ...kinds.map((kind) => `${namespace}/${from}/${kind.replace('N', 'D')}/+/+`),
      ]
      await this.#within(client.subscribeAsync(topics, { qos: 1 }), 'to subscribe')
      await this.#within(this.#sayState(client, true, this.#timestamp), 'to say its birth')
    } catch (error) {
      this.#finish()
      throw this.#refusal(error)
    }
    this.#state = 'open'
    for (const { topic, payload } of this.#waiting.splice(0)) this.command(topic, payload)
  }

  /** Sends a command: QoS 0, never retained. Nothing goes out before the certificate of birth. */
  command(topic: string, payload: Buffer): void {
    if (this.#state === 'dialling') this.#waiting.push({ topic, payload })
    else this.#client?.publish(topic, payload, { qos: 0, retain: false })
  }

  /** Says its death and disconnects; safe in any state. */
  async close(): Promise<void> {
    const client = this.#client
    const wasOpen = this.#state === 'open'
    this.#state = 'over'
    if (client && wasOpen && client.connected) {
      const goodbye = async (): Promise<void> => {
        await this.#sayState(client, false, Math.floor(toMs(this.#clock.now())))
        await client.endAsync()
      }
      // A broker that does not answer says the will for us.
      await this.#within(goodbye(), 'to say its death').catch(() => {})
    }
    this.#finish()
  }

  #finish(): void {
    const client = this.#client
    this.#client = null
    this.#state = 'over'
    client?.removeAllListeners('message')
    client?.end(true)
    // Ending does not close a connection that was never answered.
    client?.stream?.destroy()
  }

  #connected(client: MqttClient): Promise<void> {
    return new Promise((resolve, reject) => {
      let problem: Error | null = null
      client.on('error', (error) => {
        problem = error
        reject(error)
      })
      client.once('connect', () => resolve())
      client.once('close', () => {
        const reason = problem?.message ?? 'the broker closed the connection'
        reject(problem ?? new Error(reason))
        if (this.#state !== 'open') return
        this.#finish()
        this.#listener.lost(reason)
      })
    })
  }

  #onMessage(topic: string, payload: Buffer, retained: boolean): void {
    if (topic !== stateTopic(this.#options.hostId)) {
      this.#listener.message(topic, payload)
      return
    }
    const state = decodeState(payload)
    if (state?.online === true) {
      if (state.timestamp !== this.#timestamp && this.#state === 'open') {
        this.#listener.fault('host-id-shared', `another host application calls itself ${this.#options.hostId}`)
      }
      return
    }
    // What the broker kept of an earlier session: our birth, told after the subscription, replaces it.
    if (retained) return
    // A late death certificate of an earlier session, or somebody who cleared it: edge nodes would think us gone.
    const client = this.#client
    if (this.#state !== 'open' || !client) return
    this.#listener.fault('state-overwritten', `${topic}: ${payload.toString('utf8', 0, 100)}`)
    this.#sayState(client, true, this.#timestamp).catch((error: unknown) => {
      this.#listener.fault('state-not-told', messageOf(error))
    })
  }

  async #sayState(client: MqttClient, online: boolean, timestamp: number): Promise<void> {
    const state = encodeState({ online, timestamp })
    await client.publishAsync(stateTopic(this.#options.hostId), state, { qos: 1, retain: true })
  }

  async #clientOptions(): Promise<IClientOptions> {
    const { hostId, username, password, passwordFile, caFile, timeoutMs } = this.#options
    const secret = passwordFile === null ? password : (await readText(passwordFile, 'passwordFile')).split('\n')[0]
    const payload = encodeState({ online: false, timestamp: this.#timestamp })
    return {
      protocolVersion: 4,
      clean: true,
      clientId: `host-${hostId}-${crypto.randomUUID().slice(0, 8)}`,
      keepalive: keepaliveSeconds,
      reconnectPeriod: 0,
      connectTimeout: timeoutMs,
      will: { topic: stateTopic(hostId), payload: Buffer.from(payload), qos: 1, retain: true },
      ...(username === null ? {} : { username }),
      ...(secret === null || secret === undefined ? {} : { password: secret }),
      ...(caFile === null ? {} : { ca: await readText(caFile, 'caFile') }),
    }
  }

  async #within<T>(work: Promise<T>, what: string): Promise<T> {
    const late = Promise.withResolvers<never>()
    const { timeoutMs } = this.#options
    const timer = setTimeout(() => late.reject(new Error(`it took longer than ${timeoutMs} ms ${what}`)), timeoutMs)
    try {
      return await Promise.race([work, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #refusal(error: unknown): DomainError {
    if (error instanceof DomainError) return error
    const { url, hostId } = this.#options
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // CONNACK 4 and 5: a wrong password does not get better by trying again.
    if (code === 4 || code === 5) {
      const text = `The broker at ${url} refuses host application ${hostId}: check username and password`
      return new DomainError('forbidden', 'sparkplug.broker-refused', text, { url }, error)
    }
    // Only a refused subscription carries the broker's answer along.
    if (error instanceof Error && 'packet' in error) {
      const text = `The broker at ${url} lets host application ${hostId} in, but not subscribe to Sparkplug topics`
      return new DomainError('forbidden', 'sparkplug.subscribe-refused', text, { url }, error)
    }
    const text = `The broker at ${url} cannot be used: ${messageOf(error) || String(code)}`
    return new DomainError('unavailable', 'sparkplug.broker-unavailable', text, { url }, error)
  }
}

async function readText(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const text = `option ${option}: ${path} cannot be read: ${messageOf(error)}`
    throw new DomainError('invalid', 'sparkplug.option-invalid', text, { option }, error)
  }
}
