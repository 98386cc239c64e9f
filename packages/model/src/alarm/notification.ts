import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'
import { AlarmPriority } from './definition.ts'

/** One step of calling: these people, and after so long without an acknowledgement the next step. */
const RosterStep = z.object({
  /** People by their e-mail address; and addresses that a webhook goes to. */
  emails: z.array(z.email()).max(20),
  webhooks: z.array(z.url({ protocol: /^https?$/ })).max(5),
  afterSeconds: z.int().nonnegative().max(86_400),
})

/** Who is called for which alarms, and who next. */
export const AlarmRoster = z.object({
  id: idOf<'AlarmRoster'>(),
  name: z.string().min(1).max(100),
  nodeId: idOf<'EquipmentNode'>(),
  /** Alarms of this priority and more urgent ones. */
  priority: AlarmPriority,
  /** Only within these hours of the week, in this zone; empty = always. */
  timeZone: z.string(),
  hours: z
    .array(
      z.object({
        days: z.array(z.int().min(1).max(7)).min(1),
        start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
        end: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
      }),
    )
    .max(20),
  steps: z.array(RosterStep).min(1).max(5),
  active: z.boolean(),
})
export type AlarmRoster = z.infer<typeof AlarmRoster>

export const listRosters = operation({
  name: 'alarm.roster.list',
  summary: 'List who is called for which alarms',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(AlarmRoster),
})

export const setRoster = operation({
  name: 'alarm.roster.set',
  summary: 'Set who is called for which alarms: add a roster, or change one with a reason',
  permission: 'alarm.roster.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: AlarmRoster.omit({ id: true }).extend({
    rosterId: idOf<'AlarmRoster'>().nullable().default(null),
    reason: z.string().min(3).max(500),
  }),
  output: AlarmRoster,
})

/** One call to one person or address for one occurrence: nobody gets two. */
export const AlarmCall = z.object({
  id: idOf<'AlarmCall'>(),
  occurrenceId: idOf<'AlarmOccurrence'>(),
  definitionId: idOf<'AlarmDefinition'>(),
  name: z.string(),
  rosterId: idOf<'AlarmRoster'>(),
  step: z.int().nonnegative(),
  /** The person's e-mail address, or the webhook's. */
  to: z.string(),
  by: z.enum(['e-mail', 'webhook']),
  dueAt: InstantSchema,
  sentAt: InstantSchema.nullable(),
  /** Why it is not sent: acknowledged before it was due, or the fault of the last attempt; or in which summary it was told. */
  note: z.string().nullable(),
  attempts: z.int(),
})
export type AlarmCall = z.infer<typeof AlarmCall>

export const listAlarmCalls = operation({
  name: 'alarm.call.list',
  summary: 'List who was called for which alarm, newest first',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    /** Of when they were due. */
    window: Window,
    occurrenceId: idOf<'AlarmOccurrence'>().optional(),
    limit: z.int().positive().max(5000).default(1000),
  }),
  output: z.array(AlarmCall),
})
