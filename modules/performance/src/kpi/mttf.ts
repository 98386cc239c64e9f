import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const mttf: Kpi = {
  definition: {
    id: 'mttf',
    name: 'MTTF',
    formula: 'Σ TTF / (FE + 1)',
    unit: 's',
    clause: 'ISO 22400-2:2014, KPI "Mean time to failure"',
    better: 'higher',
    explanation:
      'Mean time from the end of a repair to the next failure: all time in which the machine could work (production, set-up and delay), with the standard’s FE + 1.',
  },
  of: ({ elements: { aptUs, austUs, adetUs, failures } }) =>
    quotient((aptUs + austUs + adetUs) / 1e6, failures + 1, ''),
}
