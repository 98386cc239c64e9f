import type { EquipmentNode, Tag } from '@throughline/model'

/** The equipment hierarchy with its tags, ready to ask. */
export interface PlantTree {
  readonly roots: readonly EquipmentNode[]
  node(path: string): EquipmentNode | undefined
  byId(nodeId: string): EquipmentNode | undefined
  children(nodeId: string): readonly EquipmentNode[]
  /** Tags of the node itself, by path. */
  tagsOf(nodeId: string): readonly Tag[]
  /** From the top down to the node itself. */
  pathTo(nodeId: string): readonly EquipmentNode[]
  /** The IANA zone of the site the node belongs to. */
  timeZoneOf(nodeId: string): string | undefined
  /** The node itself and everything below it, by path. */
  within(nodeId: string): readonly EquipmentNode[]
}

/** A node whose parent lies outside the reader's scopes becomes a root. */
export function plantTree(nodes: readonly EquipmentNode[], tags: readonly Tag[]): PlantTree {
  const byId = new Map<string, EquipmentNode>(nodes.map((node) => [node.id, node]))
  const byPath = new Map(nodes.map((node) => [node.path, node]))
  const childrenOf = new Map<string, EquipmentNode[]>()
  const roots: EquipmentNode[] = []
  for (const node of nodes) {
    if (node.parentId === null || !byId.has(node.parentId)) roots.push(node)
    else push(childrenOf, node.parentId, node)
  }
  const tagsOf = new Map<string, Tag[]>()
  for (const tag of tags) push(tagsOf, tag.nodeId, tag)

  const children = (nodeId: string): readonly EquipmentNode[] => childrenOf.get(nodeId) ?? []
  function pathTo(nodeId: string): readonly EquipmentNode[] {
    const path: EquipmentNode[] = []
    for (let node = byId.get(nodeId); node !== undefined; node = byId.get(node.parentId ?? '')) path.unshift(node)
    return path
  }
  function within(nodeId: string): readonly EquipmentNode[] {
    const node = byId.get(nodeId)
    return node === undefined ? [] : [node, ...children(nodeId).flatMap((child) => within(child.id))]
  }
  return {
    roots,
    node: (path) => byPath.get(path),
    byId: (nodeId) => byId.get(nodeId),
    children,
    tagsOf: (nodeId) => tagsOf.get(nodeId) ?? [],
    pathTo,
    within,
    timeZoneOf: (nodeId) => pathTo(nodeId).findLast((node) => node.timeZone !== null)?.timeZone ?? undefined,
  }
}

/** The one zone that all sites name; undefined when they differ or none does. */
export function sharedZone(nodes: readonly EquipmentNode[]): string | undefined {
  const zones = new Set(nodes.flatMap((node) => (node.timeZone === null ? [] : [node.timeZone])))
  const [only] = zones
  return zones.size === 1 ? only : undefined
}

/** What people look at as one thing: a node that has tags, with the tags of the modules inside it. */
export interface Unit {
  readonly node: EquipmentNode
  readonly tags: readonly Tag[]
}

/** The units at or below a node. A work unit answers for its equipment modules. */
export function unitsWithin(tree: PlantTree, nodeId: string): readonly Unit[] {
  const node = tree.byId(nodeId)
  if (node === undefined) return []
  if (node.level === 'work-unit' || node.level === 'equipment-module') {
    const tags = tree.within(nodeId).flatMap((part) => tree.tagsOf(part.id))
    return [{ node, tags }]
  }
  const own = tree.tagsOf(nodeId)
  const below = tree.children(nodeId).flatMap((child) => unitsWithin(tree, child.id))
  return own.length === 0 ? below : [{ node, tags: own }, ...below]
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
