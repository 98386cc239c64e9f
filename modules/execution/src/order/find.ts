import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Order } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { Plant } from '../places.ts'
import { sitesFor } from '../places.ts'
import { assertVersion } from './rules.ts'
import { findOrder, findOrderByCode, lockOrders } from './store.ts'

type Asked = { readonly orderId: Id<'Order'> } | { readonly code: string }

/** @throws DomainError `not-found` */
async function getOrder(uow: UnitOfWork, asked: Asked): Promise<Order> {
  const found =
    'orderId' in asked ? await findOrder(uow.trx, asked.orderId) : await findOrderByCode(uow.trx, asked.code)
  if (found !== undefined) return found
  const name = 'orderId' in asked ? asked.orderId : asked.code
  throw new DomainError('not-found', 'execution.order-unknown', `There is no order ${name}`, { name })
}

/** An order of a site that the caller works at. @throws DomainError `not-found`, or `forbidden` for another site's */
export async function getVisibleOrder(uow: UnitOfWork, plant: Plant, asked: Asked): Promise<Order> {
  const order = await getOrder(uow, asked)
  if (sitesFor(plant, uow.scopes)?.includes(order.siteId) === false) await uow.assertWithin(order.siteId)
  return order
}

/**
 * An order that nobody else changes until the transaction ends, by somebody who may decide on its site.
 * @throws DomainError `not-found`, `forbidden`, or `conflict` when it is not as it was read
 */
export async function holdOrderOf(uow: UnitOfWork, orderId: Id<'Order'>, version?: number): Promise<Order> {
  const { siteId } = await getOrder(uow, { orderId })
  await uow.assertWithin(siteId)
  await lockOrders(uow.trx, [orderId])
  const order = await getOrder(uow, { orderId })
  if (version !== undefined) assertVersion(order.code, order.version, version)
  return order
}
