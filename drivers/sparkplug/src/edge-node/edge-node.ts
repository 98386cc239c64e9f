import type { Clock } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { MqttClient } from 'mqtt'
import { connect } from 'mqtt'
import { dataTypeCode } from '../data-type.ts'
import type { MetricInit } from '../payload.ts'
import { bdSeqMetric, encodePayload, rebirthMetric, wireTime } from '../payload.ts'
import { assertId, deviceTopic, nodeTopic, parseTopic, stateTopic } from '../topic.ts'
import { BdSeqCounter } from './bd-seq.ts'
import type { MetricWrite } from './command.ts'
import { readCommand } from './command.ts'
import type { MetricChange, MetricDefinition } from './metric-table.ts'
import { MetricTable } from './metric-table.ts'
import { PrimaryHost } from './primary-host.ts'

export interface EdgeNodeOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string
  readonly username?: string
  /** A function is asked at each dial, so that a renewed password needs no restart; if it throws, the dial has failed. */
  readonly password?: string | (() => string)
  readonly group: string
  readonly node: string
  readonly clock: Clock
  /** Metrics of the edge node itself. */
  readonly metrics: readonly MetricDefinition[]
  /** Devices behind it, by id; all are born with the node until `deviceDown`. */
  readonly devices?: Devices
  /** Wait for this host to be online before every birth, and end the session when it goes. */
  readonly primaryHostId?: string
  /** Where the count of connects is kept over a restart; default: counted from 0. */
  readonly bdSeqFile?: string
  /** Decides on a host's write: the value the device now holds (told back at once), or null to refuse in silence. */
  readonly onWrite?: (write: MetricWrite) => SampleValue | null | Promise<SampleValue | null>
  /** Bad input and lost sessions: a kebab-case cause and one example. */
  readonly onFault?: (cause: string, example: string) => void
  /** A session begins with its first birth (true) and ends (false). */
  readonly onSession?: (online: boolean) => void
  /** Pause before another attempt to connect, doubled up to 30 s. Default 500 ms. */
  readonly reconnectMs?: number
}

const connectTimeoutMs = 5_000
const keepaliveS = 10
const longestPauseMs = 30_000
/** A dead broker must not keep whoever wants to stop. */
const farewellMs = 1_000

type Devices = Readonly<Record<string, readonly MetricDefinition[]>>
type DeviceTables = Map<string, { readonly table: MetricTable; up: boolean }>

/** One MQTT connection, from the dial to its end. */
interface Session {
  readonly bdSeq: number
  seq: number
  /** Commands can be heard: a host that hears the birth may answer it at once. */
  subscribed: boolean
  born: boolean
  /** Its death is being said, and settles when it is over: nothing of it may be told after that. */
  ending: Promise<void> | null
}

const newSession = (bdSeq: number): Session => ({ bdSeq, seq: 0, subscribed: false, born: false, ending: null })

/**
 * A Sparkplug B edge node: one MQTT 3.1.1 session with births, data by alias, deaths, and commands from hosts. It
 * connects again for ever. It keeps current values only: what changes while it is offline is told by the next birth,
 * and a caller that must lose nothing sends the rest as `historical` changes afterwards.
 */
export class SparkplugEdgeNode {
  readonly #options: EdgeNodeOptions
  #metrics: MetricTable
  #devices: DeviceTables
  #nextAlias = 0
  readonly #bdSeq: BdSeqCounter
  readonly #host: PrimaryHost
  readonly #firstBirth = Promise.withResolvers<void>()
  #client: MqttClient | null = null
  #session = newSession(0)
  #retry: NodeJS.Timeout | null = null
  #failures = 0
  #started = false
  #closed = false

  /** @throws DomainError `invalid` when an id, a metric or a value cannot be announced */
  constructor(options: EdgeNodeOptions) {
    const { group, node, devices = {}, metrics } = options
    assertId('The group id', group)
    assertId('The edge node id', node)
    this.#options = options
    const tables = this.#tablesOf(metrics, devices)
    this.#metrics = tables.metrics
    this.#devices = tables.devices
    this.#bdSeq = new BdSeqCounter(options.bdSeqFile ?? null)
    this.#host = new PrimaryHost()
    // Nobody may wait for the first birth of a node that is closed before.
    this.#firstBirth.promise.catch(() => {})
  }

  /** Born: hosts hear what is published now. */
  get online(): boolean {
    return this.#session.born
  }

  /**
   * Starts to connect, for ever; resolves at the first birth.
   * @throws DomainError `unavailable` when it is closed before
   */
  connect(): Promise<void> {
    if (!this.#started && !this.#closed) {
      this.#started = true
      this.#dial()
    }
    return this.#firstBirth.promise
  }

  /** What was handed to the session and has not left this machine yet: grows while the broker does not read. */
  get backlogBytes(): number {
    return this.#client?.stream.writableLength ?? 0
  }

  /**
   * Replaces all metrics and devices. Hosts hear the death of each device that is gone, then all births anew within the
   * same session; no alias is given a second time.
   * @throws DomainError `invalid` when an id, a metric or a value cannot be announced; then nothing is replaced
   */
  redefine(metrics: readonly MetricDefinition[], devices: Devices): void {
    const tables = this.#tablesOf(metrics, devices)
    const gone = [...this.#devices].filter(([device, { up }]) => up && !tables.devices.has(device))
    this.#metrics = tables.metrics
    this.#devices = tables.devices
    if (!this.#session.born) return
    for (const [device] of gone) this.#send(this.#deviceTopic('DDEATH', device), [])
    this.#birth()
  }

  /**
   * Takes new readings of the edge node (`device` null) or of a device and publishes them as one message; false when
   * nobody was told (offline, or the device is down): the next birth then tells the current values.
   * @throws DomainError `invalid` for a metric that is unknown or a value that does not fit it; then none is taken
   */
  publish(device: string | null, changes: readonly MetricChange[]): boolean {
    const at = this.#options.clock.now()
    const target = device === null ? { table: this.#metrics, up: true } : this.#device(device)
    const metrics = target.table.apply(changes, at)
    if (!this.#session.born || !target.up || metrics.length === 0) return false
    this.#send(device === null ? this.#nodeTopic('NDATA') : this.#deviceTopic('DDATA', device), metrics)
    return true
  }

  /** The current value of a metric. */
  valueOf(device: string | null, name: string): SampleValue | null {
    return (device === null ? this.#metrics : this.#device(device).table).currentValue(name)
  }

  /** The connection to a device is lost: hosts hear its death. */
  deviceDown(device: string): void {
    const target = this.#device(device)
    if (!target.up) return
    target.up = false
    if (this.#session.born) this.#send(this.#deviceTopic('DDEATH', device), [])
  }

  /** A device is back: hosts hear its birth with all current values. */
  deviceUp(device: string): void {
    const target = this.#device(device)
    if (target.up) return
    target.up = true
    if (this.#session.born) this.#send(this.#deviceTopic('DBIRTH', device), target.table.birth())
  }

  /** Breaks the connection off without a word, as a power cut does: the broker tells the death. It dials again by itself. */
  dropConnection(): void {
    this.#client?.stream.destroy()
  }

  /** Says its death and disconnects; safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#retry) clearTimeout(this.#retry)
    this.#firstBirth.reject(new DomainError('unavailable', 'sparkplug.edge-node-closed', 'The edge node was closed'))
    await this.#endSession()
  }

  #device(device: string): { readonly table: MetricTable; up: boolean } {
    const found = this.#devices.get(device)
    if (found) return found
    throw new DomainError('invalid', 'sparkplug.device-unknown', `Device "${device}" is not one of this edge node`)
  }

  /** Tables with aliases of their own: an alias is unique over the edge node and all its devices. */
  #tablesOf(metrics: readonly MetricDefinition[], devices: Devices): { metrics: MetricTable; devices: DeviceTables } {
    const now = this.#options.clock.now()
    let nextAlias = this.#nextAlias
    const tableOf = (definitions: readonly MetricDefinition[]): MetricTable => {
      const table = new MetricTable(definitions, nextAlias, now)
      nextAlias += table.size
      return table
    }
    const own = tableOf(metrics)
    const tables: DeviceTables = new Map()
    for (const [device, definitions] of Object.entries(devices)) {
      assertId('The device id', device)
      tables.set(device, { table: tableOf(definitions), up: true })
    }
    this.#nextAlias = nextAlias
    return { metrics: own, devices: tables }
  }

  #dial(): void {
    try {
      this.#open()
    } catch (error) {
      this.#fault('session-failed', messageOf(error))
      this.#dialLater()
    }
  }

  #open(): void {
    const { url, username, group, node } = this.#options
    const given = this.#options.password
    const password = typeof given === 'function' ? given() : given
    this.#session = newSession(this.#bdSeq.take())
    this.#host.forget()
    const death = encodePayload({ metrics: [this.#bdSeqMetric()] })
    const client = connect(url, {
      protocolVersion: 4,
      clean: true,
      clientId: `edge-${group}-${node}-${this.#session.bdSeq}-${crypto.randomUUID().slice(0, 8)}`,
      // The will carries the count of this very connect, so each connect is a client of its own.
      reconnectPeriod: 0,
      connectTimeout: connectTimeoutMs,
      // Data of QoS 0 is never answered: only a ping that goes out in any case tells a dead broker from a quiet one.
      keepalive: keepaliveS,
      reschedulePings: false,
      will: { topic: this.#nodeTopic('NDEATH'), payload: death, qos: 1, retain: false },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    })
    this.#client = client
    client.on('error', (error) => this.#fault('session-failed', messageOf(error)))
    client.once('close', () => this.#onClose(client))
    client.on('message', (topic, payload) => this.#onMessage(topic, payload))
    client.once('connect', () => void this.#onConnect(client))
  }

  async #onConnect(client: MqttClient): Promise<void> {
    const { group, node, primaryHostId } = this.#options
    const session = this.#session
    const topics = [this.#nodeTopic('NCMD'), deviceTopic(group, 'DCMD', node, '+')]
    if (primaryHostId !== undefined) topics.push(stateTopic(primaryHostId))
    try {
      await client.subscribeAsync(topics, { qos: 1 })
    } catch (error) {
      this.#fault('subscribe-refused', messageOf(error))
      client.stream.destroy()
      return
    }
    this.#failures = 0
    session.subscribed = true
    this.#birthIfDue()
  }

  #birthIfDue(): void {
    const { subscribed, born, ending } = this.#session
    if (!subscribed || born || ending !== null) return
    if (this.#options.primaryHostId === undefined || this.#host.online) this.#birth()
  }

  #onClose(client: MqttClient): void {
    client.removeAllListeners('message')
    client.end(true)
    if (client !== this.#client) return
    this.#client = null
    this.#endBirth()
    this.#dialLater()
  }

  #dialLater(): void {
    if (this.#closed) return
    const pause = Math.min((this.#options.reconnectMs ?? 500) * 2 ** Math.min(this.#failures, 10), longestPauseMs)
    this.#failures += 1
    this.#retry = setTimeout(() => this.#dial(), pause)
  }

  #onMessage(topic: string, payload: Buffer): void {
    if (this.#options.primaryHostId !== undefined && topic === stateTopic(this.#options.primaryHostId)) {
      this.#onState(payload)
      return
    }
    const parsed = parseTopic(topic)
    const target = parsed?.device ? this.#devices.get(parsed.device)?.table : this.#metrics
    if (!parsed || !target) {
      this.#fault('command-device-unknown', topic)
      return
    }
    const { rebirth, writes, faults } = readCommand(payload, parsed.device, target)
    for (const { cause, example } of faults) this.#fault(cause, example)
    if (rebirth && this.#session.born) this.#birth()
    for (const write of writes) void this.#decide(write)
  }

  #onState(payload: Buffer): void {
    const heard = this.#host.hear(payload)
    if (heard === 'malformed') this.#fault('state-malformed', payload.toString('utf8', 0, 100))
    if (heard === 'came-online') this.#birthIfDue()
    // With one broker only, "the next server in the list" is the same one: a new session, and wait there.
    if (heard === 'went-offline') void this.#endSession()
  }

  async #decide(write: MetricWrite): Promise<void> {
    try {
      const value = (await this.#options.onWrite?.(write)) ?? null
      if (value === null) this.#fault('command-refused', `${write.device ?? 'the edge node'}: ${write.name}`)
      else this.publish(write.device, [{ name: write.name, value }])
    } catch (error) {
      this.#fault('command-failed', `${write.name}: ${messageOf(error)}`)
    }
  }

  /** NBIRTH and every DBIRTH in one go: no data message can come between them. */
  #birth(): void {
    const isFirst = !this.#session.born
    this.#session.seq = 0
    this.#session.born = true
    const control = {
      name: rebirthMetric,
      datatype: dataTypeCode.Boolean,
      timestamp: wireTime(this.#options.clock.now()),
      value: { case: 'booleanValue' as const, value: false },
    }
    this.#send(this.#nodeTopic('NBIRTH'), [this.#bdSeqMetric(), control, ...this.#metrics.birth()])
    for (const [device, { table, up }] of this.#devices) {
      if (up) this.#send(this.#deviceTopic('DBIRTH', device), table.birth())
    }
    this.#firstBirth.resolve()
    if (isFirst) this.#options.onSession?.(true)
  }

  #endBirth(): void {
    const wasBorn = this.#session.born
    this.#session.born = false
    if (wasBorn) this.#options.onSession?.(false)
  }

  #bdSeqMetric(): MetricInit {
    return {
      name: bdSeqMetric,
      datatype: dataTypeCode.Int64,
      timestamp: wireTime(this.#options.clock.now()),
      value: { case: 'longValue', value: BigInt(this.#session.bdSeq) },
    }
  }

  #send(topic: string, metrics: MetricInit[]): void {
    const payload = encodePayload({ at: this.#options.clock.now(), seq: this.#session.seq, metrics })
    this.#session.seq = (this.#session.seq + 1) % 256
    this.#client?.publish(topic, payload, { qos: 0, retain: false })
  }

  /** Once for a session, whoever asks for it. */
  #endSession(): Promise<void> {
    const session = this.#session
    if (session.ending !== null) return session.ending
    const over = Promise.withResolvers<void>()
    session.ending = over.promise
    this.#sayDeath().then(over.resolve, over.reject)
    return over.promise
  }

  /** An MQTT 3.1.1 DISCONNECT silences the will, so the death is said first. */
  async #sayDeath(): Promise<void> {
    const client = this.#client
    if (!client) return
    this.#endBirth()
    if (!client.connected) {
      client.end(true)
      return
    }
    const patience = setTimeout(() => client.stream.destroy(), farewellMs)
    const closed = new Promise<void>((resolve) => client.stream.once('close', () => resolve()))
    try {
      const topic = this.#nodeTopic('NDEATH')
      const said = client.publishAsync(topic, encodePayload({ metrics: [this.#bdSeqMetric()] }), { qos: 1 })
      said.catch(() => {})
      await Promise.race([said, closed])
      const ended = client.endAsync()
      ended.catch(() => {})
      await Promise.race([ended, closed])
    } catch (error) {
      this.#fault('session-failed', messageOf(error))
      client.end(true)
    } finally {
      clearTimeout(patience)
    }
  }

  #nodeTopic(message: Parameters<typeof nodeTopic>[1]): string {
    return nodeTopic(this.#options.group, message, this.#options.node)
  }

  #deviceTopic(message: Parameters<typeof deviceTopic>[1], device: string): string {
    return deviceTopic(this.#options.group, message, this.#options.node, device)
  }

  #fault(cause: string, example: string): void {
    this.#options.onFault?.(cause, example)
  }
}
