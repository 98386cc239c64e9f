import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { CleaningStatus } from '@throughline/model'
import { listCleaning, setCleaningRule } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { getNode } from '../node/store.ts'
import { statusOf } from './rules.ts'
import { getCleaningRow, listCleaningRows, putCleaning, putCleaningRule } from './store.ts'

type NodeId = Id<'EquipmentNode'>

export function registerCleaning(platform: Platform): void {
  platform.handle(listCleaning, async (uow, { nodeId }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    return (await listCleaningRows(uow.trx, nodeId === undefined ? uow.scopes : [nodeId])).map(statusOf)
  })

  platform.handle(setCleaningRule, async (uow, { nodeId, ...rule }) => {
    await getNode(uow.trx, nodeId)
    await putCleaningRule(uow.trx, nodeId, rule)
    return getCleaning(uow, nodeId)
  })
}

/** How cleaning stands on a piece of equipment, within the caller's transaction. */
export const getCleaning = async (uow: Pick<UnitOfWork, 'trx'>, nodeId: NodeId): Promise<CleaningStatus> =>
  statusOf(await getCleaningRow(uow.trx, nodeId))

/**
 * Says that equipment was cleaned, is being used for `use`, or is dirty, since `at`; within the caller's transaction.
 * @throws DomainError `conflict` for what came before what is known already
 */
export async function setCleaning(
  uow: UnitOfWork,
  nodeId: NodeId,
  status: 'clean' | 'in-use' | 'dirty',
  at: Instant,
  use: string | null,
): Promise<void> {
  const { path } = await getNode(uow.trx, nodeId)
  const known = await getCleaning(uow, nodeId)
  if (known.since !== null && at < known.since) {
    throw new DomainError(
      'conflict',
      'equipment.cleaning-late',
      `Of ${path} something later is known already: it is ${known.status}. Record the correction in its logbook`,
      { path, status: known.status },
    )
  }
  await putCleaning(uow.trx, nodeId, status, at, use)
  uow.emit('equipment.cleaning-changed', { nodeId, status, at })
}
