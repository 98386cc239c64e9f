import type { TagDirectory } from '@throughline/equipment'
import type { DomainEventName, DomainEvents } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { QualityRecords } from '../as-built/facts.ts'
import { lookAtReadings, noteCompleted, noteCorrected, noteLate, noteMapped } from '../readings/looking.ts'
import { hearDeviation, hearInspection } from './finding.ts'
import { hearContainers, hearLots, hearMovements } from './movement.ts'
import { hearRun } from './run.ts'
import { joinGraph } from './store.ts'

const heard = 'traceability.graph'

/** Operations whose readings are to be sealed are looked for so often. */
const lookEveryMs = 5000

/**
 * Hears what happens in the plant and keeps the graph. An event says what changed; what is true of it is asked of whoever
 * keeps it: heard twice, or in another order, it says the same.
 */
export function followPlant(platform: Platform, directory: TagDirectory, quality: QualityRecords): void {
  const on = <Name extends DomainEventName>(
    event: Name,
    hear: (uow: UnitOfWork, body: DomainEvents[Name]) => Promise<void>,
  ): void =>
    platform.on(event, heard, async (uow, body) => {
      await joinGraph(uow.trx)
      await hear(uow, body)
    })

  on('material.moved', (uow, event) => hearMovements(uow, [event]))
  on('material.lot-status-changed', (uow, { lotId }) => hearLots(uow, [lotId]))
  on('material.container-changed', (uow, { containerId }) => hearContainers(uow, [containerId]))

  on('execution.run-changed', async (uow, { runId }) => {
    await hearRun(uow, directory, runId)
    await noteCompleted(uow, directory, runId)
  })
  platform.on('historian.sample-corrected', 'traceability.readings', noteCorrected)
  platform.on('historian.source-mapped', 'traceability.readings', noteMapped)
  platform.on('performance.past-changed', 'traceability.readings', (uow, told) => noteLate(uow, directory, told))
  platform.every(lookEveryMs, 'traceability.readings', () => lookAtReadings(platform, directory))
  on('execution.step-recorded', (uow, { runId }) => hearRun(uow, directory, runId))
  on('execution.step-verified', (uow, { runId }) => hearRun(uow, directory, runId))

  on('quality.inspection-recorded', async (uow, { inspectionId }) => {
    const found = await quality.findInspection(uow.trx, inspectionId)
    if (found !== undefined) await hearInspection(uow, found)
  })
  for (const event of ['quality.deviation-opened', 'quality.deviation-closed'] as const) {
    on(event, async (uow, { deviationId }) => {
      const found = await quality.findDeviation(uow.trx, deviationId)
      if (found !== undefined) await hearDeviation(uow, found)
    })
  }
}
