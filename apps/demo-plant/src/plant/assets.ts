import type { Asset } from '../model/asset.ts'
import { autoclave } from '../model/autoclave.ts'
import { bioreactor } from '../model/bioreactor.ts'
import { fillLine } from '../model/fill-line.ts'
import { freezer } from '../model/freezer.ts'
import { layUpStations } from '../model/lay-up.ts'
import { plyCutter } from '../model/ply-cutter.ts'
import type { TagDefinition } from '../model/tag-definition.ts'
import { vehicle } from '../model/vehicle.ts'
import { waterLoop } from '../model/water-loop.ts'

/** Everything in the plant. The one list from which servers, equipment model, back-fill and tests are made. */
export const assets: readonly Asset[] = [
  freezer,
  plyCutter,
  ...layUpStations,
  autoclave,
  vehicle,
  bioreactor,
  fillLine,
  waterLoop,
]

/** One tag of one asset; `index` is its place in `plantTags`, by which the whole simulator calls it. */
export interface PlantTag {
  readonly index: number
  readonly asset: Asset
  readonly definition: TagDefinition
  /** Path in the unified namespace, lower case. */
  readonly path: string
}

export const plantTags: readonly PlantTag[] = assets
  .flatMap((asset) => asset.tags.map((definition) => ({ asset, definition })))
  .map(({ asset, definition }, index) => ({
    ...{ index, asset, definition },
    path: `${asset.parent}/${asset.id}/${definition.name}`.toLowerCase(),
  }))

/** The tags of the assets that speak one protocol. */
export function tagsOf(protocol: Asset['protocol']): readonly PlantTag[] {
  return plantTags.filter((tag) => tag.asset.protocol === protocol)
}
