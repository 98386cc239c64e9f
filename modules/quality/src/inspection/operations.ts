import { nodesWithin } from '@throughline/equipment'
import { DomainError } from '@throughline/kernel'
import { findLot } from '@throughline/material'
import { listInspections, recordInspection } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { assertHappened } from '../deviation/rules.ts'
import type { QualityOptions } from '../quality.ts'
import { record } from './record.ts'
import { listInspectionsBy } from './store.ts'
import { assertNamed } from './work.ts'

export function registerInspection(platform: Platform, options: QualityOptions): void {
  platform.handle(listInspections, (uow, want) =>
    listInspectionsBy(uow.trx, want, nodesWithin(options.directory, uow.scopes)),
  )

  platform.handle(recordInspection, async (uow, { orderCode, runId, ...input }) => {
    assertHappened(input.at, uow.at)
    const order = orderCode === null ? undefined : await options.orders.byCode(uow.trx, orderCode)
    if (orderCode !== null && order === undefined) {
      throw new DomainError('not-found', 'quality.order-unknown', `There is no order ${orderCode}`, { orderCode })
    }
    const orderId = order?.id ?? null
    if (runId !== null) {
      const lot = await findLot(uow, { code: input.piece })
      assertNamed(await options.runs.byId(uow.trx, runId), { runId, orderId, piece: input.piece }, lot?.id ?? null)
    }
    return record(uow, options, { ...input, orderId, work: { run: runId, order: null, operation: null } })
  })
}
