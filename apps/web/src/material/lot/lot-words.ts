import type { Instant } from '@throughline/kernel'
import type { Lot, MaterialMovement } from '@throughline/model'

export const lotStatusWords: Readonly<Record<Lot['status'], string>> = {
  planned: 'Not made yet',
  quarantine: 'Quarantine',
  available: 'Available',
  blocked: 'Blocked',
  rejected: 'Rejected',
  consumed: 'Consumed',
  disposed: 'Disposed',
  shipped: 'Shipped',
}

export const movementWords: Readonly<Record<MaterialMovement['kind'], string>> = {
  receive: 'Received',
  move: 'Moved',
  'take-out': 'Taken out of the cold store',
  'put-back': 'Put back into the cold store',
  consume: 'Consumed',
  produce: 'Produced',
  split: 'Split',
  merge: 'Merged',
  transform: 'Made into another material',
  count: 'Counted',
  dispose: 'Disposed of',
  ship: 'Shipped',
  status: 'Status changed',
  return: 'Returned',
}

/** States without a way back: nothing more can be done with the lot. */
export const isGone = ({ status }: Pick<Lot, 'status'>): boolean =>
  status === 'consumed' || status === 'disposed' || status === 'shipped'

export const isExpired = ({ expiresAt }: Pick<Lot, 'expiresAt'>, now: Instant): boolean =>
  expiresAt !== null && expiresAt <= now

/** Where an out-life clock stands now: it goes on from what was read while the lot is out. */
export function outLifeNow(outLife: NonNullable<Lot['outLife']>, now: Instant) {
  const since = outLife.outSince === null ? 0 : Math.max(0, (now - outLife.at) / 1_000_000)
  const usedSeconds = outLife.usedSeconds + since
  return {
    usedSeconds,
    leftSeconds: Math.max(0, outLife.limitSeconds - usedSeconds),
    isRunning: outLife.outSince !== null,
    isOver: usedSeconds >= outLife.limitSeconds,
  }
}

/** Hours and minutes, however many: `241 h 10 min`. */
export function hoursText(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
