import type { Kpi } from './kpi.ts'
import { noParts, quotient } from './quotient.ts'

export const firstPassYield: Kpi = {
  definition: {
    id: 'first-pass-yield',
    name: 'First pass yield',
    formula: 'GP / IP',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "First pass yield"',
    better: 'higher',
    explanation:
      'Which share of the parts was good the first time: neither scrap nor rework. Every part counts as inspected, and counts as one whatever its ideal time.',
  },
  of: ({ elements: { pq, sq, rq } }) => quotient(pq - sq - rq, pq, noParts),
}
