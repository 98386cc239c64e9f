import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { Asset, Calibration } from '@throughline/model'
import { listAssets, listCalibrations, recordCalibration, registerAsset, setAssetState } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { getNode } from '../node/store.ts'
import type { AssetRow } from './rules.ts'
import { assertCalibration, dueAfter, lastGoodBefore, withCalibrations } from './rules.ts'
import {
  insertAsset,
  insertCalibration,
  listAssetsBy,
  listCalibrationsOf,
  lockAsset,
  updateAssetState,
} from './store.ts'

export function registerAssetOperations(platform: Platform): void {
  platform.handle(listAssets, (uow, want) => listAssetsBy(uow.trx, want, uow.scopes))

  platform.handle(registerAsset, async (uow, input) => {
    if (input.nodeId !== null) await getNode(uow.trx, input.nodeId)
    const row: AssetRow = { ...input, id: newId<'Asset'>(uow.at), state: 'in-service' }
    if (!(await insertAsset(uow.trx, row))) {
      throw new DomainError(
        'conflict',
        'equipment.asset-known',
        `There is an asset ${input.code} already: a number is given once, take another one`,
        { code: input.code },
      )
    }
    return withCalibrations(row, [])
  })

  platform.handle(setAssetState, async (uow, { assetId, state, reason }) => {
    const asset = await lock(uow, assetId)
    if (asset.nodeId !== null) await uow.assertWithin(asset.nodeId)
    if (asset.state === 'retired') {
      throw new DomainError('conflict', 'equipment.asset-retired', `${asset.code} is retired, which is for good`)
    }
    await updateAssetState(uow.trx, assetId, state, reason)
    return { ...asset, state }
  })

  platform.handle(recordCalibration, async (uow, input) => {
    const asset = await lock(uow, input.assetId)
    if (asset.nodeId !== null) await uow.assertWithin(asset.nodeId)
    assertCalibration(asset, input, uow.at)
    const before = await listCalibrationsOf(uow.trx, asset.id)
    const calibration: Calibration = {
      ...input,
      id: newId<'Calibration'>(uow.at),
      dueAt: input.asLeft === 'in-tolerance' ? dueAfter(input.at, input.dueAt, asset.intervalDays) : null,
      recordedBy: uow.actor.name,
      recordedAt: uow.at,
    }
    await insertCalibration(uow.trx, calibration)
    uow.emit('equipment.calibration-recorded', {
      assetId: asset.id,
      code: asset.code,
      asFound: calibration.asFound,
      asLeft: calibration.asLeft,
      nodeId: asset.nodeId,
      since: lastGoodBefore(before, input.at),
      at: input.at,
    })
    return { asset: withCalibrations(asset, [...before, calibration]), calibration }
  })

  platform.handle(listCalibrations, async (uow, { assetId }) => {
    const { nodeId } = await lock(uow, assetId)
    if (nodeId !== null) await uow.assertWithin(nodeId)
    return listCalibrationsOf(uow.trx, assetId)
  })
}

async function lock(uow: UnitOfWork, id: Id<'Asset'>): Promise<Asset> {
  const asset = await lockAsset(uow.trx, id)
  if (asset !== undefined) return asset
  throw new DomainError('not-found', 'equipment.asset-unknown', `There is no asset ${id}`, { id })
}
