import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { StoredSample } from './sample.ts'

export const ContextKind = z.enum(['order', 'batch', 'phase', 'lot', 'shift', 'state', 'person', 'gap'])
export type ContextKind = z.infer<typeof ContextKind>

/** What an equipment node was busy with, and when: `from <= at < to`, `to` null while it lasts. Samples are never stamped. */
export const ContextInterval = z.object({
  id: idOf<'ContextInterval'>(),
  nodeId: idOf<'EquipmentNode'>(),
  kind: ContextKind,
  /** What people call it: `B-1001`, `Execute`, `night shift`. */
  label: z.string().min(1).max(200),
  from: InstantSchema,
  to: InstantSchema.nullable(),
  /** The interval that this one corrects, and why; the corrected one stays readable and is no longer current. */
  corrects: idOf<'ContextInterval'>().nullable(),
  reason: z.string().nullable(),
  recordedBy: z.string(),
  recordedAt: InstantSchema,
})
export type ContextInterval = z.infer<typeof ContextInterval>

export const openContext = operation({
  name: 'historian.context.open',
  summary: 'Record that an equipment node began something; what was open of that kind on the node ends here',
  permission: 'historian.context.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>(),
    kind: ContextKind,
    label: z.string().min(1).max(200),
    from: InstantSchema,
    to: InstantSchema.nullable().default(null),
  }),
  output: ContextInterval,
})

export const correctContext = operation({
  name: 'historian.context.correct',
  summary: 'Correct the label or bounds of a context interval with a reason; raw data is untouched',
  permission: 'historian.context.write',
  scope: 'any',
  mutates: true,
  input: z.object({
    intervalId: idOf<'ContextInterval'>(),
    label: z.string().min(1).max(200),
    from: InstantSchema,
    to: InstantSchema.nullable(),
    reason: z.string().min(3).max(500),
  }),
  output: ContextInterval,
})

export const listContexts = operation({
  name: 'historian.context.list',
  summary: 'List the current context intervals of a node that overlap a window, oldest first',
  permission: 'historian.context.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>(),
    kind: ContextKind.optional(),
    from: InstantSchema,
    to: InstantSchema,
  }),
  output: z.array(ContextInterval),
})

export const listSamplesInContext = operation({
  name: 'historian.sample.list-in-context',
  summary: 'List the samples of a tag during every interval with this kind and label, such as batch B-1001',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    tagId: idOf<'Tag'>(),
    kind: ContextKind,
    label: z.string(),
    limit: z.int().positive().max(200_000).default(10_000),
  }),
  output: z.object({ intervals: z.array(ContextInterval), samples: z.array(StoredSample), truncated: z.boolean() }),
})
