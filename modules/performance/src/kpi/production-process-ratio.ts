import type { Kpi } from './kpi.ts'
import { noOrder, quotient } from './quotient.ts'

export const productionProcessRatio: Kpi = {
  definition: {
    id: 'production-process-ratio',
    name: 'Production process ratio',
    formula: 'Σ APT / AOET',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Production process ratio"',
    better: 'higher',
    explanation: 'Which share of the time that orders were on the machine went into production.',
  },
  of: ({ elements: { aptUs, aoetUs } }) =>
    quotient(aptUs, aoetUs, noOrder, 'above 100 %: the machine produced without an order, too'),
}
