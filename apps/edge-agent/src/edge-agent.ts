import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DriverType } from '@throughline/edge'
import { AlarmBuffer, DocumentBuffer, EdgeRuntime, FaultRegistry } from '@throughline/edge'
import type { Clock } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { AgentStatus } from '@throughline/model'
import type { Logger } from 'pino'
import { readApiKey } from './api-key.ts'
import { CommandDesk } from './command/command-desk.ts'
import type { Config } from './config.ts'
import { ConfigurationSource } from './configuration-source.ts'
import { DocumentUplink } from './document/document-uplink.ts'
import { AlarmUplink } from './machine-alarm/alarm-uplink.ts'
import { ObservedBuffer } from './observed-buffer.ts'
import { withoutOwnEcho } from './sparkplug-publisher/own-echo.ts'
import { SparkplugPublisher } from './sparkplug-publisher/sparkplug-publisher.ts'
import { Uplink } from './uplink.ts'

const drainMs = 2000

/** One edge agent: drivers, judgement, durable buffer and the way up. It dials out only and runs on without a server. */
export class EdgeAgent {
  readonly #buffer: ObservedBuffer
  readonly #alarms: AlarmBuffer
  readonly #commands: CommandDesk
  readonly #documents: DocumentBuffer
  readonly #runtime: EdgeRuntime
  readonly #source: ConfigurationSource
  readonly #uplink: Uplink
  readonly #publisher: SparkplugPublisher | undefined
  #stopped: Promise<void> | undefined

  /** @throws DomainError `invalid` or `unavailable` when the key, the home or the buffer cannot be used, naming it */
  constructor(config: Config, driverTypes: readonly DriverType[], clock: Clock, logger: Pick<Logger, 'info' | 'warn'>) {
    const { agent, homeDir, apiKeyFile, serverUrl, mqttUrl } = config
    readApiKey(apiKeyFile)
    try {
      mkdirSync(homeDir, { recursive: true, mode: 0o700 })
    } catch (error) {
      const message = `The edge agent cannot use ${homeDir}: ${messageOf(error)}. Set THROUGHLINE_HOME to a writable folder`
      throw new DomainError('invalid', 'edge-agent.home-unusable', message, { homeDir }, error)
    }
    const faults = new FaultRegistry(clock, logger)
    const file = join(homeDir, 'buffer.sqlite')
    const buffering = { file, agent, clock, faults, maxBytes: config.bufferMaxBytes }
    this.#buffer = new ObservedBuffer(buffering, (samples) => this.#publisher?.take(samples))
    this.#alarms = new AlarmBuffer({ file: join(homeDir, 'alarms.sqlite'), agent, clock, faults })
    this.#commands = new CommandDesk({
      ...{ agent, file: join(homeDir, 'commands.sqlite'), clock, faults },
      handlers: {
        'acknowledge-alarm': ({ connection, condition, handle, comment }) =>
          this.#runtime.acknowledge(connection, condition, handle, comment),
      },
    })
    this.#documents = new DocumentBuffer({ file: join(homeDir, 'documents.sqlite'), clock })
    const connections = join(homeDir, 'connections')
    const shared = { agent, faults, logger, buffer: this.#buffer }
    const { sparkplug } = config
    this.#publisher = sparkplug && new SparkplugPublisher({ ...shared, ...sparkplug, clock, homeDir })
    const heard = sparkplug ? driverTypes.map((type) => withoutOwnEcho(type, sparkplug)) : driverTypes
    const alarms = this.#alarms
    const documents = this.#documents
    this.#runtime = new EdgeRuntime({ ...shared, alarms, documents, driverTypes: heard, clock, homeDir: connections })
    const documentUplink = new DocumentUplink(agent, documents, faults)
    const parts = [new AlarmUplink(agent, alarms, faults), this.#commands, documentUplink]
    this.#uplink = new Uplink({ ...shared, mqttUrl, apiKeyFile, status: () => this.status(), parts })
    this.#source = new ConfigurationSource({
      ...shared,
      serverUrl,
      apiKeyFile,
      homeDir,
      onConfiguration: async (configuration) => {
        // First, so that the first reading of a new tag finds its metric announced.
        this.#publisher?.configure(configuration)
        await this.#runtime.configure(configuration)
      },
    })
  }

  async start(): Promise<void> {
    this.#runtime.start()
    this.#uplink.start()
    await this.#source.start()
  }

  status(): AgentStatus {
    const status = this.#runtime.status()
    if (this.#publisher === undefined) return status
    return { ...status, connections: [...status.connections, this.#publisher.status()] }
  }

  /** Closes the drivers, sends what can be sent in two seconds, says good-bye; the rest stays on disk. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#end()
    await this.#stopped
  }

  async #end(): Promise<void> {
    await this.#source.stop()
    await this.#runtime.stop()
    await Promise.all([this.#publisher?.stop(), this.#uplink.drain(drainMs)])
    await this.#uplink.stop()
    this.#buffer.close()
    this.#alarms.close()
    this.#commands.close()
    this.#documents.close()
  }
}
