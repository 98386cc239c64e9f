import type { KpiElements, KpiValue } from '@throughline/model'
import { coverageOf } from '../time-model/elements.ts'
import { kpis } from './catalogue.ts'
import type { Kpi, KpiBase } from './kpi.ts'

/**
 * A KPI and the range that it may lie in: what it would be, had the machine been down all the time that nobody knows of, and
 * had it been running; what was counted is what it is. Where nobody knows what was made, it may have been nothing, or good
 * parts at their ideal pace, or scrap.
 */
function kpiValueOf(kpi: Kpi, base: KpiBase): KpiValue {
  const { id } = kpi.definition
  const { pq, unknownUs, lostCountUs } = base.elements
  const isLost = kpi.needsCounts === true && lostCountUs > 0
  if (isLost && pq === 0) return { id, value: null, low: null, high: null, note: notCounted }
  const { value, note: doubt } = kpi.of(base)
  const note = doubt ?? (isLost ? partlyCounted : null)
  if (unknownUs === 0 && !isLost) return { id, value, low: value, high: value, note }
  const bounds = scenarios.map((known) => kpi.of({ ...base, elements: known(base.elements) }).value)
  const known = [value, ...bounds].filter((each) => each !== null)
  if (known.length === 0) return { id, value, low: null, high: null, note }
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const isKnown = low === high || (coverageOf(base.elements) ?? 1) >= leastCoverage
  return isKnown ? { id, value, low, high, note } : { id, value: null, low, high, note: tooLittleKnown }
}

/** With less of the time known, a figure would tell more of what is not known than of the machine: only its range stands. */
const leastCoverage = 0.5
const tooLittleKnown = 'less than half of the planned time is known'

/** All KPIs; those that need counts of the part of the machines that count. */
export function kpiValuesOf(base: KpiBase, counted: KpiBase = base): KpiValue[] {
  const isPart = counted.elements.pbtUs !== base.elements.pbtUs
  return kpis.map((kpi) => {
    if (kpi.needsCounts !== true || !isPart) return kpiValueOf(kpi, base)
    const value = kpiValueOf(kpi, counted)
    return { ...value, note: value.note ?? 'only of the machines whose parts are counted' }
  })
}

const notCounted = 'the counters were not read: what was made is not known'
const partlyCounted = 'the counters were not read all the time: what was made in the rest is not known'

/** Parts that were counted took at least their ideal time to make. */
function allDown(elements: KpiElements): KpiElements {
  const running = Math.min(elements.unknownUs, Math.max(elements.unknownIdealUs, 0))
  return {
    ...elements,
    aptUs: elements.aptUs + running,
    adotUs: elements.adotUs + elements.unknownUs - running,
    unknownUs: 0,
    unknownIdealUs: 0,
  }
}

const allRunning = (elements: KpiElements): KpiElements => ({
  ...elements,
  aptUs: elements.aptUs + elements.unknownUs,
  unknownUs: 0,
  unknownIdealUs: 0,
})

function allGood(elements: KpiElements): KpiElements {
  const { idealUs, idealGoodUs, lostCountUs, ...running } = allRunning(elements)
  const parts = idealUs > 0 ? (lostCountUs * running.pq) / idealUs : 0
  return {
    ...running,
    pq: running.pq + parts,
    gq: running.gq + parts,
    idealUs: idealUs + lostCountUs,
    idealGoodUs: idealGoodUs + lostCountUs,
    lostCountUs: 0,
  }
}

function allScrap(elements: KpiElements): KpiElements {
  const { gq, idealGoodUs } = elements
  const good = allGood(elements)
  return { ...good, gq, sq: good.sq + good.gq - gq, idealGoodUs }
}

const scenarios = [allDown, allRunning, allGood, allScrap]
