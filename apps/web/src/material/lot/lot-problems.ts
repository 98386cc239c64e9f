import type { Instant } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import { isExpired, isGone, outLifeNow } from './lot-words.ts'

/** Whether another lot can be put together with this one: one material in one unit and state, at one place. */
export const mergeable = (lot: Lot, other: Lot): boolean =>
  other.id !== lot.id &&
  other.control === 'lot' &&
  other.material === lot.material &&
  other.unit === lot.unit &&
  other.status === lot.status &&
  other.nodeId === lot.nodeId &&
  other.quantity !== '0'

/** What keeps a lot that is in the plant from being used, in words. */
export function lotProblems(lot: Lot, now: Instant): string[] {
  if (isGone(lot)) return []
  return [
    ...(isExpired(lot, now) ? ['expired'] : []),
    ...(lot.outLife !== null && outLifeNow(lot.outLife, now).isOver ? ['out-life used up'] : []),
    ...(lot.certificateNeeded && lot.certificate === null ? ['certificate missing'] : []),
    ...(lot.openDeviations.length === 0 ? [] : [`${lot.openDeviations.join(', ')} open`]),
  ]
}
