import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { DomainEvents, OrderHold } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { tellOrder } from '../run/settle.ts'
import { openHolds } from './rules.ts'
import { endHold, findOrder, insertHold, listHeldBy, listOrdersWithPieces, lockOrders } from './store.ts'

type OrderId = Id<'Order'>

/**
 * A critical deviation stops the orders that it concerns until it is closed. Of a lesser one the pieces are held against
 * release, and work goes on.
 */
export function registerDeviationHolds(platform: Platform): void {
  platform.on('quality.deviation-opened', 'execution.deviation-hold', begin)
  platform.on('quality.deviation-closed', 'execution.deviation-hold', end)
}

async function begin(uow: UnitOfWork, told: DomainEvents['quality.deviation-opened']): Promise<void> {
  if (told.opened?.severity !== 'critical') return
  const concerned = await listOrdersWithPieces(uow.trx, told.lots)
  const orderIds = [...new Set([...concerned, ...(told.orderId === null ? [] : [told.orderId])])]
  await lockOrders(uow.trx, orderIds)
  const { code, opened } = told
  for (const orderId of orderIds) {
    // Told once more, perhaps when it is closed already: what it held stands there.
    if ((await holdsOf(uow, orderId)).some((each) => isBy(each, code))) continue
    const hold = { cause: 'deviation' as const, subject: code, reason: `${code} is critical: ${opened.title}` }
    const by = { by: uow.actor.name, at: uow.at, ended: null }
    if (await insertHold(uow.trx, orderId, { id: newId<'OrderHold'>(uow.at), ...hold, ...by })) await tell(uow, orderId)
  }
}

async function end(uow: UnitOfWork, told: DomainEvents['quality.deviation-closed']): Promise<void> {
  const { code, disposition } = told
  const orderIds = await listHeldBy(uow.trx, 'deviation', code)
  await lockOrders(uow.trx, orderIds)
  const reason = disposition === null ? `${code} was taken back` : `${code} is closed: ${disposition}`
  for (const orderId of orderIds) {
    const stale = openHolds(await holdsOf(uow, orderId)).filter((each) => isBy(each, code))
    for (const { id } of stale) await endHold(uow.trx, id, { by: uow.actor.name, at: uow.at, reason })
    if (stale.length > 0) await tell(uow, orderId)
  }
}

const isBy = ({ cause, subject }: OrderHold, code: string): boolean => cause === 'deviation' && subject === code

const holdsOf = async (uow: UnitOfWork, orderId: OrderId): Promise<readonly OrderHold[]> =>
  (await findOrder(uow.trx, orderId))?.holds ?? []

async function tell(uow: UnitOfWork, orderId: OrderId): Promise<void> {
  const order = await findOrder(uow.trx, orderId)
  if (order !== undefined) tellOrder(uow, order)
}
