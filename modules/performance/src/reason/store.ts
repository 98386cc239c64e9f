import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Reason } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>

const selectReasons = sql`
  select id, kind, node_id as "nodeId", parent_id as "parentId", code, texts, category,
    inside_planned_time as "insidePlannedTime", machine_codes as "machineCodes", retired
  from performance.reason`

/** All reasons of all trees, by code; retired ones too. */
export async function listReasons(db: Connection): Promise<Reason[]> {
  const { rows } = await sql<Reason>`${selectReasons} order by lower(code), id`.execute(db)
  return rows
}

/** @throws DomainError `not-found` */
export async function getReason(db: Connection, id: Id<'Reason'>): Promise<Reason> {
  const { rows } = await sql<Reason>`${selectReasons} where id = ${id}`.execute(db)
  const reason = rows[0]
  if (reason !== undefined) return reason
  throw new DomainError('not-found', 'performance.reason-unknown', `There is no reason ${id}`, { id })
}

/** Two who change reasons at the same moment take turns: a circle needs two of them. */
export async function lockReasons(db: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('performance.reason', 0))`.execute(db)
}

export async function insertReason(db: Connection, reason: Reason): Promise<void> {
  const { id, kind, nodeId, parentId, code, texts, category, insidePlannedTime, machineCodes, retired } = reason
  await sql`
    insert into performance.reason (id, kind, node_id, parent_id, code, texts, category, inside_planned_time,
      machine_codes, retired)
    values (${id}, ${kind}, ${nodeId}, ${parentId}, ${code}, ${JSON.stringify(texts)}, ${category},
      ${insidePlannedTime}, ${machineCodes}, ${retired})`.execute(db)
}

export async function updateReason(db: Connection, reason: Reason): Promise<void> {
  const { id, parentId, texts, category, insidePlannedTime, machineCodes, retired } = reason
  await sql`
    update performance.reason set parent_id = ${parentId}, texts = ${JSON.stringify(texts)}, category = ${category},
      inside_planned_time = ${insidePlannedTime}, machine_codes = ${machineCodes}, retired = ${retired}
    where id = ${id}`.execute(db)
}

/**
 * How often people gave each reason since an instant: those given on the machine itself first, then those of machines
 * like it. What a machine's code said is no choice.
 */
export async function countChoices(
  db: Connection,
  nodeId: Id<'EquipmentNode'>,
  others: readonly Id<'EquipmentNode'>[],
  since: Instant,
): Promise<{ reasonId: Id<'Reason'>; count: number }[]> {
  const { rows } = await sql<{ reasonId: Id<'Reason'>; own: number; alike: number }>`
    select reason_id as "reasonId", (count(*) filter (where node_id = ${nodeId}))::int as own,
      (count(*) filter (where node_id <> ${nodeId}))::int as alike
    from performance.stop
    where node_id = any(${[nodeId, ...others]}::uuid[]) and reason_by = 'person' and replaced_at is null
      and from_at >= ${since}
    group by reason_id
    order by own desc, alike desc, max(from_at) desc, reason_id`.execute(db)
  return rows.map(({ reasonId, own, alike }) => ({ reasonId, count: own > 0 ? own : alike }))
}

/** From when to when each machine had stops with a reason; `to` null = one still stands. */
export async function listUses(
  db: Connection,
  id: Id<'Reason'>,
): Promise<{ nodeId: Id<'EquipmentNode'>; from: Instant; to: Instant | null }[]> {
  const { rows } = await sql<{ nodeId: Id<'EquipmentNode'>; from: Instant; to: Instant | null }>`
    select node_id as "nodeId", min(from_at) as "from",
      case when bool_or(to_at is null) then null else max(to_at) end as "to"
    from performance.stop where reason_id = ${id} and replaced_at is null
    group by node_id order by node_id`.execute(db)
  return rows
}
