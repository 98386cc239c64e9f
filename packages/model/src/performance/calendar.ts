import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

/** Wall-clock time in the calendar's zone, `22:00`. */
export const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use hours and minutes, such as 22:00')
const LocalDate = z.iso.date()

/** A shift of the week. It ends at `end` of the same day, or of the next when that is not later than `start`. */
export const ShiftPattern = z.object({
  name: z.string().min(1).max(60),
  /** ISO weekdays on which it begins: 1 = Monday. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  start: ClockTime,
  end: ClockTime,
  breaks: z.array(z.object({ name: z.string().min(1).max(60), start: ClockTime, end: ClockTime })).max(10),
})
export type ShiftPattern = z.infer<typeof ShiftPattern>

/** One version of when a node (and what is below it, unless it has its own) works. Times are of a named zone: a night of the clock change is 7 or 9 hours long. */
export const WorkCalendar = z.object({
  id: idOf<'WorkCalendar'>(),
  nodeId: idOf<'EquipmentNode'>(),
  version: z.int().positive(),
  /** First local date on which it holds; the past keeps the calendar it had. */
  validFrom: LocalDate,
  timeZone: z.string(),
  shifts: z.array(ShiftPattern).max(20),
  /** Dates that differ: no shift begins on a holiday; an extra day takes the shifts of the weekday it names. */
  exceptions: z
    .array(
      z.object({
        date: LocalDate,
        name: z.string().min(1).max(100),
        /** Null = holiday. */
        asWeekday: z.int().min(1).max(7).nullable(),
      }),
    )
    .max(1000),
  reason: z.string(),
  recordedBy: z.string(),
})
export type WorkCalendar = z.infer<typeof WorkCalendar>

/** One shift that took, or will take, place. */
export const Shift = z.object({
  name: z.string(),
  /** Local date on which it begins. */
  date: LocalDate,
  timeZone: z.string(),
  from: InstantSchema,
  to: InstantSchema,
  breaks: z.array(z.object({ name: z.string(), from: InstantSchema, to: InstantSchema })),
})
export type Shift = z.infer<typeof Shift>

export const listCalendars = operation({
  name: 'performance.calendar.list',
  summary: 'List the work calendars, all versions, by node',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(WorkCalendar),
})

export const setCalendar = operation({
  name: 'performance.calendar.set',
  summary: 'Set when a node works from a date on: shifts, breaks, holidays, in a named time zone',
  permission: 'performance.calendar.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: WorkCalendar.omit({ id: true, version: true, recordedBy: true }).extend({
    reason: z.string().min(3).max(500),
  }),
  output: WorkCalendar,
})

export const listShifts = operation({
  name: 'performance.shift.list',
  summary: 'List the shifts of a node that overlap a window, oldest first; without a calendar each UTC day is one',
  permission: 'performance.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>(), window: Window }),
  output: z.array(Shift),
})

/** Time in which a node was planned not to produce. */
export const PlannedStop = z.object({
  id: idOf<'PlannedStop'>(),
  nodeId: idOf<'EquipmentNode'>(),
  kind: z.enum(['maintenance', 'no-order', 'trial', 'meeting', 'other']),
  label: z.string().min(1).max(200),
  from: InstantSchema,
  to: InstantSchema,
  cancelledReason: z.string().nullable(),
  recordedBy: z.string(),
})
export type PlannedStop = z.infer<typeof PlannedStop>

export const listPlannedStops = operation({
  name: 'performance.planned-stop.list',
  summary: 'List planned stops of a node and what is above it that overlap a window',
  permission: 'performance.read',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>(), window: Window }),
  output: z.array(PlannedStop),
})

export const planStop = operation({
  name: 'performance.planned-stop.plan',
  summary: 'Plan that a node and what is below it will not produce for some time',
  permission: 'performance.calendar.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: PlannedStop.pick({ nodeId: true, kind: true, label: true, from: true, to: true }),
  output: PlannedStop,
})

export const cancelPlannedStop = operation({
  name: 'performance.planned-stop.cancel',
  summary: 'Cancel a planned stop with a reason; it stays readable',
  permission: 'performance.calendar.write',
  scope: 'any',
  mutates: true,
  input: z.object({ plannedStopId: idOf<'PlannedStop'>(), reason: z.string().min(3).max(500) }),
  output: PlannedStop,
})
