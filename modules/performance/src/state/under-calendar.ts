import type { PlannedStop, Shift } from '@throughline/model'
import type { MachineInterval } from './interval.ts'
import { cutTo, joined, overlay } from './interval.ts'

/**
 * States of one machine as its calendar judges them. Inside a shift a break takes the time whatever machine and people say; a
 * planned stop takes it from the machine, not from a person: who records a breakdown in a planned stop means it. Outside of
 * shifts states are left out (`outside: 'drop'`) or kept as they are. Cancelled planned stops count for nothing.
 */
export function underCalendar(
  intervals: readonly MachineInterval[],
  shifts: readonly Shift[],
  plannedStops: readonly PlannedStop[],
  outside: 'keep' | 'drop',
): MachineInterval[] {
  const nodeId = intervals[0]?.nodeId
  if (nodeId === undefined) return []
  const planned = (span: { from: number; to: number }, label: string): MachineInterval => ({
    ...{ nodeId, from: span.from as Shift['from'], to: span.to as Shift['to'] },
    ...{ state: 'planned-stop', label, source: 'calendar', stopId: null, causedBy: null },
  })
  const breaks = shifts.flatMap((shift) => shift.breaks.map((each) => planned(each, each.name)))
  const stops = plannedStops
    .filter((stop) => stop.cancelledReason === null)
    .map((stop) => planned(stop, stop.label))
    .reduce<MachineInterval[]>((before, stop) => overlay(before, [stop]), [])
    .flatMap((stop) => shifts.flatMap((shift) => cutTo([stop], shift.from, shift.to)))
  const people = intervals.filter((each) => each.source === 'manual')
  const told = intervals.filter((each) => each.source !== 'manual')
  const judged = joined(overlay(overlay(overlay(told, stops), people), breaks))
  return outside === 'keep' ? judged : together(shifts).flatMap(({ from, to }) => cutTo(judged, from, to))
}

/** Shifts that follow on each other without a hole are one time: a stop goes on while the crews change. */
function together(shifts: readonly Shift[]): { from: number; to: number }[] {
  const times: { from: number; to: number }[] = []
  for (const { from, to } of shifts) {
    const last = times.at(-1)
    if (last?.to === from) last.to = to
    else times.push({ from, to })
  }
  return times
}
