import type { Kpi } from './kpi.ts'
import { noFailure, quotient } from './quotient.ts'

export const mtbfClassic: Kpi = {
  definition: {
    id: 'mtbf-classic',
    name: 'MTBF (classic)',
    formula: 'Σ TBF / FE',
    unit: 's',
    clause: 'not of ISO 22400-2: the common definition',
    better: 'higher',
    explanation: 'Mean operating time (production and set-up) for each failure. Without a failure there is no figure.',
  },
  of: ({ elements: { aptUs, austUs, failures } }) => quotient((aptUs + austUs) / 1e6, failures, noFailure),
}
