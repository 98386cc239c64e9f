import type { Kpi } from './kpi.ts'
import { noParts, quotient } from './quotient.ts'

export const productionLossRatio: Kpi = {
  definition: {
    id: 'production-loss-ratio',
    name: 'Production loss ratio',
    formula: '(PQ − GQ) / PQ',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Production loss ratio"',
    better: 'lower',
    explanation:
      'Which share of the parts that were begun did not come out good. Counted in parts: what went in is what was produced.',
  },
  of: ({ elements: { pq, gq } }) => quotient(pq - gq, pq, noParts),
}
