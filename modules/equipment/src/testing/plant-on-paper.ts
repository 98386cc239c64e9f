import { fromMs } from '@throughline/kernel'
import type { Blueprint, PlantState } from '../plant-model/blueprint.ts'
import { assertNoBadRows } from '../plant-model/document.ts'
import { planDocument } from '../plant-model/rules.ts'
import { readYaml } from '../plant-model/yaml-document.ts'

export const emptyPlant: PlantState = { revision: 0, classes: [], connections: [], nodes: [], tags: [] }

const at = fromMs(Date.UTC(2026, 10, 22))

/** What a document would do to a plant that exists in memory alone. */
export const planOnPaper = (plant: PlantState, text: string): Blueprint => planDocument(plant, readYaml(text), at)

/** The plant after a document, without a database. */
export function applyOnPaper(plant: PlantState, text: string): PlantState {
  const blueprint = planOnPaper(plant, text)
  assertNoBadRows(blueprint.badRows)
  const { writes } = blueprint
  return {
    revision: plant.revision + 1,
    classes: merge(plant.classes, [...writes.publishedDrafts, ...writes.newClasses], (a) => `${a.name} ${a.version}`),
    connections: merge(plant.connections, [...writes.changedConnections, ...writes.newConnections], (a) => a.name),
    nodes: merge(plant.nodes, [...writes.changedNodes, ...writes.newNodes], (a) => a.path),
    tags: merge(plant.tags, [...writes.changedTags, ...writes.newTags], (a) => a.path),
  }
}

function merge<Item extends { readonly id: string }>(
  present: readonly Item[],
  written: readonly Item[],
  key: (item: Item) => string,
): Item[] {
  const byId = new Map([...present, ...written].map((each) => [each.id, each]))
  return [...byId.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
