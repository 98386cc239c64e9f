import type { Kpi } from './kpi.ts'
import { noPlannedTime, quotient } from './quotient.ts'

export const allocationEfficiency: Kpi = {
  definition: {
    id: 'allocation-efficiency',
    name: 'Allocation efficiency',
    formula: 'AUBT / PBT',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Allocation efficiency"',
    better: 'higher',
    explanation:
      'Which share of the planned busy time the machine was busy (production, set-up, delay); failures and unknown time are the rest.',
  },
  of: ({ elements: { aptUs, austUs, adetUs, pbtUs } }) => quotient(aptUs + austUs + adetUs, pbtUs, noPlannedTime),
}
