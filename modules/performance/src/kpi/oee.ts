import type { Kpi } from './kpi.ts'
import { findCountDoubt, noPlannedTime, quotient } from './quotient.ts'

export const oee: Kpi = {
  definition: {
    id: 'oee',
    name: 'OEE',
    formula: 'A × E × QR = Σ PRI·GQ / PBT',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "OEE index"',
    better: 'higher',
    explanation:
      'Which share of the planned busy time went into good parts at their ideal pace. Breaks and planned stops are left out; setting up, waiting, failures, lost speed and bad parts all lower it.',
  },
  needsCounts: true,
  of({ elements }) {
    const note = findCountDoubt(elements)
    if (note !== null) return { value: null, note }
    return quotient(elements.idealGoodUs, elements.pbtUs, noPlannedTime, 'OEE above 100 %: check the ideal cycle')
  },
}
