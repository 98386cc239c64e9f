import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'
import { MachineState } from './machine-state.ts'
import { StopCategory } from './reason.ts'

export const StopComment = z.object({
  id: idOf<'StopComment'>(),
  text: z.string(),
  at: InstantSchema,
  by: z.string(),
  /** SHA-256 of a picture that goes with it, to be had at `/api/performance/photo/<hash>`; null = none. */
  photo: z.string().nullable(),
})
export type StopComment = z.infer<typeof StopComment>

/** A time in which a machine did not run although it should have: `from <= at < to`, `to` null while it stands. */
export const Stop = z.object({
  id: idOf<'Stop'>(),
  nodeId: idOf<'EquipmentNode'>(),
  from: InstantSchema,
  to: InstantSchema.nullable(),
  state: MachineState,
  /** The machine's own word for it. */
  label: z.string(),
  /** Shorter than its class counts as a stop: needs no reason, and is shown apart. */
  minor: z.boolean(),
  reasonId: idOf<'Reason'>().nullable(),
  /** Who said so: the machine's code, a rule (the line's first cause), or a person. */
  reasonBy: z.enum(['machine', 'rule', 'person']).nullable(),
  /** Of the reason; null while unexplained. */
  category: StopCategory.nullable(),
  order: z.string().nullable(),
  product: z.string().nullable(),
  /** The machine of the line whose stop caused this one; null = its own, or not known. */
  causedBy: idOf<'EquipmentNode'>().nullable(),
  comments: z.array(StopComment),
  /** Counts the changes by people. */
  version: z.int().positive(),
  /** Stops that this one was split from or took in; those are no longer counted and stay readable. */
  cameFrom: z.array(idOf<'Stop'>()),
  /** Set once another stop stands in its place. */
  replacedAt: InstantSchema.nullable(),
})
export type Stop = z.infer<typeof Stop>

const stopId = idOf<'Stop'>()
/** The version that the person saw: a change by somebody else in between is a conflict. */
const version = z.int().positive()
const why = z.string().min(3).max(500)

export const listStops = operation({
  name: 'performance.stop.list',
  summary: 'List the stops at or below a node that overlap a window, newest first',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>().optional(),
    window: Window,
    /** `open` = still standing; `unexplained` = no reason, not minor, and not caused by another machine of the line. */
    show: z.enum(['all', 'open', 'unexplained', 'minor']).default('all'),
    includeMinor: z.boolean().default(false),
    limit: z.int().positive().max(5000).default(500),
  }),
  output: z.object({ stops: z.array(Stop), total: z.int(), unexplainedUs: z.number() }),
})

export const getStop = operation({
  name: 'performance.stop.get',
  summary: 'Get one stop',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ stopId }),
  output: Stop,
})

export const suggestReasons = operation({
  name: 'performance.reason.suggest',
  summary: 'List the stop reasons most often given on a machine lately, most likely first',
  permission: 'performance.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>(), limit: z.int().positive().max(50).default(8) }),
  output: z.array(z.object({ reasonId: idOf<'Reason'>(), count: z.int() })),
})

export const explainStop = operation({
  name: 'performance.stop.explain',
  summary: 'Say why a machine stood, for a stop that has no reason yet',
  permission: 'performance.stop.explain',
  scope: 'any',
  mutates: true,
  input: z.object({ stopId, version, reasonId: idOf<'Reason'>(), comment: z.string().max(500).default('') }),
  output: Stop,
})

export const reclassifyStop = operation({
  name: 'performance.stop.reclassify',
  summary: 'Give a stop another reason, and say why; the old one stays readable and the KPIs are restated',
  permission: 'performance.stop.reclassify',
  scope: 'any',
  mutates: true,
  input: z.object({ stopId, version, reasonId: idOf<'Reason'>(), why }),
  output: Stop,
})

export const splitStop = operation({
  name: 'performance.stop.split',
  summary: 'Split a stop in two at an instant, because it had two causes',
  permission: 'performance.stop.reclassify',
  scope: 'any',
  mutates: true,
  input: z.object({ stopId, version, at: InstantSchema, why }),
  output: z.object({ first: Stop, second: Stop }),
})

export const mergeStops = operation({
  name: 'performance.stop.merge',
  summary: 'Take two or more neighbouring stops of one machine together as one',
  permission: 'performance.stop.reclassify',
  scope: 'any',
  mutates: true,
  input: z.object({ stops: z.array(z.object({ stopId, version })).min(2).max(20), why }),
  output: Stop,
})

export const commentStop = operation({
  name: 'performance.stop.comment',
  summary: 'Add a remark to a stop, with a picture if there is one',
  permission: 'performance.stop.explain',
  scope: 'any',
  mutates: true,
  // The trail holds the remark with the picture's hash; the picture itself, megabytes of it, would be there for ever.
  secrets: ['photo'],
  input: z.object({
    stopId,
    text: z.string().min(1).max(2000),
    /** A JPEG, PNG or WebP of at most 4 MB, base64; null = none. */
    photo: z.base64().max(5_600_000).nullable().default(null),
  }),
  output: Stop,
})
