import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'
import { AlarmDefinition, AlarmPriority } from './definition.ts'

/**
 * Where an alarm stands (ISA-18.2, figure 3; letters of the standard). `latched-*`: the process is normal again and the
 * alarm waits for its reset. `unknown` = the signal is bad: it may be there or not.
 */
export const AlarmState = z.enum([
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned-unacknowledged',
  'latched-unacknowledged',
  'latched-acknowledged',
  'shelved',
  'suppressed-by-design',
  'out-of-service',
])
export type AlarmState = z.infer<typeof AlarmState>

/** What may happen to an alarm; which of them is permitted in which state is one table (`modules/alarm`). */
export const AlarmEvent = z.enum([
  'occur',
  'return',
  'acknowledge',
  'unacknowledge',
  're-alarm',
  'reset',
  'shelve',
  'unshelve',
  'shelf-expired',
  'suppress',
  'unsuppress',
  'take-out-of-service',
  'return-to-service',
])
export type AlarmEvent = z.infer<typeof AlarmEvent>

/**
 * What became of an acknowledgement that was given here and passed on to the machine that raised the alarm: asked = it has
 * not confirmed yet · unanswered = nobody could reach it in time · refused = in the words of `reason`.
 */
export const MachineAnswer = z.object({
  state: z.enum(['asked', 'confirmed', 'refused', 'unanswered']),
  /** Since when it stands so; of `confirmed`, when the machine took it. */
  at: InstantSchema,
  reason: z.string(),
})
export type MachineAnswer = z.infer<typeof MachineAnswer>

/** One alarm as it stands now: one for each released definition. */
export const Alarm = z.object({
  definitionId: idOf<'AlarmDefinition'>(),
  name: z.string(),
  nodeId: idOf<'EquipmentNode'>(),
  tagId: idOf<'Tag'>().nullable(),
  message: z.string(),
  priority: AlarmPriority,
  state: AlarmState,
  /** Whether the process is abnormal, whatever the state; null = not known, the signal is bad. */
  active: z.boolean().nullable(),
  /** Of the occurrence that stands; null while normal. */
  occurrenceId: idOf<'AlarmOccurrence'>().nullable(),
  occurredAt: InstantSchema.nullable(),
  /** The value that made it, as text with its limit: `1.42 µS/cm, limit 1.30`. */
  detail: z.string(),
  /** When the state last changed, and through whom; null = by the process. */
  since: InstantSchema,
  by: z.string().nullable(),
  comment: z.string(),
  /** Until when it is shelved. */
  shelvedUntil: InstantSchema.nullable(),
  /** Times it occurred within the last hour: chattering is seen here. */
  occurrencesLastHour: z.int(),
  latched: z.boolean(),
  response: z.string(),
  timeToRespond: AlarmDefinition.shape.timeToRespond,
  qualityCritical: z.boolean(),
  /** What the machine made of the acknowledgement that stands; null = there is none, or no machine to tell. */
  machine: MachineAnswer.nullable(),
})
export type Alarm = z.infer<typeof Alarm>

/** One thing that happened to an alarm. */
export const AlarmTransition = z.object({
  id: idOf<'AlarmTransition'>(),
  definitionId: idOf<'AlarmDefinition'>(),
  occurrenceId: idOf<'AlarmOccurrence'>().nullable(),
  name: z.string(),
  nodeId: idOf<'EquipmentNode'>(),
  message: z.string(),
  priority: AlarmPriority,
  event: AlarmEvent,
  from: AlarmState,
  to: AlarmState,
  /** When it happened, by the source's clock for what the process did. */
  at: InstantSchema,
  recordedAt: InstantSchema,
  by: z.string().nullable(),
  comment: z.string(),
  detail: z.string(),
  /** What the equipment was busy with. */
  order: z.string().nullable(),
  batch: z.string().nullable(),
  /** The step of the recipe that it was at, as the context says (`phase`). */
  step: z.string().nullable(),
  /** Of an acknowledgement that goes back to the machine which raised the alarm; null = there is no machine to tell. */
  machine: MachineAnswer.nullable(),
  /** The deviation about what quality found and raised the alarm by; null = something else did. */
  deviationId: idOf<'Deviation'>().nullable(),
})
export type AlarmTransition = z.infer<typeof AlarmTransition>

export const AlarmSummary = z.object({
  /** Standing alarms by priority (unacknowledged, acknowledged, returned, latched). */
  standing: z.object({ 1: z.int(), 2: z.int(), 3: z.int(), 4: z.int() }),
  unacknowledged: z.object({ 1: z.int(), 2: z.int(), 3: z.int(), 4: z.int() }),
  shelved: z.int(),
  suppressed: z.int(),
  outOfService: z.int(),
  unknown: z.int(),
  /** New alarms within the last ten minutes: 10 and more are a flood. */
  lastTenMinutes: z.int(),
  flood: z.boolean(),
})
export type AlarmSummary = z.infer<typeof AlarmSummary>

export const listAlarms = operation({
  name: 'alarm.alarm.list',
  summary:
    'List alarms at or below a node: standing ones by priority and age, or those shelved, suppressed, or out of service',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>().optional(),
    show: z.enum(['standing', 'shelved', 'suppressed', 'out-of-service', 'unknown', 'all']).default('standing'),
    limit: z.int().positive().max(2000).default(200),
  }),
  output: z.object({ alarms: z.array(Alarm), total: z.int(), summary: AlarmSummary }),
})

const definitionIds = z.array(idOf<'AlarmDefinition'>()).min(1).max(200)
const reason = z.string().min(3).max(500)
/** Each alarm on its own: what was not permitted is said, the others are done. */
const outcome = z.array(
  z.object({ definitionId: idOf<'AlarmDefinition'>(), state: AlarmState, refused: z.string().nullable() }),
)

export const acknowledgeAlarms = operation({
  name: 'alarm.alarm.acknowledge',
  summary: 'Acknowledge alarms: somebody has seen them',
  permission: 'alarm.acknowledge',
  scope: 'any',
  mutates: true,
  input: z.object({ definitionIds, comment: z.string().max(500).default('') }),
  output: outcome,
})

export const resetAlarms = operation({
  name: 'alarm.alarm.reset',
  summary: 'Reset latched alarms whose process is normal again',
  permission: 'alarm.acknowledge',
  scope: 'any',
  mutates: true,
  input: z.object({ definitionIds, comment: z.string().max(500).default('') }),
  output: outcome,
})

export const shelveAlarm = operation({
  name: 'alarm.alarm.shelve',
  summary: 'Shelve an alarm for a limited time, with a reason; it comes back by itself',
  permission: 'alarm.shelve',
  scope: 'any',
  mutates: true,
  input: z.object({
    definitionId: idOf<'AlarmDefinition'>(),
    forSeconds: z
      .int()
      .positive()
      .max(7 * 86_400),
    reason,
  }),
  output: Alarm,
})

export const unshelveAlarm = operation({
  name: 'alarm.alarm.unshelve',
  summary: 'Bring a shelved alarm back before its time',
  permission: 'alarm.shelve',
  scope: 'any',
  mutates: true,
  input: z.object({ definitionId: idOf<'AlarmDefinition'>(), comment: z.string().max(500).default('') }),
  output: Alarm,
})

export const takeAlarmOutOfService = operation({
  name: 'alarm.alarm.take-out-of-service',
  summary: 'Take an alarm out of service, for maintenance, with a reason; it stays listed until it is returned',
  permission: 'alarm.suppress',
  scope: 'any',
  mutates: true,
  input: z.object({ definitionId: idOf<'AlarmDefinition'>(), reason }),
  output: Alarm,
})

export const returnAlarmToService = operation({
  name: 'alarm.alarm.return-to-service',
  summary: 'Return an alarm to service',
  permission: 'alarm.suppress',
  scope: 'any',
  mutates: true,
  input: z.object({ definitionId: idOf<'AlarmDefinition'>(), comment: z.string().max(500).default('') }),
  output: Alarm,
})

export const listAlarmHistory = operation({
  name: 'alarm.history.list',
  summary: 'List what happened to alarms at or below a node in a window, newest first',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>().optional(),
    tagIds: z.array(idOf<'Tag'>()).max(50).default([]),
    definitionId: idOf<'AlarmDefinition'>().optional(),
    /** Only what was raised by what this deviation is about. */
    deviationId: idOf<'Deviation'>().optional(),
    window: Window,
    events: z.array(AlarmEvent).max(20).default([]),
    limit: z.int().positive().max(5000).default(500),
    /** Of the last line of the page before. */
    before: idOf<'AlarmTransition'>().optional(),
  }),
  output: z.object({ transitions: z.array(AlarmTransition), more: z.boolean() }),
})
