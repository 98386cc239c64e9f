import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { QualityEvent } from './rules.ts'
import { ofDeviation, ofGauge, ofInspection } from './rules.ts'
import { endOfDeviation, endOfGauge, insertEvent, listStandingEvents } from './store.ts'

interface QualityHearer {
  /** Hears all that stands now; `at` = when that became so. */
  hearQuality(standing: readonly QualityEvent[], at: Instant): void
}

/** Hears what quality finds and what becomes of it. @param watch undefined = it is not open yet */
export function followQuality(platform: Platform, watch: () => QualityHearer | undefined): void {
  const opened = (): QualityHearer => {
    const hearer = watch()
    if (hearer !== undefined) return hearer
    // The event is delivered again a little later.
    throw new DomainError('unavailable', 'alarm.not-open', 'Alarms are raised once the server has started')
  }
  const found = async (uow: UnitOfWork, event: QualityEvent | undefined): Promise<void> => {
    if (event === undefined) return
    const hearer = opened()
    const before = await listStandingEvents(uow.trx)
    if (!(await insertEvent(uow.trx, event))) return
    const standing = await listStandingEvents(uow.trx)
    const stands = standing.some(({ source, ref }) => source === event.source && ref === event.ref)
    // Nothing is left of it, and somebody has to see it all the same: it comes and goes.
    if (!stands) hearer.hearQuality([...before, event], event.at)
    hearer.hearQuality(standing, event.at)
  }
  const ended = async (uow: UnitOfWork, at: Instant): Promise<void> => {
    opened().hearQuality(await listStandingEvents(uow.trx), at)
  }

  platform.on('quality.deviation-opened', 'alarm.quality', (uow, event) => found(uow, ofDeviation(event)))
  platform.on('quality.inspection-recorded', 'alarm.quality', (uow, event) => found(uow, ofInspection(event)))
  platform.on('quality.gauge-doubted', 'alarm.quality', (uow, event) => found(uow, ofGauge(event)))
  platform.on('quality.deviation-closed', 'alarm.quality', async (uow, { deviationId, at }) => {
    await endOfDeviation(uow.trx, deviationId, at)
    await ended(uow, at)
  })
  platform.on('equipment.calibration-recorded', 'alarm.quality', async (uow, { assetId, asFound, asLeft, at }) => {
    if ((asLeft ?? asFound) !== 'in-tolerance') return
    // Gauges are calibrated before the first start too, when nothing stands and nobody hears.
    if (await endOfGauge(uow.trx, assetId, at)) await ended(uow, at)
  })
}
