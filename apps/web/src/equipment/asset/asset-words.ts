import type { Asset, Calibration } from '@throughline/model'

export const assetKindWords: Readonly<Record<Asset['kind'], string>> = {
  gauge: 'Gauge',
  tool: 'Tool',
  fixture: 'Fixture',
  scale: 'Scale',
}

export const assetStateWords: Readonly<Record<Asset['state'], string>> = {
  'in-service': 'In service',
  'out-of-service': 'Out of service',
  retired: 'Retired',
}

export const toleranceWords: Readonly<Record<Calibration['asFound'], string>> = {
  'in-tolerance': 'In tolerance',
  'out-of-tolerance': 'Out of tolerance',
}

const dayUs = 86_400_000_000
const soonDays = 14

type Due = Pick<Asset, 'state' | 'needsCalibration' | 'calibratedAt' | 'calibrationDueAt' | 'outOfTolerance'>

/** Why an asset may not be used now, in words; undefined = it may. */
export function unusable(asset: Due, now: number): string | undefined {
  if (asset.state !== 'in-service') return assetStateWords[asset.state].toLowerCase()
  if (asset.outOfTolerance) return 'found out of tolerance'
  if (!asset.needsCalibration) return undefined
  if (asset.calibratedAt === null) return 'never calibrated'
  if (asset.calibrationDueAt !== null && asset.calibrationDueAt <= now) return 'calibration is over'
  return undefined
}

/** Whether it has to be calibrated within two weeks. */
export const isDueSoon = (asset: Due, now: number): boolean =>
  unusable(asset, now) === undefined &&
  asset.needsCalibration &&
  asset.calibrationDueAt !== null &&
  asset.calibrationDueAt - now < soonDays * dayUs
