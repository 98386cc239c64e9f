import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { ContextInterval, ContextKind } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'

interface ContextIntervalRow {
  id: string
  node_id: string
  kind: ContextKind
  label: string
  from_at: number
  to_at: number | null
  corrects: string | null
  reason: string | null
  is_current: boolean
  recorded_by: string
  recorded_at: number
}

const tables = (uow: UnitOfWork) =>
  uow.trx.withSchema('historian').withTables<{ context_interval: ContextIntervalRow }>()

/** Two that begin something on one node at the same moment take turns. */
export async function lockNode(uow: UnitOfWork, nodeId: string, kind: ContextKind): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`historian.context ${nodeId} ${kind}`}, 0))`.execute(
    uow.trx,
  )
}

export async function findOpen(
  uow: UnitOfWork,
  nodeId: string,
  kind: ContextKind,
): Promise<ContextInterval | undefined> {
  const row = await tables(uow)
    .selectFrom('context_interval')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('kind', '=', kind)
    .where('is_current', '=', true)
    .where('to_at', 'is', null)
    .orderBy('from_at', 'desc')
    .executeTakeFirst()
  return row === undefined ? undefined : intervalOf(row)
}

/** @throws DomainError `not-found` */
export async function getInterval(uow: UnitOfWork, id: string): Promise<ContextInterval & { isCurrent: boolean }> {
  const row = await tables(uow)
    .selectFrom('context_interval')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) {
    throw new DomainError('not-found', 'historian.context-unknown', `There is no context interval ${id}`, { id })
  }
  return { ...intervalOf(row), isCurrent: row.is_current }
}

/** What is open on a node, with one of these labels if there are any. */
export async function listOpen(
  uow: UnitOfWork,
  nodeId: string,
  kind: ContextKind,
  labels?: readonly string[],
): Promise<ContextInterval[]> {
  const rows = await tables(uow)
    .selectFrom('context_interval')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('kind', '=', kind)
    .$if(labels !== undefined, (query) => query.where('label', 'in', labels ?? []))
    .where('is_current', '=', true)
    .where('to_at', 'is', null)
    .execute()
  return rows.map(intervalOf)
}

export async function insertInterval(uow: UnitOfWork, interval: ContextInterval): Promise<void> {
  await tables(uow)
    .insertInto('context_interval')
    .values({
      id: interval.id,
      node_id: interval.nodeId,
      kind: interval.kind,
      label: interval.label,
      from_at: interval.from,
      to_at: interval.to,
      corrects: interval.corrects,
      reason: interval.reason,
      is_current: true,
      recorded_by: interval.recordedBy,
      recorded_at: interval.recordedAt,
    })
    .execute()
}

export async function endInterval(uow: UnitOfWork, id: string, at: Instant): Promise<void> {
  await tables(uow).updateTable('context_interval').set({ to_at: at }).where('id', '=', id).execute()
}

export async function supersede(uow: UnitOfWork, id: string): Promise<void> {
  await tables(uow).updateTable('context_interval').set({ is_current: false }).where('id', '=', id).execute()
}

/** Current intervals of a node that overlap `[from, to)`, oldest first. */
export async function listOverlapping(
  uow: UnitOfWork,
  nodeId: string,
  kind: ContextKind | undefined,
  from: Instant,
  to: Instant,
): Promise<ContextInterval[]> {
  const rows = await tables(uow)
    .selectFrom('context_interval')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('is_current', '=', true)
    .where('from_at', '<', to)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind as ContextKind))
    .orderBy('from_at')
    .orderBy('kind')
    .orderBy('id')
    .execute()
  return rows.map(intervalOf)
}

/** Current intervals with this kind and label on any of the nodes, oldest first. */
export async function listLabelled(
  uow: UnitOfWork,
  nodeIds: readonly string[],
  kind: ContextKind,
  label: string,
): Promise<ContextInterval[]> {
  const rows = await tables(uow)
    .selectFrom('context_interval')
    .selectAll()
    .where('node_id', 'in', nodeIds)
    .where('kind', '=', kind)
    .where('label', '=', label)
    .where('is_current', '=', true)
    .orderBy('from_at')
    .orderBy('kind')
    .orderBy('id')
    .execute()
  return rows.map(intervalOf)
}

function intervalOf(row: Selectable<ContextIntervalRow>): ContextInterval {
  return {
    id: row.id as Id<'ContextInterval'>,
    nodeId: row.node_id as Id<'EquipmentNode'>,
    kind: row.kind,
    label: row.label,
    from: row.from_at as Instant,
    to: row.to_at as Instant | null,
    corrects: row.corrects as Id<'ContextInterval'> | null,
    reason: row.reason,
    recordedBy: row.recorded_by,
    recordedAt: row.recorded_at as Instant,
  }
}
