import type { Decimal, Instant } from '@throughline/kernel'
import { compare, DomainError, subtract, zero } from '@throughline/kernel'
import type { Lot, LotStatus } from '@throughline/model'
import type { StoredLot } from './stored-lot.ts'
import { changed } from './stored-lot.ts'

type Named = Pick<Lot, 'code' | 'status' | 'statusReason'>

/** From each status, where quality may set it. What is missing has no way on. */
const ways: Readonly<Partial<Record<LotStatus, readonly LotStatus[]>>> = {
  planned: ['quarantine', 'blocked', 'rejected'],
  quarantine: ['available', 'blocked', 'rejected'],
  available: ['quarantine', 'blocked', 'rejected'],
  blocked: ['quarantine', 'available', 'rejected'],
}

/** Used up, disposed of or shipped: the lot is no longer in the plant. */
export const isGone = ({ status }: Pick<Lot, 'status'>): boolean =>
  status === 'consumed' || status === 'disposed' || status === 'shipped'

/** @throws DomainError `conflict` when the status has no way there, or a deviation is open */
export function assertStatusWay(lot: Named & Pick<Lot, 'openDeviations'>, next: LotStatus): void {
  if (ways[lot.status]?.includes(next) !== true) {
    throw new DomainError(
      'conflict',
      'material.lot-status-final',
      ways[lot.status] === undefined
        ? `${lot.code} is ${lot.status}, and that has no way back`
        : lot.status === 'planned'
          ? `${lot.code} is not made yet: it is available once its order has made it`
          : `${lot.code} is ${lot.status} already`,
      { status: lot.status },
    )
  }
  if (next === 'available') assertNoDeviation(lot, 'made available')
}

/** @throws DomainError `conflict` naming the open deviations */
export function assertNoDeviation({ code, openDeviations }: Pick<Lot, 'code' | 'openDeviations'>, doing: string): void {
  if (openDeviations.length === 0) return
  throw new DomainError(
    'conflict',
    'material.lot-under-deviation',
    `${code} cannot be ${doing}: ${openDeviations.join(', ')} must be closed first`,
    { deviations: openDeviations },
  )
}

/** @throws DomainError `conflict` when somebody changed it meanwhile */
export function assertSeen({ code, version }: Pick<Lot, 'code' | 'version'>, seen: number): void {
  if (version === seen) return
  throw new DomainError('conflict', 'material.lot-changed', `${code} was changed meanwhile: look at it again`, {
    version,
    seen,
  })
}

/** @throws DomainError `conflict` for what is no longer in the plant */
export function assertHere(lot: Named, doing: string): void {
  if (!isGone(lot)) return
  throw new DomainError(
    'conflict',
    'material.lot-gone',
    `${lot.code} is ${lot.status}${lot.statusReason === '' ? '' : ` (${lot.statusReason})`}: it cannot be ${doing}`,
    { status: lot.status },
  )
}

/** @throws DomainError `conflict` also for what is rejected: it can only be disposed of */
export function assertUsable(lot: Named, doing: string): void {
  assertHere(lot, doing)
  if (lot.status !== 'rejected') return
  throw new DomainError(
    'conflict',
    'material.lot-rejected',
    `${lot.code} is rejected (${lot.statusReason}): it cannot be ${doing}, only disposed of`,
    { status: lot.status },
  )
}

/** @throws DomainError `conflict` for what its order has not made yet, whoever answers for it */
export function assertMade({ code, isPlanned }: Pick<StoredLot, 'code' | 'isPlanned'>, doing: string): void {
  if (!isPlanned) return
  throw new DomainError(
    'conflict',
    'material.lot-planned',
    `${code} is not made yet: complete the operations of its order before it is ${doing}`,
  )
}

/** @throws DomainError `conflict` for a piece: it is one, and stays one */
export function assertDivisible({ code, control }: Pick<Lot, 'code' | 'control'>, doing: string): void {
  if (control === 'lot') return
  throw new DomainError('conflict', 'material.lot-one-piece', `${code} is one piece: it cannot be ${doing}`)
}

/** @throws DomainError `conflict` when there is less */
export function assertEnough({ code, quantity, unit }: Pick<Lot, 'code' | 'quantity' | 'unit'>, wanted: Decimal): void {
  if (compare(wanted, quantity) <= 0) return
  throw new DomainError(
    'conflict',
    'material.lot-too-little',
    `${code} holds ${quantity} ${unit}: ${wanted} ${unit} cannot be taken from it; count it if there is more`,
    { quantity, wanted },
  )
}

/** @throws DomainError `invalid` for a time in the future, or before what it happened to was there */
export function assertHappened(at: Instant, now: Instant, lots: readonly Pick<Lot, 'code' | 'madeAt'>[]): void {
  const late = lots.find(({ madeAt }) => at < madeAt)
  if (at <= now && late === undefined) return
  throw new DomainError(
    'invalid',
    'material.time-impossible',
    late === undefined
      ? 'This lies in the future: say when it happened'
      : `${late.code} was not there yet at that time: say when it happened`,
    { at },
  )
}

/** The lot after `quantity` was taken from it; once nothing is left it has the status `then`. */
export function taken(lot: StoredLot, quantity: Decimal, then: LotStatus, reason: string): StoredLot {
  const left = subtract(lot.quantity, quantity)
  if (compare(left, zero) > 0) return changed(lot, { quantity: left })
  return changed(lot, { quantity: left, status: then, statusReason: reason, nodeId: null, containerId: null })
}
