import { z } from 'zod'
import { operation } from '../operation.ts'
import { idOf, PathName } from '../primitives.ts'
import { DataType } from '../sample.ts'
import { UcumUnit } from '../unit.ts'

/** Where the value of a tag comes from, and how raw becomes engineering value: `value = raw × scale + offset`. */
export const TagSource = z.object({
  /** Name of the connection. */
  connection: PathName,
  /** In the driver's own form: `ns=2;s=BR-01.Temperature`, `holding/100/int16`, `BIO/AGV-01/Battery`. */
  address: z.string().min(1).max(300),
  scale: z.number().default(1),
  offset: z.number().default(0),
  /** How often the source is asked to sample, in milliseconds. */
  sampleMs: z.int().min(10).max(3_600_000).default(1000),
  /** Silent for longer than this while connected = stale. Source tells unchanged values at least this often or is polled. */
  staleAfterMs: z.int().min(100).max(86_400_000).default(5000),
})
export type TagSource = z.infer<typeof TagSource>

/** One measured or set value of one piece of equipment. */
export const Tag = z.object({
  id: idOf<'Tag'>(),
  nodeId: idOf<'EquipmentNode'>(),
  name: PathName,
  /** The unified namespace path: the node's path, `/`, the tag's name in lower case. */
  path: z.string(),
  description: z.string(),
  dataType: DataType,
  unit: UcumUnit,
  rangeLow: z.number().nullable(),
  rangeHigh: z.number().nullable(),
  normalLow: z.number().nullable(),
  normalHigh: z.number().nullable(),
  deadband: z.number(),
  decimals: z.int(),
  writable: z.boolean(),
  /** Null for a tag that no source feeds (yet). */
  source: TagSource.nullable(),
})
export type Tag = z.infer<typeof Tag>

export const listTags = operation({
  name: 'equipment.tag.list',
  summary: 'List tags within your scopes, by path',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    /** Only tags at or below this node. */
    nodeId: idOf<'EquipmentNode'>().optional(),
    /** Only tags whose path or description holds all of these words. */
    search: z.string().max(200).optional(),
    offset: z.int().nonnegative().default(0),
    limit: z.int().positive().max(20_000).default(1000),
  }),
  output: z.object({ tags: z.array(Tag), total: z.int() }),
})

export const getTag = operation({
  name: 'equipment.tag.get',
  summary: 'Get one tag by its id',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({ tagId: idOf<'Tag'>() }),
  output: Tag,
})
