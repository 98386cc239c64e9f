import type { Kpi } from './kpi.ts'
import { noParts, quotient } from './quotient.ts'

export const scrapRatio: Kpi = {
  definition: {
    id: 'scrap-ratio',
    name: 'Scrap ratio',
    formula: 'SQ / PQ',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Scrap ratio"',
    better: 'lower',
    explanation: 'Which share of what was produced is scrap.',
  },
  of: ({ elements: { sq, pq } }) => quotient(sq, pq, noParts, 'more scrap than parts: check the entries'),
}
