import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Asset } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'

/** What is asked about gauges and scales: the equipment module's `findAsset` and `usageProblem` fit. */
export interface AssetFinder {
  /** Whatever the case of the code. */
  find(db: UnitOfWork['trx'], code: string): Promise<Asset | undefined>
  /** Why it may not be used at an instant, in words; undefined = it may. */
  problem(asset: Asset, at: Instant, timeText: (at: Instant) => string): string | undefined
}

/** @throws DomainError `not-found` */
export async function getAsset(uow: Pick<UnitOfWork, 'trx'>, assets: AssetFinder, code: string): Promise<Asset> {
  const asset = await assets.find(uow.trx, code)
  if (asset !== undefined) return asset
  throw new DomainError(
    'not-found',
    'material.asset-unknown',
    `There is no gauge, tool, fixture or scale ${code}: register it with equipment.asset.register`,
    { code },
  )
}
