import type { Id, Instant } from '@throughline/kernel'
import type { MachineState } from '@throughline/model'
import type { MachineInterval } from './interval.ts'
import { joined, overlay } from './interval.ts'

/** What a person said that a machine did; `to` null = until something else was recorded. */
export interface ManualState {
  readonly id: Id<'ManualState'>
  readonly nodeId: Id<'EquipmentNode'>
  readonly from: Instant
  readonly to: Instant | null
  readonly state: MachineState
  readonly comment: string
}

/**
 * What people said about one machine, exclusive and in order: the one recorded later holds where two overlap, and ends an
 * earlier one that had no end. `recorded` is in the order of recording.
 */
export function manualIntervals(recorded: readonly ManualState[]): MachineInterval[] {
  let intervals: MachineInterval[] = []
  for (const each of recorded) {
    const { nodeId, from, to, state, comment } = each
    const label = comment === '' ? state : comment.slice(0, 200)
    const ended = intervals.map((other) => (other.to === null && other.from < from ? { ...other, to: from } : other))
    intervals = overlay(ended, [{ nodeId, from, to, state, label, source: 'manual', stopId: null, causedBy: null }])
  }
  return joined(intervals)
}

/** A person beats the rule: where people said something, that holds. */
export function correctedBy(told: readonly MachineInterval[], recorded: readonly ManualState[]): MachineInterval[] {
  return recorded.length === 0 ? [...told] : overlay(told, manualIntervals(recorded))
}
