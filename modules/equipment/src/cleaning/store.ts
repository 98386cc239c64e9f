import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { CleaningRow } from './rules.ts'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

/** Of every piece of equipment below `tops` (null = the plant) that has a rule or was ever cleaned or used, by path. */
export async function listCleaningRows(db: Connection, tops: readonly NodeId[] | null): Promise<CleaningRow[]> {
  const { rows } = await sql<CleaningRow>`
    select n.id as "nodeId", c.status, c.since, c.last_use as "lastUse", r.clean_hold_seconds as "cleanHoldSeconds",
      r.dirty_hold_seconds as "dirtyHoldSeconds"
    from equipment.node n
    left join equipment.cleaning c on c.node_id = n.id
    left join equipment.cleaning_rule r on r.node_id = n.id
    where (c.node_id is not null or r.node_id is not null)
      and (${tops === null} or exists (
        select from equipment.node as top
        where top.id = any(${tops ?? []}::uuid[]) and starts_with(n.path || '/', top.path || '/')))
    order by n.path`.execute(db)
  return rows
}

export async function getCleaningRow(db: Connection, nodeId: NodeId): Promise<CleaningRow> {
  const { rows } = await sql<CleaningRow>`
    select n.id as "nodeId", c.status, c.since, c.last_use as "lastUse", r.clean_hold_seconds as "cleanHoldSeconds",
      r.dirty_hold_seconds as "dirtyHoldSeconds"
    from (select ${nodeId}::uuid as id) n
    left join equipment.cleaning c on c.node_id = n.id
    left join equipment.cleaning_rule r on r.node_id = n.id`.execute(db)
  return rows[0] ?? { nodeId, status: null, since: null, lastUse: null, cleanHoldSeconds: null, dirtyHoldSeconds: null }
}

export async function putCleaning(
  db: Connection,
  nodeId: NodeId,
  status: 'clean' | 'in-use' | 'dirty',
  since: Instant,
  lastUse: string | null,
): Promise<void> {
  await sql`
    insert into equipment.cleaning (node_id, status, since, last_use)
    values (${nodeId}, ${status}, ${since}, ${lastUse})
    on conflict (node_id) do update set status = excluded.status, since = excluded.since,
      last_use = coalesce(excluded.last_use, equipment.cleaning.last_use)`.execute(db)
}

export async function putCleaningRule(
  db: Connection,
  nodeId: NodeId,
  rule: { readonly cleanHoldSeconds: number | null; readonly dirtyHoldSeconds: number | null; readonly reason: string },
): Promise<void> {
  await sql`
    insert into equipment.cleaning_rule (node_id, clean_hold_seconds, dirty_hold_seconds, reason)
    values (${nodeId}, ${rule.cleanHoldSeconds}, ${rule.dirtyHoldSeconds}, ${rule.reason})
    on conflict (node_id) do update set clean_hold_seconds = excluded.clean_hold_seconds,
      dirty_hold_seconds = excluded.dirty_hold_seconds, reason = excluded.reason`.execute(db)
}
