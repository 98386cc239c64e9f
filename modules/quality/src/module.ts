import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { registerDeviation } from './deviation/operations.ts'
import { followCauses } from './deviation/subscriptions.ts'
import { registerInspection } from './inspection/operations.ts'
import type { QualityOptions } from './quality.ts'

/** Deviations and inspections. */
export function qualityModule(options: QualityOptions): Module {
  return {
    name: 'quality',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      except: { number: 'counts the numbers that were given: each stands on its deviation' },
      partOf: {
        deviation_lot: { table: 'deviation', by: 'deviation_id' },
        deviation_note: { table: 'deviation', by: 'deviation_id' },
      },
    },
    register(platform) {
      registerDeviation(platform, options)
      registerInspection(platform, options)
      followCauses(platform, options)
    },
  }
}
