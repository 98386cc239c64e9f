import { nodesWithin } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import { findLot } from '@throughline/material'
import type { Deviation } from '@throughline/model'
import {
  closeDeviation,
  getDeviation,
  listDeviations,
  noteDeviation,
  openDeviation,
  voidDeviation,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { QualityOptions } from '../quality.ts'
import { open } from './open.ts'
import { assertHappened, assertOpenAsSeen, windowAround } from './rules.ts'
import { endDeviation, getDeviationBy, insertLots, insertNote, listDeviationsBy, lockDeviation } from './store.ts'

export function registerDeviation(platform: Platform, options: QualityOptions): void {
  const { directory, orders } = options

  platform.handle(listDeviations, (uow, want) => listDeviationsBy(uow.trx, want, nodesWithin(directory, uow.scopes)))

  platform.handle(getDeviation, async (uow, want) => {
    const asked = 'code' in want ? want : { id: want.deviationId }
    return seen(uow, await getDeviationBy(uow.trx, asked))
  })

  platform.handle(openDeviation, async (uow, { lots, orderCode, ...input }) => {
    assertHappened(input.at, uow.at)
    if (input.nodeId !== null) await uow.assertWithin(input.nodeId)
    const order = orderCode === null ? undefined : await orders.byCode(uow.trx, orderCode)
    if (orderCode !== null && order === undefined) {
      throw new DomainError('not-found', 'quality.order-unknown', `There is no order ${orderCode}`, { orderCode })
    }
    const opened = await open(uow, options, {
      ...input,
      cause: { kind: 'person', ref: uow.entryId },
      openedBy: uow.actor.name,
      orderId: order?.id ?? null,
      runId: null,
      lots: await lotIdsOf(uow, lots),
      window: input.window ?? windowAround(input.at),
    })
    if (opened !== undefined) return opened
    throw new DomainError('defect', 'quality.cause-known', 'The cause of a new deviation was known already')
  })

  platform.handle(noteDeviation, async (uow, { deviationId, version, text, lots }) => {
    const found = await lock(uow, deviationId)
    assertOpenAsSeen(found, version)
    await insertNote(uow.trx, deviationId, { id: newId(uow.at), at: uow.at, by: uow.actor.name, text })
    const known = new Set(found.lots.map(({ lotId }) => lotId))
    const fresh = (await lotIdsOf(uow, lots)).filter((id) => !known.has(id))
    if (fresh.length > 0) {
      const named = await Promise.all(fresh.map((lotId) => findLot(uow, { lotId })))
      await insertLots(
        uow.trx,
        deviationId,
        named.flatMap((lot) => (lot === undefined ? [] : [{ lotId: lot.id, code: lot.code }])),
      )
      const { code, orderId, runId } = found
      uow.emit('quality.deviation-opened', { deviationId, code, orderId, runId, lots: fresh, at: uow.at })
    }
    return getDeviationBy(uow.trx, { id: deviationId })
  })

  platform.handle(closeDeviation, async (uow, { deviationId, version, conclusion, disposition }) => {
    assertOpenAsSeen(await lock(uow, deviationId), version)
    return end(uow, deviationId, { state: 'closed', conclusion, disposition })
  })

  platform.handle(voidDeviation, async (uow, { deviationId, version, reason }) => {
    assertOpenAsSeen(await lock(uow, deviationId), version)
    return end(uow, deviationId, { state: 'void', conclusion: reason, disposition: null })
  })
}

async function end(
  uow: UnitOfWork,
  id: Id<'Deviation'>,
  said: { readonly state: 'closed' | 'void'; readonly conclusion: string; readonly disposition: string | null },
): Promise<Deviation> {
  await endDeviation(uow.trx, id, { ...said, at: uow.at, by: uow.actor.name })
  await uow.sign({ kind: 'quality.deviation', id })
  const deviation = await getDeviationBy(uow.trx, { id })
  const { code, lots } = deviation
  const lotIds = lots.map(({ lotId }) => lotId)
  uow.emit('quality.deviation-closed', {
    ...{ deviationId: id, code, lots: lotIds, disposition: said.disposition, at: uow.at },
  })
  return deviation
}

const lock = async (uow: UnitOfWork, id: Id<'Deviation'>): Promise<Deviation> =>
  seen(uow, await lockDeviation(uow.trx, id))

async function seen(uow: UnitOfWork, deviation: Deviation): Promise<Deviation> {
  if (deviation.nodeId !== null) await uow.assertWithin(deviation.nodeId)
  return deviation
}

/** @throws DomainError `not-found` naming the first code that is no lot's */
async function lotIdsOf(uow: UnitOfWork, codes: readonly string[]): Promise<Id<'Lot'>[]> {
  const ids: Id<'Lot'>[] = []
  for (const code of codes) {
    const lot = await findLot(uow, { code })
    if (lot === undefined) {
      throw new DomainError('not-found', 'quality.lot-unknown', `There is no lot or serial ${code}`, { code })
    }
    ids.push(lot.id)
  }
  return ids
}
