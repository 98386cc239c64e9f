import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, parseInstant, plusMs } from '@throughline/kernel'

/** A clock that stands still until a test turns it. */
export interface HandClock extends Clock {
  /** Turns the clock on, and answers what it shows now. */
  advanceMs(ms: number): Instant
}

/**
 * A clock that shows `startIso` until it is turned.
 * @throws DomainError `invalid` when the text is no time, or the clock would be turned back
 */
export function handClock(startIso = '2026-11-22T08:00:00Z'): HandClock {
  const start = parseInstant(startIso)
  if (start === undefined) {
    throw new DomainError('invalid', 'testkit.time-invalid', `"${startIso}" is no ISO 8601 time`)
  }
  let now: Instant = start
  return {
    now: () => now,
    advanceMs(ms) {
      if (!(ms >= 0)) throw new DomainError('invalid', 'testkit.time-invalid', `A clock is not turned back (${ms} ms)`)
      now = plusMs(now, ms)
      return now
    },
  }
}
