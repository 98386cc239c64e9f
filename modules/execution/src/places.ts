import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'

type NodeId = Id<'EquipmentNode'>
/** What is asked of the plant's model: the equipment module's directory fits. */
export type Plant = Pick<TagDirectory, 'node' | 'nodes' | 'nodeByPath' | 'classOf'>

/** Where an operation may be done: a place by its path, or equipment of a class. */
export interface PlannedPlace {
  readonly siteId: NodeId
  readonly atPath: string | null
  readonly atClass: string | null
}

/** Whether a node lies at or below one of `tops`; null = anywhere in the plant. */
export function isWithin(plant: Pick<Plant, 'node'>, nodeId: NodeId, tops: readonly NodeId[] | null): boolean {
  return tops === null || upFrom(plant, nodeId).some((each) => tops.includes(each.id))
}

/** The node and those above it, upwards. */
function upFrom(plant: Pick<Plant, 'node'>, nodeId: NodeId): EquipmentNode[] {
  const path: EquipmentNode[] = []
  for (let next = plant.node(nodeId); next !== undefined; ) {
    path.push(next)
    next = next.parentId === null ? undefined : plant.node(next.parentId)
  }
  return path
}

/** Where it may be done: the place itself, or every instance of the class at or below the site, by path. */
export function candidatesOf(plant: Plant, { siteId, atPath, atClass }: PlannedPlace): EquipmentNode[] {
  if (atPath !== null) {
    const node = plant.nodeByPath(atPath)
    return node === undefined ? [] : [node]
  }
  const wanted = atClass?.toLowerCase()
  return [...plant.nodes()]
    .filter((node) => plant.classOf(node.id)?.toLowerCase() === wanted && isWithin(plant, node.id, [siteId]))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The nearest place that holds everywhere where it may be done; the site where nobody knows. */
export function placeAround(plant: Plant, planned: PlannedPlace): NodeId {
  const ways = candidatesOf(plant, planned).map(({ id }) => upFrom(plant, id).map((node) => node.id))
  const [first = [], ...others] = ways
  return first.find((id) => others.every((way) => way.includes(id))) ?? planned.siteId
}

/** @throws DomainError `invalid` unless the node is a candidate or lies below one */
export function assertCandidate(plant: Plant, place: PlannedPlace, nodeId: NodeId, what: string): void {
  const candidates = candidatesOf(plant, place)
  if (
    isWithin(
      plant,
      nodeId,
      candidates.map(({ id }) => id),
    )
  )
    return
  const at = place.atPath ?? `equipment of the class ${place.atClass}`
  const named = candidates
    .slice(0, 5)
    .map(({ path }) => path)
    .join(', ')
  throw new DomainError(
    'invalid',
    'execution.place-wrong',
    `${what} is done at ${at}, not at ${plant.node(nodeId)?.path ?? nodeId}: ${named === '' ? 'there is none here' : `go to ${named}`}`,
    { candidates: candidates.map(({ path }) => path) },
  )
}

/** Sites that somebody who may ask at `scopes` may see the orders of: those at, below or above; null = all. */
export function sitesFor(plant: Plant, scopes: readonly NodeId[] | null): NodeId[] | null {
  if (scopes === null) return null
  return [...plant.nodes()]
    .filter(({ level }) => level === 'site')
    .map(({ id }) => id)
    .filter((site) => isWithin(plant, site, scopes) || scopes.some((scope) => isWithin(plant, scope, [site])))
}

/** The site that a node lies in; undefined = it lies above all of them. */
export const siteOf = (plant: Plant, nodeId: NodeId): EquipmentNode | undefined =>
  upFrom(plant, nodeId).find(({ level }) => level === 'site')
