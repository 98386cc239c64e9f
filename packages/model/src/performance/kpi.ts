import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

/** One figure of ISO 22400-2 (or a named neighbour of it), as the page explains it. */
export const KpiDefinition = z.object({
  /** `oee`, `availability`, `mtbf`. */
  id: z.string(),
  name: z.string(),
  /** In the standard's letters: `APT / PBT`. */
  formula: z.string(),
  /** UCUM: `%` for ratios (values are 0 to 1 all the same), `s`, `/h`. */
  unit: z.string(),
  clause: z.string(),
  /** Whether more is better, for targets and comparison. */
  better: z.enum(['higher', 'lower', 'neither']),
  explanation: z.string(),
})
export type KpiDefinition = z.infer<typeof KpiDefinition>

/**
 * A value and how sure it is. `value` is null where there is no base (never 0 or 1); with missing data the truth lies in
 * `[low, high]`, and `value` counts what is known.
 */
export const KpiValue = z.object({
  id: z.string(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** In words, why there is no value, or what makes it doubtful: `no planned busy time`, `effectiveness above 100 %: check the ideal cycle`. */
  note: z.string().nullable(),
})
export type KpiValue = z.infer<typeof KpiValue>

/** What KPIs are made of, summed over machines and time. Times in microseconds, by the letters of ISO 22400-2. */
export const KpiElements = z.object({
  /** Of the shifts in the window. */
  calendarUs: z.number(),
  /** Planned busy time. */
  pbtUs: z.number(),
  /** Planned down time: breaks, planned stops. */
  pdotUs: z.number(),
  /** Actual production time, set-up, delay (waiting), unplanned down time. */
  aptUs: z.number(),
  austUs: z.number(),
  adetUs: z.number(),
  adotUs: z.number(),
  /** Of the production time: minor stops, a loss of speed. */
  minorStopUs: z.number(),
  /** Of the delay: starved and blocked. */
  starvedUs: z.number(),
  blockedUs: z.number(),
  /** Nobody knows; inside the planned busy time. */
  unknownUs: z.number(),
  /** Order execution time: while an order was on the machine. */
  aoetUs: z.number(),
  /** Produced, good, scrap, rework, scrap that was planned. */
  pq: z.number(),
  gq: z.number(),
  sq: z.number(),
  rq: z.number(),
  psq: z.number(),
  /** Ideal time of what was produced, and of what was good (Σ ideal cycle × quantity). */
  idealUs: z.number(),
  idealGoodUs: z.number(),
  /** Produced without any ideal cycle known: then effectiveness is not known. */
  pqWithoutIdeal: z.number(),
  /** Of the production time: on machines whose parts nobody and nothing counts; then quantities are not known. */
  uncountedUs: z.number().default(0),
  /** Of the production and the unknown time: the counters were not read, and what was made in it has no place. */
  lostCountUs: z.number().default(0),
  /** Of the ideal time of what was produced: of parts that were made while nobody knew what the machine did. */
  unknownIdealUs: z.number().default(0),
  /** Failures: unplanned down times (stops of category down, or without a reason while the machine is down); and minor stops. */
  failures: z.int(),
  minorStops: z.int(),
  /** Down time that nobody explained, and that no other machine of the line caused. */
  unexplainedUs: z.number(),
})
export type KpiElements = z.infer<typeof KpiElements>

export const KpiGroup = z.enum(['none', 'machine', 'line', 'area', 'site', 'product', 'order', 'shift', 'day'])
export type KpiGroup = z.infer<typeof KpiGroup>

/** The KPIs of one machine, shift, order … or of all together. */
export const KpiRow = z.object({
  /** Id of the node, name of the product or order, or the shift's `date name`; empty for `none`. */
  key: z.string(),
  label: z.string(),
  window: Window,
  kpis: z.array(KpiValue),
  elements: KpiElements,
  /** Share of the planned busy time that is known, 0 to 1; null without planned busy time. */
  coverage: z.number().nullable(),
  /** True when a machine in it is still in the shift: the numbers go on changing. */
  running: z.boolean(),
  /** By line: the key machine, by which alone a line is judged that has an order of machines. */
  keyNodeId: idOf<'EquipmentNode'>().optional(),
})
export type KpiRow = z.infer<typeof KpiRow>

export const listKpiDefinitions = operation({
  name: 'performance.kpi.list',
  summary: 'List the KPIs with formula, unit and clause',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(KpiDefinition),
})

export const getKpis = operation({
  name: 'performance.kpi.get',
  summary: 'Get the KPIs of all machines at or below a node over a window, summed from elements and grouped',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    /** Left out = all machines of the caller's scopes. */
    nodeId: idOf<'EquipmentNode'>().optional(),
    window: Window,
    by: KpiGroup.default('none'),
    /** Only these; empty = all. */
    products: z.array(z.string()).max(100).default([]),
    orders: z.array(z.string()).max(100).default([]),
  }),
  output: z.object({ rows: z.array(KpiRow), total: KpiRow }),
})

/** A figure of a finished shift as it was first recorded, and each time that it was restated. */
export const ShiftResult = z.object({
  id: idOf<'ShiftResult'>(),
  nodeId: idOf<'EquipmentNode'>(),
  shift: z.object({ date: z.string(), name: z.string(), from: InstantSchema, to: InstantSchema }),
  version: z.int().positive(),
  /** Why it was restated: `late data`, `stop reclassified: …`, `scrap found later`; null for the first. */
  cause: z.string().nullable(),
  asOf: InstantSchema,
  /** SHA-256 over the states, counts, reasons and standards it was computed from. */
  inputHash: z.string(),
  elements: KpiElements,
  kpis: z.array(KpiValue),
  coverage: z.number().nullable(),
})
export type ShiftResult = z.infer<typeof ShiftResult>

export const listShiftResults = operation({
  name: 'performance.shift-result.list',
  summary:
    'List the recorded results of the finished shifts of machines at or below a node, every version, oldest first',
  permission: 'performance.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>(), window: Window, onlyRestated: z.boolean().default(false) }),
  output: z.array(ShiftResult),
})
