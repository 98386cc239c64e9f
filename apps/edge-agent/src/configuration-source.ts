import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultRegistry } from '@throughline/edge'
import { messageOf } from '@throughline/kernel'
import { AgentConfiguration, createClient, getAgentConfiguration } from '@throughline/model'
import type { Logger } from 'pino'
import { readApiKey } from './api-key.ts'

export interface ConfigurationSourceConfig {
  readonly agent: string
  readonly serverUrl: string
  readonly apiKeyFile: string
  readonly homeDir: string
  readonly faults: FaultRegistry
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** Called with each configuration that differs from the last, one after the other. */
  readonly onConfiguration: (configuration: AgentConfiguration) => Promise<void>
  /** Default 5 s. */
  readonly pollMs?: number
}

const requestTimeoutMs = 10_000

/** Asks the server for the configuration again and again, and keeps a copy to start from when there is no server. */
export class ConfigurationSource {
  readonly #config: ConfigurationSourceConfig
  readonly #file: string
  readonly #stopping = new AbortController()
  #known: string | null = null
  #trouble: string | null = null
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> = Promise.resolve()

  constructor(config: ConfigurationSourceConfig) {
    this.#config = config
    this.#file = join(config.homeDir, 'configuration.json')
  }

  /** Applies the kept copy, if there is one, and begins to ask. */
  async start(): Promise<void> {
    const kept = this.#readCopy()
    if (kept !== undefined) {
      this.#config.logger.info(`starts with the kept configuration ${kept.version}`)
      this.#known = kept.version
      await this.#config.onConfiguration(kept)
    }
    this.#next(0)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#round
  }

  #next(afterMs: number): void {
    if (this.#stopping.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#round = this.#ask().finally(() => this.#next(this.#config.pollMs ?? 5000))
    }, afterMs)
  }

  async #ask(): Promise<void> {
    const { agent, serverUrl, apiKeyFile, logger } = this.#config
    try {
      const client = createClient({
        baseUrl: serverUrl,
        headers: { authorization: `Bearer ${readApiKey(apiKeyFile)}` },
      })
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(requestTimeoutMs)])
      const { configuration } = await client(getAgentConfiguration, { agent, known: this.#known }, { signal })
      if (this.#trouble !== null) logger.info(`the server at ${serverUrl} answers again`)
      this.#trouble = null
      if (configuration === null) return
      const { connections, tags, version } = configuration
      logger.info(`configuration ${version}: ${connections.length} connections, ${tags.length} tags`)
      await this.#config.onConfiguration(configuration)
      this.#known = version
      this.#keepCopy(configuration)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const trouble = messageOf(error)
      // Every five seconds the same line would bury all others.
      if (trouble !== this.#trouble) logger.warn(`no configuration from ${serverUrl}: ${trouble}; asking on`)
      this.#trouble = trouble
      this.#config.faults.count(agent, 'configuration-unavailable', trouble)
    }
  }

  #readCopy(): AgentConfiguration | undefined {
    let text: string
    try {
      text = readFileSync(this.#file, 'utf8')
    } catch {
      return undefined
    }
    try {
      return AgentConfiguration.parse(JSON.parse(text))
    } catch (error) {
      this.#config.faults.count(
        this.#config.agent,
        'configuration-copy-unreadable',
        `${this.#file}: ${messageOf(error)}`,
      )
      return undefined
    }
  }

  /** Written beside and renamed: a power cut leaves the old copy or the new one. */
  #keepCopy(configuration: AgentConfiguration): void {
    const beside = `${this.#file}.new`
    writeFileSync(beside, JSON.stringify(configuration), { mode: 0o600, flush: true })
    renameSync(beside, this.#file)
  }
}
