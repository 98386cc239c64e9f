import type { Instant } from '@throughline/kernel'
import type { SampleBatch, SampleValue } from '@throughline/model'
import { qualityOf, statusCode, valueAt } from '@throughline/model'

/** The newest reading of one tag. */
export interface Reading {
  readonly at: Instant
  readonly value: SampleValue | null
  readonly status: number
}

/** The newest reading of every tag, in memory: what pages and the unified namespace show. */
export class TagTable {
  readonly #readings = new Map<string, Reading>()
  readonly #listeners = new Set<(tagId: string) => void>()
  readonly #agentOf = new Map<string, string>()
  readonly #silentAgents = new Set<string>()
  readonly #silenceListeners: ((tagIds: readonly string[], silent: boolean) => void)[] = []

  /** Fills the table with what the historian last knew; nothing is told to listeners. */
  load(readings: Iterable<readonly [tagId: string, reading: Reading]>): void {
    for (const [tagId, reading] of readings) this.#readings.set(tagId, reading)
  }

  /** Which agent feeds which tag; a tag of an unknown agent counts as fed. */
  assign(agentOf: ReadonlyMap<string, string>): void {
    this.#agentOf.clear()
    for (const [tagId, agent] of agentOf) this.#agentOf.set(tagId, agent)
  }

  /** Late samples (older than what is shown) change nothing here. */
  update(batch: SampleBatch): void {
    for (let row = 0; row < batch.count; row++) {
      const tagId = batch.tags[batch.tagIndex[row] ?? -1]
      const at = (batch.at[row] ?? 0) as Instant
      if (tagId === undefined) continue
      this.learn(tagId, { at, value: valueAt(batch, row), status: batch.status[row] ?? 0 })
    }
  }

  /** One reading; an older one than is shown, or none, changes nothing. */
  learn(tagId: string, reading: Reading | undefined): void {
    const known = this.#readings.get(tagId)
    if (reading === undefined || (known !== undefined && known.at > reading.at)) return
    this.#readings.set(tagId, reading)
    this.#tell(tagId)
  }

  /** An agent that is silent makes every good reading of its tags uncertain, until it speaks again. */
  setAgentSilent(agent: string, silent: boolean): void {
    if (this.#silentAgents.has(agent) === silent) return
    if (silent) this.#silentAgents.add(agent)
    else this.#silentAgents.delete(agent)
    const fed = [...this.#agentOf].flatMap(([tagId, feeder]) => (feeder === agent ? [tagId] : []))
    for (const tagId of fed) this.#tell(tagId)
    for (const listener of this.#silenceListeners) listener(fed, silent)
  }

  /** Hears when an agent falls silent or speaks again, with the tags that it feeds. */
  onSilence(listener: (tagIds: readonly string[], silent: boolean) => void): void {
    this.#silenceListeners.push(listener)
  }

  get(tagId: string): Reading | undefined {
    const reading = this.#readings.get(tagId)
    if (reading === undefined || !this.#isSilent(tagId) || qualityOf(reading.status) !== 'good') return reading
    return { ...reading, status: statusCode.uncertainLastUsable }
  }

  /** Every tag that has a reading. */
  tagIds(): Iterable<string> {
    return this.#readings.keys()
  }

  /** Hears the id of every tag whose reading changed; the answer ends it. */
  onChange(listener: (tagId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #isSilent(tagId: string): boolean {
    const agent = this.#agentOf.get(tagId)
    return agent !== undefined && this.#silentAgents.has(agent)
  }

  #tell(tagId: string): void {
    for (const listener of this.#listeners) listener(tagId)
  }
}
