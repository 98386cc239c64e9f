import type { TagDirectory } from '@throughline/equipment'
import type { Platform } from '@throughline/platform'
import type { QualityRecords } from '../as-built/facts.ts'
import { hearDeviation, hearInspection } from './finding.ts'
import { hearContainers, hearLots, hearMovements } from './movement.ts'
import { hearRun } from './run.ts'

const heard = 'traceability.graph'

/**
 * Hears what happens in the plant and keeps the graph. An event says what changed; what is true of it is asked of whoever
 * keeps it: heard twice, or in another order, it says the same.
 */
export function followPlant(platform: Platform, directory: TagDirectory, quality: QualityRecords): void {
  platform.on('material.moved', heard, (uow, event) => hearMovements(uow, [event]))
  platform.on('material.lot-status-changed', heard, (uow, { lotId }) => hearLots(uow, [lotId]))
  platform.on('material.container-changed', heard, (uow, { containerId }) => hearContainers(uow, [containerId]))

  platform.on('execution.run-changed', heard, (uow, { runId }) => hearRun(uow, directory, runId))
  platform.on('execution.step-recorded', heard, (uow, { runId }) => hearRun(uow, directory, runId))
  platform.on('execution.step-verified', heard, (uow, { runId }) => hearRun(uow, directory, runId))

  platform.on('quality.inspection-recorded', heard, async (uow, { inspectionId }) => {
    const found = await quality.findInspection(uow.trx, inspectionId)
    if (found !== undefined) await hearInspection(uow, found)
  })
  for (const event of ['quality.deviation-opened', 'quality.deviation-closed'] as const) {
    platform.on(event, heard, async (uow, { deviationId }) => {
      const found = await quality.findDeviation(uow.trx, deviationId)
      if (found !== undefined) await hearDeviation(uow, found)
    })
  }
}
