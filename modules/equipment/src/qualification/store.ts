import type { Id } from '@throughline/kernel'
import type { EquipmentQualification } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

const selected = sql`
  q.id, q.node_id as "nodeId", q.process, q.evidence, q.valid_from as "validFrom", q.valid_to as "validTo",
  q.granted_by as "grantedBy", q.granted_at as "grantedAt",
  case when q.revoked_at is null then null
    else jsonb_build_object('at', q.revoked_at, 'by', q.revoked_by, 'reason', q.revoked_reason) end as revoked
  from equipment.qualification q`

/** At or below `tops` (null = in the plant), the soonest to end first. */
export async function listQualifications(
  db: Connection,
  process: string | undefined,
  tops: readonly NodeId[] | null,
): Promise<EquipmentQualification[]> {
  const { rows } = await sql<EquipmentQualification>`
    select ${selected} join equipment.node n on n.id = q.node_id
    where (${process ?? null}::text is null or lower(q.process) = lower(${process ?? null}))
      and (${tops === null} or exists (
        select from equipment.node as top
        where top.id = any(${tops ?? []}::uuid[]) and starts_with(n.path || '/', top.path || '/')))
    order by q.valid_to nulls last, n.path, q.id`.execute(db)
  return rows
}

/** What was ever granted to a piece of equipment, and to what it belongs to. */
export async function listEquipmentQualifications(db: Connection, nodeId: NodeId): Promise<EquipmentQualification[]> {
  const { rows } = await sql<EquipmentQualification>`
    select ${selected} join equipment.node n on n.id = q.node_id
    where exists (select from equipment.node as here
      where here.id = ${nodeId} and starts_with(here.path || '/', n.path || '/'))
    order by q.granted_at, q.id`.execute(db)
  return rows
}

export async function findQualification(db: Connection, id: string): Promise<EquipmentQualification | undefined> {
  const { rows } = await sql<EquipmentQualification>`select ${selected} where q.id = ${id}`.execute(db)
  return rows[0]
}

/** Locked until the end of the transaction. */
export async function lockQualification(db: Connection, id: string): Promise<EquipmentQualification | undefined> {
  const { rows } = await sql<EquipmentQualification>`select ${selected} where q.id = ${id} for update`.execute(db)
  return rows[0]
}

export async function insertQualification(db: Connection, each: EquipmentQualification): Promise<void> {
  await sql`
    insert into equipment.qualification (id, node_id, process, evidence, valid_from, valid_to, granted_by, granted_at)
    values (${each.id}, ${each.nodeId}, ${each.process}, ${each.evidence}, ${each.validFrom}, ${each.validTo},
      ${each.grantedBy}, ${each.grantedAt})`.execute(db)
}

export async function setRevoked(
  db: Connection,
  id: string,
  { at, by, reason }: NonNullable<EquipmentQualification['revoked']>,
): Promise<void> {
  await sql`
    update equipment.qualification set revoked_at = ${at}, revoked_by = ${by}, revoked_reason = ${reason}
    where id = ${id}`.execute(db)
}
