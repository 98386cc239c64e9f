import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '@throughline/kernel'
import type { StreamsDocument } from './document.ts'
import { readStreams } from './document.ts'
import { codeOf, instanceChanged, sequenceGap, unavailable } from './failure.ts'
import type { HttpClient } from './http-client.ts'
import type { ItemTable, Reading } from './item-table.ts'
import type { MtConnectOptions } from './options.ts'
import type { OnFault } from './value.ts'

export interface FollowerListener {
  /** What holds now for the items that were observed; empty for a sign of life. */
  heard(readings: readonly Reading[]): void
  fault: OnFault
  /** The agent began anew: its devices may be others. */
  renewed(): Promise<void>
  /** The agent cannot be followed any longer. */
  lost(reason: string): void
}

/** How often in a row something may go wrong, with no document understood in between. */
const patience = 3
/** What is said against a stream by an agent or a proxy that will not carry one. */
const refusals = ['mtconnect.agent-refused', 'mtconnect.http-status', 'mtconnect.not-an-agent']
/** A client that polls leaves the agent this much peace. */
const shortestPollMs = 100

/**
 * Follows one agent from sequence to sequence: the picture of all (`current`) first, then what comes after it (`sample`), as a
 * stream or, where the way carries none, by asking again. Nothing is taken twice; what the agent threw away unread is
 * told as missing.
 */
export class Follower {
  readonly #client: HttpClient
  readonly #options: MtConnectOptions
  readonly #table: ItemTable
  readonly #listener: FollowerListener
  readonly #stopping: AbortController
  /** Aborted to ask anew with another interval. */
  #asking = new AbortController()
  #intervalMs = 1000
  #streams: boolean
  #instanceId = ''
  #next = 0
  /** Observations asked for at once. */
  #count: number
  /** Failures in a row. */
  #trouble = 0

  constructor(
    client: HttpClient,
    options: MtConnectOptions,
    table: ItemTable,
    listener: FollowerListener,
    stopping: AbortController,
  ) {
    this.#client = client
    this.#options = options
    this.#table = table
    this.#listener = listener
    this.#stopping = stopping
    this.#streams = options.stream
    this.#count = options.count
  }

  /** How often the agent shall tell what it has. */
  set intervalMs(value: number) {
    if (value === this.#intervalMs) return
    this.#intervalMs = value
    this.#asking.abort()
  }

  /** Takes the first picture; its readings go to nobody, the table has them. */
  async begin(intervalMs: number): Promise<void> {
    this.#intervalMs = intervalMs
    const { header, observations } = await this.#ask('current', {})
    this.#instanceId = header.instanceId
    this.#next = header.nextSequence
    this.#table.replace(observations)
  }

  /** Goes on for ever; ends when stopped or when the agent is lost. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#listen()
      } catch (error) {
        if (this.#isStopped) return
        const reason = await this.#answer(error)
        if (reason !== undefined && !this.#isStopped) this.#listener.lost(reason)
        if (reason !== undefined) return
      }
    }
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Until the stream ends or something goes wrong. */
  async #listen(): Promise<void> {
    if (!this.#streams) return await this.#poll()
    const asking = new AbortController()
    this.#asking = asking
    const { heartbeatMs: heartbeat } = this.#options
    const parameters = { from: this.#next, interval: this.#intervalMs, heartbeat, count: this.#count }
    const signal = AbortSignal.any([this.#stopping.signal, asking.signal])
    let documents = 0
    try {
      for await (const root of this.#client.stream('sample', parameters, signal)) {
        this.#take(readStreams(root))
        documents++
      }
    } catch (error) {
      if (!asking.signal.aborted) throw error
    }
    // An answer that ends at once with what there was is no stream: something on the way carries none.
    if (documents <= 1 && !asking.signal.aborted) this.#giveUpStreaming('the answer ends instead of going on')
  }

  async #poll(): Promise<void> {
    const count = this.#count
    const document = await this.#ask('sample', { from: this.#next, count })
    this.#take(document)
    if (document.observations.length >= count) return
    const pauseMs = Math.max(this.#intervalMs, shortestPollMs)
    await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {})
  }

  #giveUpStreaming(why: string): void {
    this.#streams = false
    this.#listener.fault('stream-unavailable', `${why}; asking every ${this.#intervalMs} ms instead`)
  }

  #take(document: StreamsDocument): void {
    const { header, observations } = document
    if (header.instanceId !== this.#instanceId) throw instanceChanged(this.#instanceId, header.instanceId)
    if (header.firstSequence > this.#next) throw sequenceGap(this.#next, header.firstSequence)
    const fresh = observations.filter((observation) => observation.sequence >= this.#next)
    this.#tellProblems(document)
    const readings = this.#table.follow(fresh)
    const beyond = (fresh.at(-1)?.sequence ?? 0) + 1
    this.#next = Math.max(this.#next, header.nextSequence, beyond)
    this.#trouble = 0
    this.#listener.heard(readings)
  }

  #tellProblems({ problems }: StreamsDocument): void {
    for (const problem of problems) this.#listener.fault('observation-malformed', problem)
  }

  /** What to do about a failure; the reason when there is nothing more to do. */
  async #answer(error: unknown): Promise<string | undefined> {
    const code = codeOf(error)
    this.#trouble++
    try {
      if (this.#trouble > patience) return messageOf(error)
      if (code === 'mtconnect.stream-silent') this.#giveUpStreaming(messageOf(error))
      else if (code === 'mtconnect.sequence-gap' || code === 'mtconnect.out-of-range') await this.#lookAnew(error)
      else if (code === 'mtconnect.instance-changed') await this.#lookAnew(error)
      else if (code === 'mtconnect.agent-unreachable') return await this.#redial(error)
      else {
        // The same words may come whole the second time; if not, they are passed over and told as missing.
        this.#listener.fault(causeOf(code), messageOf(error))
        if (this.#trouble > 1) await this.#lookAnew(error)
        if (refusals.includes(code) && this.#streams) this.#giveUpStreaming(messageOf(error))
      }
      return undefined
    } catch (second) {
      return messageOf(second)
    }
  }

  /** A long answer is cut by many a proxy, and an agent that answers at once is not lost. */
  async #redial(error: unknown): Promise<string | undefined> {
    if (this.#trouble > 1) return messageOf(error)
    await this.#ask('current', {})
    return undefined
  }

  /** Takes the picture again. What changed unseen is marked: values before it are missing. */
  async #lookAnew(error: unknown): Promise<void> {
    const { header, observations } = await this.#ask('current', {})
    const isRenewed = header.instanceId !== this.#instanceId
    this.#listener.fault(isRenewed ? 'instance-changed' : 'sequence-gap', messageOf(error))
    if (isRenewed) await this.#listener.renewed()
    this.#instanceId = header.instanceId
    const isCut = !isRenewed && header.firstSequence > this.#next
    const then = isCut ? await this.#pictureAt(header.firstSequence) : undefined
    this.#next = then === undefined ? header.nextSequence : header.firstSequence + 1
    this.#listener.heard(this.#table.replace(then ?? observations))
  }

  /** How things stood where the agent's buffer begins: from there on nothing is missing. */
  async #pictureAt(sequence: number): Promise<StreamsDocument['observations'] | undefined> {
    try {
      return (await this.#ask('current', { at: sequence })).observations
    } catch (error) {
      // A buffer that turns faster than two questions has thrown that place away too: then what holds now must do.
      if (codeOf(error) !== 'mtconnect.agent-unreachable') return undefined
      throw error
    }
  }

  async #ask(path: string, parameters: Readonly<Record<string, number>>): Promise<StreamsDocument> {
    if (this.#isStopped) throw unavailable('the session was closed')
    const document = readStreams(await this.#client.get(path, parameters, this.#stopping.signal))
    this.#tellProblems(document)
    this.#count = Math.max(1, Math.min(this.#options.count, document.header.bufferSize))
    return document
  }
}

const causeOf = (code: string): string => code.replace('mtconnect.', '').replaceAll(/[^a-z0-9-]/g, '-')
