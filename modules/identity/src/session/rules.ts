import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'

/** How long a session lasts: unused, and in all. */
export interface SessionLimits {
  readonly idleMs: number
  readonly absoluteMs: number
}

/** Half an hour unused, one shift with its hand-over in all. */
export const defaultLimits: SessionLimits = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 }

export interface SessionTimes {
  readonly lastUsedAt: Instant
  readonly absoluteEndAt: Instant
  /** Where the session belongs to a station, that station's; null = the plant's. */
  readonly idleTimeoutMs?: number | null
}

/** How long this session may be unused: the shorter of the plant's time and its station's. */
export const idleMsOf = (session: Pick<SessionTimes, 'idleTimeoutMs'>, limits: SessionLimits): number =>
  Math.min(limits.idleMs, session.idleTimeoutMs ?? limits.idleMs)

/** Both limits are half-open: at the very instant of the limit the session is over. */
export function isOver(session: SessionTimes, limits: SessionLimits, now: Instant): boolean {
  return now >= session.absoluteEndAt || now >= plusMs(session.lastUsedAt, idleMsOf(session, limits))
}

/** Writing down each use would make a write of every read; a thirtieth of the idle time-out is exact enough. */
export function isUseWorthNoting(session: SessionTimes, limits: SessionLimits, now: Instant): boolean {
  return now >= plusMs(session.lastUsedAt, idleMsOf(session, limits) / 30)
}

/** A proof after the lock unlocks: nothing has to be taken back. */
export function isLocked(session: { readonly lockedAt: Instant | null; readonly provedAt: Instant }): boolean {
  return session.lockedAt !== null && session.provedAt <= session.lockedAt
}
