import { getLots } from '@throughline/material'
import type { DomainEvents } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { Work } from '../quality.ts'
import { findOpenOfAlarm, insertLots, insertNote, isNoted, lockDeviation } from './store.ts'

/**
 * Joins an alarm that occurs again to the deviation that it opened in the same order and that is still open: a note of when and
 * how, and the lots that were on by then. False when there is none.
 */
export async function join(
  uow: UnitOfWork,
  { occurrenceId, name, detail, at }: DomainEvents['alarm.occurred'],
  work: Work | undefined,
): Promise<boolean> {
  const found = await findOpenOfAlarm(uow.trx, name, work?.orderId ?? null)
  if (found === undefined) return false
  const { id: deviationId, state, cause, code, orderId, runId, lots } = await lockDeviation(uow.trx, found)
  if (state !== 'open') return false
  // It opened this one, or is heard twice.
  if (cause.ref === occurrenceId || (await isNoted(uow.trx, occurrenceId))) return true
  const text = detail === '' ? `${name} occurred again` : `${name} occurred again: ${detail}`
  await insertNote(uow.trx, deviationId, { id: occurrenceId, at, by: 'alarm', text })
  const known = new Set(lots.map(({ lotId }) => lotId))
  const ids = (work?.lots ?? []).filter((id) => !known.has(id))
  if (ids.length === 0) return true
  const fresh = (await getLots(uow, ids)).map((lot) => ({ lotId: lot.id, code: lot.code }))
  await insertLots(uow.trx, deviationId, fresh)
  uow.emit('quality.deviation-opened', {
    ...{ deviationId, code, orderId, runId, lots: fresh.map(({ lotId }) => lotId), at: uow.at },
  })
  return true
}
