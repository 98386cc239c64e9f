import { z } from 'zod'
import { operation } from '../operation.ts'
import { PathName } from '../primitives.ts'
import { Connection } from './connection.ts'
import { TagTemplate } from './equipment-class.ts'
import { NodeLevel } from './node.ts'
import { TagSource } from './tag.ts'

/**
 * The whole equipment model as one document: configuration as code. Nodes and tags are named by path, classes by name;
 * `plan` compares it with what is there, `apply` makes it so. What the document does not name stays as it is.
 */
export const PlantModel = z.strictObject({
  classes: z
    .array(
      z.strictObject({
        name: PathName,
        /** Only needed to carry several versions: must be one that the plant has (and equal it) or the next. */
        version: z.int().positive().optional(),
        description: z.string().max(500).default(''),
        tags: z.array(TagTemplate.strict()),
      }),
    )
    .default([]),
  connections: z.array(Connection.omit({ id: true }).strict()).default([]),
  nodes: z
    .array(
      z.strictObject({
        /** From the enterprise down, joined by `/`; parents stand before children. */
        path: z.string().min(1).max(500),
        level: NodeLevel,
        description: z.string().max(500).default(''),
        timeZone: z.string().optional(),
        /** Name of a class of this document or of the plant; absent = the node keeps the class it has. */
        class: PathName.optional(),
        /** Absent = the latest published version, which includes one that this document brings. */
        classVersion: z.int().positive().optional(),
        /** By tag name: where each tag of the class gets its value; null = from nowhere. Tags not named keep their source. */
        sources: z.record(z.string(), TagSource.strict().nullable()).default({}),
      }),
    )
    .default([]),
})
export type PlantModel = z.infer<typeof PlantModel>

const format = z.enum(['yaml', 'csv'])

/** `csv` carries tags only, one row a tag; `yaml` the whole model. */
export const exportModel = operation({
  name: 'equipment.model.export',
  summary: 'Export the equipment model as YAML, or its tags as CSV',
  permission: 'equipment.model.read',
  scope: 'plant',
  mutates: false,
  input: z.object({ format }),
  output: z.object({ text: z.string() }),
})

/** One difference between the document and the plant; `before` and `after` hold only the fields that differ. */
export const ModelChange = z.object({
  action: z.enum(['create', 'update']),
  kind: z.enum(['class', 'connection', 'node', 'tag']),
  name: z.string(),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
})
export type ModelChange = z.infer<typeof ModelChange>

const document = z.object({ format, text: z.string().max(20_000_000) })

export const planModel = operation({
  name: 'equipment.model.plan',
  summary: 'Show what applying a model document would change; one bad row refuses it with every bad row named',
  permission: 'equipment.model.read',
  scope: 'plant',
  mutates: false,
  input: document,
  output: z.object({ changes: z.array(ModelChange) }),
})

export const applyModel = operation({
  name: 'equipment.model.apply',
  summary: 'Make the plant as the model document says, all of it or nothing',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: document,
  output: z.object({ changes: z.array(ModelChange) }),
})
