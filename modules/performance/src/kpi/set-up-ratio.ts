import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const setUpRatio: Kpi = {
  definition: {
    id: 'set-up-ratio',
    name: 'Set-up ratio',
    formula: 'AUST / AUPT',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Setup ratio"',
    better: 'lower',
    explanation: 'Which share of the processing time (set-up and production) went into setting up.',
  },
  of: ({ elements: { aptUs, austUs } }) => quotient(austUs, aptUs + austUs, 'nothing was processed'),
}
