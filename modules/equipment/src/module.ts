import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { registerAgentConfiguration } from './agent-configuration/operations.ts'
import { registerAssetOperations } from './asset/operations.ts'
import { registerCleaning } from './cleaning/operations.ts'
import { registerConnection } from './connection/operations.ts'
import { registerEquipmentClass } from './equipment-class/operations.ts'
import { registerNode } from './node/operations.ts'
import { registerOutage } from './outage/operations.ts'
import { registerPlantModel } from './plant-model/operations.ts'
import { registerEquipmentQualification } from './qualification/operations.ts'
import type { TagDirectory } from './tag/directory.ts'
import { tagDirectory } from './tag/directory.ts'
import { registerTag } from './tag/operations.ts'

/**
 * The equipment module and its directory of tags. The directory is empty until `directory.load(platform.db)`, which
 * belongs after the start of the platform; from then on it follows `equipment.model-changed`.
 */
export function equipmentModule(): { module: Module; directory: TagDirectory } {
  const directory = tagDirectory()
  const module: Module = {
    name: 'equipment',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: { key: { revision: 'only_one', cleaning: 'node_id', cleaning_rule: 'node_id' } },
    register(platform) {
      registerNode(platform)
      registerEquipmentClass(platform)
      registerConnection(platform)
      registerTag(platform)
      registerPlantModel(platform)
      registerAgentConfiguration(platform)
      registerAssetOperations(platform)
      registerCleaning(platform)
      registerEquipmentQualification(platform)
      registerOutage(platform)
      platform.on('equipment.model-changed', 'equipment.tag-directory', (uow) => directory.load(uow.trx))
    },
  }
  return { module, directory }
}
