import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const mtbf: Kpi = {
  definition: {
    id: 'mtbf',
    name: 'MTBF',
    formula: 'Σ TBF / (FE + 1)',
    unit: 's',
    clause: 'ISO 22400-2:2014, KPI "Mean operating time between failures"',
    better: 'higher',
    explanation:
      'Mean operating time (production and set-up) between failures, with the standard’s FE + 1: a time without a failure has a figure, too. A failure is an unplanned down time that is no minor stop.',
  },
  of: ({ elements: { aptUs, austUs, failures } }) => quotient((aptUs + austUs) / 1e6, failures + 1, ''),
}
