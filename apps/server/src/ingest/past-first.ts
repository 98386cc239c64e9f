import type { SampleBatch } from '@throughline/model'
import type { SampleWatch } from './ingest.ts'
import { senderOf } from './ingest.ts'

/**
 * Stands before a watch that judges nothing older than what it has heard, in a plant that is being given its past: what is
 * live waits in memory until the past is told, and is then heard in the order in which it came.
 */
export class PastFirst implements SampleWatch {
  readonly #watch: SampleWatch
  /** Who tells the past. */
  readonly #teller: string
  #waiting: SampleBatch[] | null = []

  constructor(watch: SampleWatch, teller: string) {
    this.#watch = watch
    this.#teller = teller
  }

  hear(batch: SampleBatch): void {
    if (this.#waiting === null || senderOf(batch) === this.#teller) this.#watch.hear(batch)
    else this.#waiting.push(batch)
  }

  /** The past is told, or never will be. */
  end(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const batch of waiting) this.#watch.hear(batch)
  }
}
