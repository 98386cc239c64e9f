import type { Id, Instant } from '@throughline/kernel'
import type { LotStatus } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { listDescendantsHere } from '../genealogy/store.ts'
import { recordMovement } from '../movement/record.ts'
import { updateLots } from './store.ts'
import type { StoredLot } from './stored-lot.ts'
import { changed } from './stored-lot.ts'

/**
 * Gives a lot another status and tells whoever works with what was made of it; answers that, as far as it is here. What is
 * not made yet is not made available, but planned again.
 */
export async function putStatus(
  uow: UnitOfWork,
  lot: StoredLot,
  given: LotStatus,
  reason: string,
  at: Instant,
  about: { readonly orderId?: Id<'Order'> | null; readonly runId?: Id<'OperationRun'> | null } = {},
): Promise<{ lot: StoredLot; descendants: Id<'Lot'>[] }> {
  const status = given === 'available' && lot.isPlanned ? 'planned' : given
  const next = changed(lot, { status, statusReason: reason })
  await updateLots(uow.trx, [next])
  const line = { lotId: lot.id, quantity: lot.quantity }
  const place = { nodeId: lot.nodeId, lastNodeId: lot.lastNodeId }
  await recordMovement(uow, {
    kind: 'status',
    at,
    from: [line],
    to: [line],
    ...place,
    ...about,
    reason: `${status}: ${reason}`,
  })
  const descendants = await listDescendantsHere(uow.trx, [lot.id])
  uow.emit('material.lot-status-changed', { lotId: lot.id, code: lot.code, status, reason, descendants, at })
  return { lot: next, descendants }
}
