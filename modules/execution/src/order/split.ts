import type { Decimal, Id } from '@throughline/kernel'
import { compare, DomainError, newId, subtract, zero } from '@throughline/kernel'
import { getLots, giveToOrder, splitLot } from '@throughline/material'
import type { Order } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { Piece } from '../run/routing.ts'
import { isBegun, quantityOf } from '../run/routing.ts'
import { settle, tellOrder } from '../run/settle.ts'
import type { StoredRun } from '../run/store.ts'
import { addPartToRuns, insertRuns, listRunsOf, updateRun } from '../run/store.ts'
import { assertOrderState, openHolds } from './rules.ts'
import {
  findOrder,
  insertHold,
  insertOrders,
  insertPieces,
  listPieces,
  movePieces,
  updateOrder,
  updatePieces,
} from './store.ts'

type LotId = Id<'Lot'>

/** Splits an amount off an order into one of its own, which keeps versions, holds and the way through the routing. */
export async function split(
  uow: UnitOfWork,
  order: Order,
  code: string,
  asked: { readonly quantity: Decimal; readonly subjects: readonly LotId[]; readonly reason: string },
): Promise<{ rest: Order; split: Order }> {
  assertOrderState(order, ['created', 'released', 'running'], 'a split')
  if (compare(asked.quantity, order.quantity) >= 0) {
    throw refused(order, `${asked.quantity} is not less than the ${order.quantity} of the order`)
  }
  const made: Order = {
    ...order,
    id: newId<'Order'>(uow.at),
    code,
    quantity: asked.quantity,
    state: order.state === 'running' ? 'released' : order.state,
    good: zero,
    scrap: zero,
    subjects: [],
    holds: [],
    splitFrom: order.id,
    createdAt: uow.at,
    createdBy: uow.actor.name,
    startedAt: null,
    version: 1,
  }
  await insertOrders(uow.trx, [made])
  for (const hold of openHolds(order.holds)) {
    await insertHold(uow.trx, made.id, { ...hold, id: newId<'OrderHold'>(uow.at) })
  }
  const moved = order.state === 'created' ? [] : await moveOff(uow, order, made, asked)
  const rest = await updateOrder(uow.trx, { ...order, quantity: subtract(order.quantity, asked.quantity) })
  if (moved.length > 0) {
    await settle(uow, rest, [], uow.at)
    await settle(uow, made, [], uow.at)
  } else {
    tellOrder(uow, rest)
    tellOrder(uow, made)
  }
  return { rest: await getOrder(uow, rest.id), split: await getOrder(uow, made.id) }
}

async function moveOff(
  uow: UnitOfWork,
  order: Order,
  made: Order,
  asked: { readonly quantity: Decimal; readonly subjects: readonly LotId[]; readonly reason: string },
): Promise<readonly Piece[]> {
  const runs = await listRunsOf(uow.trx, order.id)
  const pieces = await listPieces(uow.trx, order.id)
  const lots = await getLots(
    uow,
    pieces.map(({ id }) => id),
  )
  const isSerial = lots.some(({ control }) => control === 'serial')
  const free = pieces.filter((piece) => isFree(piece, runs, asked.subjects.length > 0))
  const chosen = asked.subjects.length > 0 ? named(order, free, asked.subjects) : lastOf(free, asked.quantity, isSerial)
  const whole = isSerial || asked.subjects.length > 0
  if (whole && compare(quantityOf(chosen), asked.quantity) !== 0) {
    throw refused(order, `${asked.quantity} are to go, and ${chosen.length} pieces with ${quantityOf(chosen)} can`)
  }
  const going = whole ? chosen : await part(uow, order, free, asked)
  await movePieces(uow.trx, made.id, going)
  await giveToOrder(uow, { lotIds: going.map(({ id }) => id), orderId: made.id })
  await moveRuns(uow, order, made, await listRunsOf(uow.trx, order.id), going)
  return going
}

/** A piece that nobody has in hand; of those that nobody names only what was not begun. */
function isFree(piece: Piece, runs: readonly StoredRun[], isNamed: boolean): boolean {
  if (piece.state !== 'in-work') return false
  return !runs
    .filter(({ subjects }) => subjects.includes(piece.id))
    .some(({ state }) => state === 'running' || state === 'paused' || (!isNamed && isBegun(state)))
}

function named(order: Order, free: readonly Piece[], wanted: readonly LotId[]): Piece[] {
  const missing = wanted.filter((id) => !free.some((piece) => piece.id === id))
  if (missing.length === 0) return free.filter(({ id }) => wanted.includes(id))
  throw refused(order, `${missing.length} of these pieces are in hand, scrapped, done or another order's`, {
    subjects: missing,
  })
}

function lastOf(free: readonly Piece[], quantity: Decimal, isSerial: boolean): Piece[] {
  return isSerial ? free.slice(-Number(quantity)) : [...free]
}

/** An amount of the last lot that was not begun becomes a lot of its own. */
async function part(
  uow: UnitOfWork,
  order: Order,
  free: readonly Piece[],
  { quantity, reason }: { readonly quantity: Decimal; readonly reason: string },
): Promise<Piece[]> {
  const lot = free.findLast((each) => compare(each.quantity, quantity) >= 0)
  if (lot === undefined) throw refused(order, `no lot of it that was not begun holds ${quantity}`)
  if (compare(lot.quantity, quantity) === 0) return [lot]
  const work = { orderId: order.id, runId: null, nodeId: order.siteId, at: uow.at }
  const { part: off } = await splitLot(uow, { ...work, lotId: lot.id, quantity, reason })
  const ordinal = Math.max(...(await listPieces(uow.trx, order.id)).map((each) => each.ordinal)) + 1
  const piece: Piece = { id: off.id, code: off.code, ordinal, quantity, state: 'in-work' }
  await updatePieces(uow.trx, order.id, [{ ...lot, quantity: subtract(lot.quantity, quantity) }])
  await insertPieces(uow.trx, order.id, [piece])
  await addPartToRuns(uow.trx, order.id, lot.id, piece.id)
  return [piece]
}

/** What the pieces have before them goes with them: a whole run moves, of another their part becomes one of its own. */
async function moveRuns(
  uow: UnitOfWork,
  order: Order,
  made: Order,
  runs: readonly StoredRun[],
  going: readonly Piece[],
): Promise<void> {
  const ids = new Set(going.map(({ id }) => id))
  const staying = await listPieces(uow.trx, order.id)
  for (const run of runs) {
    if (run.state !== 'waiting' && run.state !== 'ready') continue
    const leaves = run.subjects.filter((id) => ids.has(id))
    if (leaves.length === 0) continue
    if (leaves.length === run.subjects.length) {
      const quantity = quantityOf(going.filter(({ id }) => leaves.includes(id)))
      await updateRun(uow.trx, { ...run, orderId: made.id, quantity })
      continue
    }
    const stays = run.subjects.filter((id) => !ids.has(id))
    const of = (wanted: readonly LotId[], from: readonly Piece[]) =>
      quantityOf(from.filter(({ id }) => wanted.includes(id)))
    await updateRun(uow.trx, { ...run, subjects: stays, quantity: of(stays, staying) })
    const { id: _, ...like } = run
    await insertRuns(uow.trx, [
      { ...like, id: newId<'OperationRun'>(uow.at), orderId: made.id, subjects: leaves, quantity: of(leaves, going) },
    ])
  }
}

async function getOrder(uow: UnitOfWork, id: Order['id']): Promise<Order> {
  const found = await findOrder(uow.trx, id)
  if (found !== undefined) return found
  throw new DomainError('defect', 'execution.order-lost', `Order ${id} was not there after its split`)
}

const refused = (order: Pick<Order, 'code'>, why: string, details: Record<string, unknown> = {}): DomainError =>
  new DomainError('conflict', 'execution.order-not-splittable', `${order.code} cannot be split so: ${why}`, details)
