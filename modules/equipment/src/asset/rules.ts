import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Asset, Calibration } from '@throughline/model'

/** What is kept of an asset beside its calibrations. */
export type AssetRow = Omit<Asset, 'calibratedAt' | 'calibrationDueAt' | 'outOfTolerance'>

/** The asset as it stands after these calibrations, whatever order they were recorded in. */
export function withCalibrations(row: AssetRow, calibrations: readonly Calibration[]): Asset {
  const byTime = [...calibrations].sort((a, b) => a.at - b.at || a.recordedAt - b.recordedAt)
  const last = byTime.at(-1)
  const good = byTime.findLast((each) => each.asLeft === 'in-tolerance')
  return {
    ...row,
    calibratedAt: good?.at ?? null,
    calibrationDueAt: good?.dueAt ?? null,
    outOfTolerance: last?.asLeft === 'out-of-tolerance',
  }
}

/** Why an asset may not be used at an instant, in words with what to do; undefined = it may. */
export function usageProblem(asset: Asset, at: Instant, timeText: (at: Instant) => string): string | undefined {
  const { code, kind } = asset
  if (asset.state !== 'in-service') return `${code} is ${asset.state.replaceAll('-', ' ')}: take another ${kind}`
  if (!asset.needsCalibration) return undefined
  if (asset.outOfTolerance)
    return `${code} was found out of tolerance: take another ${kind}, and send it to calibration`
  if (asset.calibratedAt === null) return `${code} was never calibrated: take another ${kind}, or have it calibrated`
  if (asset.calibrationDueAt !== null && at >= asset.calibrationDueAt) {
    return `The calibration of ${code} ran out ${timeText(asset.calibrationDueAt)}: take another ${kind}`
  }
  return undefined
}

/** When what was measured with it was last known to be right: its last good calibration before `at`; null = never. */
export const lastGoodBefore = (calibrations: readonly Calibration[], at: Instant): Instant | null =>
  calibrations.reduce<Instant | null>(
    (last, each) =>
      each.asLeft === 'in-tolerance' && each.at < at && (last === null || each.at > last) ? each.at : last,
    null,
  )

/** @throws DomainError `invalid` for a calibration that cannot be */
export function assertCalibration(
  asset: AssetRow,
  given: { readonly at: Instant; readonly dueAt: Instant | null; readonly asLeft: Calibration['asLeft'] },
  now: Instant,
): void {
  const refuse = (code: string, message: string): never => {
    throw new DomainError('invalid', code, message, { asset: asset.code })
  }
  if (given.at > now) refuse('equipment.calibration-future', `A calibration of ${asset.code} lies in the future`)
  if (given.dueAt !== null && given.dueAt <= given.at) {
    refuse('equipment.calibration-due', `${asset.code} would be due again before it was calibrated`)
  }
  if (given.asLeft === 'in-tolerance' && given.dueAt === null && asset.intervalDays === null) {
    refuse('equipment.calibration-due', `${asset.code} has no interval: say when it is due again`)
  }
}

const dayUs = 86_400_000_000

/** When it is due again: as said, or after its interval. */
export const dueAfter = (at: Instant, said: Instant | null, intervalDays: number | null): Instant | null =>
  said ?? (intervalDays === null ? null : ((at + intervalDays * dayUs) as Instant))
