import type { Id, Instant } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { derivedTables } from '../state/tables.ts'
import { completed } from './rules.ts'

/** What the counters of a machine rose by within one minute and one run; null = the machine does not count it. */
export interface CountStep {
  readonly nodeId: Id<'EquipmentNode'>
  /** Start of the minute, or of the run where that began within it. */
  readonly at: Instant
  readonly total: number | null
  readonly good: number | null
  readonly scrap: number | null
  readonly rework: number | null
}

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

/** A counter that started anew: what it counted after `before` and until then is unknown. */
export interface CounterNote {
  readonly nodeId: Id<'EquipmentNode'>
  readonly at: Instant
  readonly tag: string
  readonly before: number
  readonly after: number
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
