import type { Module, UnitOfWork } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { registerDeviation } from './deviation/operations.ts'
import { followCauses } from './deviation/subscriptions.ts'
import type { MeasuredDocument } from './inspection/from-document.ts'
import { inspectionsOf } from './inspection/from-document.ts'
import { registerInspection } from './inspection/operations.ts'
import { record } from './inspection/record.ts'
import type { QualityOptions } from './quality.ts'

/** The face of the module for the composition root. */
export interface Quality {
  readonly module: Module
  /** Records what a document says was measured, in the transaction of whoever has the document. */
  hearDocument(uow: UnitOfWork, document: MeasuredDocument): Promise<void>
}

/** Makes the module of deviations and inspections. */
export function qualityModule(options: QualityOptions): Quality {
  return {
    module: {
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
    },
    async hearDocument(uow, document) {
      for (const measured of inspectionsOf(document)) await record(uow, options, measured)
    },
  }
}
