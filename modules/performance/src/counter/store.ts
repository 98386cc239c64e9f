import type { Id, Instant } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { sql } from 'kysely'
import type { CounterNoteRow, CountStepRow } from '../state/tables.ts'
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
  const rows = await rowsBetween(db, 'count_step', nodeIds, from, to)
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
  const rows = await rowsBetween(db, 'counter_note', nodeIds, from, to)
  return rows.map((row) => ({
    nodeId: row.node_id as Id<'EquipmentNode'>,
    at: row.at as Instant,
    tag: row.tag,
    before: row.before_value,
    after: row.after_value,
  }))
}

interface CounterRows {
  readonly count_step: CountStepRow
  readonly counter_note: CounterNoteRow
}

async function rowsBetween<Table extends keyof CounterRows>(
  db: Database,
  table: Table,
  nodeIds: readonly string[],
  from: number,
  to: number,
): Promise<CounterRows[Table][]> {
  if (nodeIds.length === 0) return []
  const found = await sql<CounterRows[Table]>`
    select * from ${sql.table(`performance.${table}`)}
    where node_id = any(${[...nodeIds]}::uuid[]) and at >= ${from} and at < ${to} order by node_id, at`.execute(db)
  return found.rows
}
