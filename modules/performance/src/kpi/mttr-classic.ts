import type { Kpi } from './kpi.ts'
import { noFailure, quotient } from './quotient.ts'

export const mttrClassic: Kpi = {
  definition: {
    id: 'mttr-classic',
    name: 'MTTR (classic)',
    formula: 'Σ TTR / FE',
    unit: 's',
    clause: 'not of ISO 22400-2: the common definition',
    better: 'lower',
    explanation: 'What a repair took on the average. Without a failure there is no figure.',
  },
  of: ({ elements: { adotUs, failures } }) => quotient(adotUs / 1e6, failures, noFailure),
}
