import type { Connection, EquipmentClassVersion, EquipmentNode, ModelChange } from '@throughline/model'
import { canonicalJson } from '@throughline/platform'
import type { KeptTag } from '../tag/rules.ts'
import type { BadRow } from './document.ts'

/** The whole equipment model at one moment: classes by name and version, connections by name, nodes and tags by path. */
export interface PlantState {
  /** Grows with every change of the model. */
  readonly revision: number
  readonly classes: readonly EquipmentClassVersion[]
  readonly connections: readonly Connection[]
  readonly nodes: readonly EquipmentNode[]
  /** Retired ones too. */
  readonly tags: readonly KeptTag[]
}

/** What must be written so that the plant becomes as the document says. */
export interface ModelWrites {
  readonly newClasses: EquipmentClassVersion[]
  readonly publishedDrafts: EquipmentClassVersion[]
  readonly newConnections: Connection[]
  readonly changedConnections: Connection[]
  readonly newNodes: EquipmentNode[]
  readonly changedNodes: EquipmentNode[]
  readonly newTags: KeptTag[]
  readonly changedTags: KeptTag[]
}

/** The plant as it is, on which a document is laid entry by entry; keys are lower case, as paths are. */
export interface Blueprint {
  /** Versions of each class, oldest first. */
  readonly classes: Map<string, EquipmentClassVersion[]>
  /** The versions that the plant has, by id. */
  readonly classById: ReadonlyMap<string, EquipmentClassVersion>
  readonly connections: Map<string, Connection>
  readonly nodes: Map<string, EquipmentNode>
  readonly tags: Map<string, KeptTag>
  readonly tagsOfNode: Map<string, KeptTag[]>
  /** By tag path: the line that speaks of the tag. */
  readonly lines: Map<string, number>
  readonly changes: ModelChange[]
  readonly badRows: BadRow[]
  readonly writes: ModelWrites
}

export function blueprintOf(plant: PlantState, badRows: readonly BadRow[]): Blueprint {
  return {
    classes: Map.groupBy(plant.classes, (each) => each.name.toLowerCase()),
    classById: new Map(plant.classes.map((each) => [each.id, each])),
    connections: new Map(plant.connections.map((each) => [each.name.toLowerCase(), each])),
    nodes: new Map(plant.nodes.map((each) => [each.path, each])),
    tags: new Map(plant.tags.map((each) => [each.path, each])),
    tagsOfNode: Map.groupBy(plant.tags, (each) => each.nodeId),
    lines: new Map(),
    changes: [],
    badRows: [...badRows],
    writes: {
      newClasses: [],
      publishedDrafts: [],
      newConnections: [],
      changedConnections: [],
      newNodes: [],
      changedNodes: [],
      newTags: [],
      changedTags: [],
    },
  }
}

/** The fields that differ, as they were and as they will be; undefined = none. */
export function differenceOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Pick<ModelChange, 'before' | 'after'> | undefined {
  const differing = Object.keys(after).filter((key) => canonicalJson(before[key]) !== canonicalJson(after[key]))
  if (differing.length === 0) return undefined
  const pick = (from: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(differing.map((key) => [key, from[key] ?? null]))
  return { before: pick(before), after: pick(after) }
}
