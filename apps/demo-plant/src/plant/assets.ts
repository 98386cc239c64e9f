import type { Asset } from '../model/asset.ts'
import { autoclave } from '../model/autoclave.ts'
import { bioreactor } from '../model/bioreactor.ts'
import { fillLine } from '../model/fill-line.ts'
import { freezer } from '../model/freezer.ts'
import { layUpStations } from '../model/lay-up.ts'
import { machiningCenters } from '../model/machining.ts'
import { particleMonitor } from '../model/particle-monitor.ts'
import { plyCutter } from '../model/ply-cutter.ts'
import type { Protocol, TagDefinition } from '../model/tag-definition.ts'
import { vehicle } from '../model/vehicle.ts'
import { waterLoop } from '../model/water-loop.ts'

/** Everything in the plant. The one list from which servers, equipment model, back-fill and tests are made. */
export const assets: readonly Asset[] = [
  freezer,
  plyCutter,
  ...layUpStations,
  autoclave,
  ...machiningCenters,
  vehicle,
  bioreactor,
  fillLine,
  waterLoop,
  particleMonitor,
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

/** What is spoken for a tag: its own protocol, or its asset's. */
export function protocolOf(tag: PlantTag): Protocol {
  return tag.definition.protocol ?? tag.asset.protocol
}

/** The tags that are told by one protocol. */
export function tagsOf(protocol: Protocol): readonly PlantTag[] {
  return plantTags.filter((tag) => protocolOf(tag) === protocol)
}
