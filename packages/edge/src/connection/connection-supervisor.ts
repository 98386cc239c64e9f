import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { AgentStatus, Connection, Sample } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { Logger } from 'pino'
import type { AlarmBuffer } from '../alarm/alarm-buffer.ts'
import type { DocumentOutcome, Driver, DriverDocument, DriverListener, DriverTag, DriverType } from '../driver.ts'
import type { FaultRegistry } from '../fault/fault-registry.ts'
import type { TagRules } from '../reading/rules.ts'
import { TagStream } from '../reading/tag-stream.ts'

/** A tag of this connection: how the driver asks for it, and how its readings are judged. */
export interface SupervisedTag {
  readonly driverTag: DriverTag
  readonly rules: TagRules
  readonly staleAfterMs: number
}

export interface SupervisorConfig {
  readonly agent: string
  readonly connection: Connection
  readonly driverType: DriverType
  readonly clock: Clock
  readonly homeDir: string
  readonly faults: FaultRegistry
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly backOff: BackOff
  readonly onSamples: (samples: Sample[]) => void
  /** Keeps what the device says of its own alarms; undefined = nobody wants them. */
  readonly alarms: AlarmBuffer | undefined
  readonly onDocument: (connection: string, document: DriverDocument) => Promise<DocumentOutcome>
}

/** Waits between attempts to connect: doubling from `firstMs` to at most `maxMs`, each shortened at random by up to half. */
export interface BackOff {
  readonly firstMs: number
  readonly maxMs: number
}

type State = AgentStatus['connections'][number]['state']

/** A device that invents sources without end must not exhaust the agent. */
const maxUnmapped = 10_000
const unmappedRules: TagRules = { dataType: null, scale: 1, offset: 0, rangeLow: null, rangeHigh: null, deadband: 0 }

/** Keeps one connection alive for as long as it is configured, and judges what comes over it. */
export class ConnectionSupervisor {
  readonly connection: Connection
  readonly #config: SupervisorConfig
  readonly #source: string
  readonly #stopping = new AbortController()
  readonly #streams = new Map<string, TagStream>()
  readonly #unmapped = new Map<string, TagStream>()
  #tags: readonly SupervisedTag[] = []
  #driver: Driver | undefined
  /** Settles the session that runs now. */
  #endSession: (reason: string) => void = () => {}
  #state: State = 'connecting'
  #since: Instant
  #reason: string | null = null
  #asking = false
  #running: Promise<void> | undefined

  constructor(config: SupervisorConfig) {
    this.#config = config
    this.connection = config.connection
    this.#source = `${config.agent}/${config.connection.name}`
    this.#since = config.clock.now()
  }

  start(): void {
    // What an earlier run of the agent heard may have changed since.
    if (this.#running === undefined) this.#config.alarms?.lost(this.connection.name)
    this.#running ??= this.#run()
  }

  /** Replaces the tags; a running session goes on, and is asked anew only when what it must ask for differs. */
  async setTags(tags: readonly SupervisedTag[]): Promise<void> {
    const accepted = tags.filter((tag) => this.#accepts(tag))
    const before = JSON.stringify(this.#tags.map((tag) => tag.driverTag))
    const isSame = before === JSON.stringify(accepted.map((tag) => tag.driverTag))
    this.#tags = accepted
    const names = new Set(accepted.map((tag) => tag.driverTag.tag))
    for (const name of this.#streams.keys()) if (!names.has(name)) this.#streams.delete(name)
    for (const { driverTag, rules, staleAfterMs } of accepted) {
      const stream = this.#streams.get(driverTag.tag)
      if (stream === undefined) this.#streams.set(driverTag.tag, new TagStream(driverTag.tag, rules, staleAfterMs))
      else stream.configure(rules, staleAfterMs)
      this.#unmapped.delete(`${this.#source}/${driverTag.address}`)
    }
    if (isSame || this.#driver === undefined || this.#state === 'connecting' || this.#state === 'down') return
    try {
      await this.#subscribe(this.#driver)
    } catch (error) {
      this.#endSession(messageOf(error))
    }
  }

  /** Ends the session; every tag gets a gap, because nobody listens from now on. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#endSession('the agent stopped')
    await this.#running
  }

  /** Looks for silence. Called several times a second. */
  tick(): void {
    if (this.#state !== 'up' && this.#state !== 'silent') return
    const now = this.#config.clock.now()
    const stale = [...this.#streams.values()].flatMap((stream) => stream.staleSample(now) ?? [])
    if (stale.length > 0) this.#config.onSamples(stale)
    if (!this.#asking) {
      const silent = this.#tags.filter(({ driverTag }) => this.#streams.get(driverTag.tag)?.shouldAsk(now))
      if (silent.length > 0) void this.#ask(silent.map((tag) => tag.driverTag))
    }
    this.#noteSilence()
  }

  /**
   * Acknowledges an alarm at the device.
   * @throws DomainError `unavailable` while nobody is connected, `invalid` when the protocol cannot, and as the driver does
   */
  async acknowledge(condition: string, handle: string, comment: string): Promise<void> {
    const { name, driver: protocol } = this.connection
    if (this.#driver === undefined) {
      throw new DomainError('unavailable', 'edge.not-connected', `${name} is not connected: ${this.#reason ?? ''}`)
    }
    if (this.#driver.acknowledge === undefined) {
      throw new DomainError('invalid', 'edge.not-acknowledgeable', `${name} (${protocol}) takes no acknowledgement`)
    }
    await this.#driver.acknowledge(condition, handle, comment)
  }

  status(): AgentStatus['connections'][number] {
    const { name, driver } = this.connection
    return { name, driver, state: this.#state, since: this.#since, reason: this.#reason }
  }

  #accepts({ driverTag }: SupervisedTag): boolean {
    try {
      this.#config.driverType.checkAddress(driverTag.address)
      return true
    } catch (error) {
      this.#config.faults.count(this.#source, 'address-invalid', messageOf(error))
      // Asked for once in a configuration, answered once: nothing will ever come from such an address.
      const now = this.#config.clock.now()
      const sample = { tag: driverTag.tag, at: now, serverAt: now, value: null, status: statusCode.badNodeIdUnknown }
      this.#config.onSamples([sample])
      return false
    }
  }

  async #run(): Promise<void> {
    const { firstMs, maxMs } = this.#config.backOff
    let waitMs = firstMs
    while (!this.#stopping.signal.aborted) {
      const { reason, delivered } = await this.#session()
      this.#recordGaps()
      this.#config.alarms?.lost(this.connection.name)
      if (this.#stopping.signal.aborted) return
      this.#enter('down', reason)
      if (delivered) waitMs = firstMs
      await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: this.#stopping.signal }).catch(() => {})
      waitMs = Math.min(waitMs * 2, maxMs)
    }
  }

  /** One session from dial to loss; `delivered` when it brought readings. */
  async #session(): Promise<{ reason: string; delivered: boolean }> {
    const { driverType, connection, clock, homeDir } = this.#config
    const ended = Promise.withResolvers<string>()
    let over = false
    let delivered = false
    this.#endSession = (reason) => {
      over = true
      ended.resolve(reason)
    }
    const listener: DriverListener = {
      samples: (samples) => {
        if (over) return
        delivered = true
        this.#take(samples)
      },
      lost: (reason) => this.#endSession(reason),
      fault: (cause, example) => this.#config.faults.count(this.#source, cause, example),
      alarms: (reports) => {
        if (!over) this.#config.alarms?.hear(connection.name, reports)
      },
      alarmsComplete: (conditions) => {
        if (!over) this.#config.alarms?.complete(connection.name, conditions)
      },
      document: (document) => this.#config.onDocument(connection.name, document),
    }
    let driver: Driver | undefined
    try {
      const { name, endpoint, options } = connection
      driver = driverType.create({ name, endpoint, options, clock, homeDir })
      if (this.#state !== 'down') this.#enter('connecting', null)
      const dialled = driver.connect(listener).then(() => undefined)
      // Stopping must not wait for a dead peer's time-out; the late outcome of the dial is then nobody's business.
      dialled.catch(() => {})
      const early = await Promise.race([dialled, ended.promise])
      if (early !== undefined) return { reason: early, delivered }
      this.#driver = driver
      const subscribed = this.#subscribe(driver).then(() => undefined)
      subscribed.catch(() => {})
      const lost = await Promise.race([subscribed, ended.promise])
      if (lost !== undefined) return { reason: lost, delivered }
      this.#enter('up', null)
      return { reason: await ended.promise, delivered }
    } catch (error) {
      const kind = error instanceof DomainError ? error.kind : 'defect'
      if (kind !== 'unavailable') this.#config.faults.count(this.#source, `connect-${kind}`, messageOf(error))
      return { reason: messageOf(error), delivered }
    } finally {
      over = true
      this.#driver = undefined
      await driver?.close().catch((error: unknown) => {
        this.#config.faults.count(this.#source, 'close-failed', messageOf(error))
      })
    }
  }

  /** Subscribes to the tags as they are now, also when they are replaced while the device still answers. */
  async #subscribe(driver: Driver): Promise<void> {
    let asked: readonly SupervisedTag[]
    do {
      asked = this.#tags
      const now = this.#config.clock.now()
      for (const stream of this.#streams.values()) stream.expect(now)
      await driver.subscribe(asked.map((tag) => tag.driverTag))
    } while (asked !== this.#tags && driver === this.#driver)
  }

  #take(raws: readonly Sample[]): void {
    const now = this.#config.clock.now()
    const reported: Sample[] = []
    for (const raw of raws) {
      const stream = this.#streams.get(raw.tag) ?? this.#unmappedStream(raw.tag)
      if (stream !== undefined) reported.push(...stream.take(raw, now, this.#countFault))
    }
    if (reported.length > 0) this.#config.onSamples(reported)
    if (this.#state === 'silent') this.#noteSilence()
  }

  readonly #countFault = ({ cause, example }: { cause: string; example: string }): void => {
    this.#config.faults.count(this.#source, cause, example)
  }

  /** A source that no tag asks for is parked under its own name, so that it can be mapped later without loss. */
  #unmappedStream(address: string): TagStream | undefined {
    const tag = `${this.#source}/${address}`
    const known = this.#unmapped.get(tag)
    if (known !== undefined) return known
    if (this.#unmapped.size >= maxUnmapped || tag.length > 500) {
      this.#config.faults.count(this.#source, 'unmapped-refused', tag)
      return undefined
    }
    const stream = new TagStream(tag, unmappedRules, 0)
    this.#unmapped.set(tag, stream)
    return stream
  }

  /** A value that rests is not reported again by protocols that tell changes only: asking tells rest from death. */
  async #ask(tags: readonly DriverTag[]): Promise<void> {
    const driver = this.#driver
    if (driver === undefined) return
    this.#asking = true
    try {
      const answers = await driver.read(tags)
      if (driver !== this.#driver) return
      const now = this.#config.clock.now()
      const reported = answers.flatMap((raw) => this.#streams.get(raw.tag)?.confirm(raw, now, this.#countFault) ?? [])
      if (reported.length > 0) this.#config.onSamples(reported)
      this.#noteSilence()
    } catch {
      // No answer is what the watchdog reports in its own time: the tags turn stale.
    } finally {
      this.#asking = false
    }
  }

  #recordGaps(): void {
    const now = this.#config.clock.now()
    const streams = [...this.#streams.values(), ...this.#unmapped.values()]
    const gaps = streams.flatMap((stream) => stream.gapSample(now) ?? [])
    if (gaps.length > 0) this.#config.onSamples(gaps)
  }

  #noteSilence(): void {
    const streams = [...this.#streams.values()]
    const isSilent = streams.length > 0 && streams.every((stream) => stream.isStale)
    if (isSilent && this.#state === 'up') this.#enter('silent', 'connected, but no tag was heard in its time')
    if (!isSilent && this.#state === 'silent') this.#enter('up', null)
  }

  #enter(state: State, reason: string | null): void {
    if (state !== this.#state) {
      this.#since = this.#config.clock.now()
      if (state !== 'connecting')
        this.#config.logger.info(`${this.#source} is ${state}${reason === null ? '' : `: ${reason}`}`)
    }
    this.#state = state
    this.#reason = reason
  }
}
