import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { ContextInterval, ContextKind } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { CompiledQuery } from 'kysely'

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
  await uow.trx.executeQuery(
    CompiledQuery.raw('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`historian.context ${nodeId} ${kind}`]),
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

// What begins an interval is written as text: machines and people do it all day, and a builder's work costs as much as the rest.

const columns = 'id, node_id, kind, label, from_at, to_at, corrects, reason, is_current, recorded_by, recorded_at'
const open = `select ${columns} from historian.context_interval
  where node_id = $1::uuid and kind = $2 and is_current and to_at is null`

/** What is open on a node, with one of these labels if there are any. */
export async function listOpen(
  uow: UnitOfWork,
  nodeId: string,
  kind: ContextKind,
  labels?: readonly string[],
): Promise<ContextInterval[]> {
  const asked =
    labels === undefined
      ? CompiledQuery.raw(open, [nodeId, kind])
      : CompiledQuery.raw(`${open} and label = any($3::text[])`, [nodeId, kind, labels])
  const { rows } = await uow.trx.executeQuery(asked)
  return (rows as ContextIntervalRow[]).map(intervalOf)
}

export async function insertInterval(uow: UnitOfWork, interval: ContextInterval): Promise<void> {
  const { id, nodeId, kind, label, from, to, corrects, reason, recordedBy, recordedAt } = interval
  await uow.trx.executeQuery(
    CompiledQuery.raw(
      `insert into historian.context_interval (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, true, $9, $10)`,
      [id, nodeId, kind, label, from, to, corrects, reason, recordedBy, recordedAt],
    ),
  )
}

export async function endInterval(uow: UnitOfWork, id: string, at: Instant): Promise<void> {
  await uow.trx.executeQuery(
    CompiledQuery.raw('update historian.context_interval set to_at = $1 where id = $2', [at, id]),
  )
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

function intervalOf(row: ContextIntervalRow): ContextInterval {
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
