import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const inherentAvailability: Kpi = {
  definition: {
    id: 'inherent-availability',
    name: 'Inherent availability',
    formula: 'MTBF / (MTBF + MTTR)',
    unit: '%',
    clause: 'not of ISO 22400-2: reliability engineering',
    better: 'higher',
    explanation: 'Which share of operating and repair time the machine operated: what its failures alone would leave.',
  },
  of: ({ elements: { aptUs, austUs, adotUs } }) =>
    quotient(aptUs + austUs, aptUs + austUs + adotUs, 'it neither operated nor was it repaired'),
}
