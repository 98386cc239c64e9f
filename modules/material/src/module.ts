import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import type { AssetFinder } from './assets.ts'
import { registerBom } from './bom/operations.ts'
import { registerContainer } from './container/operations.ts'
import { registerDefinition } from './definition/operations.ts'
import { followDeviations } from './deviation/subscriptions.ts'
import { registerLabel } from './label/operations.ts'
import { registerLot } from './lot/operations.ts'
import { registerMovement } from './movement/operations.ts'
import type { NodeFinder } from './nodes.ts'
import { followSignatures } from './release/release.ts'
import { registerScan } from './scan/operations.ts'
import { registerWeighing } from './weighing/operations.ts'

/** What the module is told of the plant that it runs in. */
export interface MaterialOptions {
  /** The places of the plant's model: the equipment module's tag directory fits. */
  readonly nodes: NodeFinder
  /** Gauges and scales. */
  readonly assets: AssetFinder
  /**
   * The GS1 company prefix that SSCCs are made with. Default: one that GS1 keeps for demonstrations (952…), which no
   * company has: a plant that ships needs its own.
   */
  readonly companyPrefix?: string
}

const demonstrationPrefix = '9521000'

/** Materials, bills of material, lots and what happens to them. */
export function materialModule(options: MaterialOptions): Module {
  const { nodes, assets, companyPrefix = demonstrationPrefix } = options
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
      deletable: ['release', 'bom_base'],
      partOf: {
        movement_line: { table: 'movement', by: 'movement_id' },
        bom_base: { table: 'bom', by: 'bom_id' },
      },
    },
    register(platform) {
      registerDefinition(platform)
      registerBom(platform)
      registerLot(platform, nodes)
      registerMovement(platform, nodes)
      registerContainer(platform, nodes, companyPrefix)
      registerWeighing(platform, nodes, assets)
      registerScan(platform, nodes, assets)
      registerLabel(platform, assets)
      followSignatures(platform)
      followDeviations(platform)
    },
  }
}
