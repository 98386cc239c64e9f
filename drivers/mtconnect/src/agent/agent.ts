import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf, toIso } from '@throughline/kernel'
import type { AgentAsset } from './assets.ts'
import { AssetStore, printAsset } from './assets.ts'
import type { AgentDevice, PlacedItem } from './device.ts'
import { placedItems, printDevice } from './device.ts'
import { element, printDocument } from './markup.ts'
import type { BufferedObservation, ObservedValue } from './observation-buffer.ts'
import { ObservationBuffer } from './observation-buffer.ts'
import { printStreams } from './print-streams.ts'
import type { Question } from './question.ts'
import { AgentRefusal, readQuestion } from './question.ts'
import { SampleStream } from './sample-stream.ts'

export interface MtConnectAgentConfig {
  readonly devices: readonly AgentDevice[]
  readonly clock: Clock
  /** 0 or left out = any free one; a later `listen` keeps it. */
  readonly port?: number
  /** How many observations it keeps. */
  readonly bufferSize?: number
  readonly sender?: string
}

/** An MTConnect agent on loopback: probe, current, sample (also as a stream) and assets of devices that somebody feeds. */
export class MtConnectAgent {
  readonly #config: MtConnectAgentConfig
  readonly #items = new Map<string, PlacedItem>()
  readonly #assets = new AssetStore()
  readonly #sockets = new Set<Socket>()
  readonly #streams = new Set<SampleStream>()
  readonly #beganAt: Instant
  #buffer: ObservationBuffer
  #instanceId: string
  #server: Server | undefined
  #port: number
  #hanging = false
  #saysNext: string | undefined

  constructor(config: MtConnectAgentConfig) {
    this.#config = config
    this.#port = config.port ?? 0
    this.#beganAt = config.clock.now()
    for (const device of config.devices)
      for (const placed of placedItems(device)) this.#items.set(placed.item.id, placed)
    this.#buffer = this.#emptyBuffer()
    this.#instanceId = this.#newInstance()
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Connections that are open now. */
  get openConnections(): number {
    return this.#sockets.size
  }

  /** @throws DomainError `conflict` when the port is taken */
  async listen(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response))
    server.keepAliveTimeout = 60_000
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject)
    server.listen(this.#port, '127.0.0.1', resolve)
    try {
      await promise
    } catch (error) {
      throw new DomainError(
        'conflict',
        'mtconnect.port-in-use',
        `The MTConnect agent cannot listen on port ${this.#port}: ${messageOf(error)}`,
        { port: this.#port },
        error,
      )
    }
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    this.#hanging = false
  }

  /** Cuts every connection and listens no more; what it holds is kept. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const stream of this.#streams) stream.end()
    if (server === undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    this.cutConnections()
    await promise
  }

  /** From now on it accepts connections and says nothing, also on open streams. */
  hang(): void {
    this.#hanging = true
    for (const stream of this.#streams) stream.end()
  }

  /** Cuts every connection, as a proxy does that lets no answer last; who dials again finds all as it was. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Says this next, on every open stream or (when there is none) as its next answer: what a broken agent might say. */
  sayNext(text: string): void {
    for (const stream of this.#streams) stream.write(text)
    this.#saysNext = this.#streams.size === 0 ? text : undefined
  }

  /** Forgets all it holds and numbers observations anew, as an agent that was started again; open connections are cut. */
  beginAnew(): void {
    this.#buffer = this.#emptyBuffer()
    this.#instanceId = this.#newInstance()
    this.cutConnections()
  }

  /** The data item has this value since `at`; null = UNAVAILABLE. The same value again is no observation. */
  set(id: string, value: ObservedValue, at: Instant): void {
    const placed = this.#items.get(id)
    if (placed === undefined)
      throw new DomainError('not-found', 'mtconnect.item-unknown', `No data item is called ${id}`)
    if (placed.item.category !== 'CONDITION' && this.#buffer.newest(id)?.value === value) return
    this.#buffer.add({ placed, at, value })
  }

  /** What the data item shows now; null = UNAVAILABLE. Undefined for a condition or an unknown id. */
  valueOf(id: string): string | null | undefined {
    const value = this.#buffer.newest(id)?.value
    return typeof value === 'object' && value !== null ? undefined : value
  }

  /** A new or changed asset: kept, and told by the device's ASSET_CHANGED. */
  putAsset(asset: AgentAsset, at: Instant): void {
    this.#assets.put(asset, at)
    this.#tellAsset('ASSET_CHANGED', asset, at)
  }

  /** The asset is gone: told by the device's ASSET_REMOVED. */
  removeAsset(assetId: string, at: Instant): void {
    const asset = this.#assets.find(assetId)
    if (asset === undefined || !this.#assets.remove(assetId, at)) return
    this.#tellAsset('ASSET_REMOVED', asset, at)
  }

  #tellAsset(type: string, { assetId, kind, deviceUuid }: AgentAsset, at: Instant): void {
    for (const placed of this.#items.values()) {
      if (placed.item.type !== type || placed.device.uuid !== deviceUuid) continue
      this.#buffer.add({ placed, at, value: assetId, assetType: kind })
    }
  }

  #emptyBuffer(): ObservationBuffer {
    const buffer = new ObservationBuffer(this.#config.bufferSize ?? 4096)
    const at = this.#config.clock.now()
    for (const placed of this.#items.values()) {
      // Who says that an asset changed names its kind, also when there is none yet.
      const isAboutAssets = placed.item.type.startsWith('ASSET_')
      buffer.add({ placed, at, value: null, ...(isAboutAssets ? { assetType: 'UNAVAILABLE' } : {}) })
    }
    return buffer
  }

  /** Differs from the one before, also within the same second. */
  #newInstance(): string {
    return String(Math.max(Math.floor(this.#config.clock.now() / 1e6), Number(this.#instanceId ?? 0) + 1))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#hanging) return
    const broken = this.#saysNext
    this.#saysNext = undefined
    if (broken !== undefined) {
      this.#say(response, 200, broken)
      return
    }
    try {
      const question = readQuestion(request, this.#config.devices, this.#buffer)
      if (question.kind === 'sample' && question.intervalMs !== null) this.#openStream(question, response)
      else this.#say(response, 200, this.#documentFor(question))
    } catch (error) {
      if (!(error instanceof AgentRefusal)) throw error
      this.#say(response, error.status, this.#errorDocument(error))
    }
  }

  #say(response: ServerResponse, status: number, document: string): void {
    response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(document) })
    response.end(document)
  }

  #documentFor(question: Question): string {
    switch (question.kind) {
      case 'probe': {
        const body = `<Devices>${question.devices.map(printDevice).join('')}</Devices>`
        const { capacity: assetBufferSize, count: assetCount } = this.#assets
        return printDocument('Devices', { ...this.#modelHeader(), assetBufferSize, assetCount }, body)
      }
      case 'current':
        return this.#streamsDocument(
          question,
          this.#buffer.picture(question.at ?? undefined),
          this.#buffer.nextSequence,
        )
      case 'sample': {
        const { observations, next } = this.#buffer.from(question.from, question.count)
        return this.#streamsDocument(question, observations, next)
      }
      case 'asset':
        return this.#assetsDocument(question.assetIds)
    }
  }

  #openStream(question: Extract<Question, { kind: 'sample' }>, response: ServerResponse): void {
    const stream = new SampleStream(response, question, (from) => {
      if (from < this.#buffer.firstSequence) {
        const text = `${from} is no longer in the buffer, which begins with ${this.#buffer.firstSequence}`
        return { document: this.#errorDocument(new AgentRefusal(404, 'OUT_OF_RANGE', text)), count: 0, next: null }
      }
      const { observations, next } = this.#buffer.from(from, question.count)
      const count = observations.length
      return { document: () => this.#streamsDocument(question, observations, next), count, next }
    })
    this.#streams.add(stream)
    response.once('close', () => {
      stream.end()
      this.#streams.delete(stream)
    })
  }

  #streamsDocument(
    { devices }: { readonly devices: readonly AgentDevice[] },
    observations: readonly BufferedObservation[],
    nextSequence: number,
  ): string {
    const { firstSequence } = this.#buffer
    const lastSequence = this.#buffer.nextSequence - 1
    const own = observations.filter((one) => devices.includes(one.placed.device))
    return printDocument(
      'Streams',
      { ...this.#modelHeader(), nextSequence, firstSequence, lastSequence },
      printStreams(own),
    )
  }

  #assetsDocument(assetIds: readonly string[] | null): string {
    const assets = assetIds === null ? this.#assets.list() : assetIds.map((assetId) => this.#assetOf(assetId))
    const { capacity: assetBufferSize, count: assetCount } = this.#assets
    const { bufferSize: _unused, ...header } = this.#modelHeader()
    return printDocument(
      'Assets',
      { ...header, assetBufferSize, assetCount },
      `<Assets>${assets.map(printAsset).join('')}</Assets>`,
    )
  }

  #assetOf(assetId: string) {
    const asset = this.#assets.find(assetId)
    if (asset === undefined) throw new AgentRefusal(404, 'ASSET_NOT_FOUND', `There is no asset ${assetId}`)
    return asset
  }

  #errorDocument({ errorCode, message }: AgentRefusal): string {
    return printDocument('Error', this.#header(), `<Errors>${element('Error', { errorCode }, message)}</Errors>`)
  }

  #modelHeader() {
    return { ...this.#header(), deviceModelChangeTime: toIso(this.#beganAt) }
  }

  #header() {
    const { clock, sender = 'agent' } = this.#config
    const creationTime = toIso(clock.now())
    return { version: '2.4', creationTime, sender, instanceId: this.#instanceId, bufferSize: this.#buffer.capacity }
  }
}
