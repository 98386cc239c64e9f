import type { Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import { getLots, scrapLot } from '@throughline/material'
import type { Order } from '@throughline/model'
import {
  cancelOrder,
  closeOrder,
  createOrder,
  endOrderHold,
  getOrder,
  getReadiness,
  holdOrder,
  listOrders,
  releaseOrder,
  setOrderPriority,
  splitOrder,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { sitesFor } from '../places.ts'
import { isBegun, isOpen } from '../run/routing.ts'
import { tellOrder } from '../run/settle.ts'
import { listRunsOf, updateRun } from '../run/store.ts'
import { getDefinition } from '../work-definition/store.ts'
import { assertSite, createOrders, giveCodes, orderable } from './create.ts'
import { getVisibleOrder, holdOrderOf } from './find.ts'
import { readiness } from './readiness.ts'
import { release } from './release.ts'
import { assertEndable, assertOrderState, enteredAt, holdText, openHolds, outsideProblem } from './rules.ts'
import { split } from './split.ts'
import { endHold, findOrder, insertHold, listOrdersBy, listPieces, updateOrder, updatePieces } from './store.ts'

export function registerOrder(platform: Platform, options: ExecutionOptions): void {
  const { directory, orderPrefix = 'WO-' } = options

  platform.handle(listOrders, (uow, asked) =>
    listOrdersBy(uow.trx, { ...asked, sites: sitesFor(directory, uow.scopes) }),
  )

  platform.handle(getOrder, (uow, asked) => getVisibleOrder(uow, directory, asked))

  platform.handle(createOrder, async (uow, { at: told, ...content }) => {
    assertSite(content.siteId, directory.node(content.siteId)?.level)
    const answer = await orderable(uow, content)
    if ('problem' in answer) {
      throw new DomainError('invalid', 'execution.order-invalid', `This cannot be ordered: ${answer.problem}`)
    }
    const at = enteredAt(told, uow.at, `An order for ${content.product}`)
    const [order] = await createOrders(uow, [{ ...content, ...answer }], orderPrefix, at)
    if (order === undefined) throw lost(content.product)
    tellOrder(uow, order)
    return order
  })

  platform.handle(releaseOrder, async (uow, { orderId, version, codes, at }) => {
    const order = await holdOrderOf(uow, orderId, version)
    return release(uow, directory, order, codes, enteredAt(at, uow.at, order.code, order.createdAt))
  })

  platform.handle(setOrderPriority, async (uow, { orderId, version, priority, dueAt }) => {
    const order = await holdOrderOf(uow, orderId, version)
    assertOrderState(order, ['created', 'released', 'running'], 'another priority')
    return kept(uow, await updateOrder(uow.trx, { ...order, priority, dueAt }))
  })

  platform.handle(splitOrder, async (uow, { orderId, version, ...asked }) => {
    const order = await holdOrderOf(uow, orderId, version)
    const [code = order.code] = await giveCodes(uow, [null], orderPrefix)
    return split(uow, order, code, asked)
  })

  platform.handle(holdOrder, async (uow, { orderId, reason }) => {
    const order = await holdOrderOf(uow, orderId)
    assertOrderState(order, ['created', 'released', 'running', 'completed'], 'a hold')
    await insertHold(uow.trx, order.id, {
      id: newId<'OrderHold'>(uow.at),
      cause: 'person',
      subject: null,
      reason,
      by: uow.actor.name,
      at: uow.at,
      ended: null,
    })
    return kept(uow, await readAgain(uow, order))
  })

  platform.handle(endOrderHold, async (uow, { orderId, holdId, reason }) => {
    const order = await holdOrderOf(uow, orderId)
    const hold = order.holds.find(({ id }) => id === holdId)
    assertEndable(order.code, hold, holdId)
    await endHold(uow.trx, hold.id, { by: uow.actor.name, at: uow.at, reason })
    return kept(uow, await readAgain(uow, order))
  })

  platform.handle(cancelOrder, async (uow, { orderId, version, reason }) => {
    const order = await holdOrderOf(uow, orderId, version)
    assertOrderState(order, ['created', 'released'], 'a cancellation')
    const runs = await listRunsOf(uow.trx, order.id)
    const begun = runs.find(({ state }) => isBegun(state))
    if (begun !== undefined) {
      throw new DomainError(
        'conflict',
        'execution.order-begun',
        `${order.code} was begun at operation ${begun.sequence} (${begun.name}): finish it, or report its pieces as scrap`,
      )
    }
    for (const run of runs.filter(({ state }) => isOpen(state))) {
      await updateRun(uow.trx, { ...run, state: 'skipped', pauseReason: `order cancelled: ${reason}`, lastAt: uow.at })
    }
    await rejectPieces(uow, order, reason)
    return kept(uow, await updateOrder(uow.trx, { ...order, state: 'cancelled' }, reason))
  })

  platform.handle(closeOrder, async (uow, { orderId, version, reason }) => {
    const order = await holdOrderOf(uow, orderId, version)
    assertOrderState(order, ['completed'], 'closing')
    await assertClosable(uow, order)
    const definition = order.workDefinitionId && (await getDefinition(uow.trx, order.workDefinitionId))
    const problem = definition === null ? undefined : outsideProblem(order, order.good, definition)
    if (problem !== undefined && reason.trim().length < 3) {
      throw new DomainError('conflict', 'execution.order-outside-rules', `${problem}: close it with the reason why`, {
        good: order.good,
        quantity: order.quantity,
      })
    }
    return kept(uow, await updateOrder(uow.trx, { ...order, state: 'closed' }, reason))
  })

  platform.handle(getReadiness, async (uow, { orderId }) =>
    readiness(uow, options, await getVisibleOrder(uow, directory, { orderId })),
  )
}

function kept(uow: UnitOfWork, order: Order): Order {
  tellOrder(uow, order)
  return order
}

/** The order with its holds as they are now, as its next version. */
async function readAgain(uow: UnitOfWork, order: Order): Promise<Order> {
  const now = await findOrder(uow.trx, order.id)
  if (now === undefined) throw lost(order.code)
  return updateOrder(uow.trx, now)
}

/** What will not be made is no stock: it is rejected, and can only be disposed of. */
async function rejectPieces(uow: UnitOfWork, order: Order, reason: string): Promise<void> {
  const at: Instant = uow.at
  const pieces = await listPieces(uow.trx, order.id)
  for (const { id } of pieces) {
    const work = { orderId: order.id, runId: null, nodeId: order.siteId, at }
    await scrapLot(uow, { ...work, lotId: id, quantity: null, reason: `${order.code} was cancelled: ${reason}` })
  }
  await updatePieces(
    uow.trx,
    order.id,
    pieces.map((piece) => ({ ...piece, state: 'scrapped' as const })),
  )
}

/** A held order, or one with a deviation that nobody has decided, stays open. */
async function assertClosable(uow: UnitOfWork, order: Order): Promise<void> {
  const holds = openHolds(order.holds).map(holdText)
  const living = (await listPieces(uow.trx, order.id)).filter(({ state }) => state !== 'scrapped')
  const lots =
    living.length === 0
      ? []
      : await getLots(
          uow,
          living.map(({ id }) => id),
        )
  const deviations = [...new Set(lots.flatMap(({ openDeviations }) => openDeviations))]
  const open = deviations.length === 0 ? [] : [`${deviations.join(', ')} must be closed first`]
  if (holds.length + open.length === 0) return
  throw new DomainError(
    'conflict',
    'execution.order-not-closable',
    `${order.code} cannot be closed: ${[...holds, ...open].join('; ')}`,
    { deviations },
  )
}

const lost = (what: string): DomainError =>
  new DomainError('defect', 'execution.order-lost', `The order of ${what} was not there after it was written`)
