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
import type { Sample, SampleValue } from '@throughline/model'
import { overflowBits, statusCode } from '@throughline/model'
import { parseAddress } from './address.ts'
import { ConditionAlarms } from './condition-alarms.ts'
import { DeviceModel } from './device-model.ts'
import { readAssets, readDevices, readStreams } from './document.ts'
import { codeOf, unavailable } from './failure.ts'
import { Follower } from './follower.ts'
import { HttpClient } from './http-client.ts'
import type { Reading } from './item-table.ts'
import { ItemTable } from './item-table.ts'
import type { MtConnectOptions } from './options.ts'
import { parseOptions } from './options.ts'
import { badSample, toSample } from './value.ts'

/** MTConnect: data items of machine tools, streamed or polled over HTTP. Endpoint `http://host:5000`, read only. */
export const mtconnectDriver: DriverType = {
  name: 'mtconnect',
  create: (config) => new MtConnectDriver(config, parseOptions(config.endpoint, config.options)),
  checkAddress: (address) => {
    parseAddress(address)
  },
}

/** A subscribed tag, and where its value comes from. */
interface Subscribed {
  readonly tag: DriverTag
  readonly attribute: string | null
  /** Undefined when no device has such a data item. */
  readonly itemId: string | undefined
  readonly assetId: string | undefined
  /** What was told last, and when by the process's own clock. */
  last: Sample | undefined
  toldMs: number
}

/** Slow tags are told by the same stream as the fast ones; without any it still shows that the agent lives. */
const maxIntervalMs = 1000

class MtConnectDriver implements Driver {
  readonly #config: DriverConfig
  readonly #options: MtConnectOptions
  readonly #stopping = new AbortController()
  readonly #client: HttpClient
  readonly #table = new ItemTable()
  #model: DeviceModel | undefined
  #listener: DriverListener | undefined
  #follower: Promise<Follower> | undefined
  #tags: readonly Subscribed[] = []
  readonly #alarms = new ConditionAlarms()
  #hasToldAllAlarms = false

  constructor(config: DriverConfig, options: MtConnectOptions) {
    this.#config = config
    this.#options = options
    this.#client = new HttpClient(options)
  }

  async connect(listener: DriverListener): Promise<void> {
    const model = await this.#probe()
    if (this.#stopping.signal.aborted) throw unavailable('closed while dialling')
    this.#model = model
    this.#listener = listener
  }

  async *browse(address: string | null): AsyncIterable<BrowseItem> {
    yield* this.#opened().browse(address)
  }

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    this.#opened()
    const wanted = tags.map((tag) => this.#resolve(tag))
    const table = new ItemTable()
    if (wanted.some(({ itemId }) => itemId !== undefined)) {
      table.replace(readStreams(await this.#client.get('current', {}, this.#stopping.signal)).observations)
    }
    const samples: Sample[] = []
    for (const one of wanted) {
      samples.push(one.assetId === undefined ? this.#present(one, table) : await this.#readAsset(one.tag, one.assetId))
    }
    return samples
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    this.#opened()
    const intervalMs = Math.min(maxIntervalMs, ...tags.map((tag) => tag.sampleMs))
    const follower = await this.#follow(intervalMs)
    this.#tags = tags.map((tag) => this.#resolve(tag))
    follower.intervalMs = intervalMs
    this.#tellPresent()
    await this.#tellAssets(() => true)
  }

  async write(tag: DriverTag, _value: SampleValue): Promise<WriteResult> {
    const [readBack] = await this.read([tag])
    const status = statusCode.badNotWritable
    return { status, readBack: readBack ?? badSample(tag, status, this.#config.clock.now()) }
  }

  async close(): Promise<void> {
    this.#listener = undefined
    this.#stopping.abort()
    this.#client.close()
  }

  #opened(): DeviceModel {
    if (this.#model !== undefined && !this.#stopping.signal.aborted) return this.#model
    throw new DomainError(
      'unavailable',
      'mtconnect.not-connected',
      `${this.#config.name} is not connected to ${this.#config.endpoint}`,
    )
  }

  async #probe(): Promise<DeviceModel> {
    return new DeviceModel(readDevices(await this.#client.get('probe', {}, this.#stopping.signal)).devices)
  }

  /** Begins with the first subscription and goes on through all that follow. */
  async #follow(intervalMs: number): Promise<Follower> {
    this.#follower ??= this.#begin(intervalMs)
    try {
      return await this.#follower
    } catch (error) {
      this.#follower = undefined
      throw error
    }
  }

  async #begin(intervalMs: number): Promise<Follower> {
    const follower = new Follower(
      this.#client,
      this.#options,
      this.#table,
      {
        ...{
          heard: (readings) => this.#tell(readings),
          fault: (cause, example) => this.#listener?.fault(cause, example),
        },
        ...{ renewed: () => this.#renew(), lost: (reason) => this.#lose(reason) },
      },
      this.#stopping,
    )
    await follower.begin(intervalMs)
    this.#tellAlarms(this.#table.all())
    follower.run().catch((error: unknown) => this.#lose(messageOf(error)))
    return follower
  }

  /** The agent began anew: what a name means may have changed with it. */
  async #renew(): Promise<void> {
    this.#model = await this.#probe()
    this.#tags = this.#tags.map(({ tag, last, toldMs }) => ({ ...this.#resolve(tag), last, toldMs }))
    const gone = this.#tags.filter((one) => one.itemId === undefined && one.assetId === undefined)
    this.#report(gone.map((one) => [one, this.#present(one, this.#table)]))
  }

  #lose(reason: string): void {
    const listener = this.#listener
    void this.close()
    listener?.lost(reason)
  }

  #resolve(tag: DriverTag): Subscribed {
    const address = parseAddress(tag.address)
    const nothingTold = { tag, last: undefined, toldMs: 0 }
    if (address.kind === 'asset') {
      return { ...nothingTold, attribute: null, itemId: undefined, assetId: address.assetId }
    }
    const { device, item, attribute } = address
    return { ...nothingTold, attribute, itemId: this.#model?.idOf(device, item), assetId: undefined }
  }

  /** What holds now for a tag of a data item. */
  #present({ tag, attribute, itemId }: Subscribed, table: ItemTable): Sample {
    const now = this.#config.clock.now()
    if (itemId === undefined) return badSample(tag, statusCode.badNodeIdUnknown, now)
    const reading = table.find(itemId)
    if (reading === undefined) return badSample(tag, statusCode.badWaitingForInitialData, now)
    return toSample(tag, attribute, reading, now, this.#onFault)
  }

  readonly #onFault = (cause: string, example: string): void => this.#listener?.fault(cause, example)

  #tellPresent(): void {
    this.#report(
      this.#tags.filter((one) => one.assetId === undefined).map((one) => [one, this.#present(one, this.#table)]),
    )
  }

  #tell(readings: readonly Reading[]): void {
    const byItem = Map.groupBy(this.#tags, (one) => one.itemId)
    const now = this.#config.clock.now()
    const told: [Subscribed, Sample][] = []
    const assets = new Set<string | undefined>()
    for (const reading of readings) {
      if (reading.attributes['assetType'] !== undefined) assets.add(reading.text ?? undefined)
      for (const one of byItem.get(reading.id) ?? []) {
        told.push([one, toSample(one.tag, one.attribute, reading, now, this.#onFault)])
      }
    }
    this.#report(told)
    this.#tellAlarms(readings)
    this.#retell()
    if (assets.size > 0) void this.#tellAssets((assetId) => assets.has(assetId))
  }

  #tellAlarms(readings: readonly Reading[]): void {
    if (!this.#options.alarms) return
    const reports = this.#alarms.hear(readings, this.#config.clock.now())
    if (reports.length > 0) this.#listener?.alarms?.(reports)
    const { standing } = this.#alarms
    if (standing === undefined || this.#hasToldAllAlarms) return
    this.#hasToldAllAlarms = true
    this.#listener?.alarmsComplete?.(standing)
  }

  #report(told: readonly [Subscribed, Sample][]): void {
    const nowMs = performance.now()
    for (const [one, sample] of told) {
      one.last = sample
      one.toldMs = nowMs
    }
    if (told.length > 0) this.#listener?.samples(told.map(([, sample]) => sample))
  }

  /**
   * An agent tells changes only, and its heartbeat is the proof that nothing changed. The last sample is told again with
   * the time of that proof, so that for the edge runtime silence means trouble, and only that.
   */
  #retell(): void {
    const now = this.#config.clock.now()
    const dueMs = performance.now() - this.#options.retellMs
    const due = this.#tags.filter((one) => one.itemId !== undefined && one.last !== undefined && one.toldMs <= dueMs)
    this.#report(due.map((one) => [one, { ...unmarked(one.last as Sample), serverAt: now }]))
  }

  /** Assets are no stream: they are asked for at the beginning, and when the agent says that one changed or went. */
  async #tellAssets(concerned: (assetId: string) => boolean): Promise<void> {
    for (const one of this.#tags) {
      if (one.assetId === undefined || !concerned(one.assetId)) continue
      const sample = await this.#readAsset(one.tag, one.assetId)
      if (this.#tags.includes(one)) this.#report([[one, sample]])
    }
  }

  async #readAsset(tag: DriverTag, assetId: string): Promise<Sample> {
    const now = this.#config.clock.now()
    try {
      const path = `/asset/${encodeURIComponent(assetId)}`
      const assets = readAssets(await this.#client.get(path, {}, this.#stopping.signal))
      const found = assets.get(assetId)
      if (found === undefined) return badSample(tag, statusCode.badNodeIdUnknown, now)
      return { tag: tag.tag, at: found.at ?? now, serverAt: now, value: found.json, status: statusCode.good }
    } catch (error) {
      if (codeOf(error) === 'mtconnect.asset-unknown') return badSample(tag, statusCode.badNodeIdUnknown, now)
      this.#onFault('asset-unreadable', `${tag.address}: ${messageOf(error)}`)
      return badSample(tag, statusCode.badNoCommunication, now)
    }
  }
}

/** Told again, it is no longer the first value after a gap. */
function unmarked(sample: Sample): Sample {
  const isMarked = (sample.status & overflowBits) === overflowBits
  return isMarked ? { ...sample, status: (sample.status & ~overflowBits) >>> 0 } : sample
}
