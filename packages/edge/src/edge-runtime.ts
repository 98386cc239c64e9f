import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AgentConfiguration, AgentStatus, Connection, Sample } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { Logger } from 'pino'
import type { AlarmBuffer } from './alarm/alarm-buffer.ts'
import type { SampleBuffer } from './buffer/sample-buffer.ts'
import type { BackOff, SupervisedTag } from './connection/connection-supervisor.ts'
import { ConnectionSupervisor } from './connection/connection-supervisor.ts'
import type { DocumentBuffer } from './document/document-buffer.ts'
import type { DocumentOutcome, DriverDocument, DriverType } from './driver.ts'
import type { FaultRegistry } from './fault/fault-registry.ts'

export interface EdgeRuntimeConfig {
  /** The agent's name, as the server knows it. */
  readonly agent: string
  readonly driverTypes: readonly DriverType[]
  readonly clock: Clock
  readonly buffer: SampleBuffer
  /** Keeps documents until the server has them. Absent: a driver that brings one is told that it cannot be kept. */
  readonly documents?: DocumentBuffer
  /** Keeps what machines say of their own alarms until the server has it. Absent: nobody wants to know. */
  readonly alarms?: AlarmBuffer
  readonly faults: FaultRegistry
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** Each connection gets a folder of its own below it. */
  readonly homeDir: string
  /** Default: from 0.5 s to at most 5 s. */
  readonly backOff?: BackOff
}

const tickMs = 200
const ticksPerHeartbeat = 5

/**
 * Dials the configured connections, judges what they say and lays it in the buffer. It needs no server: a configuration
 * is enough. Sending what the buffer holds is the agent's work.
 */
export class EdgeRuntime {
  readonly #config: EdgeRuntimeConfig
  readonly #supervisors = new Map<string, ConnectionSupervisor>()
  #version: string | null = null
  #timer: NodeJS.Timeout | undefined
  #ticks = 0

  constructor(config: EdgeRuntimeConfig) {
    this.#config = config
  }

  /** Begins to watch for silence and to leave a sign of life on disk each second. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.tick()
      if (++this.#ticks % ticksPerHeartbeat === 0) this.#heartbeat()
    }, tickMs)
  }

  /**
   * Makes it so: connections that are new or differ are dialled, those no longer named are closed, all others go on
   * undisturbed. What is wrong in the configuration is a fault and spares the rest.
   */
  async configure(configuration: AgentConfiguration): Promise<void> {
    if (this.#version === null) this.#recordCrash(configuration)
    this.#version = configuration.version
    const wanted = new Map(configuration.connections.map((connection) => [connection.name, connection]))
    const gone = [...this.#supervisors].filter(([name, { connection }]) => !isSameDial(wanted.get(name), connection))
    await Promise.all(
      gone.map(async ([name, supervisor]) => {
        this.#supervisors.delete(name)
        await supervisor.stop()
      }),
    )
    const tags = Map.groupBy(configuration.tags, (tag) => tag.source.connection)
    for (const name of tags.keys()) if (!wanted.has(name)) this.#fault('connection-unknown', `a tag names ${name}`)
    for (const connection of wanted.values()) {
      const supervisor = this.#supervisors.get(connection.name) ?? this.#newSupervisor(connection)
      if (supervisor === undefined) continue
      await supervisor.setTags((tags.get(connection.name) ?? []).map(supervisedTag))
      supervisor.start()
    }
  }

  /**
   * Acknowledges an alarm that a machine raised, at that machine.
   * @throws DomainError `not-found` when this agent has no such connection, and as the connection's driver does
   */
  async acknowledge(connection: string, condition: string, handle: string, comment: string): Promise<void> {
    const supervisor = this.#supervisors.get(connection)
    if (supervisor !== undefined) return await supervisor.acknowledge(condition, handle, comment)
    const message = `${this.#config.agent} has no connection ${connection}`
    throw new DomainError('not-found', 'edge.connection-unknown', message, { connection })
  }

  /** Looks for silent sources now. `start` does it several times a second. */
  tick(): void {
    for (const supervisor of this.#supervisors.values()) supervisor.tick()
  }

  /** What the agent says of itself. */
  status(): AgentStatus {
    const { agent, buffer, clock, faults } = this.#config
    return {
      agent,
      online: true,
      at: clock.now(),
      configurationVersion: this.#version,
      bufferedSamples: buffer.pendingSamples,
      lastSequence: buffer.lastSequence,
      acknowledgedSequence: buffer.acknowledgedSequence,
      connections: [...this.#supervisors.values()].map((supervisor) => supervisor.status()),
      faults: faults.list(),
    }
  }

  /** Closes all connections; every tag gets a gap, and the buffer is committed (it stays open). */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop()))
    this.#supervisors.clear()
    this.#config.buffer.flush()
  }

  #newSupervisor(connection: Connection): ConnectionSupervisor | undefined {
    const { driverTypes, agent, clock, faults, logger, buffer } = this.#config
    const driverType = driverTypes.find((type) => type.name === connection.driver)
    if (driverType === undefined) {
      this.#fault('driver-unknown', `${connection.name} asks for ${connection.driver}`)
      return undefined
    }
    const homeDir = join(this.#config.homeDir, connection.name)
    mkdirSync(homeDir, { recursive: true, mode: 0o700 })
    const supervisor = new ConnectionSupervisor({
      agent,
      connection,
      driverType,
      clock,
      homeDir,
      faults,
      logger,
      backOff: this.#config.backOff ?? { firstMs: 500, maxMs: 5000 },
      onSamples: (samples) => buffer.append(samples),
      onDocument: (name, document) => this.#keep(name, document),
      alarms: this.#config.alarms,
    })
    this.#supervisors.set(connection.name, supervisor)
    return supervisor
  }

  #keep(connection: string, document: DriverDocument): Promise<DocumentOutcome> {
    const { documents } = this.#config
    if (documents !== undefined) return documents.put(connection, document)
    throw new DomainError('unavailable', 'edge.documents-unkept', 'This agent keeps no documents')
  }

  /** The agent ended without saying so: from just after its last sign of life nothing is known of any tag. */
  #recordCrash({ tags }: AgentConfiguration): void {
    const { buffer, clock } = this.#config
    if (buffer.crashedAfter === undefined) return
    const at = (buffer.crashedAfter + 1) as Instant
    const serverAt = clock.now()
    const gaps = tags.map(
      (tag): Sample => ({ tag: tag.id, at, serverAt, value: null, status: statusCode.badNoCommunication }),
    )
    this.#fault('agent-crashed', `last seen ${buffer.crashedAfter}`)
    buffer.append(gaps)
  }

  #heartbeat(): void {
    // Before the first configuration the gap of an earlier crash is not recorded yet: its instant must be kept.
    if (this.#version === null) return
    try {
      this.#config.buffer.heartbeat()
    } catch (error) {
      this.#fault('heartbeat-failed', String(error))
    }
  }

  #fault(cause: string, example: string): void {
    this.#config.faults.count(this.#config.agent, cause, example)
  }
}

function supervisedTag(tag: AgentConfiguration['tags'][number]): SupervisedTag {
  const { id, dataType, rangeLow, rangeHigh, deadband, source } = tag
  return {
    driverTag: { tag: id, address: source.address, dataType, sampleMs: source.sampleMs },
    rules: { dataType, scale: source.scale, offset: source.offset, rangeLow, rangeHigh, deadband },
    staleAfterMs: source.staleAfterMs,
  }
}

function isSameDial(wanted: Connection | undefined, running: Connection): boolean {
  const dial = (connection: Connection) =>
    JSON.stringify([connection.driver, connection.endpoint, Object.entries(connection.options).toSorted()])
  return wanted !== undefined && dial(wanted) === dial(running)
}
