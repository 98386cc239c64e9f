import type { Kpi } from './kpi.ts'
import { noParts, quotient } from './quotient.ts'

export const fallOffRatio: Kpi = {
  definition: {
    id: 'fall-off-ratio',
    name: 'Fall-off ratio',
    formula: 'Σ SQ / PQ of the first operation',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Fall off ratio"',
    better: 'lower',
    explanation:
      'Scrap of all operations of an order against what its first operation produced; of one machine, its scrap ratio.',
  },
  of({ elements: { sq }, firstPq }) {
    if (firstPq === null) return { value: null, note: 'told by order, or of one machine' }
    return quotient(sq, firstPq, noParts)
  },
}
