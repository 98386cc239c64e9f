import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const utilisationEfficiency: Kpi = {
  definition: {
    id: 'utilisation-efficiency',
    name: 'Utilisation efficiency',
    formula: 'APT / AUBT',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Utilization efficiency"',
    better: 'higher',
    explanation: 'Which share of the time in which it was busy (production, set-up, delay) the machine produced.',
  },
  of: ({ elements: { aptUs, austUs, adetUs } }) =>
    quotient(aptUs, aptUs + austUs + adetUs, 'the machine was never busy'),
}
