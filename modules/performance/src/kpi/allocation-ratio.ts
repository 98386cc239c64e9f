import type { Kpi } from './kpi.ts'
import { noOrder, quotient } from './quotient.ts'

export const allocationRatio: Kpi = {
  definition: {
    id: 'allocation-ratio',
    name: 'Allocation ratio',
    formula: 'Σ AUBT / AOET',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Allocation ratio"',
    better: 'higher',
    explanation:
      'Which share of the time that orders were on the machine it was busy with them; the rest is lying time.',
  },
  of: ({ elements: { aptUs, austUs, adetUs, aoetUs } }) =>
    quotient(aptUs + austUs + adetUs, aoetUs, noOrder, 'above 100 %: the machine was busy without an order, too'),
}
