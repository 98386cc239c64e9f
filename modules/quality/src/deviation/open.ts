import { newId } from '@throughline/kernel'
import { getLots } from '@throughline/material'
import type { Deviation } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { QualityOptions } from '../quality.ts'
import type { Occasion } from './rules.ts'
import { codeOf } from './rules.ts'
import { insertDeviation, isKnownCause, takeNumber } from './store.ts'

/** Opens a deviation with what is known at this moment; undefined when its cause has opened one before. */
export async function open(
  uow: UnitOfWork,
  { directory, orders }: QualityOptions,
  occasion: Occasion,
): Promise<Deviation | undefined> {
  const { lots: lotIds, ...said } = occasion
  if (await isKnownCause(uow.trx, said.cause)) return undefined
  const found = lotIds.length === 0 ? [] : await getLots(uow, [...new Set(lotIds)])
  const order = said.orderId === null ? undefined : await orders.byId(uow.trx, said.orderId)
  const deviation: Deviation = {
    ...said,
    id: newId<'Deviation'>(uow.at),
    code: codeOf(await takeNumber(uow.trx, 'deviation')),
    state: 'open',
    openedAt: uow.at,
    orderCode: order?.code ?? null,
    lots: found.map(({ id, code }) => ({ lotId: id, code })),
    tagIds: directory.list().flatMap((tag) => (tag.nodeId === said.nodeId ? [tag.id] : [])),
    notes: [],
    closed: null,
    version: 1,
  }
  await insertDeviation(uow.trx, deviation)
  uow.emit('quality.deviation-opened', {
    deviationId: deviation.id,
    code: deviation.code,
    orderId: deviation.orderId,
    runId: deviation.runId,
    lots: deviation.lots.map(({ lotId }) => lotId),
    at: uow.at,
    opened: {
      ...{ title: deviation.title, severity: deviation.severity },
      ...{ nodeId: deviation.nodeId, cause: deviation.cause.kind },
    },
  })
  return deviation
}
