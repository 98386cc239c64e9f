import type { EquipmentClassVersion, PlantModel } from '@throughline/model'
import { TagSource, TagTemplate } from '@throughline/model'
import { stringify } from 'yaml'
import type { z } from 'zod'
import type { KeptTag } from '../tag/rules.ts'
import type { PlantState } from './blueprint.ts'

type Written = z.input<typeof PlantModel>

/** The whole model as a document that, laid on this plant, changes nothing. Drafts are not part of it. */
export function writeYaml(plant: PlantState): string {
  const published = plant.classes.filter((each) => each.state === 'published')
  return stringify(documentOf(plant, published), { lineWidth: 0 })
}

function documentOf(plant: PlantState, published: readonly EquipmentClassVersion[]): Written {
  const latest = new Map(published.map((each) => [each.name, each]))
  const byId = new Map(published.map((each) => [each.id, each]))
  const inUse = plant.nodes.flatMap((node) => (node.classId === null ? [] : [byId.get(node.classId)]))
  // Where all instances stand on the latest version, the history is left out: elsewhere it may start at version 1.
  const older = new Set(inUse.filter((each) => each !== latest.get(each?.name ?? '')).map((each) => each?.name))
  const tags = Map.groupBy(plant.tags, (tag) => tag.nodeId)
  const names = new Map(plant.nodes.map((node) => [node.path, node.name]))
  return {
    classes: published
      .filter((each) => older.has(each.name) || latest.get(each.name) === each)
      .map((each) => ({
        name: each.name,
        ...(older.has(each.name) ? { version: each.version } : {}),
        ...(each.description === '' ? {} : { description: each.description }),
        tags: each.tags.map((tag) => withoutDefaults(tag, templateDefaults)),
      })),
    connections: plant.connections.map(({ id: _id, ...connection }) => connection),
    nodes: plant.nodes.map((node) => {
      const version = node.classId === null ? undefined : byId.get(node.classId)
      const sources = sourcesOf(tags.get(node.id) ?? [])
      return {
        path: writtenPath(node.path, names),
        level: node.level,
        ...(node.description === '' ? {} : { description: node.description }),
        ...(node.timeZone === null ? {} : { timeZone: node.timeZone }),
        ...(version === undefined ? {} : { class: version.name }),
        ...(version === undefined || !older.has(version.name) ? {} : { classVersion: version.version }),
        ...(Object.keys(sources).length === 0 ? {} : { sources }),
      }
    }),
  }
}

const templateDefaults = TagTemplate.parse({ name: 'x', dataType: 'double' })
const sourceDefaults = TagSource.parse({ connection: 'x', address: 'x' })

/** A name, a connection or a data type is always written, even where it happens to equal the sample's. */
const required = new Set(['name', 'dataType', 'connection', 'address'])

function withoutDefaults<Value extends object>(value: Value, defaults: Value): Value {
  return Object.fromEntries(
    Object.entries(value).filter(([key, each]) => required.has(key) || each !== Reflect.get(defaults, key)),
  ) as Value
}

function sourcesOf(tags: readonly KeptTag[]): Record<string, z.input<typeof TagSource>> {
  return Object.fromEntries(
    tags.flatMap((tag) => (tag.source === null ? [] : [[tag.name, withoutDefaults(tag.source, sourceDefaults)]])),
  )
}

/** The path with every name as its node writes it. */
function writtenPath(path: string, names: ReadonlyMap<string, string>): string {
  const steps = path.split('/')
  return steps.map((step, index) => names.get(steps.slice(0, index + 1).join('/')) ?? step).join('/')
}
