import type { Instant } from '@throughline/kernel'
import { applyModel, exportModel, planModel } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { Blueprint, PlantState } from './blueprint.ts'
import { readCsv, writeCsv } from './csv-file.ts'
import { assertNoBadRows } from './document.ts'
import { planDocument, planTagFile } from './rules.ts'
import { loadPlant, lockModel, writeModel } from './store.ts'
import { readYaml } from './yaml-document.ts'
import { writeYaml } from './yaml-export.ts'

export function registerPlantModel(platform: Platform): void {
  platform.handle(exportModel, async (uow, { format }) => {
    const plant = await loadPlant(uow.trx)
    return { text: format === 'yaml' ? writeYaml(plant) : writeCsv(plant) }
  })

  platform.handle(planModel, async (uow, input) => {
    const { changes } = planOf(await loadPlant(uow.trx), input, uow.at)
    return { changes }
  })

  platform.handle(applyModel, async (uow, input) => {
    await lockModel(uow.trx)
    const { changes, writes } = planOf(await loadPlant(uow.trx), input, uow.at)
    if (changes.length === 0) return { changes }
    await writeModel(uow.trx, writes)
    uow.emit('equipment.model-changed', { changed: changes.length, at: uow.at })
    return { changes }
  })
}

/** @throws DomainError `invalid` that names every bad row */
function planOf(plant: PlantState, input: { format: 'yaml' | 'csv'; text: string }, at: Instant): Blueprint {
  const blueprint =
    input.format === 'yaml' ? planDocument(plant, readYaml(input.text), at) : planTagFile(plant, readCsv(input.text))
  assertNoBadRows(blueprint.badRows)
  return blueprint
}
