import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { startShelfLife } from '@throughline/material'
import type { Order, RoutingOperation } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { listPieces, updateOrder, updatePieces } from '../order/store.ts'
import type { PlannedRun } from './routing.ts'
import { arrived, quantityOf, readyNow, refit } from './routing.ts'
import type { NewRun } from './store.ts'
import { listOpenRuns, setReady, updateWaiting } from './store.ts'

type LotId = Id<'Lot'>

/** Rows of runs that were planned. */
export const newRuns = (
  order: Pick<Order, 'id' | 'instructions'>,
  planned: readonly PlannedRun[],
  at: Instant,
  reworkOf: Id<'OperationRun'> | null = null,
): NewRun[] =>
  planned.map(({ operation, attempt, state, pieces, quantity }) => ({
    id: newId<'OperationRun'>(at),
    orderId: order.id,
    sequence: operation.sequence,
    name: operation.name,
    attempt,
    reworkOf,
    state,
    ...placeOf(operation),
    instructionId: operation.instruction === null ? null : (order.instructions[operation.instruction] ?? null),
    subjects: pieces.map(({ id }) => id),
    quantity,
    lastAt: at,
  }))

const placeOf = ({ at }: RoutingOperation): Pick<NewRun, 'atPath' | 'atClass'> =>
  'path' in at ? { atPath: at.path, atClass: null } : { atPath: null, atClass: at.equipmentClass }

/**
 * Draws the consequences after pieces moved on or became scrap: what comes next is ready, pieces at the end of their way
 * are done, and an order without anything left to do is completed.
 *
 * @param moved pieces that were in the run that changed
 */
export async function settle(uow: UnitOfWork, order: Order, moved: readonly LotId[], at: Instant): Promise<Order> {
  const pieces = await listPieces(uow.trx, order.id)
  const changed = refit(await listOpenRuns(uow.trx, order.id), pieces)
  await updateWaiting(uow.trx, changed, at)
  const open = await listOpenRuns(uow.trx, order.id)
  const ready = readyNow(open)
  await setReady(
    uow.trx,
    ready.map(({ id }) => id),
    at,
  )
  for (const { id } of ready) {
    uow.emit('execution.run-changed', { runId: id, orderId: order.id, state: 'ready', nodeId: null, at })
  }
  const there = new Set(arrived(open, moved))
  const through = pieces.filter(({ id, state }) => state === 'in-work' && there.has(id))
  await updatePieces(
    uow.trx,
    order.id,
    through.map((piece) => ({ ...piece, state: 'done' as const })),
  )
  await startShelfLife(uow, { lotIds: through.map(({ id }) => id), at })
  const isDone = (piece: (typeof pieces)[number]): boolean => piece.state === 'done' || through.includes(piece)
  const good = quantityOf(pieces.filter(isDone))
  const completed = open.length === 0 && (order.state === 'running' || order.state === 'released')
  const next: Order = {
    ...order,
    good,
    ...(completed ? { state: 'completed' as const, completedAt: at } : {}),
  }
  const kept = await updateOrder(uow.trx, next)
  tellOrder(uow, kept)
  return kept
}

/** Tells that an order changed. */
export function tellOrder(uow: UnitOfWork, { id, code, state, holds }: Order): void {
  uow.emit('execution.order-changed', { orderId: id, code, state, held: holds.some(({ ended }) => ended === null) })
}
