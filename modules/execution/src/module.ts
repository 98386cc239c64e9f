import type { Module, Platform } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { registerDevice } from './device/operations.ts'
import type { ExecutionOptions } from './execution.ts'
import { registerGate } from './gate/operations.ts'
import { registerInstruction } from './instruction/operations.ts'
import { registerLogbook } from './logbook/operations.ts'
import { registerMedia } from './media/operations.ts'
import { registerDeviationHolds } from './order/deviation-hold.ts'
import { registerEquipmentHolds } from './order/equipment-hold.ts'
import { registerOrderImport } from './order/import.ts'
import { registerMaterialHolds } from './order/material-hold.ts'
import { registerOrder } from './order/operations.ts'
import { registerPieceGuards } from './order/piece-guard.ts'
import { registerRun } from './run/operations.ts'
import { registerStepEntry, stepRecord } from './step-entry/operations.ts'
import { callRecords } from './titles.ts'
import { registerAdoption } from './version/adopt.ts'
import { registerWorkDefinition } from './work-definition/operations.ts'

/** Orders and the work on them: definitions, instructions, runs, gates. */
export function executionModule(options: ExecutionOptions): Module {
  return {
    name: 'execution',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      key: { release: 'definition_id', media: 'hash' },
      deletable: ['instruction_base', 'work_definition_base', 'order_subject'],
      except: { order_number: 'counts the numbers that were given: each stands on its order' },
      partOf: {
        instruction_base: { table: 'instruction', by: 'instruction_id' },
        work_definition_base: { table: 'work_definition', by: 'definition_id' },
        order_subject: { table: 'order', by: 'order_id' },
        order_hold: { table: 'order', by: 'order_id' },
        labour: { table: 'run', by: 'run_id' },
        report: { table: 'run', by: 'run_id' },
        program_check: { table: 'run', by: 'run_id' },
      },
    },
    register(platform: Platform) {
      registerWorkDefinition(platform, options.directory)
      registerInstruction(platform)
      registerAdoption(platform, options.directory)
      registerOrder(platform, options)
      registerOrderImport(platform, options)
      registerMaterialHolds(platform)
      registerDeviationHolds(platform)
      registerEquipmentHolds(platform, options.directory)
      registerPieceGuards(platform)
      registerRun(platform, options, stepRecord)
      registerGate(platform, options)
      registerStepEntry(platform, options)
      registerLogbook(platform, options.directory)
      registerMedia(platform, options)
      registerDevice(platform, options.directory)
      callRecords(platform)
    },
  }
}
