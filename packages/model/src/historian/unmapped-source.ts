import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { JsonValue } from '../sample.ts'

/** A source that sends and belongs to no tag yet. Its samples are parked, none is lost. */
export const UnmappedSource = z.object({
  /** `<agent>/<connection>/<address>` */
  source: z.string(),
  count: z.int(),
  firstAt: InstantSchema,
  lastAt: InstantSchema,
  lastValue: JsonValue,
})
export type UnmappedSource = z.infer<typeof UnmappedSource>

export const listUnmappedSources = operation({
  name: 'historian.unmapped-source.list',
  summary: 'List the sources that send without belonging to a tag, by name',
  permission: 'equipment.model.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(UnmappedSource),
})

export const mapSource = operation({
  name: 'historian.unmapped-source.map',
  summary: 'Give an unmapped source to a tag: its parked samples become the tag’s history, later ones follow',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ source: z.string().min(1).max(500), tagId: idOf<'Tag'>() }),
  output: z.object({ moved: z.int() }),
})
