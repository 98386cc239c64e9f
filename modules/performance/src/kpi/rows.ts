import type { Instant } from '@throughline/kernel'
import type { KpiRow } from '@throughline/model'
import { coverageOf, sumElements } from '../time-model/elements.ts'
import type { Portion } from './gather.ts'
import type { KpiBase } from './kpi.ts'
import { kpiValuesOf } from './value.ts'

/** What portions are summed into. */
export interface Group {
  readonly key: string
  readonly label: string
}

/** What a row says beside its portions. */
export interface RowAbout extends Group {
  readonly window: KpiRow['window']
  /** All time, day and night, of the machines; null = the row is not about machines. */
  readonly allTimeUs: (portions: readonly Portion[]) => number | null
  readonly firstPq: number | null
}

/**
 * The KPIs of portions together, out of their summed elements. Machines that count nothing have no part in what needs
 * counts, as long as others do.
 */
export function rowOf(portions: readonly Portion[], { key, label, window, allTimeUs, firstPq }: RowAbout): KpiRow {
  const base = baseOf(portions, allTimeUs, firstPq)
  const counted = portions.filter(({ isUncounted, elements }) => !isUncounted || elements.uncountedUs === 0)
  const countedBase = counted.some(({ elements }) => elements.pbtUs > 0) ? baseOf(counted, allTimeUs, firstPq) : base
  return {
    key,
    label,
    window,
    kpis: kpiValuesOf(base, countedBase),
    elements: base.elements,
    coverage: coverageOf(base.elements),
    running: portions.some((portion) => portion.isRunning),
  }
}

const baseOf = (portions: readonly Portion[], allTimeUs: RowAbout['allTimeUs'], firstPq: number | null): KpiBase => ({
  elements: sumElements(portions.map(({ elements }) => elements)),
  allTimeUs: allTimeUs(portions),
  firstPq,
})

/** From the first to the last of the portions. */
export function spanOf(portions: readonly Portion[]): KpiRow['window'] {
  return {
    from: Math.min(...portions.map(({ from }) => from)) as Instant,
    to: Math.max(...portions.map(({ to }) => to)) as Instant,
  }
}

/** Portions by what they belong to, in the order of their first. */
export function grouped<Item extends Portion>(
  portions: readonly Item[],
  groupOf: (portion: Item) => Group,
): { group: Group; portions: Item[] }[] {
  const groups = new Map<string, { group: Group; portions: Item[] }>()
  for (const portion of portions) {
    const group = groupOf(portion)
    const known = groups.get(group.key)
    if (known === undefined) groups.set(group.key, { group, portions: [portion] })
    else known.portions.push(portion)
  }
  return [...groups.values()]
}
