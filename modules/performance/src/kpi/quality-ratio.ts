import type { Kpi } from './kpi.ts'
import { goodShare } from './quotient.ts'

export const qualityRatio: Kpi = {
  definition: {
    id: 'quality-ratio',
    name: 'Quality ratio',
    formula: 'GQ / PQ',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Quality ratio"',
    better: 'higher',
    explanation:
      'Which share of what was produced is good. Where several products were made, each part weighs as much as its ideal time.',
  },
  of: ({ elements }) => goodShare(elements),
}
