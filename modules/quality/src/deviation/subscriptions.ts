import type { Platform } from '@throughline/platform'
import { listMeasuredWith } from '../inspection/store.ts'
import type { QualityOptions } from '../quality.ts'
import { join } from './join.ts'
import { open } from './open.ts'
import { concernsQuality, ofAlarm, ofBreach, ofDoubt, ofOverride } from './rules.ts'

/** What opens deviations without anybody asking. Heard twice, each opens one. */
export function followCauses(platform: Platform, options: QualityOptions): void {
  platform.on('execution.gate-overridden', 'quality.deviation', async (uow, event) => {
    await open(uow, options, ofOverride(event))
  })
  platform.on('execution.limit-breached', 'quality.deviation', async (uow, event) => {
    await open(uow, options, ofBreach(event))
  })
  platform.on('alarm.occurred', 'quality.deviation', async (uow, event) => {
    if (!concernsQuality(event)) return
    const work = await options.workAt(uow.trx, event.nodeId, event.at)
    if (await join(uow, event, work)) return
    await open(uow, options, ofAlarm(event, work))
  })
  platform.on('equipment.calibration-recorded', 'quality.deviation', async (uow, event) => {
    if (event.asFound !== 'out-of-tolerance') return
    const measured = await listMeasuredWith(uow.trx, event.code, event.since, event.at)
    const uses = (await options.usesOf?.(uow.trx, event.code, event.since, event.at)) ?? []
    const isUsed = measured.length > 0 || uses.length > 0
    const opened = isUsed ? await open(uow, options, ofDoubt(event, measured, uses)) : undefined
    // Heard twice, its deviation is there already, and so is the telling.
    if (isUsed && opened === undefined) return
    const { assetId, code, nodeId = null, asLeft, since, at } = event
    const leftOut = asLeft !== 'in-tolerance'
    const about = { deviationId: opened?.id ?? null, deviation: opened?.code ?? null }
    uow.emit('quality.gauge-doubted', { assetId, code, nodeId, ...about, since, leftOut, at })
  })
}
