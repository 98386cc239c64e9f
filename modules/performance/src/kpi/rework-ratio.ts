import type { Kpi } from './kpi.ts'
import { noParts, quotient } from './quotient.ts'

export const reworkRatio: Kpi = {
  definition: {
    id: 'rework-ratio',
    name: 'Rework ratio',
    formula: 'RQ / PQ',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Rework ratio"',
    better: 'lower',
    explanation: 'Which share of what was produced has to be worked over.',
  },
  of: ({ elements: { rq, pq } }) => quotient(rq, pq, noParts, 'more rework than parts: check the entries'),
}
