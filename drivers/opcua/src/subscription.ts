import type { DriverTag } from '@throughline/edge'
import type { Clock, Instant } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { overflowBits, statusCode } from '@throughline/model'
import type {
  DataChangeNotification,
  EventNotificationList,
  MonitoredItemCreateResult,
  NodeId,
  NotificationMessage,
  PublishResponse,
  StatusChangeNotification,
} from 'node-opcua'
import { AttributeIds, MonitoringMode, PublishRequest, TimestampsToReturn } from 'node-opcua'
import type { AlarmStream } from './alarm-stream.ts'
import { batchesOf } from './batch.ts'
import type { TellFault } from './decode.ts'
import { instantOf, toSample } from './decode.ts'
import { firstLineOf } from './failure.ts'
import type { Link } from './link.ts'
import { findNodeId } from './node-id.ts'

/** The server must say something at least this often, changes or not. */
const keepAliveMs = 1000
/** So many keep-alives may fail to come before the server counts as frozen. */
const missedKeepAlives = 3
/** Answers travel while the server already holds the next requests. */
const publishesInFlight = 3
const publishTimeoutMs = 60_000

export interface SubscriptionListener {
  samples(samples: Sample[]): void
  fault: TellFault
  lost(reason: string): void
}

interface Item {
  readonly tag: DriverTag
  readonly handle: number
  serverId: number
  last: Sample | null
  /** Monotonic milliseconds of when a sample of it was told. */
  toldMs: number
}

/**
 * The one subscription of a link, driven by plain service calls: node-opcua's own subscription class tells one event a
 * value, has no watchdog, and hides what the server revised.
 */
export class Subscription {
  readonly #link: Link
  readonly #clock: Clock
  readonly #listener: SubscriptionListener
  readonly #id: number
  readonly #silenceMs: number
  readonly #items = new Map<number, Item>()
  readonly #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = []
  #nextHandle = 1
  #nextSequence = 1
  #inFlight = 0
  #stopped = false
  #heardMs = performance.now()
  #sweptMs = 0
  #watchdog: NodeJS.Timeout | undefined
  #replacing: Promise<void> = Promise.resolve()
  #alarms: AlarmStream | undefined

  private constructor(link: Link, clock: Clock, listener: SubscriptionListener, id: number, silenceMs: number) {
    this.#link = link
    this.#clock = clock
    this.#listener = listener
    this.#id = id
    this.#silenceMs = silenceMs
  }

  /** Creates it on the server and begins to listen: from now on a frozen server is noticed. */
  static async open(link: Link, clock: Clock, listener: SubscriptionListener): Promise<Subscription> {
    const { publishingMs } = link.options
    const keepAliveCount = Math.ceil(keepAliveMs / publishingMs)
    const created = await link.ask(
      link.session.createSubscription({
        requestedPublishingInterval: publishingMs,
        requestedMaxKeepAliveCount: keepAliveCount,
        requestedLifetimeCount: keepAliveCount * 10,
        maxNotificationsPerPublish: 0,
        publishingEnabled: true,
        priority: 1,
      }),
      'creating the subscription',
    )
    if (created.revisedPublishingInterval > publishingMs) {
      listener.fault('publishing-revised', `asked for ${publishingMs} ms, got ${created.revisedPublishingInterval} ms`)
    }
    const revisedKeepAliveMs = created.revisedPublishingInterval * created.revisedMaxKeepAliveCount
    const silenceMs = missedKeepAlives * Math.max(revisedKeepAliveMs, keepAliveMs)
    const subscription = new Subscription(link, clock, listener, created.subscriptionId, silenceMs)
    for (let i = 0; i < publishesInFlight; i++) subscription.#publish()
    subscription.#watch(silenceMs)
    return subscription
  }

  /** Follows the alarms of the server too; one that has none goes on telling its values. */
  async followAlarms(alarms: AlarmStream): Promise<void> {
    // Listed before the server is asked: a first event may arrive ahead of the answer.
    this.#alarms = alarms
    const { itemToMonitor, requestedParameters } = alarms.request
    const item = {
      ...{ itemToMonitor, monitoringMode: MonitoringMode.Reporting },
      requestedParameters: { ...requestedParameters, clientHandle: this.#nextHandle++ },
    }
    const response = await this.#link.ask(
      this.#link.session.createMonitoredItems({
        ...{ subscriptionId: this.#id, timestampsToReturn: TimestampsToReturn.Both, itemsToCreate: [item] },
      }),
      'creating the monitored item for alarms',
    )
    const status = response.results?.[0]?.statusCode
    if (status?.isGoodish() === true) alarms.begin(this.#id)
    else this.#listener.fault('alarms-refused', status?.name ?? 'no answer')
  }

  /** Nothing is told afterwards. The server forgets the subscription with the session. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#watchdog)
    this.#alarms?.stop()
    this.#items.clear()
  }

  /** Makes `tags` the reported set; calls that come while one is at work wait for it. */
  async replace(tags: readonly DriverTag[]): Promise<void> {
    const turn = this.#replacing.then(async () => await this.#replace(tags))
    this.#replacing = turn.catch(() => {})
    await turn
  }

  async #replace(tags: readonly DriverTag[]): Promise<void> {
    const wanted = new Map(tags.map((tag) => [keyOf(tag), tag]))
    const dropped: Item[] = []
    const kept: Item[] = []
    for (const item of this.#items.values()) {
      // Kept items stay on the server: reconfiguring one tag must not cut a hole into the others.
      if (wanted.delete(keyOf(item.tag))) kept.push(item)
      else dropped.push(item)
    }
    for (const item of dropped) this.#items.delete(item.handle)
    this.#tell(kept.flatMap((item) => (item.last === null ? [] : [item.last])))
    for (const batch of batchesOf(dropped, this.#link.limits.itemsPerCall)) await this.#delete(batch)
    await this.#create([...wanted.values()])
  }

  async #delete(items: readonly Item[]): Promise<void> {
    const monitoredItemIds = items.map((item) => item.serverId)
    const { session } = this.#link
    await this.#link.ask(
      session.deleteMonitoredItems({ subscriptionId: this.#id, monitoredItemIds }),
      'removing monitored items',
    )
  }

  async #create(tags: readonly DriverTag[]): Promise<void> {
    const known: { tag: DriverTag; nodeId: NodeId }[] = []
    const unknown: Sample[] = []
    for (const tag of tags) {
      const nodeId = findNodeId(tag.address, this.#link.namespaces)
      if (nodeId !== undefined) known.push({ tag, nodeId })
      else {
        this.#listener.fault('namespace-unknown', `the server has no namespace for ${tag.address}`)
        unknown.push(this.#refusalOf(tag, statusCode.badNodeIdUnknown))
      }
    }
    this.#tell(unknown)
    for (const batch of batchesOf(known, this.#link.limits.itemsPerCall)) await this.#createBatch(batch)
  }

  async #createBatch(batch: readonly { tag: DriverTag; nodeId: NodeId }[]): Promise<void> {
    const { session, options } = this.#link
    // Listed before the server is asked: a first value may arrive ahead of the answer.
    const items = batch.map(({ tag }) => this.#enlist(tag))
    try {
      const response = await this.#link.ask(
        session.createMonitoredItems({
          subscriptionId: this.#id,
          timestampsToReturn: TimestampsToReturn.Both,
          itemsToCreate: batch.map(({ tag, nodeId }, index) => ({
            itemToMonitor: { nodeId, attributeId: AttributeIds.Value },
            monitoringMode: MonitoringMode.Reporting,
            requestedParameters: {
              clientHandle: items[index]?.handle ?? 0,
              samplingInterval: tag.sampleMs,
              queueSize: options.queueSize,
              discardOldest: true,
            },
          })),
        }),
        'creating monitored items',
      )
      const refused: Sample[] = []
      for (const [index, item] of items.entries()) {
        const result = response.results?.[index]
        const status = result === undefined ? statusCode.badDecodingError : result.statusCode.value >>> 0
        if (result !== undefined && status >>> 30 === 0) this.#accept(item, result)
        else {
          this.#items.delete(item.handle)
          refused.push(this.#refusalOf(item.tag, status))
        }
      }
      this.#tell(refused)
    } catch (error) {
      for (const item of items) this.#items.delete(item.handle)
      throw error
    }
  }

  #enlist(tag: DriverTag): Item {
    const item = { tag, handle: this.#nextHandle++, serverId: 0, last: null, toldMs: performance.now() }
    this.#items.set(item.handle, item)
    return item
  }

  #accept(item: Item, result: MonitoredItemCreateResult): void {
    item.serverId = result.monitoredItemId
    const { queueSize } = this.#link.options
    if (result.revisedQueueSize < queueSize) {
      const revised = `${item.tag.address}: asked for a queue of ${queueSize}, got ${result.revisedQueueSize}`
      this.#listener.fault('queue-revised', revised)
    }
    if (result.revisedSamplingInterval > item.tag.sampleMs) {
      const revised = `${item.tag.address}: asked for ${item.tag.sampleMs} ms, got ${result.revisedSamplingInterval} ms`
      this.#listener.fault('sampling-revised', revised)
    }
  }

  #refusalOf(tag: DriverTag, status: number): Sample {
    const now = this.#clock.now()
    return { tag: tag.tag, at: now, serverAt: now, value: null, status }
  }

  #tell(samples: Sample[]): void {
    if (!this.#stopped && samples.length > 0) this.#listener.samples(samples)
  }

  #publish(): void {
    const request = new PublishRequest({
      requestHeader: { timeoutHint: publishTimeoutMs },
      subscriptionAcknowledgements: this.#acknowledgements.splice(0),
    })
    this.#inFlight++
    this.#link.session.publish(request, (error, response) => {
      this.#inFlight--
      if (this.#stopped) return
      if (error || response === undefined) this.#publishFailed(error)
      else {
        try {
          this.#hear(response)
        } catch (thrown) {
          // node-opcua would swallow it, and the publishing would end unnoticed.
          this.#listener.fault('notification-failed', firstLineOf(thrown))
        }
        if (!this.#stopped) this.#publish()
      }
    })
  }

  #publishFailed(error: Error | null): void {
    const reason = firstLineOf(error ?? 'no answer')
    // The server holds fewer requests than we like: go on with those it took.
    if (/BadTooManyPublishRequests/.test(reason) && this.#inFlight > 0) return
    this.#lose(`the server ended the publishing: ${reason}`)
  }

  #hear(response: PublishResponse): void {
    this.#heardMs = performance.now()
    // Of a subscription that an earlier session left behind.
    if (response.subscriptionId !== this.#id) return
    const message = response.notificationMessage
    for (const notification of message.notificationData ?? []) {
      if (notification === null) continue
      const name = notification.schema.name
      if (name === 'DataChangeNotification') this.#hearChanges(notification as DataChangeNotification)
      else if (name === 'EventNotificationList') this.#alarms?.hear(notification as EventNotificationList)
      else if (name === 'StatusChangeNotification') {
        const { status } = notification as StatusChangeNotification
        this.#lose(`the server ended the subscription: ${status.name}`)
        return
      } else this.#listener.fault('notification-unknown', `the server sent a ${name}`)
    }
    this.#countSequence(message)
    this.#retell(instantOf(response.responseHeader.timestamp, 0))
  }

  #hearChanges(notification: DataChangeNotification): void {
    const now = this.#clock.now()
    const samples: Sample[] = []
    for (const { clientHandle, value } of notification.monitoredItems ?? []) {
      const item = this.#items.get(clientHandle)
      // A tag that was replaced while its value was on the way.
      if (item === undefined) continue
      const sample = toSample(
        { tag: item.tag.tag, address: item.tag.address, dataType: item.tag.dataType },
        value,
        now,
        this.#listener.fault,
      )
      if ((sample.status & overflowBits) === overflowBits) {
        this.#listener.fault('queue-overflow', `${item.tag.address}: values before ${sample.at} are missing`)
      }
      item.last = sample
      item.toldMs = this.#heardMs
      samples.push(sample)
    }
    this.#tell(samples)
  }

  /** A keep-alive carries the number of the next message, a notification its own: a jump means that one never came. */
  #countSequence(message: NotificationMessage): void {
    const isKeepAlive = (message.notificationData ?? []).length === 0
    const { sequenceNumber } = message
    if (sequenceNumber > this.#nextSequence) {
      const missing = sequenceNumber - this.#nextSequence
      this.#listener.fault('notification-lost', `${missing} messages before number ${sequenceNumber}`)
    }
    if (isKeepAlive) {
      this.#nextSequence = sequenceNumber
      return
    }
    this.#acknowledgements.push({ subscriptionId: this.#id, sequenceNumber })
    this.#nextSequence = sequenceNumber === 0xffff_ffff ? 1 : sequenceNumber + 1
  }

  /**
   * OPC UA is silent about what does not change, and the keep-alive is its proof that nothing did. The last sample is
   * told again with the server's time of that proof, so that for the edge runtime silence means trouble, and only that.
   */
  #retell(provenAt: Instant | null): void {
    const nowMs = this.#heardMs
    const { retellMs } = this.#link.options
    if (nowMs - this.#sweptMs < retellMs / 4) return
    this.#sweptMs = nowMs
    const samples: Sample[] = []
    for (const item of this.#items.values()) {
      if (item.last === null || nowMs - item.toldMs < retellMs) continue
      item.toldMs = nowMs
      item.last = { ...unchanged(item.last), serverAt: latest(item.last.serverAt, provenAt) }
      samples.push(item.last)
    }
    this.#tell(samples)
  }

  #watch(afterMs: number): void {
    this.#watchdog = setTimeout(() => {
      // An answer may be waiting in the socket because this process was busy: let the event loop read it first.
      setImmediate(() => {
        if (this.#stopped) return
        const silentMs = performance.now() - this.#heardMs
        if (silentMs < this.#silenceMs) this.#watch(this.#silenceMs - silentMs)
        else this.#lose(`no publish response for ${Math.round(silentMs)} ms`)
      })
    }, afterMs)
  }

  #lose(reason: string): void {
    if (this.#stopped) return
    this.stop()
    this.#listener.lost(reason)
  }
}

function keyOf(tag: DriverTag): string {
  return JSON.stringify([tag.tag, tag.address, tag.dataType, tag.sampleMs])
}

/** Told again, it is no longer the first value after an overflow. */
function unchanged(sample: Sample): Sample {
  const overflowed = (sample.status & overflowBits) === overflowBits
  return overflowed ? { ...sample, status: (sample.status & ~overflowBits) >>> 0 } : sample
}

function latest(a: Instant, b: Instant | null): Instant {
  return b !== null && b > a ? b : a
}
