import type { TagDirectory } from '@throughline/equipment'
import { findOutage, nodesWithin } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { DomainEvents, OrderHold } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { tellOrder } from '../run/settle.ts'
import { listOrdersInHandAt } from '../run/store.ts'
import { listGaugeUses } from '../step-entry/gauge-use.ts'
import { openHolds } from './rules.ts'
import { endHold, findOrder, insertHold, listHeldBy, listHeldUntil, listUnclosed, lockOrders } from './store.ts'

type OrderId = Id<'Order'>

/**
 * Equipment that is taken out of service holds the orders that have work in hand there, until it is back. A gauge that was
 * found out of tolerance holds those that it was used for since it was last known to be right, until the deviation about it
 * is closed.
 */
export function registerEquipmentHolds(platform: Platform, directory: TagDirectory): void {
  platform.on('equipment.outage-changed', 'execution.equipment-hold', async (uow, { nodeId, path }) => {
    // What stands now counts, not what was told: told twice or late, it comes to the same.
    const outage = await findOutage(uow.trx, nodeId)
    if (outage?.nodeId !== nodeId)
      return end(uow, await listHeldBy(uow.trx, 'equipment', path), path, `${path} is in service again`)
    const below = nodesWithin(directory, [nodeId])
    const orders = await listOrdersInHandAt(uow.trx, [...(below ?? [])])
    await begin(uow, orders, path, `${path} is out of service: ${outage.reason}`)
  })

  platform.on('quality.gauge-doubted', 'execution.equipment-hold', async (uow, told) => {
    const { code, deviation = null, since = null, at } = told
    if (deviation === null) return
    const uses = await listGaugeUses(uow.trx, code, since, at)
    const orders = await listUnclosed(uow.trx, [...new Set(uses.map(({ orderId }) => orderId))])
    const subject = `${code}, ${deviation}`
    const fresh: OrderId[] = []
    // Told once more, perhaps when the deviation is closed already: what it held stands there.
    for (const each of orders) if (!(await holdsOf(uow, each)).some((hold) => isBy(hold, subject))) fresh.push(each)
    await begin(uow, fresh, subject, `${code} was found out of tolerance, and was used here since it was last right`)
  })

  platform.on('quality.deviation-closed', 'execution.equipment-hold', async (uow, told) => {
    for (const subject of await listHeldUntil(uow.trx, told.code)) {
      await end(uow, await listHeldBy(uow.trx, 'equipment', subject), subject, closedText(told))
    }
  })
}

const closedText = ({ code, disposition }: DomainEvents['quality.deviation-closed']): string =>
  disposition === null ? `${code} was taken back` : `${code} is closed: ${disposition}`

async function begin(uow: UnitOfWork, orders: readonly OrderId[], subject: string, reason: string): Promise<void> {
  await lockOrders(uow.trx, orders)
  for (const orderId of orders) {
    const hold = { cause: 'equipment' as const, subject, reason, by: uow.actor.name, at: uow.at, ended: null }
    if (await insertHold(uow.trx, orderId, { id: newId<'OrderHold'>(uow.at), ...hold })) await tell(uow, orderId)
  }
}

async function end(uow: UnitOfWork, orders: readonly OrderId[], subject: string, reason: string): Promise<void> {
  await lockOrders(uow.trx, orders)
  for (const orderId of orders) {
    const stale = openHolds(await holdsOf(uow, orderId)).filter((each) => isBy(each, subject))
    for (const { id } of stale) await endHold(uow.trx, id, { by: uow.actor.name, at: uow.at, reason })
    if (stale.length > 0) await tell(uow, orderId)
  }
}

const isBy = (hold: OrderHold, subject: string): boolean => hold.cause === 'equipment' && hold.subject === subject

const holdsOf = async (uow: UnitOfWork, orderId: OrderId): Promise<readonly OrderHold[]> =>
  (await findOrder(uow.trx, orderId))?.holds ?? []

async function tell(uow: UnitOfWork, orderId: OrderId): Promise<void> {
  const order = await findOrder(uow.trx, orderId)
  if (order !== undefined) tellOrder(uow, order)
}
