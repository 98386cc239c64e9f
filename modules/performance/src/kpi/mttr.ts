import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const mttr: Kpi = {
  definition: {
    id: 'mttr',
    name: 'MTTR',
    formula: 'Σ TTR / (FE + 1)',
    unit: 's',
    clause: 'ISO 22400-2:2014, KPI "Mean time to restoration"',
    better: 'lower',
    explanation:
      'Mean time to repair, with the standard’s FE + 1: shorter than what repairs took on the average, which is MTTR (classic).',
  },
  of: ({ elements: { adotUs, failures } }) => quotient(adotUs / 1e6, failures + 1, ''),
}
