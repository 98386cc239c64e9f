import type { Instant } from '@throughline/kernel'
import type { Sample, SampleBatch, SampleValue } from '@throughline/model'
import { decodeSampleBatch, encodeSampleBatch } from '@throughline/model'

/** One good reading, unless told otherwise. */
export const reading = (tag: string, at: number, value: SampleValue | null, status = 0): Sample => ({
  tag,
  at: at as Instant,
  serverAt: at as Instant,
  value,
  status,
})

/** A batch as it arrives over the wire. */
export const batchOf = (agent: string, sequence: number, samples: readonly Sample[]): SampleBatch =>
  decodeSampleBatch(encodeSampleBatch(agent, sequence, samples))
