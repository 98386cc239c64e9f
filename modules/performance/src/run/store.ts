import type { Id, Instant } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { derivedTables } from '../state/tables.ts'
import type { Run } from './run.ts'

export type { Run } from './run.ts'

/** Runs that overlap `[from, to)`, uncut, by machine and time. */
export async function listRuns(db: Database, nodeIds: readonly string[], from: number, to: number): Promise<Run[]> {
  if (nodeIds.length === 0) return []
  const rows = await derivedTables(db)
    .selectFrom('run')
    .selectAll()
    .where('node_id', 'in', [...nodeIds])
    .where('from_at', '<', to)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('node_id')
    .orderBy('from_at')
    .execute()
  return rows.map((row) => ({
    nodeId: row.node_id as Id<'EquipmentNode'>,
    order: row.order_name,
    product: row.product,
    from: row.from_at as Instant,
    to: row.to_at as Instant | null,
  }))
}
