import type { TagDirectory } from '@throughline/equipment'
import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import type { QualityRecords } from './as-built/facts.ts'
import { registerAsBuilt } from './as-built/operations.ts'
import { handOutBy } from './files.ts'
import { registerGenealogy } from './genealogy/operations.ts'
import { registerRebuild } from './graph/rebuild.ts'
import { followPlant } from './graph/subscriptions.ts'
import { registerRecall } from './recall/operations.ts'

/** What the module is told of the plant that it runs in. */
export interface TraceabilityOptions {
  /** The places and the equipment of the plant. */
  readonly directory: TagDirectory
  /** Inspections and deviations, which a module beside this one keeps. */
  readonly quality: QualityRecords
}

/** One graph of what was made of what, by whom, on what, with what; recall drills. */
export function traceabilityModule({ directory, quality }: TraceabilityOptions): Module {
  return {
    name: 'traceability',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      except: {
        node: 'repeats what others keep and told, in their words',
        edge: 'worked out of the movements, runs, inspections and deviations that others keep',
        taken_back: 'repeats movements by which material came back',
        reading_marks: 'told by the readings; the seal on them holds the hash of it',
        reading_look: 'what is still to be looked at, and what was seen, which looking again tells',
      },
      partOf: { recall_reach: { table: 'recall_drill', by: 'drill_id' } },
    },
    register(platform) {
      followPlant(platform, directory, quality)
      registerRebuild(platform, directory, quality)
      registerGenealogy(platform, directory)
      const hand = handOutBy(platform)
      registerRecall(platform, directory, hand)
      registerAsBuilt(platform, { directory, quality }, hand)
    },
  }
}
