import type { KpiElements, KpiValue } from '@throughline/model'
import { kpis } from './catalogue.ts'
import type { Kpi, KpiBase } from './kpi.ts'

/**
 * A KPI and the range that it may lie in: what it would be, had the machine been down all the time that nobody knows of, and
 * had it been running. Counts are what they are.
 */
function kpiValueOf(kpi: Kpi, base: KpiBase): KpiValue {
  const { id } = kpi.definition
  const { value, note } = kpi.of(base)
  if (base.elements.unknownUs === 0) return { id, value, low: value, high: value, note }
  const bounds = [allDown, allRunning].map((known) => kpi.of({ ...base, elements: known(base.elements) }).value)
  const known = [value, ...bounds].filter((each) => each !== null)
  if (known.length === 0) return { id, value, low: null, high: null, note }
  return { id, value, low: Math.min(...known), high: Math.max(...known), note }
}

/** All KPIs; those that need counts of the part of the machines that count. */
export function kpiValuesOf(base: KpiBase, counted: KpiBase = base): KpiValue[] {
  const isPart = counted.elements.pbtUs !== base.elements.pbtUs
  return kpis.map((kpi) => {
    if (kpi.needsCounts !== true || !isPart) return kpiValueOf(kpi, base)
    const value = kpiValueOf(kpi, counted)
    return { ...value, note: value.note ?? 'only of the machines whose parts are counted' }
  })
}

const allDown = (elements: KpiElements): KpiElements => ({
  ...elements,
  adotUs: elements.adotUs + elements.unknownUs,
  unknownUs: 0,
})

const allRunning = (elements: KpiElements): KpiElements => ({
  ...elements,
  aptUs: elements.aptUs + elements.unknownUs,
  unknownUs: 0,
})
