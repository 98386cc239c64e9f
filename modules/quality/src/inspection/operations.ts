import { nodesWithin } from '@throughline/equipment'
import { DomainError } from '@throughline/kernel'
import { listInspections, recordInspection } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { assertHappened } from '../deviation/rules.ts'
import type { QualityOptions } from '../quality.ts'
import { record } from './record.ts'
import { listInspectionsBy } from './store.ts'

export function registerInspection(platform: Platform, options: QualityOptions): void {
  platform.handle(listInspections, (uow, want) =>
    listInspectionsBy(uow.trx, want, nodesWithin(options.directory, uow.scopes)),
  )

  platform.handle(recordInspection, async (uow, { orderCode, ...input }) => {
    assertHappened(input.at, uow.at)
    const order = orderCode === null ? undefined : await options.orders.byCode(uow.trx, orderCode)
    if (orderCode !== null && order === undefined) {
      throw new DomainError('not-found', 'quality.order-unknown', `There is no order ${orderCode}`, { orderCode })
    }
    return record(uow, options, { ...input, orderId: order?.id ?? null })
  })
}
