import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'

/**
 * Attempts that cost nothing: typing errors, for one name from one origin; a crew that shares a terminal, for an origin;
 * somebody who tries from several places, for a name.
 */
const freeFailures = { pair: 3, name: 10, origin: 20 } as const
const firstDelayMs = 1000

/** The longest that anybody is ever made to wait, whatever others do. */
export const longestDelayMs = 30_000

/**
 * The longest wait after wrong codes. Only somebody who knows the password can cause it, and six digits must not be
 * found by patience: one guess in ten minutes has a chance of 1 in 2,300 a day.
 */
const longestCodeDelayMs = 600_000

/** What a gate stands before: passwords, or the codes behind them. */
export type GateKind = 'sign-in' | 'code'

const longestOf: Readonly<Record<GateKind, number>> = { 'sign-in': longestDelayMs, code: longestCodeDelayMs }

/** Failures are forgotten when there was none for this long. */
export const forgetAfterMs = 15 * 60_000

/** Recent failures: of this name from this origin, of this name from anywhere, and of any name from this origin. */
export interface Failures {
  readonly pair: number
  readonly name: number
  readonly origin: number
}

/** How long to wait before the next attempt: 1 s after the free ones, doubling with each failure up to the longest. */
export function delayMs(failures: Failures, gate: GateKind = 'sign-in'): number {
  return Math.max(
    growing(failures.pair - freeFailures.pair, gate),
    growing(failures.name - freeFailures.name, gate),
    growing(failures.origin - freeFailures.origin, gate),
  )
}

const growing = (beyondFree: number, gate: GateKind): number =>
  beyondFree < 0 ? 0 : Math.min(longestOf[gate], firstDelayMs * 2 ** Math.min(beyondFree, 10))

/** Whether this very failure used up what is free: the moment to tell those who watch. */
export const isLimitMet = (failures: Failures): boolean =>
  failures.pair === freeFailures.pair || failures.name === freeFailures.name || failures.origin === freeFailures.origin

/** What is known of one name at one origin. */
export interface Pair {
  readonly failures: number
  /** The next attempt is looked at from this instant on. Set once, and moved only by this pair's own attempts. */
  readonly notBefore: Instant
}

/**
 * When the next attempt of a pair is looked at. A pair that was not seen before gets its instant now and keeps it: an
 * attacker elsewhere can make others wait once, and cannot push them back again by going on.
 */
export function pairFor(known: Pair | undefined, failures: Failures, now: Instant, gate: GateKind): Pair {
  return known ?? { failures: 0, notBefore: plusMs(now, delayMs(failures, gate)) }
}

/** The pair after an attempt was let through: counted as failed until it turns out right. */
export function pairAfter(pair: Pair, failures: Failures, now: Instant, gate: GateKind): Pair {
  return { failures: pair.failures + 1, notBefore: plusMs(now, delayMs(failures, gate)) }
}

/**
 * The origin that failures are counted by: an IPv6 host owns a whole /64 and could take a new address for each attempt.
 */
export function originKey(origin: string | null): string {
  if (origin === null) return 'local'
  if (!origin.includes(':')) return origin
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(origin)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = (origin.split('%')[0] ?? '').toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].map((group) => group.replace(/^0+(?=.)/, ''))
  return `${groups.slice(0, 4).join(':')}::/64`
}
