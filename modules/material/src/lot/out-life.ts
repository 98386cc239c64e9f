import type { Instant } from '@throughline/kernel'
import type { Lot, OutLife } from '@throughline/model'
import type { OutClock } from './stored-lot.ts'

const perSecond = 1_000_000

/** How much of its out-life is used at an instant, in microseconds; before the clock was last touched, what was used then. */
export const usedUsAt = ({ usedUs, since }: Pick<OutClock, 'usedUs' | 'since'>, at: Instant): number =>
  since === null ? usedUs : usedUs + Math.max(0, at - since)

export const outLifeOf = (clock: OutClock, at: Instant): OutLife => ({
  limitSeconds: clock.limitUs / perSecond,
  usedSeconds: usedUsAt(clock, at) / perSecond,
  outSince: clock.since,
  at,
})

/**
 * The out-life of a lot at another instant than the one that it was asked for: while it is out, its clock runs on.
 * Microseconds are exact. Null = the material does not age outside.
 */
export function outLifeAt({ outLife }: Pick<Lot, 'outLife'>, at: Instant): OutLife | null {
  if (outLife === null || outLife.outSince === null) return outLife && { ...outLife, at }
  const usedUs = Math.round(outLife.usedSeconds * perSecond) + (at - outLife.at)
  return { ...outLife, usedSeconds: Math.max(0, usedUs) / perSecond, at }
}

/** A clock that begins to run with what the supplier's record says. */
export const startClock = (limitSeconds: number, usedSeconds: number, at: Instant): OutClock => ({
  limitUs: limitSeconds * perSecond,
  usedUs: Math.round(usedSeconds * perSecond),
  since: at,
  changedAt: at,
})

/** The clock after the lot was put into the cold store (`cold`) or taken out; undefined when that changes nothing. */
export function turnClock(clock: OutClock, cold: boolean, at: Instant): OutClock | undefined {
  if (cold === (clock.since === null)) return undefined
  return { ...clock, usedUs: usedUsAt(clock, at), since: cold ? null : at, changedAt: at }
}

/** The clock of a piece after aging material went into it: it was out at least as long, and is out where that was. */
export function ageBy(piece: OutClock, material: OutClock, at: Instant): OutClock {
  const usedUs = Math.max(usedUsAt(piece, at), usedUsAt(material, at))
  return { ...piece, usedUs, since: piece.since === null && material.since === null ? null : at, changedAt: at }
}

/** Of lots put together: the strictest limit, the longest time out, and it runs when any of them is out. */
export function joinClocks(clocks: readonly OutClock[], at: Instant): OutClock | null {
  if (clocks.length === 0) return null
  return {
    limitUs: Math.min(...clocks.map(({ limitUs }) => limitUs)),
    usedUs: Math.max(...clocks.map((clock) => usedUsAt(clock, at))),
    since: clocks.some(({ since }) => since !== null) ? at : null,
    changedAt: at,
  }
}
