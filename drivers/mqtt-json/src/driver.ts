import { join } from 'node:path'
import type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from '@throughline/edge'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { BrokerSession } from './broker-session.ts'
import { HeardIds } from './heard-ids.ts'
import type { Message } from './message.ts'
import { readMessage } from './message.ts'
import type { MqttOptions } from './options.ts'
import { parseOptions } from './options.ts'
import { documentOf, samplesOf } from './readings.ts'
import { SeenTopics } from './seen-topics.ts'
import type { MqttAddress } from './topic.ts'
import { covers, parseAddress } from './topic.ts'

/** JSON messages of a broker: tags by topic and path. Endpoint `mqtt://host:1883` or `mqtts://host:8883`. */
export const mqttJsonDriver: DriverType = {
  name: 'mqtt-json',
  create: (config) => new MqttJsonDriver(config, parseOptions(config.name, config.endpoint, config.options)),
  checkAddress: (address) => {
    parseAddress(address)
  },
}

interface AddressedTag {
  readonly tag: DriverTag
  readonly address: MqttAddress
}

/** What the broker keeps of a topic comes right after the subscription: a tag without any is told as such after this. */
const firstReadingMs = 1500
const maxEarly = 50_000

class MqttJsonDriver implements Driver {
  readonly #config: DriverConfig
  readonly #options: MqttOptions
  readonly #seen = new SeenTopics()
  #session: BrokerSession | undefined
  #listener: DriverListener | undefined
  #ids: HeardIds | undefined
  #tags: readonly AddressedTag[] = []
  #filters = new Set<string>()
  #unheard = new Set<string>()
  /** What came before the tags were known: the broker tells what it kept for this session at once. */
  #early: (() => void)[] | null = []
  #waiting: NodeJS.Timeout | undefined
  #closed = false

  constructor(config: DriverConfig, options: MqttOptions) {
    this.#config = config
    this.#options = options
  }

  async connect(listener: DriverListener): Promise<void> {
    const { topics, documents, id } = this.#options
    const session = new BrokerSession(this.#options, {
      message: (topic, payload, retained) => this.#hear(topic, payload, retained),
      lost: (reason) => {
        void this.#end()
        listener.lost(reason)
      },
    })
    this.#session = session
    if (id !== null) this.#ids = new HeardIds(join(this.#config.homeDir, 'heard-ids.sqlite'))
    // What the broker kept for this session arrives with the connection.
    this.#listener = listener
    try {
      await session.open()
      const refused = await session.subscribe([...topics, ...documents])
      if (refused.length > 0) throw this.#subscriptionRefused(refused)
      this.#filters = new Set([...topics, ...documents])
    } catch (error) {
      await this.#end()
      throw error
    }
    if (this.#closed) {
      await this.#end()
      throw new DomainError(
        'unavailable',
        'mqtt-json.session-ended',
        `${this.#config.name} was closed while it connected`,
      )
    }
  }

  /** The topics that were heard in this session, and what their newest messages hold. */
  async *browse(address: string | null): AsyncIterable<BrowseItem> {
    this.#opened()
    yield* this.#seen.browse(address)
  }

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    const session = this.#opened()
    // Nobody is asked by MQTT: what no subscription covers yet is heard once it is.
    const wanted = tags.map((tag) => parseAddress(tag.address).filter)
    await this.#cover(session, wanted)
    return tags.map((tag) => this.#newest({ tag, address: parseAddress(tag.address) }) ?? this.#without(tag))
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    const session = this.#opened()
    const addressed = tags.map((tag) => ({ tag, address: parseAddress(tag.address) }))
    this.#tags = addressed
    this.#unheard = new Set(tags.map((tag) => tag.tag))
    const early = this.#early
    this.#early = null
    if (early === null) this.#tell(addressed.flatMap((tag) => this.#newest(tag) ?? []))
    else for (const take of early) take()
    const { topics, documents } = this.#options
    const wanted = new Set([...topics, ...documents, ...addressed.map(({ address }) => address.filter)])
    await this.#cover(session, [...wanted])
    const left = [...this.#filters].filter((filter) => !wanted.has(filter))
    await session.unsubscribe(left)
    for (const filter of left) this.#filters.delete(filter)
    clearTimeout(this.#waiting)
    this.#waiting = setTimeout(() => this.#tellUnheard(), firstReadingMs)
  }

  /** A message is nobody's order: set-points do not go this way. */
  async write(tag: DriverTag): Promise<WriteResult> {
    const [readBack] = await this.read([tag])
    return { status: statusCode.badNotWritable, readBack: readBack ?? this.#without(tag) }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  #opened(): BrokerSession {
    if (this.#session?.isOpen === true) return this.#session
    const { name, endpoint } = this.#config
    throw new DomainError('unavailable', 'mqtt-json.not-connected', `${name} is not connected to ${endpoint}`)
  }

  async #end(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#listener = undefined
    clearTimeout(this.#waiting)
    this.#ids?.close()
    this.#ids = undefined
    await session?.close()
  }

  /** One filter that the broker refuses sinks no other: its tags stay without a value, and the fault names it. */
  async #cover(session: BrokerSession, filters: readonly string[]): Promise<void> {
    const missing = [...new Set(filters)].filter((filter) => !this.#filters.has(filter))
    const refused = new Set(await session.subscribe(missing))
    for (const filter of missing) {
      if (refused.has(filter)) this.#listener?.fault('subscribe-refused', filter)
      else this.#filters.add(filter)
    }
  }

  #hear(topic: string, payload: Buffer, retained: boolean): void {
    const listener = this.#listener
    if (listener === undefined) return
    const { message, faults } = readMessage(topic, payload, retained, this.#config.clock.now(), this.#options)
    for (const { cause, example } of faults) listener.fault(cause, example)
    if (message === null) return
    // What the broker kept is told to each new session: it is old, and no repetition.
    if (!retained && message.id !== null && this.#ids?.has(message.id) === true) {
      listener.fault('message-duplicate', message.id)
      return
    }
    this.#seen.put(message)
    if (message.id !== null) this.#ids?.add(message.id)
    const take = (): void => this.#take(listener, message, payload)
    if (this.#early === null) take()
    else if (this.#early.length < maxEarly) this.#early.push(take)
    else listener.fault('early-overflow', message.topic)
  }

  #take(listener: DriverListener, message: Message, payload: Buffer): void {
    const { topic } = message
    this.#tell(this.#tags.flatMap((tag) => this.#samples(tag, message)))
    if (this.#options.documents.some((filter) => covers(filter, topic))) this.#hand(listener, message, payload)
  }

  #hand(listener: DriverListener, message: Message, payload: Buffer): void {
    const { topic } = message
    const parsed = documentOf(message, this.#options)
    try {
      listener
        .document({ name: topic.slice(0, 1000), kind: 'json', bytes: payload, parsed })
        .then(({ outcome, reason }) => {
          if (outcome === 'refused') this.#listener?.fault('document-refused', `${topic}: ${reason}`)
        })
        .catch((error: unknown) => this.#listener?.fault('document-unkept', `${topic}: ${messageOf(error)}`))
    } catch (error) {
      // Without a place to keep it, it must not count as heard: the session ends and the broker keeps what follows.
      void this.#end()
      listener.lost(messageOf(error))
    }
  }

  #samples({ tag, address }: AddressedTag, message: Message): Sample[] {
    if (!covers(address.filter, message.topic)) return []
    return samplesOf(tag, address.path, message, this.#options, ({ cause, example }) =>
      this.#listener?.fault(cause, example),
    )
  }

  #newest(tag: AddressedTag): Sample | undefined {
    const { filter, path } = tag.address
    const message = this.#seen.newest(filter, ({ body }) => path.firstIn(body) !== undefined)
    return message && this.#samples(tag, message).at(-1)
  }

  #tell(samples: Sample[]): void {
    if (samples.length === 0) return
    for (const sample of samples) this.#unheard.delete(sample.tag)
    this.#listener?.samples(samples)
  }

  #tellUnheard(): void {
    this.#tell(this.#tags.flatMap(({ tag }) => (this.#unheard.has(tag.tag) ? this.#without(tag) : [])))
  }

  #without(tag: DriverTag): Sample {
    const at = this.#config.clock.now()
    return { tag: tag.tag, at, serverAt: at, value: null, status: statusCode.badWaitingForInitialData }
  }

  #subscriptionRefused(filters: readonly string[]): DomainError {
    const text = `The broker at ${this.#options.url} does not let ${this.#options.clientId} hear ${filters.join(', ')}`
    return new DomainError('forbidden', 'mqtt-json.subscribe-refused', text)
  }
}
