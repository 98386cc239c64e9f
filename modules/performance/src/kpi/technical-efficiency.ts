import type { Kpi } from './kpi.ts'
import { quotient } from './quotient.ts'

export const technicalEfficiency: Kpi = {
  definition: {
    id: 'technical-efficiency',
    name: 'Technical efficiency',
    formula: 'APT / (APT + ADET)',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Technical efficiency"',
    better: 'higher',
    explanation:
      'Production time against production and delay: what waiting for material, people or the next machine costs.',
  },
  of: ({ elements: { aptUs, adetUs } }) => quotient(aptUs, aptUs + adetUs, 'no production time and no delay'),
}
