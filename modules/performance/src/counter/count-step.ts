import type { Id, Instant } from '@throughline/kernel'

/** What the counters of a machine rose by within one minute and one run; null = the machine does not count it. */
export interface CountStep {
  readonly nodeId: Id<'EquipmentNode'>
  /** Start of the minute, or of the run where that began within it. */
  readonly at: Instant
  readonly total: number | null
  readonly good: number | null
  readonly scrap: number | null
  readonly rework: number | null
}

/** A counter that started anew: what it counted after `before` and until then is unknown. */
export interface CounterNote {
  readonly nodeId: Id<'EquipmentNode'>
  readonly at: Instant
  readonly tag: string
  readonly before: number
  readonly after: number
}
