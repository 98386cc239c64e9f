import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { listLotsInside } from '@throughline/material'
import { closeContainer, mergeLots, splitLot, transformLot } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { PieceInWork } from './store.ts'
import { listPiecesInWork } from './store.ts'

type LotId = Id<'Lot'>

const guard = 'execution.piece-in-work'

/** What an order is still making is nobody's to ship or to make into something else: it would end without its record. */
export function registerPieceGuards(platform: Platform): void {
  platform.guard(mergeLots, guard, (uow, { lotIds }) => assertFree(uow, lotIds, 'merged'))
  platform.guard(splitLot, guard, (uow, { lotId }) => assertFree(uow, [lotId], 'split'))
  platform.guard(transformLot, guard, (uow, { lotId }) => assertFree(uow, [lotId], 'made into something else'))
  platform.guard(closeContainer, guard, async (uow, { containerId, state }) => {
    if (state === 'shipped') await assertFree(uow, await listLotsInside(uow.trx, containerId), 'shipped')
  })
}

async function assertFree(uow: UnitOfWork, lots: readonly LotId[], doing: string): Promise<void> {
  const [first, ...others] = await listPiecesInWork(uow.trx, lots)
  if (first === undefined) return
  const also = others.length === 0 ? '' : `, and so it is with ${others.length} more`
  throw new DomainError(
    'conflict',
    'execution.piece-in-work',
    `${first.code} cannot be ${doing}: ${whyNot(first)}${also}`,
    { pieces: [first, ...others].map(({ code }) => code) },
  )
}

const whyNot = ({ order, held }: PieceInWork): string =>
  held ? `${order} is held; end what holds it first` : `${order} is still making it; complete its operations first`
