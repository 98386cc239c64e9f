import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'
import { AlarmPriority } from './definition.ts'

/** How well the alarms serve their operators (ISA-18.2 clause 16, EEMUA 191), beside the philosophy's targets. */
export const AlarmKpis = z.object({
  /** What was judged: a window that is not over is judged up to now. */
  window: Window,
  /** Alarms that were shown; and apart those that nobody could see (shelved, suppressed, out of service), in no other figure. */
  occurrences: z.int(),
  hidden: z.int(),
  /** For each operator. */
  perTenMinutes: z.object({ average: z.number(), highest: z.number(), target: z.number() }),
  /**
   * Which share of the ten-minute stretches of clock time brought an operator at least the flood's number; and the floods,
   * each from there until a stretch brings fewer than half of it.
   */
  flood: z.object({
    share: z.number(),
    target: z.number(),
    floods: z.array(z.object({ from: InstantSchema, to: InstantSchema, occurrences: z.int(), peak: z.int() })),
  }),
  /** Standing for longer than the philosophy's limit at some moment of the window. */
  stale: z.array(z.object({ definitionId: idOf<'AlarmDefinition'>(), name: z.string(), since: InstantSchema })),
  chattering: z.array(
    z.object({ definitionId: idOf<'AlarmDefinition'>(), name: z.string(), mostInAMinute: z.int(), minutes: z.int() }),
  ),
  topTen: z.array(
    z.object({
      definitionId: idOf<'AlarmDefinition'>(),
      name: z.string(),
      message: z.string(),
      priority: AlarmPriority,
      count: z.int(),
      share: z.number(),
    }),
  ),
  /** A priority whose target is 0 is counted apart: it has no share. */
  distribution: z.array(
    z.object({ priority: AlarmPriority, count: z.int(), share: z.number().nullable(), target: z.number() }),
  ),
  /** From occurrence to acknowledgement, seconds; null where none was acknowledged. */
  secondsToAcknowledge: z.object({ median: z.number().nullable(), p95: z.number().nullable() }),
  /** New alarms an hour, for the chart. */
  perHour: z.array(z.object({ at: InstantSchema, count: z.int() })),
})
export type AlarmKpis = z.infer<typeof AlarmKpis>

export const getAlarmKpis = operation({
  name: 'alarm.kpi.get',
  summary: 'Get how the alarms at or below a node perform over a window, against the targets',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>().optional(),
    window: Window,
    /** Operators among whom the alarms are shared. */
    operators: z.int().positive().max(100).default(1),
  }),
  output: AlarmKpis,
})
