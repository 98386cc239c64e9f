import type { Kpi } from './kpi.ts'
import { findCountDoubt, quotient } from './quotient.ts'

export const effectiveness: Kpi = {
  definition: {
    id: 'effectiveness',
    name: 'Effectiveness',
    formula: 'Σ PRI·PQ / APT',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Effectiveness"',
    better: 'higher',
    explanation:
      'How fast it produced, against the ideal cycle of each product. Above 100 % the ideal cycle is too long: it is shown as it is.',
  },
  needsCounts: true,
  of({ elements }) {
    const note = findCountDoubt(elements)
    if (note !== null) return { value: null, note }
    const above = 'effectiveness above 100 %: check the ideal cycle'
    // Parts of a time in which nobody saw it produce say nothing of its pace while it was seen.
    return quotient(elements.idealUs - elements.unknownIdealUs, elements.aptUs, 'no production time', above)
  },
}
