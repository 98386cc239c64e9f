import type { KpiDefinition, KpiElements } from '@throughline/model'

/** What a KPI is worked out of. */
export interface KpiBase {
  readonly elements: KpiElements
  /** All time of the machines over the window, day and night; null where that has no meaning (an order's, a product's). */
  readonly allTimeUs: number | null
  /** What the first operation produced; null where several operations stand beside each other without an order. */
  readonly firstPq: number | null
}

export interface Figure {
  readonly value: number | null
  /** Why there is none, or what makes it doubtful. */
  readonly note: string | null
}

/** One KPI: what it is called and how it is worked out. */
export interface Kpi {
  readonly definition: KpiDefinition
  /** Whether it says nothing of a machine whose parts are not counted. */
  readonly needsCounts?: boolean
  of(base: KpiBase): Figure
}
