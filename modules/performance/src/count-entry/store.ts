import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { CountEntry } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

const selectEntries = sql`
  select id, node_id as "nodeId", kind, quantity::float8 as quantity, reason_id as "reasonId", made_at as "madeAt",
    order_name as "order", product, comment, recorded_at as "recordedAt", recorded_by as "recordedBy", corrects,
    replaced_at as "replacedAt", replaced_by as "replacedBy", replaced_why as "replacedWhy"
  from performance.count_entry`

/** Entries that count, for parts made in `[from, to)` on the machines, oldest first. */
export async function listEntries(
  db: Connection,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<CountEntry[]> {
  const { rows } = await sql<CountEntry>`
    ${selectEntries}
    where node_id = any(${[...nodeIds]}::uuid[]) and made_at >= ${from} and made_at < ${to} and replaced_at is null
    order by made_at, id`.execute(db)
  return rows
}

/** Also those that were replaced; newest first. */
export async function listAllEntries(
  db: Connection,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<CountEntry[]> {
  const { rows } = await sql<CountEntry>`
    ${selectEntries}
    where node_id = any(${[...nodeIds]}::uuid[]) and made_at >= ${from} and made_at < ${to}
    order by made_at desc, id desc`.execute(db)
  return rows
}

/** @throws DomainError `not-found` */
export async function getEntry(db: Connection, id: Id<'CountEntry'>): Promise<CountEntry> {
  const { rows } = await sql<CountEntry>`${selectEntries} where id = ${id}`.execute(db)
  const entry = rows[0]
  if (entry !== undefined) return entry
  throw new DomainError('not-found', 'performance.count-unknown', `There is no count ${id}`, { id })
}

/** Machines for which anybody ever recorded a count. */
export async function listCountMachines(db: Connection): Promise<NodeId[]> {
  const { rows } = await sql<{ id: NodeId }>`
    select distinct node_id as id from performance.count_entry order by node_id`.execute(db)
  return rows.map((row) => row.id)
}

/** When anything but `no-data` was first known of the machine, by its signals or by people; null = never. */
export async function findFirstState(db: Connection, nodeId: NodeId): Promise<Instant | null> {
  const { rows } = await sql<{ first: Instant | null }>`
    select min(from_at) as first from (
      select from_at from performance.signal_interval where node_id = ${nodeId} and state <> 'no-data'
      union all select from_at from performance.manual_state where node_id = ${nodeId}) as known`.execute(db)
  return rows[0]?.first ?? null
}

/** What people count on one machine takes turns: two must not both take the last good part. */
export async function lockCounts(db: Connection, nodeId: NodeId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`performance.count ${nodeId}`}, 0))`.execute(db)
}

export async function insertEntry(db: Connection, entry: CountEntry): Promise<void> {
  await sql`
    insert into performance.count_entry (id, node_id, kind, quantity, reason_id, made_at, order_name, product, comment,
      recorded_at, recorded_by, corrects)
    values (${entry.id}, ${entry.nodeId}, ${entry.kind}, ${entry.quantity}, ${entry.reasonId}, ${entry.madeAt},
      ${entry.order}, ${entry.product}, ${entry.comment}, ${entry.recordedAt}, ${entry.recordedBy}, ${entry.corrects})
  `.execute(db)
}

export async function replaceEntry(
  db: Connection,
  id: Id<'CountEntry'>,
  { at, by, why }: { readonly at: Instant; readonly by: string; readonly why: string },
): Promise<void> {
  await sql`
    update performance.count_entry set replaced_at = ${at}, replaced_by = ${by}, replaced_why = ${why}
    where id = ${id}`.execute(db)
}
