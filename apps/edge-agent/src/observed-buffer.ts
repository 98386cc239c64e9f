import type { SampleBufferConfig } from '@throughline/edge'
import { SampleBuffer } from '@throughline/edge'
import type { Sample } from '@throughline/model'

/** The durable buffer, which also tells a listener what it was given: after the samples are in its hands, never instead. */
export class ObservedBuffer extends SampleBuffer {
  readonly #onSamples: (samples: readonly Sample[]) => void

  constructor(config: SampleBufferConfig, onSamples: (samples: readonly Sample[]) => void) {
    super(config)
    this.#onSamples = onSamples
  }

  override append(samples: readonly Sample[]): void {
    super.append(samples)
    this.#onSamples(samples)
  }
}
