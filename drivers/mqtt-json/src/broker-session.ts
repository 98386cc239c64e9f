import { readFile } from 'node:fs/promises'
import { DomainError, messageOf } from '@throughline/kernel'
import type { IClientOptions, MqttClient } from 'mqtt'
import { connect } from 'mqtt'
import type { MqttOptions } from './options.ts'

export interface BrokerListener {
  message(topic: string, payload: Buffer, retained: boolean): void
  /** Once, and never after `close`. */
  lost(reason: string): void
}

/** One MQTT session, from its dial to its end; it is never dialled again by itself. */
export class BrokerSession {
  readonly #options: MqttOptions
  readonly #listener: BrokerListener
  #client: MqttClient | undefined
  #state: 'dialling' | 'open' | 'over' = 'dialling'

  constructor(options: MqttOptions, listener: BrokerListener) {
    this.#options = options
    this.#listener = listener
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** @throws DomainError `unavailable`, `forbidden` or `invalid` */
  async open(): Promise<void> {
    const clientOptions = await this.#clientOptions()
    if (this.#state === 'over') throw this.#refusal(new Error('it was closed while it connected'))
    const client = connect(this.#options.url, clientOptions)
    this.#client = client
    client.on('message', (topic, payload, packet) => {
      if (this.#state !== 'over') this.#listener.message(topic, payload, packet.retain)
    })
    try {
      await this.#within(this.#connected(client), 'to connect')
    } catch (error) {
      this.#finish()
      throw this.#refusal(error)
    }
    this.#state = 'open'
  }

  /** Asks for messages with QoS 1; answers which filters the broker refuses. */
  async subscribe(filters: readonly string[]): Promise<string[]> {
    if (filters.length === 0) return []
    try {
      await this.#within(this.#opened().subscribeAsync([...filters], { qos: 1 }), 'to subscribe')
      return []
    } catch (error) {
      if (!isRefusedSubscription(error)) throw this.#refusal(error)
      if (filters.length === 1) return [...filters]
      const refused: string[] = []
      for (const filter of filters) refused.push(...(await this.subscribe([filter])))
      return refused
    }
  }

  async unsubscribe(filters: readonly string[]): Promise<void> {
    if (filters.length === 0) return
    await this.#within(this.#opened().unsubscribeAsync([...filters]), 'to unsubscribe').catch((error: unknown) => {
      throw this.#refusal(error)
    })
  }

  /** Safe in any state. */
  async close(): Promise<void> {
    const client = this.#client
    const wasOpen = this.#state === 'open'
    this.#state = 'over'
    if (client?.connected === true && wasOpen) await this.#within(client.endAsync(), 'to say good-bye').catch(() => {})
    this.#finish()
  }

  #opened(): MqttClient {
    if (this.#client !== undefined && this.#state === 'open') return this.#client
    throw this.#refusal(new Error('the session is over'))
  }

  #finish(): void {
    const client = this.#client
    this.#client = undefined
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

  async #clientOptions(): Promise<IClientOptions> {
    const { clientId, persistent, keepaliveS, timeoutMs, username, passwordFile, caFile, certFile, keyFile } =
      this.#options
    const password = passwordFile === null ? null : (await readText(passwordFile, 'passwordFile')).split(/\r?\n/)[0]
    return {
      ...{ protocolVersion: 4, clientId, clean: !persistent, keepalive: keepaliveS },
      ...{ reconnectPeriod: 0, connectTimeout: timeoutMs, resubscribe: false },
      ...(username === null ? {} : { username }),
      ...(password === null || password === undefined ? {} : { password }),
      ...(caFile === null ? {} : { ca: await readText(caFile, 'caFile') }),
      ...(certFile === null ? {} : { cert: await readText(certFile, 'certFile') }),
      ...(keyFile === null ? {} : { key: await readText(keyFile, 'keyFile') }),
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
      work.catch(() => {})
    }
  }

  #refusal(error: unknown): DomainError {
    if (error instanceof DomainError) return error
    const { url, clientId } = this.#options
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // CONNACK 4 and 5: a wrong password does not get better by trying again.
    if (code === 4 || code === 5) {
      const text = `The broker at ${url} refuses ${clientId}: check username and passwordFile`
      return new DomainError('forbidden', 'mqtt-json.broker-refused', text, { url }, error)
    }
    const text = `The broker at ${url} cannot be used: ${messageOf(error) || String(code)}`
    return new DomainError('unavailable', 'mqtt-json.broker-unavailable', text, { url }, error)
  }
}

/** Only a refused subscription carries the broker's answer along. */
const isRefusedSubscription = (error: unknown): boolean => error instanceof Error && 'packet' in error

async function readText(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const text = `option ${option}: ${path} cannot be read: ${messageOf(error)}`
    throw new DomainError('invalid', 'mqtt-json.option-invalid', text, { option }, error)
  }
}
