import type { Kpi } from './kpi.ts'
import { findCountDoubt, quotient } from './quotient.ts'

export const teep: Kpi = {
  definition: {
    id: 'teep',
    name: 'TEEP',
    formula: 'Σ PRI·GQ / all time',
    unit: '%',
    clause: 'not of ISO 22400-2: total effective equipment performance',
    better: 'higher',
    explanation: 'As OEE, but of all the time there is, day and night: what more shifts could bring.',
  },
  needsCounts: true,
  of({ elements, allTimeUs }) {
    const note = allTimeUs === null ? 'told of machines and shifts, not of orders' : findCountDoubt(elements)
    if (allTimeUs === null || note !== null) return { value: null, note }
    return quotient(elements.idealGoodUs, allTimeUs, 'no time', 'TEEP above 100 %: check the ideal cycle')
  },
}
