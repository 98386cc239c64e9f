import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { CallOutcome, Delivery } from './delivery.ts'

const backOffMs = [10_000, 60_000, 300_000]
/** So many calls for one person within ten minutes are a flood: they come in one mail. */
const floodCalls = 10
export const floodMs = 600_000

/** How the calls that are due reach a person who was called `sent` times within the last ten minutes. */
export type Way = { readonly kind: 'each' | 'summary' } | { readonly kind: 'later'; readonly at: Instant }

export function wayFor(due: number, earlier: { readonly sent: number; readonly lastSummaryAt: Instant | null }): Way {
  if (earlier.sent + due < floodCalls) return { kind: 'each' }
  if (earlier.lastSummaryAt === null) return { kind: 'summary' }
  return { kind: 'later', at: plusMs(earlier.lastSummaryAt, floodMs) }
}

/**
 * What is written of a call after an attempt.
 *
 * @param attempts with this one
 */
export function outcomeOf(
  call: { readonly id: string; readonly attempts: number },
  delivery: Delivery,
  at: Instant,
  summarised: number | null = null,
): CallOutcome {
  const { id, attempts } = call
  if (delivery.isDone) {
    const note = summarised === null ? null : `told in one mail with ${summarised - 1} others`
    return { id, state: 'sent', sentAt: at, tryAt: null, isInSummary: summarised !== null, note }
  }
  const wait = delivery.mayRepeat ? backOffMs[attempts - 1] : undefined
  const tryAt = wait === undefined ? null : plusMs(at, wait)
  return {
    id,
    state: tryAt === null ? 'failed' : 'open',
    sentAt: null,
    tryAt,
    isInSummary: false,
    note: delivery.fault,
  }
}
