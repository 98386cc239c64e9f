import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { descendantsOf, findLot } from '@throughline/material'
import type { Lot, Order } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { tellOrder } from '../run/settle.ts'
import { openHolds } from './rules.ts'
import {
  endHold,
  findOrder,
  insertHold,
  listHeldBy,
  listOrdersWithPieces,
  listPieces,
  listScrapped,
  lockOrders,
} from './store.ts'

type LotId = Id<'Lot'>

/** An order with a piece that is held, or that something held went into, is held until that is settled. */
export function registerMaterialHolds(platform: Platform): void {
  platform.on('material.lot-status-changed', 'execution.material-hold', async (uow, { lotId, code }) => {
    // What the lot is now counts, not what it was when this was told: told twice or late, it comes to the same.
    const lot = await findLot(uow, { lotId })
    if (lot === undefined) return
    const below = [lotId, ...(await descendantsOf(uow, [lotId]))]
    const concerned = await listOrdersWithPieces(uow.trx, below)
    const held = await listHeldBy(uow.trx, 'material', code)
    const orderIds = [...new Set([...concerned, ...held])]
    await lockOrders(uow.trx, orderIds)
    for (const orderId of orderIds) await follow(uow, orderId, lot, new Set(below))
  })
}

/** After pieces of an order became scrap: what held it because of them alone holds it no longer. */
export async function endStaleHolds(uow: UnitOfWork, orderId: Id<'Order'>): Promise<void> {
  const order = await findOrder(uow.trx, orderId)
  for (const { subject } of openHolds(order?.holds ?? []).filter(({ cause }) => cause === 'material')) {
    const lot = subject === null ? undefined : await findLot(uow, { code: subject })
    if (lot === undefined) continue
    await follow(uow, orderId, lot, new Set([lot.id, ...(await descendantsOf(uow, [lot.id]))]))
  }
}

async function follow(uow: UnitOfWork, orderId: Id<'Order'>, lot: Lot, below: ReadonlySet<LotId>): Promise<void> {
  const order = await findOrder(uow.trx, orderId)
  if (order === undefined) return
  const living = (await listPieces(uow.trx, orderId)).filter(({ state }) => state !== 'scrapped')
  const holds = (await isHeld(uow, lot)) && living.some(({ id }) => below.has(id))
  if (holds ? await begin(uow, order, lot) : await end(uow, order, lot)) {
    const now = await findOrder(uow.trx, orderId)
    if (now !== undefined) tellOrder(uow, now)
  }
}

async function isHeld(uow: UnitOfWork, { id, status }: Lot): Promise<boolean> {
  if (status === 'quarantine' || status === 'blocked') return true
  // A piece that became scrap at its own operation says nothing of the others.
  return status === 'rejected' && !(await listScrapped(uow.trx, [id])).has(id)
}

const begin = ({ trx, at, actor }: UnitOfWork, order: Order, { code, status, statusReason }: Lot): Promise<boolean> =>
  insertHold(trx, order.id, {
    id: newId<'OrderHold'>(at),
    cause: 'material',
    subject: code,
    reason: `${code} is ${status === 'quarantine' ? 'in quarantine' : status}${statusReason === '' ? '' : `: ${statusReason}`}`,
    by: actor.name,
    at,
    ended: null,
  })

async function end({ trx, at, actor }: UnitOfWork, order: Order, { code, status }: Lot): Promise<boolean> {
  const stale = openHolds(order.holds).filter((hold) => hold.cause === 'material' && hold.subject === code)
  const isFree = status === 'available' || status === 'planned'
  const reason = isFree ? `${code} is ${status} again` : `nothing of ${order.code} holds ${code} any more`
  for (const { id } of stale) await endHold(trx, id, { by: actor.name, at, reason })
  return stale.length > 0
}
