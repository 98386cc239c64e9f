import type { Id, Instant } from '@throughline/kernel'
import type { MachineState, Shift, StopCategory } from '@throughline/model'

/** A stretch of time, `from <= at < to`; `to` null = it still lasts. */
export interface Span {
  readonly from: Instant
  readonly to: Instant | null
}

export interface StateSpan extends Span {
  readonly state: MachineState
}

/** A stop as it is explained. */
export interface StopSpan extends Span {
  readonly id: Id<'Stop'>
  readonly minor: boolean
  readonly reasonId: Id<'Reason'> | null
  /** The machine of the line that caused it. */
  readonly causedBy: Id<'EquipmentNode'> | null
  readonly category: StopCategory | null
  /** Whether a stop of category `planned` or `no-order` stays inside the planned busy time. */
  readonly insidePlannedTime: boolean
}

export interface RunSpan extends Span {
  readonly order: string | null
  readonly product: string | null
}

/** What the counters of a machine rose by; null = that is not counted here. */
export interface Step {
  readonly at: Instant
  readonly total: number | null
  readonly good: number | null
  readonly scrap: number | null
  readonly rework: number | null
}

/** What the counters rose by from `since`, when they were no longer read, until they were read again at `at`. */
export interface Gap extends Step {
  readonly since: Instant
}

/** What a person counted. */
export interface Entry {
  readonly kind: 'produced' | 'scrap' | 'rework'
  readonly quantity: number
  readonly reasonId: Id<'Reason'> | null
  readonly madeAt: Instant
  readonly order: string | null
  readonly product: string | null
}

/** What holds for a machine from an instant on. */
export interface RuleSpan {
  readonly effectiveFrom: Instant
  readonly idealCycleUs: number | null
  readonly minorStopUs: number
  /** Whether any counter of parts is named. */
  readonly isCounting: boolean
  /** Whether the machine tells its state: time of which it told none is time in which nobody heard it. */
  readonly isHeard: boolean
}

export interface Standard {
  readonly product: string
  readonly idealCycleUs: number
  readonly plannedScrapRatio: number
}

/**
 * All that the time model of one machine is worked out of. Lists are in order of time and uncut; spans of one list never
 * overlap, except planned stops.
 */
export interface MachineFacts {
  readonly nodeId: Id<'EquipmentNode'>
  /** Earlier the machine was not known: that time is nobody's. */
  readonly knownSince: Instant
  /** Up to here the facts are told: what still lasts, lasts until then. */
  readonly until: Instant
  readonly states: readonly StateSpan[]
  readonly shifts: readonly Shift[]
  readonly plannedStops: readonly { readonly from: Instant; readonly to: Instant }[]
  readonly stops: readonly StopSpan[]
  readonly runs: readonly RunSpan[]
  readonly steps: readonly Step[]
  /** In order of `at`; those that reach into the window, or end in it. */
  readonly gaps: readonly Gap[]
  readonly entries: readonly Entry[]
  readonly rules: readonly RuleSpan[]
  readonly standards: readonly Standard[]
}
