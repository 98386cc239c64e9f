import { effectiveness } from './effectiveness.ts'
import type { Kpi } from './kpi.ts'
import { goodShare, noPlannedTime, quotient } from './quotient.ts'

export const nee: Kpi = {
  definition: {
    id: 'nee',
    name: 'NEE',
    formula: '(AUPT / PBT) × E × QR',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "NEE index"',
    better: 'higher',
    explanation: 'Net equipment effectiveness: as OEE, but time for setting up is no loss (AUPT = APT + AUST).',
  },
  needsCounts: true,
  of(base) {
    const { elements } = base
    const [pace, quality] = [effectiveness.of(base), goodShare(elements)]
    if (elements.pbtUs === 0) return { value: null, note: noPlannedTime }
    if (pace.value === null || quality.value === null) return { value: null, note: pace.note ?? quality.note }
    const { aptUs, austUs, pbtUs } = elements
    return quotient((aptUs + austUs) * pace.value * quality.value, pbtUs, noPlannedTime, pace.note)
  },
}
