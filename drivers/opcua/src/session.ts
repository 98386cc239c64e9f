import type { BrowseItem, Driver, DriverConfig, DriverListener, DriverTag, WriteResult } from '@throughline/edge'
import { DomainError } from '@throughline/kernel'
import type { Sample, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { NodeId } from 'node-opcua'
import { AttributeIds } from 'node-opcua'
import { AlarmStream } from './alarm-stream.ts'
import { batchesOf } from './batch.ts'
import { browseChildren } from './browse.ts'
import { DataTypeTree } from './data-type-tree.ts'
import { toSample } from './decode.ts'
import { Link } from './link.ts'
import { findNodeId } from './node-id.ts'
import type { OpcUaOptions } from './options.ts'
import { Subscription } from './subscription.ts'
import { writeValue } from './write.ts'

/** One session and all that hangs on it; made by `open`, gone with the first break. */
export class OpcUaSession implements Omit<Driver, 'connect'> {
  readonly #config: DriverConfig
  readonly #listener: DriverListener
  readonly #link: Link
  readonly #types: DataTypeTree
  #subscription: Subscription | null = null
  #alarms: AlarmStream | null = null
  #isOver = false

  private constructor(config: DriverConfig, listener: DriverListener, link: Link) {
    this.#config = config
    this.#listener = listener
    this.#link = link
    this.#types = new DataTypeTree(link)
  }

  /** @throws DomainError; the listener hears nothing of a session that never opened */
  static async open(
    config: DriverConfig,
    options: OpcUaOptions,
    listener: DriverListener,
    signal: AbortSignal,
  ): Promise<OpcUaSession> {
    const opening: { session: OpcUaSession | null; broken: string | null } = { session: null, broken: null }
    const lost = (reason: string): void => {
      if (opening.session === null) opening.broken = reason
      else opening.session.#lose(reason)
    }
    const { name, clock, homeDir } = config
    const link = await Link.open({ name, options, clock, homeDir }, signal, lost)
    const session = new OpcUaSession(config, listener, link)
    const fault = (cause: string, example: string): void => {
      if (!session.#isOver) listener.fault(cause, example)
    }
    const samples = (told: Sample[]): void => {
      if (!session.#isOver) listener.samples(told)
    }
    try {
      session.#subscription = await Subscription.open(link, clock, { samples, fault, lost })
      if (options.alarms) await session.#followAlarms(session.#subscription)
      signal.throwIfAborted()
      if (opening.broken !== null) throw new DomainError('unavailable', 'opcua.broken', opening.broken)
    } catch (error) {
      session.#isOver = true
      session.#subscription?.stop()
      await link.cut()
      throw error
    }
    opening.session = session
    return session
  }

  get isOver(): boolean {
    return this.#isOver
  }

  async *browse(address: string | null): AsyncIterable<BrowseItem> {
    yield* browseChildren(this.#link, this.#types, address)
  }

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    const { session, namespaces, limits } = this.#link
    const now = this.#config.clock.now()
    const samples: Sample[] = tags.map(({ tag }) => ({
      tag,
      at: now,
      serverAt: now,
      value: null,
      status: statusCode.badNodeIdUnknown,
    }))
    const known: { index: number; tag: DriverTag; nodeId: NodeId }[] = []
    for (const [index, tag] of tags.entries()) {
      const nodeId = findNodeId(tag.address, namespaces)
      if (nodeId !== undefined) known.push({ index, tag, nodeId })
    }
    const readAll = async (): Promise<void> => {
      for (const batch of batchesOf(known, limits.nodesPerRead)) {
        const nodes = batch.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value }))
        const answers = await session.read(nodes, 0)
        for (const [position, { index, tag }] of batch.entries()) {
          const answer = answers[position]
          if (answer !== undefined) samples[index] = toSample(tag, answer, this.#config.clock.now(), this.#fault)
        }
      }
    }
    await this.#link.ask(readAll(), 'reading')
    return samples
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    await this.#subscription?.replace(tags)
  }

  async write(tag: DriverTag, value: SampleValue): Promise<WriteResult> {
    const status = await writeValue(this.#link, this.#types, tag, value)
    const [readBack] = await this.read([tag])
    if (readBack === undefined)
      throw new DomainError('defect', 'opcua.read-back-missing', 'a read of one tag gave none')
    return { status, readBack }
  }

  async acknowledge(condition: string, handle: string, comment: string): Promise<void> {
    if (this.#alarms === null) {
      const { name } = this.#config
      throw new DomainError('invalid', 'opcua.alarms-off', `${name} follows no alarms: set its option alarms to true`)
    }
    await this.#alarms.acknowledge(condition, handle, comment)
  }

  async #followAlarms(subscription: Subscription): Promise<void> {
    const alarms = new AlarmStream(this.#link, this.#config.clock, {
      alarms: (reports) => {
        if (!this.#isOver) this.#listener.alarms?.(reports)
      },
      alarmsComplete: (conditions) => {
        if (!this.#isOver) this.#listener.alarmsComplete?.(conditions)
      },
      fault: this.#fault,
    })
    this.#alarms = alarms
    await subscription.followAlarms(alarms)
  }

  async close(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    this.#subscription?.stop()
    await this.#link.end()
  }

  readonly #fault = (cause: string, example: string): void => {
    if (!this.#isOver) this.#listener.fault(cause, example)
  }

  #lose(reason: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#subscription?.stop()
    // The server does not answer any more: nothing of the hanging up can fail in a way that anyone could use.
    void this.#link.cut().catch(() => {})
    this.#listener.lost(reason)
  }
}
