import type { Id, Instant } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { derivedTables } from '../state/tables.ts'
import type { CounterNote, CountStep } from './count-step.ts'
import { completed } from './rules.ts'

export type { CounterNote, CountStep } from './count-step.ts'

/** Steps with `from <= at < to`, by machine and time; of total, good and scrap the third follows from two. */
export async function listCountSteps(
  db: Database,
  nodeIds: readonly string[],
  from: number,
  to: number,
): Promise<CountStep[]> {
  if (nodeIds.length === 0) return []
  const rows = await derivedTables(db)
    .selectFrom('count_step')
    .selectAll()
    .where('node_id', 'in', [...nodeIds])
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('node_id')
    .orderBy('at')
    .execute()
  return rows.map(({ node_id, at, ...counts }) =>
    completed({ nodeId: node_id as Id<'EquipmentNode'>, at: at as Instant, ...counts }),
  )
}

/** Counters that started anew with `from <= at < to`, by machine and time. */
export async function listCounterNotes(
  db: Database,
  nodeIds: readonly string[],
  from: number,
  to: number,
): Promise<CounterNote[]> {
  if (nodeIds.length === 0) return []
  const rows = await derivedTables(db)
    .selectFrom('counter_note')
    .selectAll()
    .where('node_id', 'in', [...nodeIds])
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('node_id')
    .orderBy('at')
    .execute()
  return rows.map((row) => ({
    nodeId: row.node_id as Id<'EquipmentNode'>,
    at: row.at as Instant,
    tag: row.tag,
    before: row.before_value,
    after: row.after_value,
  }))
}
