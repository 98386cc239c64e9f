import type { Id } from '@throughline/kernel'
import type { Outage } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

const selected = sql`
  o.id, o.node_id as "nodeId", o.since, o.reason, o.begun_by as "by",
  case when o.ended_at is null then null
    else jsonb_build_object('at', o.ended_at, 'by', o.ended_by, 'reason', o.ended_reason) end as ended
  from equipment.outage o join equipment.node n on n.id = o.node_id`

/** At or below `tops` (null = in the plant), what is out of service first, then the newest. */
export async function listOutagesBy(
  db: Connection,
  openOnly: boolean,
  tops: readonly NodeId[] | null,
): Promise<Outage[]> {
  const { rows } = await sql<Outage>`
    select ${selected}
    where (not ${openOnly} or o.ended_at is null)
      and (${tops === null} or exists (
        select from equipment.node as top
        where top.id = any(${tops ?? []}::uuid[]) and starts_with(n.path || '/', top.path || '/')))
    order by o.ended_at is not null, o.since desc, o.id limit 2000`.execute(db)
  return rows
}

/** Why a piece of equipment is out of service: it, or what it belongs to; undefined = it is in service. */
export async function findOutage(
  db: Connection,
  nodeId: NodeId,
): Promise<(Outage & { readonly path: string }) | undefined> {
  const { rows } = await sql<Outage & { readonly path: string }>`
    select n.path, ${selected}
    where o.ended_at is null and exists (select from equipment.node as here
      where here.id = ${nodeId} and starts_with(here.path || '/', n.path || '/'))
    order by length(n.path) desc limit 1`.execute(db)
  return rows[0]
}

/** Of the equipment itself, locked until the end of the transaction. */
export async function lockOutage(db: Connection, nodeId: NodeId): Promise<Outage | undefined> {
  const { rows } = await sql<Outage>`
    select ${selected} where o.node_id = ${nodeId} and o.ended_at is null for update of o`.execute(db)
  return rows[0]
}

/** False when it is out of service already. */
export async function insertOutage(db: Connection, { id, nodeId, since, reason, by }: Outage): Promise<boolean> {
  const { rows } = await sql`
    insert into equipment.outage (id, node_id, since, reason, begun_by)
    values (${id}, ${nodeId}, ${since}, ${reason}, ${by})
    on conflict (node_id) where ended_at is null do nothing returning id`.execute(db)
  return rows.length > 0
}

export async function setEnded(db: Connection, id: string, ended: NonNullable<Outage['ended']>): Promise<void> {
  await sql`
    update equipment.outage set ended_at = ${ended.at}, ended_by = ${ended.by}, ended_reason = ${ended.reason}
    where id = ${id}`.execute(db)
}
