import type { Id, Instant } from '@throughline/kernel'

/**
 * What the watch keeps of one alarm's condition between two readings, and on disk between two runs: all that the next
 * reading is judged by.
 */
export interface ConditionMemory {
  /** The newest reading heard of each tag; older ones are not listened to. */
  readonly heard: Record<string, Instant>
  /** The alarm occurred and has not returned. */
  standing: boolean
  /** Null = the signal is not good enough to know. */
  active: boolean | null
  /** The on-delay runs (off-delay, where the alarm stands), since when and for what. */
  pending: {
    readonly since: Instant
    readonly detail: string
    readonly deviationId?: Id<'Deviation'> | null
  } | null
  suppressing: boolean
  /** Deviation: the newest usable value of the tag, and of what it is held against. */
  value: number | null
  reference: number | null
  /** Rate: readings of the time that it is taken over, thinned. */
  recent: [at: Instant, value: number][]
  /** Stuck: the value that does not change, and since when. */
  still: { readonly since: Instant; readonly value: number | string } | null
  /** Stale: the newest good reading, or the moment from which one is expected. */
  lastGood: Instant
  /** Events of quality that stood when they were heard last; absent = none were heard yet. */
  events?: readonly string[]
  /** Raised elsewhere by a machine: how it stands there. Absent or null = not by one, or not heard yet. */
  machine?: MachineMemory | null
}

/** What is known of an alarm at the machine that raised it. */
export interface MachineMemory {
  readonly connection: string
  readonly condition: string
  /** Somebody acknowledged it at the machine, or the machine took an acknowledgement from here. */
  readonly acknowledged: boolean
  /** What the machine must be given to acknowledge it as it stands; null = it takes no acknowledgement. */
  readonly handle: string | null
}

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
