import type { Kpi } from './kpi.ts'
import { noPlannedTime, quotient } from './quotient.ts'

export const availability: Kpi = {
  definition: {
    id: 'availability',
    name: 'Availability',
    formula: 'APT / PBT',
    unit: '%',
    clause: 'ISO 22400-2:2014, KPI "Availability"',
    better: 'higher',
    explanation:
      'Which share of the planned busy time the machine produced. Minor stops are part of the production time: they are a loss of speed.',
  },
  of: ({ elements: { aptUs, pbtUs } }) => quotient(aptUs, pbtUs, noPlannedTime),
}
