import type { Id } from '@throughline/kernel'
import { listMovements, reconcileMaterial } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { listLotsById, listPlaces } from '../lot/store.ts'
import { getStoredLot } from '../lot/take.ts'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import type { Balance } from './rules.ts'
import { balanceOf } from './rules.ts'
import { findMovements, listMovementsFor, listMovementsOf } from './store.ts'

/** Mounts what people ask of what happened. */
export function registerMovement(platform: Platform, nodes: NodeFinder): void {
  platform.handle(listMovements, async (uow, { lotId, orderId, window, limit }) => {
    if (lotId !== undefined) await uow.assertWithin((await getStoredLot(uow, { lotId })).lastNodeId)
    // Whoever may see a lot may see all that happened to it, wherever that was.
    const places =
      uow.scopes === null || lotId !== undefined
        ? null
        : (await listPlaces(uow.trx, 'movement')).filter((place) => isWithin(nodes, place, uow.scopes))
    const question = { lotId, orderId, from: window?.from, to: window?.to, places, limit }
    const { movements, total } = await findMovements(uow.trx, question)
    const named = new Set(movements.flatMap(({ from, to }) => [...from, ...to].map((line) => line.lotId)))
    const lots = await listLotsById(uow.trx, [...named])
    return { movements, total, lots: lots.map(({ id, code }) => ({ id, code })) }
  })

  platform.handle(reconcileMaterial, async (uow, asked) => {
    if ('orderId' in asked) return await balanceOrder(uow, asked.orderId)
    const lot = await getStoredLot(uow, asked)
    await uow.assertWithin(lot.lastNodeId)
    return balanceOf([lot], await listMovementsOf(uow.trx, [lot.id]))
  })
}

/** Lots that were made or weighed out for the order as a whole, and of others what the order drew from them. */
async function balanceOrder(uow: UnitOfWork, orderId: Id<'Order'>): Promise<Balance[]> {
  const movements = await listMovementsFor(uow.trx, orderId)
  const made = movements.filter(({ kind }) => kind === 'produce' || kind === 'split').flatMap(({ to }) => to)
  const own = [...new Set(made.map(({ lotId }) => lotId))]
  const touched = movements
    .filter(({ kind }) => kind === 'consume' || kind === 'return')
    .flatMap(({ from, to }) => [...from, ...to])
    .filter(({ quantity }) => quantity !== '0')
  const others = [...new Set(touched.map(({ lotId }) => lotId))].filter((lotId) => !own.includes(lotId))
  const [ownLots, drawn] = [await listLotsById(uow.trx, own), await listLotsById(uow.trx, others)]
  for (const place of new Set([...ownLots, ...drawn].map(({ lastNodeId }) => lastNodeId))) {
    await uow.assertWithin(place)
  }
  const all = [...(await listMovementsOf(uow.trx, own)), ...movements]
  const each = [...new Map(all.map((movement) => [movement.id, movement])).values()]
  // Of the lots that it drew from, only what was taken for this order counts.
  return [...balanceOf(ownLots, each), ...balanceOf([], movements, drawn)].sort((a, b) =>
    a.material < b.material ? -1 : 1,
  )
}
