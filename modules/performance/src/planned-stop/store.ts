import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { PlannedStop } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import type { Selectable } from 'kysely'

interface PlannedStopRow {
  id: string
  node_id: string
  kind: PlannedStop['kind']
  label: string
  from_at: number
  to_at: number
  cancelled_reason: string | null
  recorded_by: string
  recorded_at: number
}

const tables = (db: Database) => db.withSchema('performance').withTables<{ planned_stop: PlannedStopRow }>()

/** Planned stops of any of the nodes that overlap `[from, to)`, cancelled ones too, by time. */
export async function listPlannedStopsOf(
  db: Database,
  nodeIds: readonly string[],
  from: number,
  to: number,
): Promise<PlannedStop[]> {
  if (nodeIds.length === 0) return []
  const rows = await tables(db)
    .selectFrom('planned_stop')
    .selectAll()
    .where('node_id', 'in', [...nodeIds])
    .where('from_at', '<', to)
    .where('to_at', '>', from)
    .orderBy('from_at')
    .orderBy('id')
    .execute()
  return rows.map(plannedStopOf)
}

/** @throws DomainError `not-found` (`performance.planned-stop-unknown`) */
export async function getPlannedStop(uow: UnitOfWork, id: string): Promise<PlannedStop> {
  const row = await tables(uow.trx)
    .selectFrom('planned_stop')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row !== undefined) return plannedStopOf(row)
  throw new DomainError('not-found', 'performance.planned-stop-unknown', `There is no planned stop ${id}`)
}

export async function insertPlannedStop(uow: UnitOfWork, stop: PlannedStop): Promise<void> {
  await tables(uow.trx)
    .insertInto('planned_stop')
    .values({
      id: stop.id,
      node_id: stop.nodeId,
      kind: stop.kind,
      label: stop.label,
      from_at: stop.from,
      to_at: stop.to,
      cancelled_reason: stop.cancelledReason,
      recorded_by: stop.recordedBy,
      recorded_at: uow.at,
    })
    .execute()
}

export async function markCancelled(uow: UnitOfWork, id: string, reason: string): Promise<void> {
  await tables(uow.trx).updateTable('planned_stop').set({ cancelled_reason: reason }).where('id', '=', id).execute()
}

const plannedStopOf = (row: Selectable<PlannedStopRow>): PlannedStop => ({
  id: row.id as Id<'PlannedStop'>,
  nodeId: row.node_id as Id<'EquipmentNode'>,
  kind: row.kind,
  label: row.label,
  from: row.from_at as Instant,
  to: row.to_at as Instant,
  cancelledReason: row.cancelled_reason,
  recordedBy: row.recorded_by,
})
