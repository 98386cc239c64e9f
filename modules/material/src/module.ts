import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { registerBom } from './bom/operations.ts'
import { registerDefinition } from './definition/operations.ts'
import { followDeviations } from './deviation/subscriptions.ts'
import { registerLot } from './lot/operations.ts'
import { registerMovement } from './movement/operations.ts'
import type { NodeFinder } from './nodes.ts'
import { followSignatures } from './release/release.ts'

/** What the module is told of the plant that it runs in. */
export interface MaterialOptions {
  /** The places of the plant's model: the equipment module's tag directory fits. */
  readonly nodes: NodeFinder
}

/** Materials, bills of material, lots and what happens to them. */
export function materialModule({ nodes }: MaterialOptions): Module {
  return {
    name: 'material',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      key: { release: 'subject_id' },
      except: {
        number: 'counts the numbers that were given: each stands on its lot or container',
        lot_edge: 'what was made of what is worked out of the movements',
        deviation_end: 'repeats which deviations quality closed',
      },
      partOf: { movement_line: { table: 'movement', by: 'movement_id' } },
    },
    register(platform) {
      registerDefinition(platform)
      registerBom(platform)
      registerLot(platform, nodes)
      registerMovement(platform, nodes)
      followSignatures(platform)
      followDeviations(platform)
    },
  }
}
