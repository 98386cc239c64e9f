import type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Sample, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { formatAddress, formatPlace, parseAddress } from '../address.ts'
import { modelTypeOf } from '../data-type.ts'
import { encodePayload, rebirthMetric } from '../payload.ts'
import { deviceTopic, nodeTopic, parseTopic } from '../topic.ts'
import { fitTo } from '../value.ts'
import { HostSession } from './host-session.ts'
import type { KnownMetric } from './node-model.ts'
import type { HostOptions } from './options.ts'
import { parseOptions } from './options.ts'
import { PlantModel } from './plant-model.ts'
import type { Reading } from './reading.ts'
import { RebirthLimiter } from './rebirth-limiter.ts'
import { writeCommand } from './write.ts'

/** Sparkplug B as a host application: everything that edge nodes behind one broker tell, and writes by command. */
export const sparkplugDriver: DriverType = {
  name: 'sparkplug',
  create: (config) => new SparkplugDriver(config),
  checkAddress: (address) => void parseAddress(address),
}

interface Waiter {
  readonly address: string
  hear(reading: Reading): void
  fail(error: DomainError): void
}

class SparkplugDriver implements Driver {
  readonly #config: DriverConfig
  readonly #options: HostOptions
  readonly #plant: PlantModel
  readonly #rebirths: RebirthLimiter
  readonly #waiters = new Set<Waiter>()
  #listener: DriverListener | null = null
  #session: HostSession | null = null
  #tagsByAddress = new Map<string, DriverTag[]>()
  #closed = false
  /** Readings of one message go to the listener together. */
  #collected: Sample[] = []

  constructor(config: DriverConfig) {
    this.#config = config
    this.#options = parseOptions(config.name, config.endpoint, config.options)
    this.#rebirths = new RebirthLimiter(this.#options.rebirthIntervalMs, (group, node) => this.#askRebirth(group, node))
    this.#plant = new PlantModel(
      {
        reading: (metric, reading) => this.#onReading(metric, reading),
        fault: (cause, example) => this.#listener?.fault(cause, example),
        born: (group, node, device) => this.#onBorn(group, node, device),
        rebirthNeeded: (group, node) => this.#rebirths.request(group, node),
      },
      config.clock,
      this.#options.reorderTimeoutMs,
    )
  }

  async connect(listener: DriverListener): Promise<void> {
    if (this.#closed || this.#session) {
      throw new DomainError('conflict', 'sparkplug.already-used', 'This session was opened or closed before')
    }
    this.#listener = listener
    this.#session = new HostSession(this.#options, this.#config.clock, {
      message: (topic, payload) => this.#onMessage(topic, payload),
      lost: (reason) => this.#onLost(reason),
      fault: (cause, example) => this.#listener?.fault(cause, example),
    })
    try {
      await this.#session.open()
    } catch (error) {
      this.#end()
      throw error
    }
  }

  async *browse(address: string | null): AsyncIterable<BrowseItem> {
    this.#assertOpen()
    const [group, node, device, ...rest] = address === null ? [] : address.split('/')
    for (const model of this.#plant.nodes) {
      const place = formatPlace(model.group, model.node, null)
      if (group === undefined) yield folder(place)
      else if (place !== `${group}/${node}` || rest.length > 0) continue
      else if (device === undefined) {
        for (const id of model.devices) yield folder(formatPlace(model.group, model.node, id))
        for (const metric of model.metricsOf(null)) yield variable(metric)
      } else {
        const found = model.devices.find((id) => formatPlace(model.group, model.node, id) === address)
        for (const metric of found === undefined ? [] : model.metricsOf(found)) yield variable(metric)
      }
    }
  }

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    this.#assertOpen()
    return tags.map((tag) => this.#current(tag))
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    this.#assertOpen()
    this.#tagsByAddress = Map.groupBy(tags, (tag) => canonical(tag.address))
    for (const tag of tags) {
      const { group, node, device } = parseAddress(tag.address)
      // Births are not retained: a node that was born before we came must be asked to say again what it has. Until it
      // answers nothing is known of its tags, not even that they are unknown.
      const model = this.#plant.nodeOf(group, node)
      if (model?.hasAnnounced(device)) this.#collected.push(this.#current(tag))
      if (!model?.online) this.#rebirths.request(group, node)
    }
    this.#deliver()
  }

  async write(tag: DriverTag, value: SampleValue): Promise<WriteResult> {
    const session = this.#assertOpen()
    const place = parseAddress(tag.address)
    const metric = this.#plant.find(place)
    const before = this.#current(tag)
    if (!metric || metric.current.status === statusCode.badNoCommunication) {
      return { status: before.status, readBack: before }
    }
    const { payload, expected } = writeCommand(metric, value, this.#config.clock)
    const { group, node, device } = place
    const topic = device === null ? nodeTopic(group, 'NCMD', node) : deviceTopic(group, 'DCMD', node, device)
    const told = this.#nextReading(metric.address, expected)
    session.command(topic, payload)
    const reading = await told
    if (!reading) return { status: statusCode.badNoCommunication, readBack: this.#current(tag) }
    const readBack = this.#sampleOf(tag.tag, tag.dataType, reading)
    const isAsWritten = reading.value === expected
    return { status: isAsWritten ? readBack.status : statusCode.badOutOfRange, readBack }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#listener = null
    const session = this.#session
    this.#end()
    await session?.close()
  }

  #assertOpen(): HostSession {
    if (this.#session?.isOpen) return this.#session
    throw new DomainError('unavailable', 'sparkplug.not-connected', `${this.#config.name} has no open session`)
  }

  #onMessage(topic: string, payload: Buffer): void {
    const parsed = parseTopic(topic)
    if (parsed) this.#plant.hear(parsed, payload)
    else this.#listener?.fault('topic-unknown', topic.slice(0, 200))
    this.#deliver()
  }

  #onReading(metric: KnownMetric, reading: Reading): void {
    for (const waiter of this.#waiters) if (waiter.address === metric.address) waiter.hear(reading)
    const tags = this.#tagsByAddress.get(metric.address)
    if (tags) for (const tag of tags) this.#collected.push(this.#sampleOf(tag.tag, tag.dataType, reading))
    else if (this.#options.discover && metric.type !== 'uncarried') {
      this.#collected.push(this.#sampleOf(metric.address, null, reading))
    }
  }

  /** Tags that the birth of their own edge node or device did not announce are told as unknown. */
  #onBorn(group: string, node: string, device: string | null): void {
    if (device === null) this.#rebirths.satisfied(group, node)
    const start = `${formatPlace(group, node, device)}:`
    for (const [address, tags] of this.#tagsByAddress) {
      if (!address.startsWith(start) || this.#plant.find(parseAddress(address))) continue
      for (const tag of tags) this.#collected.push(this.#current(tag))
    }
  }

  #onLost(reason: string): void {
    const listener = this.#listener
    this.#listener = null
    this.#end()
    listener?.lost(reason)
  }

  #end(): void {
    this.#plant.close()
    this.#rebirths.close()
    const error = new DomainError('unavailable', 'sparkplug.not-connected', `${this.#config.name} lost its session`)
    for (const waiter of this.#waiters) waiter.fail(error)
    this.#waiters.clear()
  }

  #deliver(): void {
    if (this.#collected.length === 0) return
    const samples = this.#collected
    this.#collected = []
    this.#listener?.samples(samples)
  }

  /** What is known of a tag now; its `serverAt` is the broker's last sign of life, so that memory is told from news. */
  #current(tag: DriverTag): Sample {
    const place = parseAddress(tag.address)
    const metric = this.#plant.find(place)
    const serverAt = this.#session?.heardAt ?? this.#config.clock.now()
    if (metric) return this.#sampleOf(tag.tag, tag.dataType, metric.current, serverAt)
    const isBorn = this.#plant.nodeOf(place.group, place.node)?.hasAnnounced(place.device)
    this.#plant.noteUnknown(place, serverAt)
    const status = isBorn ? statusCode.badNodeIdUnknown : statusCode.badWaitingForInitialData
    return { tag: tag.tag, at: serverAt, serverAt, value: null, status }
  }

  /** `dataType` null leaves the value in the metric's own type. */
  #sampleOf(tag: string, dataType: DriverTag['dataType'] | null, reading: Reading, serverAt?: Instant): Sample {
    const { at, value, status } = reading
    const sample = { tag, at, serverAt: serverAt ?? this.#config.clock.now(), value, status }
    if (value === null || dataType === null) return sample
    const fitted = fitTo(dataType, value)
    if (fitted.problem === null) return { ...sample, value: fitted.value }
    this.#listener?.fault(fitted.problem, `${tag} = ${String(value).slice(0, 80)}, asked for as ${dataType}`)
    return { ...sample, value: null, status: fitted.status }
  }

  /**
   * The reading that tells that a write was obeyed; at the time-out the last other one that was told meanwhile, null
   * for none. A process value may be told once more before the write has taken effect, so the first is not the answer.
   */
  #nextReading(address: string, expected: SampleValue): Promise<Reading | null> {
    return new Promise((resolve, reject) => {
      let last: Reading | null = null
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
      }
      const waiter: Waiter = {
        address,
        hear: (reading) => {
          if (reading.historical) return
          last = reading
          if (reading.value !== expected) return
          settle()
          resolve(reading)
        },
        fail: (error) => {
          settle()
          reject(error)
        },
      }
      const timer = setTimeout(() => {
        settle()
        resolve(last)
      }, this.#options.timeoutMs)
      this.#waiters.add(waiter)
    })
  }

  #askRebirth(group: string, node: string): void {
    const metrics = [{ name: rebirthMetric, value: { case: 'booleanValue' as const, value: true } }]
    this.#session?.command(nodeTopic(group, 'NCMD', node), encodePayload({ at: this.#config.clock.now(), metrics }))
  }
}

const canonical = (address: string): string => formatAddress(parseAddress(address))

const folder = (address: string): BrowseItem => ({
  address,
  name: address.slice(address.lastIndexOf('/') + 1),
  kind: 'folder',
  dataType: null,
  writable: false,
})

/** Sparkplug does not say what may be written: the edge node decides when it is asked. */
const variable = ({ address, name, type }: KnownMetric): BrowseItem => ({
  address,
  name,
  kind: 'variable',
  dataType: type === 'uncarried' ? null : modelTypeOf(type),
  writable: type !== 'uncarried',
})
