declare const instant: unique symbol

/** UTC microseconds since 1970-01-01T00:00:00Z, a whole number: what PostgreSQL stores, and exact as a JS number until 2255. */
export type Instant = number & { readonly [instant]: true }

/** Where "now" comes from. Domain code never calls `Date.now()`: tests and the twin replay with a clock of their own. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => fromMs(Date.now()) }

export function fromMs(ms: number): Instant {
  return Math.round(ms * 1000) as Instant
}

export function toMs(at: Instant): number {
  return at / 1000
}

/** Reads ISO 8601 (with an offset or `Z`); a text that is no time gives `undefined`. */
export function parseInstant(isoText: string): Instant | undefined {
  const ms = Date.parse(isoText)
  return Number.isNaN(ms) ? undefined : fromMs(ms)
}

/** ISO 8601 with microseconds and `Z`: `2026-11-22T11:47:03.000123Z`. */
export function toIso(at: Instant): string {
  const seconds = Math.floor(at / 1e6)
  const micros = at - seconds * 1e6
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}

/** The instant `ms` milliseconds after `at` (before it, when negative). */
export function plusMs(at: Instant, ms: number): Instant {
  return (at + Math.round(ms * 1000)) as Instant
}
