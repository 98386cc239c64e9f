import type { Instant } from '@throughline/kernel'
import { z } from 'zod'

const at = z.int().transform((value) => value as Instant)

/**
 * What the watch keeps of one alarm's condition between two readings, and on disk between two runs: all that the next
 * reading is judged by.
 */
export const ConditionMemory = z.object({
  /** The newest reading heard of each tag; older ones are not listened to. */
  heard: z.record(z.string(), at),
  /** The alarm occurred and has not returned. */
  standing: z.boolean(),
  /** Null = the signal is not good enough to know. */
  active: z.boolean().nullable(),
  /** The on-delay runs (off-delay, where the alarm stands), since when and for what. */
  pending: z.object({ since: at, detail: z.string() }).nullable(),
  suppressing: z.boolean(),
  /** Deviation: the newest usable value of the tag, and of what it is held against. */
  value: z.number().nullable(),
  reference: z.number().nullable(),
  /** Rate: readings of the time that it is taken over, thinned. */
  recent: z.array(z.tuple([at, z.number()])),
  /** Stuck: the value that does not change, and since when. */
  still: z.object({ since: at, value: z.union([z.number(), z.string()]) }).nullable(),
  /** Stale: the newest good reading, or the moment from which one is expected. */
  lastGood: at,
})
export type ConditionMemory = z.infer<typeof ConditionMemory>

/** Nothing was heard yet; a tag is expected to speak from `at` on. */
export const freshMemory = (from: Instant): ConditionMemory => ({
  heard: {},
  standing: false,
  active: null,
  pending: null,
  suppressing: false,
  value: null,
  reference: null,
  recent: [],
  still: null,
  lastGood: from,
})
