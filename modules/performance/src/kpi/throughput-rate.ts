import type { Kpi } from './kpi.ts'
import { noOrder, quotient } from './quotient.ts'

const hourUs = 3600e6

export const throughputRate: Kpi = {
  definition: {
    id: 'throughput-rate',
    name: 'Throughput rate',
    formula: 'PQ / AOET',
    unit: '/h',
    clause: 'ISO 22400-2:2014, KPI "Throughput rate"',
    better: 'higher',
    explanation: 'Parts an hour while orders were on the machine.',
  },
  of: ({ elements: { pq, aoetUs } }) => quotient(pq * hourUs, aoetUs, noOrder),
}
