import { setTimeout as delay } from 'node:timers/promises'
import type { FaultRegistry, SampleBuffer } from '@throughline/edge'
import { messageOf } from '@throughline/kernel'
import type { AgentStatus } from '@throughline/model'
import { SampleAcknowledgement, wireTopics } from '@throughline/model'
import type { MqttClient } from 'mqtt'
import mqtt from 'mqtt'
import type { Logger } from 'pino'
import { readApiKey } from './api-key.ts'

/** What else is said to the server, and heard of it, in the same session as the samples. */
export interface WirePart {
  /** What the server says to it. */
  readonly topics: readonly string[]
  /** A session began; `say` sends once at least while it lasts (QoS 1), and nothing later. */
  begin(say: (topic: string, payload: string | Buffer) => void): void
  hear(topic: string, payload: Uint8Array): void
  /** Each second of a session. */
  tick(): void
  end(): void
}

export interface UplinkConfig {
  readonly agent: string
  readonly mqttUrl: string
  readonly apiKeyFile: string
  readonly buffer: SampleBuffer
  readonly faults: FaultRegistry
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly status: () => AgentStatus
  readonly parts?: readonly WirePart[]
  /** Waits between two dials, doubling; default 0.5 s to 5 s. */
  readonly backOff?: { readonly firstMs: number; readonly maxMs: number }
  /** Sent and not acknowledged for this long: it is sent again. Default 10 s. */
  readonly resendAfterMs?: number
}

/** What may be on its way at once: enough to keep the line busy while the server commits, little enough for any broker. */
const windowBatches = 256
const windowBytes = 4 * 1024 ** 2
const statusMs = 1000
const dialTimeoutMs = 5000

/**
 * Sends the buffer's batches in sequence to the server's broker and takes them off the buffer when the server says that
 * they are committed. The broker's own receipt proves nothing and is not waited for.
 */
export class Uplink {
  readonly #config: UplinkConfig
  readonly #stopping = new AbortController()
  #client: MqttClient | undefined
  /** Sequence of the newest batch sent in this session. */
  #sent = 0
  #inFlight: { sequence: number; bytes: number }[] = []
  #progressAt = 0
  #isUp = false
  #trouble: string | null = null
  #running: Promise<void> | undefined
  #drained = Promise.withResolvers<void>()

  constructor(config: UplinkConfig) {
    this.#config = config
    config.buffer.onCommit(() => this.#pump())
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Waits until everything buffered is acknowledged, or `patienceMs` are over; true when it is. */
  async drain(patienceMs: number): Promise<boolean> {
    this.#drained = Promise.withResolvers<void>()
    if (!this.#isUp || this.#config.buffer.pendingSamples === 0) return this.#config.buffer.pendingSamples === 0
    const patience = new AbortController()
    const over = delay(patienceMs, undefined, { signal: patience.signal }).catch(() => {})
    await Promise.race([this.#drained.promise, over])
    patience.abort()
    return this.#config.buffer.pendingSamples === 0
  }

  /** Says good-bye (`online: false`) and ends the session. */
  async stop(): Promise<void> {
    const client = this.#client
    if (client !== undefined && this.#isUp) {
      const said = client.publishAsync(wireTopics.status(this.#config.agent), this.#farewell(), {
        qos: 1,
        retain: true,
      })
      await Promise.race([said.catch(() => {}), delay(1000)])
    }
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { firstMs, maxMs } = this.#config.backOff ?? { firstMs: 500, maxMs: 5000 }
    let waitMs = firstMs
    while (!this.#stopping.signal.aborted) {
      const wasUp = await this.#session()
      if (this.#stopping.signal.aborted) return
      if (wasUp) waitMs = firstMs
      await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: this.#stopping.signal }).catch(() => {})
      waitMs = Math.min(waitMs * 2, maxMs)
    }
  }

  /** One session from dial to loss; true when it came up. */
  async #session(): Promise<boolean> {
    const { agent, mqttUrl, logger, apiKeyFile } = this.#config
    let wasUp = false
    let reason = 'the connection was closed'
    let statusTimer: NodeJS.Timeout | undefined
    try {
      const client = mqtt.connect(mqttUrl, {
        clientId: `edge-${agent}`,
        username: agent,
        password: readApiKey(apiKeyFile),
        // A session of its own each time: what was on its way is known from the buffer, not from the client's memory.
        clean: true,
        reconnectPeriod: 0,
        connectTimeout: dialTimeoutMs,
        keepalive: 5,
        will: { topic: wireTopics.status(agent), payload: Buffer.from(this.#farewell()), qos: 1, retain: true },
      })
      this.#client = client
      const ended = Promise.withResolvers<void>()
      client.on('close', () => ended.resolve())
      client.on('error', (error) => {
        reason = messageOf(error)
        ended.resolve()
      })
      client.on('message', (topic, payload) => {
        const part = this.#parts.find(({ topics }) => topics.includes(topic))
        if (part === undefined) this.#hear(payload)
        else part.hear(topic, payload)
      })
      client.on('connect', () => {
        wasUp = true
        this.#begin(client)
        statusTimer = setInterval(() => this.#tick(client), statusMs)
      })
      const stop = (): void => ended.resolve()
      this.#stopping.signal.addEventListener('abort', stop)
      await ended.promise
      this.#stopping.signal.removeEventListener('abort', stop)
      client.removeAllListeners('close')
      await Promise.race([client.endAsync(true), delay(1000)])
    } catch (error) {
      reason = messageOf(error)
    }
    clearInterval(statusTimer)
    if (this.#isUp) for (const part of this.#parts) part.end()
    this.#isUp = false
    this.#client = undefined
    if (!this.#stopping.signal.aborted && (wasUp || reason !== this.#trouble)) {
      logger.warn(`no way to the server by ${mqttUrl}: ${reason}; samples are kept, dialling on`)
      this.#trouble = reason
    }
    return wasUp
  }

  #begin(client: MqttClient): void {
    const { agent, buffer, logger, mqttUrl } = this.#config
    const topics = [wireTopics.acknowledgement(agent), ...this.#parts.flatMap((part) => part.topics)]
    client.subscribe(topics, { qos: 1 }, (error, granted) => {
      const isRefused = granted?.some((each) => each.qos === 128) ?? false
      if (error === null && !isRefused) {
        logger.info(`sends to ${mqttUrl} from batch ${buffer.acknowledgedSequence + 1} on`)
        this.#trouble = null
        this.#isUp = true
        this.#sendAgain()
        this.#sayStatus(client)
        for (const part of this.#parts) part.begin((topic, payload) => this.#say(client, topic, payload))
        return
      }
      this.#config.faults.count(agent, 'acknowledgement-refused', messageOf(error ?? 'no right to subscribe'))
      client.end(true)
    })
  }

  #hear(payload: Uint8Array): void {
    const { agent, buffer, faults } = this.#config
    const sequence = acknowledgedIn(payload)
    if (sequence === undefined) {
      faults.count(agent, 'acknowledgement-malformed', new TextDecoder().decode(payload.subarray(0, 100)))
      return
    }
    const before = buffer.acknowledgedSequence
    const isEstranged = buffer.acknowledge(sequence)
    if (buffer.acknowledgedSequence > before) this.#progressAt = performance.now()
    this.#inFlight = this.#inFlight.filter((batch) => batch.sequence > buffer.acknowledgedSequence)
    if (isEstranged) this.#sendAgain()
    else this.#pump()
    if (buffer.pendingSamples === 0) this.#drained.resolve()
  }

  #tick(client: MqttClient): void {
    this.#sayStatus(client)
    if (this.#isUp) for (const part of this.#parts) part.tick()
    const patienceMs = this.#config.resendAfterMs ?? 10_000
    if (this.#inFlight.length > 0 && performance.now() - this.#progressAt > patienceMs) this.#sendAgain()
  }

  /** From the oldest batch that the server has not acknowledged. */
  #sendAgain(): void {
    this.#sent = this.#config.buffer.acknowledgedSequence
    this.#inFlight = []
    this.#progressAt = performance.now()
    this.#pump()
  }

  /** Sends as long as the window is open. */
  #pump(): void {
    const client = this.#client
    if (client === undefined || !this.#isUp) return
    const { agent, buffer, faults } = this.#config
    let bytes = this.#inFlight.reduce((sum, batch) => sum + batch.bytes, 0)
    while (this.#inFlight.length < windowBatches && bytes < windowBytes) {
      const [batch] = buffer.batchesAfter(this.#sent, 1)
      if (batch === undefined) return
      if (this.#inFlight.length === 0) this.#progressAt = performance.now()
      this.#sent = batch.sequence
      this.#inFlight.push({ sequence: batch.sequence, bytes: batch.bytes.length })
      bytes += batch.bytes.length
      client.publish(wireTopics.samples(agent), Buffer.from(batch.bytes), { qos: 1 }, (error) => {
        if (error) faults.count(agent, 'publish-failed', error.message)
      })
    }
  }

  get #parts(): readonly WirePart[] {
    return this.#config.parts ?? []
  }

  #say(client: MqttClient, topic: string, payload: string | Buffer): void {
    if (client !== this.#client || !this.#isUp) return
    client.publish(topic, payload, { qos: 1 }, (error) => {
      if (error) this.#config.faults.count(this.#config.agent, 'publish-failed', error.message)
    })
  }

  #sayStatus(client: MqttClient): void {
    if (!this.#isUp) return
    const { agent, status } = this.#config
    client.publish(wireTopics.status(agent), JSON.stringify(status()), { qos: 0, retain: true })
  }

  #farewell(): string {
    return JSON.stringify({ ...this.#config.status(), online: false } satisfies AgentStatus)
  }
}

function acknowledgedIn(payload: Uint8Array): number | undefined {
  try {
    return SampleAcknowledgement.safeParse(JSON.parse(new TextDecoder().decode(payload))).data?.sequence
  } catch {
    return undefined
  }
}
