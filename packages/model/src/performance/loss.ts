import { z } from 'zod'
import { operation } from '../operation.ts'
import { idOf, Window } from '../primitives.ts'
import { KpiRow } from './kpi.ts'

/** One step down from planned busy time to the ideal time of good parts; steps are in order and add up exactly. */
export const LossStep = z.object({
  id: z.enum(['setup', 'down', 'waiting', 'unknown', 'minor-stops', 'speed', 'scrap', 'rework']),
  label: z.string(),
  us: z.number(),
  /** Share of the planned busy time, 0 to 1. */
  share: z.number().nullable(),
})
export type LossStep = z.infer<typeof LossStep>

/** What cost most: time and number by reason. */
export const LossReason = z.object({
  /** Null = unexplained, unless another machine of the line caused it. */
  reasonId: idOf<'Reason'>().nullable(),
  /** The machine of the line that caused stops without a reason of their own. */
  causedBy: idOf<'EquipmentNode'>().optional(),
  label: z.string(),
  us: z.number(),
  count: z.int(),
  /** Scrap reasons: parts; 0 for stops. */
  quantity: z.number(),
})
export type LossReason = z.infer<typeof LossReason>

export const getLosses = operation({
  name: 'performance.loss.get',
  summary: 'Get where the planned time of machines went: the OEE waterfall, and the reasons by time and number',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional(), window: Window }),
  output: z.object({
    pbtUs: z.number(),
    idealGoodUs: z.number(),
    steps: z.array(LossStep),
    stopReasons: z.array(LossReason),
    scrapReasons: z.array(LossReason),
    /** Machines with the largest loss first. */
    machines: z.array(z.object({ nodeId: idOf<'EquipmentNode'>(), lossUs: z.number() })),
  }),
})

export const getShiftReport = operation({
  name: 'performance.report.get-shift',
  summary: 'Get the report of one shift at a node: KPIs by machine, stops, scrap, and what is unexplained',
  permission: 'performance.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>(), window: Window, format: z.enum(['pdf', 'xlsx', 'csv']) }),
  output: z.object({
    fileName: z.string(),
    mediaType: z.string(),
    /** The file, base64. */
    content: z.string(),
  }),
})

export const compareKpis = operation({
  name: 'performance.kpi.compare',
  summary: 'Compare the KPIs of machines, lines, sites or shifts over two windows',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeIds: z.array(idOf<'EquipmentNode'>()).min(1).max(50),
    window: Window,
    /** The window to compare with; null = only beside each other. */
    before: Window.nullable().default(null),
  }),
  output: z.array(z.object({ nodeId: idOf<'EquipmentNode'>(), now: KpiRow, before: KpiRow.nullable() })),
})
