import type { Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Sample, SampleBatch } from '@throughline/model'
import { decodeSampleBatch, encodeSampleBatch } from '@throughline/model'
import type { KeptSample, SampleSource } from '../watch/watch.ts'

/** Readings around a limit of 80, up and down in turn for `hold` readings each: reading `n` of each tag is `n` seconds after `start`. */
export class Flood implements SampleSource {
  readonly #tagIds: readonly string[]
  readonly #start: Instant
  readonly #perTag: number
  readonly #hold: number

  constructor(tagIds: readonly string[], start: Instant, perTag: number, hold = 1) {
    this.#tagIds = tagIds
    this.#start = start
    this.#perTag = perTag
    this.#hold = hold
  }

  batch(): SampleBatch {
    const samples: Sample[] = []
    for (let n = 1; n <= this.#perTag; n++) {
      for (const tag of this.#tagIds) {
        const sample = this.#sample(n)
        samples.push({ ...sample, tag, serverAt: sample.at })
      }
    }
    return decodeSampleBatch(encodeSampleBatch('edge', 1, samples))
  }

  async samplesSince(_tagId: Id<'Tag'>, after: Instant): Promise<readonly KeptSample[]> {
    const first = Math.floor((after - this.#start) / 1e6) + 1
    const found: KeptSample[] = []
    for (let n = Math.max(1, first); n <= this.#perTag && found.length < 100; n++) found.push(this.#sample(n))
    return found
  }

  last(): KeptSample | undefined {
    return undefined
  }

  #sample(n: number): KeptSample {
    return { at: plusMs(this.#start, n * 1000), value: Math.ceil(n / this.#hold) % 2 === 1 ? 81 : 20, status: 0 }
  }
}
