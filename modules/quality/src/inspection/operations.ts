import { DomainError, newId } from '@throughline/kernel'
import { findLot } from '@throughline/material'
import type { Inspection } from '@throughline/model'
import { listInspections, recordInspection } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { open } from '../deviation/open.ts'
import { assertHappened, ofInspection } from '../deviation/rules.ts'
import type { QualityOptions } from '../quality.ts'
import { hasPassed, judged } from './rules.ts'
import { findOfDocument, insertInspection, listInspectionsBy } from './store.ts'

export function registerInspection(platform: Platform, options: QualityOptions): void {
  platform.handle(listInspections, (uow, want) => listInspectionsBy(uow.trx, want))

  platform.handle(recordInspection, async (uow, { orderCode, results: given, ...input }) => {
    assertHappened(input.at, uow.at)
    const known = input.document === null ? undefined : await findOfDocument(uow.trx, input.document, input.piece)
    if (known !== undefined) return known
    const order = orderCode === null ? undefined : await options.orders.byCode(uow.trx, orderCode)
    if (orderCode !== null && order === undefined) {
      throw new DomainError('not-found', 'quality.order-unknown', `There is no order ${orderCode}`, { orderCode })
    }
    const lot = await findLot(uow, { code: input.piece })
    const results = judged(given)
    const inspection: Inspection = {
      ...input,
      id: newId<'Inspection'>(uow.at),
      lotId: lot?.id ?? null,
      orderId: order?.id ?? lot?.orderId ?? null,
      recordedAt: uow.at,
      recordedBy: uow.actor.name,
      passed: hasPassed(results),
      results,
    }
    await insertInspection(uow.trx, inspection)
    if (inspection.passed === false) await open(uow, options, ofInspection(inspection))
    uow.emit('quality.inspection-recorded', {
      inspectionId: inspection.id,
      lotId: inspection.lotId,
      runId: inspection.runId,
      gauge: inspection.gauge,
      passed: inspection.passed,
      at: inspection.at,
    })
    return inspection
  })
}
