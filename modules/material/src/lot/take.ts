import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import { findLotByCode, listLotsById, lockLotRows } from './store.ts'
import type { StoredLot } from './stored-lot.ts'

type LotId = Id<'Lot'>

/** In the order asked for. @throws DomainError `not-found` naming the first that is not there */
export async function getStoredLots(uow: Pick<UnitOfWork, 'trx'>, ids: readonly LotId[]): Promise<StoredLot[]> {
  return inOrder(ids, await listLotsById(uow.trx, ids))
}

/** The lots, held until the transaction ends, in the order asked for. @throws DomainError `not-found` */
export async function lockStoredLots(uow: UnitOfWork, ids: readonly LotId[]): Promise<StoredLot[]> {
  return inOrder(ids, await lockLotRows(uow.trx, [...new Set(ids)]))
}

/** @throws DomainError `not-found` */
export async function lockStoredLot(uow: UnitOfWork, id: LotId): Promise<StoredLot> {
  const [lot] = await lockStoredLots(uow, [id])
  return lot ?? raiseUnknown(id)
}

/** The lot, held; only for somebody who may work at its place. @throws DomainError `not-found`, `forbidden` */
export async function takeLot(uow: UnitOfWork, id: LotId): Promise<StoredLot> {
  const lot = await lockStoredLot(uow, id)
  await uow.assertWithin(lot.lastNodeId)
  return lot
}

/** @throws DomainError `not-found` */
export async function getStoredLot(
  uow: UnitOfWork,
  asked: { readonly lotId: LotId } | { readonly code: string },
): Promise<StoredLot> {
  const found =
    'lotId' in asked ? (await listLotsById(uow.trx, [asked.lotId]))[0] : await findLotByCode(uow.trx, asked.code)
  return found ?? raiseUnknown('lotId' in asked ? asked.lotId : asked.code)
}

function inOrder(ids: readonly LotId[], found: readonly StoredLot[]): StoredLot[] {
  const byId = new Map(found.map((lot) => [lot.id, lot]))
  return ids.map((id) => byId.get(id) ?? raiseUnknown(id))
}

function raiseUnknown(name: string): never {
  throw new DomainError('not-found', 'material.lot-unknown', `There is no lot or serial ${name}`, { name })
}
