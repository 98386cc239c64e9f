import { toIso } from '@throughline/kernel'
import { qualityOf, toJsonValue } from '@throughline/model'
import type { TagTable } from '../live/tag-table.ts'

/** What others read on `uns/<path>`: the newest value of one tag, as plain JSON, retained. */
export interface NamespaceMessage {
  readonly value: number | string | boolean | null
  readonly unit: string
  readonly quality: string
  readonly status: number
  /** ISO 8601, UTC. */
  readonly at: string
}

const paceMs = 1000

/** Publishes every changed tag at most once a second under its unified namespace path, for readers outside the product. */
export class NamespacePublisher {
  readonly #changed = new Set<string>()
  readonly #table: TagTable
  readonly #stopHearing: () => void
  readonly #timer: NodeJS.Timeout

  constructor(
    table: TagTable,
    find: (tagId: string) => { path: string; unit: string } | undefined,
    publish: (topic: string, payload: string) => void,
  ) {
    this.#table = table
    this.announce()
    this.#stopHearing = table.onChange((tagId) => this.#changed.add(tagId))
    this.#timer = setInterval(() => {
      for (const tagId of this.#changed) {
        const tag = find(tagId)
        const reading = table.get(tagId)
        if (tag === undefined || reading === undefined) continue
        const message: NamespaceMessage = {
          value: toJsonValue(reading.value),
          unit: tag.unit,
          quality: qualityOf(reading.status),
          status: reading.status,
          at: toIso(reading.at),
        }
        publish(`uns/${tag.path}`, JSON.stringify(message))
      }
      this.#changed.clear()
    }, paceMs)
  }

  /** Publishes every tag once, changed or not: a broker that starts empty knows nothing of what rests. */
  announce(): void {
    for (const tagId of this.#table.tagIds()) this.#changed.add(tagId)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#stopHearing()
  }
}
