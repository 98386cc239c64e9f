import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const actualToPlannedScrapRatio: Kpi = {
  definition: {
    id: 'actual-to-planned-scrap-ratio',
    name: 'Actual to planned scrap ratio',
    formula: 'SQ / PSQ',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Actual to planned scrap ratio"',
    better: 'lower',
    explanation:
      'Scrap against the scrap that the standards of the products plan for; above 100 % there was more than planned.',
  },
  of: ({ elements: { sq, psq } }) => quotient(sq, psq, 'no scrap is planned'),
}
