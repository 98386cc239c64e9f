import type { Id } from '@throughline/kernel'
import type { EquipmentNode, Tag } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { loadPlant } from '../plant-model/store.ts'
import { withoutState } from './store.ts'

/** The tags and nodes of the plant in memory, for those who meet them by the thousand a second. */
export interface TagDirectory {
  /** Also finds a tag that its class no longer has: its readings are still there. */
  find(tagId: string): Tag | undefined
  /** Living tags, by path. */
  list(): readonly Tag[]
  /** A living tag by its path, whatever the case. */
  byPath(path: string): Tag | undefined
  node(id: Id<'EquipmentNode'>): EquipmentNode | undefined
  /** All nodes, in no order. */
  nodes(): Iterable<EquipmentNode>
  /** Name of the class that a node is an instance of; undefined = of none. */
  classOf(id: Id<'EquipmentNode'>): string | undefined
  /** A node by its path, whatever the case. */
  nodeByPath(path: string): EquipmentNode | undefined
  /** Hears of every change after it is loaded; the answer ends the listening. */
  onChange(listener: () => void): () => void
  /** Reads everything anew. Once before anybody asks; later changes of the model come by themselves. */
  load(db: Kysely<Tables>): Promise<void>
}

export function tagDirectory(): TagDirectory {
  const listeners = new Set<() => void>()
  let revision = -1
  let byId = new Map<string, Tag>()
  let living: readonly Tag[] = []
  let paths = new Map<string, Tag>()
  let nodes = new Map<string, EquipmentNode>()
  let nodePaths = new Map<string, EquipmentNode>()
  let classNames = new Map<string, string>()
  return {
    find: (tagId) => byId.get(tagId),
    list: () => living,
    byPath: (path) => paths.get(path.toLowerCase()),
    node: (id) => nodes.get(id),
    nodes: () => nodes.values(),
    classOf: (id) => classNames.get(nodes.get(id)?.classId ?? ''),
    nodeByPath: (path) => nodePaths.get(path.toLowerCase()),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async load(db) {
      const plant = await loadPlant(db)
      // Two loads may overlap: the one that read earlier must not have the last word.
      if (plant.revision <= revision) return
      revision = plant.revision
      living = plant.tags.filter((tag) => !tag.retired).map(withoutState)
      byId = new Map(plant.tags.map((tag) => [tag.id, withoutState(tag)]))
      paths = new Map(living.map((tag) => [tag.path, tag]))
      nodes = new Map(plant.nodes.map((node) => [node.id, node]))
      nodePaths = new Map(plant.nodes.map((node) => [node.path.toLowerCase(), node]))
      classNames = new Map(plant.classes.map((each) => [each.id, each.name]))
      for (const listener of listeners) listener()
    },
  }
}
