import { join } from 'node:path'
import type { MetricChange, MetricDefinition, MetricQuality, SparkplugDataType } from '@throughline/driver-sparkplug'
import { SparkplugEdgeNode } from '@throughline/driver-sparkplug'
import type { FaultRegistry } from '@throughline/edge'
import type { Clock } from '@throughline/kernel'
import { messageOf } from '@throughline/kernel'
import type { AgentConfiguration, AgentStatus, DataType, Quality, Sample } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import type { Logger } from 'pino'
import { readSparkplugPassword } from '../api-key.ts'
import type { SparkplugConfig } from '../config.ts'
import type { PublishedMetric } from './publication.ts'
import { publicationOf } from './publication.ts'

export interface SparkplugPublisherConfig extends SparkplugConfig {
  readonly agent: string
  readonly clock: Clock
  readonly faults: FaultRegistry
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly homeDir: string
}

/** A metric with the newest that is known of its tag. */
interface Published {
  readonly metric: PublishedMetric
  newest: Sample
}

type ConnectionStatus = AgentStatus['connections'][number]

const connectionName = 'sparkplug-publisher'
/** What may wait in the socket; beyond it a slow broker gets only the newest of each metric, when it reads again. */
const maxBacklogBytes = 1024 ** 2
const catchUpMs = 100

const sparkplugTypes: Record<DataType, SparkplugDataType> = {
  double: 'Double',
  int64: 'Int64',
  boolean: 'Boolean',
  string: 'String',
}
/** Sparkplug has three codes only: what is uncertain is neither good nor bad, which is its 500. */
const qualities: Record<Quality, MetricQuality> = { good: 'good', uncertain: 'stale', bad: 'bad' }
const typeOfValue: Record<DataType, string> = {
  double: 'number',
  int64: 'bigint',
  boolean: 'boolean',
  string: 'string',
}

/**
 * Tells the agent's tags to others, as a Sparkplug B edge node with one device per equipment node. It waits for nobody
 * and keeps the newest value of each metric only; it obeys no write: set-points are moved by commands of the server.
 */
export class SparkplugPublisher {
  readonly #config: SparkplugPublisherConfig
  readonly #node: SparkplugEdgeNode
  #published = new Map<string, Published>()
  #plan: string | undefined
  /** Tags whose newest value a slow broker has not been told. */
  readonly #behind = new Set<string>()
  #catchUp: NodeJS.Timeout | undefined
  #status: ConnectionStatus
  #trouble: string | undefined

  constructor(config: SparkplugPublisherConfig) {
    const { url, group, node, username, passwordFile, clock, homeDir } = config
    this.#config = config
    this.#status = { name: connectionName, driver: 'sparkplug', state: 'connecting', since: clock.now(), reason: null }
    this.#node = new SparkplugEdgeNode({
      url,
      group,
      node,
      clock,
      ...(username === null ? {} : { username }),
      ...(passwordFile === null ? {} : { password: () => readSparkplugPassword(passwordFile) }),
      metrics: [],
      bdSeqFile: join(homeDir, `${connectionName}.bdseq`),
      onFault: (cause, example) => this.#onFault(cause, example),
      onSession: (online) => this.#onSession(online),
    })
  }

  /** Announces the tags of the configuration, with what is known of each; nothing is said when they are the same as before. */
  configure(configuration: AgentConfiguration): void {
    const { metrics, unpublishable } = publicationOf(configuration, this.#config)
    for (const path of unpublishable) {
      this.#fault('path-unpublishable', `"${path}" names no metric: it needs a node and a name of its own`)
    }
    const plan = JSON.stringify(metrics)
    if (plan === this.#plan) return
    this.#plan = plan
    this.#published = new Map(metrics.map((metric) => [metric.tag, this.#knownOf(metric)]))
    const devices = Map.groupBy(this.#published.values(), ({ metric }) => metric.device)
    try {
      this.#node.redefine([], Object.fromEntries(Array.from(devices, ([id, each]) => [id, each.map(definitionOf)])))
    } catch (error) {
      this.#fault('publication-failed', messageOf(error))
    }
    // Rejects only when it is closed before the first birth.
    this.#node.connect().catch(() => {})
  }

  /** Tells what the runtime has let pass. Late readings go out as historical, and not at all while the broker is away. */
  take(samples: readonly Sample[]): void {
    const isSlow = this.#node.backlogBytes > maxBacklogBytes
    const changes = new Map<string, MetricChange[]>()
    for (const sample of samples) {
      const published = this.#published.get(sample.tag)
      const change = published && this.#changeOf(published, sample)
      if (published === undefined || change === undefined) continue
      if (isSlow) {
        if (change.historical !== true) this.#behind.add(sample.tag)
        continue
      }
      if (change.historical !== true) this.#behind.delete(sample.tag)
      const { device } = published.metric
      const others = changes.get(device)
      if (others === undefined) changes.set(device, [change])
      else others.push(change)
    }
    this.#publish(changes)
    if (this.#behind.size > 0) this.#catchUpLater()
  }

  /** One line among the agent's connections. */
  status(): ConnectionStatus {
    return this.#status
  }

  /** Says its death, if anybody listens within a second. */
  async stop(): Promise<void> {
    clearTimeout(this.#catchUp)
    await this.#node.close()
  }

  #knownOf(metric: PublishedMetric): Published {
    const before = this.#published.get(metric.tag)
    if (before?.metric.dataType === metric.dataType) return { metric, newest: before.newest }
    const at = this.#config.clock.now()
    const status = statusCode.badWaitingForInitialData
    return { metric, newest: { tag: metric.tag, at, serverAt: at, value: null, status } }
  }

  /** Undefined for what nobody would learn anything from: the same again, or a gap in what is past. */
  #changeOf(published: Published, given: Sample): MetricChange | undefined {
    const sample = this.#fitted(published.metric, given)
    const { newest } = published
    const historical = sample.at < newest.at
    if (historical && sample.value === null) return undefined
    const { value, status } = sample
    if (sample.at === newest.at && value === newest.value && status === newest.status) return undefined
    if (!historical) published.newest = sample
    return changeOf(published.metric.name, sample, historical)
  }

  /** A tag whose data type has changed may be told once more as what it was. */
  #fitted({ dataType, name }: PublishedMetric, sample: Sample): Sample {
    if (sample.value === null || typeof sample.value === typeOfValue[dataType]) return sample
    this.#fault('type-mismatch', `${name} = ${String(sample.value).slice(0, 80)}, announced as ${dataType}`)
    return { ...sample, value: null, status: statusCode.badTypeMismatch }
  }

  #publish(changes: ReadonlyMap<string, readonly MetricChange[]>): void {
    for (const [device, each] of changes) {
      try {
        this.#node.publish(device, each)
      } catch (error) {
        // Whatever is wrong here must not reach the river to the server.
        this.#fault('publish-failed', messageOf(error))
      }
    }
  }

  #catchUpLater(): void {
    if (this.#status.state === 'up') this.#enter('silent', 'connected, but the broker does not read')
    this.#catchUp ??= setTimeout(() => {
      this.#catchUp = undefined
      if (this.#node.backlogBytes > maxBacklogBytes) this.#catchUpLater()
      else this.#tellNewest()
    }, catchUpMs)
  }

  #tellNewest(): void {
    const behind = [...this.#behind].flatMap((tag) => this.#published.get(tag) ?? [])
    this.#behind.clear()
    const devices = Map.groupBy(behind, ({ metric }) => metric.device)
    const changes = Array.from(devices, ([device, each]): [string, MetricChange[]] => [
      device,
      each.map(({ metric, newest }) => changeOf(metric.name, newest, false)),
    ])
    this.#publish(new Map(changes))
    if (this.#status.state === 'silent') this.#enter('up', null)
  }

  #onSession(online: boolean): void {
    if (online) this.#trouble = undefined
    if (online) this.#enter('up', null)
    else this.#enter('down', this.#trouble ?? 'the connection was closed')
  }

  #onFault(cause: string, example: string): void {
    if (cause === 'command-refused') this.#fault('write-refused', example)
    else if (cause !== 'session-failed') this.#fault(cause, example)
    if (cause !== 'session-failed' && cause !== 'subscribe-refused') return
    this.#trouble = example === '' ? 'the broker cannot be reached' : example
    if (!this.#node.online) this.#enter('down', this.#trouble)
  }

  #fault(cause: string, example: string): void {
    this.#config.faults.count(`${this.#config.agent}/${connectionName}`, cause, example)
  }

  #enter(state: ConnectionStatus['state'], reason: string | null): void {
    const { agent, clock, logger, url } = this.#config
    const isSame = state === this.#status.state
    this.#status = { ...this.#status, state, reason, since: isSame ? this.#status.since : clock.now() }
    if (!isSame) {
      logger.info(`${agent}/${connectionName} to ${url} is ${state}${reason === null ? '' : `: ${reason}`}`)
    }
  }
}

function definitionOf({ metric, newest }: Published): MetricDefinition {
  const { value, at, status } = newest
  const { name, dataType } = metric
  return { name, dataType: sparkplugTypes[dataType], value, at, quality: qualities[qualityOf(status)] }
}

const changeOf = (name: string, { value, at, status }: Sample, historical: boolean): MetricChange => {
  return { name, value, at, quality: qualities[qualityOf(status)], historical }
}
