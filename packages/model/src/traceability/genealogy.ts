import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

/** What stands in the graph. `process-data` is a window of readings of one piece of equipment. */
export const ThreadNode = z.object({
  kind: z.enum([
    'lot',
    'run',
    'order',
    'equipment',
    'person',
    'tool',
    'instruction',
    'inspection',
    'process-data',
    'document',
    'deviation',
    'container',
  ]),
  id: z.string().min(1).max(200),
})
export type ThreadNode = z.infer<typeof ThreadNode>

/** Goes with time: from what was before to what came of it, from what was used to the run that used it. */
export const ThreadEdge = z.object({
  from: ThreadNode,
  to: ThreadNode,
  kind: z.enum([
    'built-into',
    'split-into',
    'merged-into',
    'transformed-into',
    'worked-in',
    'made-on',
    'done-by',
    'verified-by',
    'used-tool',
    'followed',
    'measured-by',
    'recorded-as',
    'documented-by',
    'concerned-by',
    'packed-in',
    'part-of',
  ]),
  at: InstantSchema,
  /** Of material. */
  quantity: z.string().nullable(),
  /** The run in which it happened. */
  runId: idOf<'OperationRun'>().nullable(),
})
export type ThreadEdge = z.infer<typeof ThreadEdge>

/** A node as people read it. */
export const ThreadNodeShown = ThreadNode.extend({
  /** `BRK-100-00042`, `AUT-01`, `Cure`. */
  label: z.string(),
  /** `bracket BRK-100`, `available`: one line. */
  detail: z.string(),
  at: InstantSchema.nullable(),
  /** Edges away from where the question began. */
  depth: z.int(),
})
export type ThreadNodeShown = z.infer<typeof ThreadNodeShown>

export const traceGenealogy = operation({
  name: 'traceability.genealogy.trace',
  summary:
    'Trace backward (what went in) or forward (what came of it) from a lot, serial, run, tool, person or equipment',
  permission: 'traceability.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    from: z.union([ThreadNode, z.object({ code: z.string().min(1).max(200) })]),
    direction: z.enum(['backward', 'forward']),
    maxDepth: z.int().positive().max(50).default(12),
    /** `material` = lots only; `all` = with runs, people, equipment, tools, instructions, inspections and process data. */
    show: z.enum(['material', 'all']).default('material'),
    /** Of people, tools and equipment: only what happened in this time. */
    window: Window.optional(),
    limit: z.int().positive().max(50_000).default(5000),
  }),
  output: z.object({
    nodes: z.array(ThreadNodeShown),
    edges: z.array(ThreadEdge),
    /** The answer would be larger than `limit` nodes. */
    truncated: z.boolean(),
    /** Nodes at places that whoever asks may not see: counted, and not told. */
    hidden: z.int().nonnegative(),
    elapsedMs: z.number(),
  }),
})

/** Which pieces a recall would reach, and how long it took to know. A drill is a record. */
export const RecallDrill = z.object({
  id: idOf<'RecallDrill'>(),
  begunBy: z.string(),
  begunAt: InstantSchema,
  reason: z.string(),
  /** What was suspect, in words. */
  subject: z.string(),
  affected: z.array(
    z.object({
      lotId: idOf<'Lot'>(),
      code: z.string(),
      material: z.string(),
      status: z.string(),
      place: z.string(),
      quantity: z.string(),
      unit: z.string(),
      depth: z.int(),
    }),
  ),
  /** By status: in the plant, shipped, scrapped. */
  counts: z.record(z.string(), z.int()),
  elapsedMs: z.number(),
  endedAt: InstantSchema.nullable(),
  conclusion: z.string(),
})
export type RecallDrill = z.infer<typeof RecallDrill>

export const startRecallDrill = operation({
  name: 'traceability.recall.start',
  summary:
    'Ask which pieces a recall would reach, from lots, equipment in a window, a tool or a person; kept as a drill',
  permission: 'traceability.recall',
  scope: 'plant',
  mutates: true,
  input: z.object({
    from: z.union([
      z.object({ lots: z.array(z.string()).min(1).max(1000) }),
      z.object({ node: ThreadNode, window: Window }),
    ]),
    reason: z.string().min(3).max(500),
  }),
  output: RecallDrill,
})

export const endRecallDrill = operation({
  name: 'traceability.recall.end',
  summary: 'End a recall drill with its conclusion',
  permission: 'traceability.recall',
  scope: 'plant',
  mutates: true,
  input: z.object({ drillId: idOf<'RecallDrill'>(), conclusion: z.string().min(3).max(4000) }),
  output: RecallDrill,
})

export const listRecallDrills = operation({
  name: 'traceability.recall.list',
  summary: 'List recall drills, newest first',
  permission: 'traceability.read',
  scope: 'plant',
  mutates: false,
  input: z.object({
    limit: z.int().positive().max(500).default(50),
    /** False = `affected` is left empty: one drill may hold ten thousand pieces. */
    withAffected: z.boolean().default(true),
  }),
  output: z.array(RecallDrill),
})

export const getRecallDrill = operation({
  name: 'traceability.recall.get',
  summary: 'Get a recall drill with every piece that it found',
  permission: 'traceability.read',
  scope: 'plant',
  mutates: false,
  input: z.object({ drillId: idOf<'RecallDrill'>() }),
  output: RecallDrill,
})

export const exportRecallDrill = operation({
  name: 'traceability.recall.export',
  summary:
    'Make the report of a recall drill as an archivable PDF: how long it took, what it found by level, and its proof',
  permission: 'traceability.read',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  input: z.object({ drillId: idOf<'RecallDrill'>() }),
  /** The file is fetched from `path` behind the plant's URL, once, within five minutes. */
  output: z.object({ path: z.string(), fileName: z.string(), expiresAt: InstantSchema }),
})

export const exportGenealogy = operation({
  name: 'traceability.genealogy.export',
  summary: 'Export a trace as CSV or JSON',
  permission: 'traceability.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    from: z.union([ThreadNode, z.object({ code: z.string().min(1).max(200) })]),
    direction: z.enum(['backward', 'forward']),
    format: z.enum(['csv', 'json']),
  }),
  output: z.object({ fileName: z.string(), content: z.string() }),
})

/** What the graph says is worked out of what the modules keep: made anew, it says the same, or what it had not heard of. */
export const rebuildGraph = operation({
  name: 'traceability.graph.rebuild',
  summary: 'Make the graph of traceability anew from the records of all modules',
  permission: 'traceability.graph.rebuild',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({}),
  output: z.object({ nodes: z.int(), edges: z.int(), elapsedMs: z.number() }),
})
