import type { Id, Instant } from '@throughline/kernel'
import { DomainError, toIso } from '@throughline/kernel'
import type { Reason } from '@throughline/model'
import type { StoredStop } from './stored-stop.ts'

/** @throws DomainError `conflict` (`performance.stop-replaced`) naming the stops that stand in its place */
export function assertStands(stop: StoredStop, successors: readonly Id<'Stop'>[]): void {
  if (stop.replacedAt === null) return
  const instead = successors.length === 0 ? 'none stands in its place' : `look at ${successors.join(', ')} instead`
  throw new DomainError(
    'conflict',
    'performance.stop-replaced',
    `${nameOf(stop)} was replaced at ${toIso(stop.replacedAt)}: ${instead}`,
    { stopId: stop.id, successors },
  )
}

/** @throws DomainError `conflict` (`performance.stop-changed`) naming who changed it and when */
export function assertSeen(stop: StoredStop, version: number): void {
  if (stop.version === version) return
  const changed =
    stop.changedBy === null || stop.changedAt === null
      ? `is at version ${stop.version}`
      : `was changed by ${stop.changedBy} at ${toIso(stop.changedAt)} and is at version ${stop.version}`
  throw new DomainError(
    'conflict',
    'performance.stop-changed',
    `${nameOf(stop)} ${changed}, not ${version}: look at it again, then say it once more`,
    { stopId: stop.id, version: stop.version, changedBy: stop.changedBy, changedAt: stop.changedAt },
  )
}

/** @throws DomainError `conflict` (`performance.stop-explained`) */
export function assertUnexplained(stop: StoredStop, reason: Reason | null): void {
  if (reason === null) return
  throw new DomainError(
    'conflict',
    'performance.stop-explained',
    `${nameOf(stop)} already has the reason ${reason.code}: reclassify it, with why, to give it another`,
    { stopId: stop.id, reason: reason.code },
  )
}

/** @throws DomainError `conflict` (`performance.stop-reason-same`) */
export function assertOtherReason(stop: StoredStop, reason: Reason): void {
  if (stop.reasonId !== reason.id || stop.reasonBy !== 'person') return
  throw new DomainError(
    'conflict',
    'performance.stop-reason-same',
    `${nameOf(stop)} has the reason ${reason.code} already, given by a person`,
    { stopId: stop.id, reason: reason.code },
  )
}

/** @throws DomainError `invalid` (`performance.split-outside`) unless the instant lies within the stop and has passed */
export function assertInside(stop: StoredStop, at: Instant, now: Instant): void {
  const end = stop.to ?? now
  if (at > stop.from && at < end) return
  const until = stop.to === null ? 'now, for it still stands' : toIso(stop.to)
  throw new DomainError(
    'invalid',
    'performance.split-outside',
    `${nameOf(stop)} can be split between ${toIso(stop.from)} and ${until}, not at ${toIso(at)}`,
    { fields: [{ path: 'at', message: 'must lie within the stop' }] },
  )
}

/** In order of time. @throws DomainError `invalid` unless they are different stops of one machine, each beginning where the last ended */
export function assertNeighbours(stops: readonly StoredStop[]): void {
  const [first, ...others] = stops
  if (first === undefined) return
  if (others.some((each) => each.nodeId !== first.nodeId)) {
    throw cannotMerge('performance.merge-of-machines', 'These stops are of different machines: each keeps its own')
  }
  for (const [index, next] of others.entries()) {
    const before = stops[index] as StoredStop
    if (before.id === next.id) {
      throw cannotMerge('performance.merge-of-one', `${nameOf(next)} is named twice: name each stop once`)
    }
    const end = before.to ?? (Number.POSITIVE_INFINITY as Instant)
    if (end > next.from) {
      throw cannotMerge(
        'performance.merge-of-overlapping',
        `${nameOf(before)} and the stop of ${toIso(next.from)} overlap: take the newer state of the page`,
      )
    }
    if (end < next.from) {
      throw cannotMerge(
        'performance.merge-over-gap',
        `Between ${toIso(end)} and ${toIso(next.from)} the machine did not stand: only stops that follow each other at once are taken together`,
      )
    }
  }
}

/** The reason of the longest that has one, of equals the earlier; what nobody explained brings none. */
export function mergedReason(stops: readonly StoredStop[], now: Instant): Pick<StoredStop, 'reasonId' | 'reasonBy'> {
  const longest = stops
    .filter((each) => each.reasonId !== null)
    .reduce<StoredStop | undefined>(
      (best, each) => (best === undefined || lengthOf(each, now) > lengthOf(best, now) ? each : best),
      undefined,
    )
  return { reasonId: longest?.reasonId ?? null, reasonBy: longest?.reasonBy ?? null }
}

const lengthOf = (stop: StoredStop, now: Instant): number => (stop.to ?? now) - stop.from

/** The longest of them: what a merged stop is called by. */
export const longestOf = (stops: readonly [StoredStop, ...StoredStop[]], now: Instant): StoredStop =>
  stops.reduce((best, each) => (lengthOf(each, now) > lengthOf(best, now) ? each : best))

export const nameOf = (stop: Pick<StoredStop, 'from'>): string => `The stop of ${toIso(stop.from)}`

const cannotMerge = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ path: 'stops', message: 'cannot be taken together' }] })
