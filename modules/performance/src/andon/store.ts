import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AndonCall } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

const selectCalls = sql`
  select id, node_id as "nodeId", kind, text, stop_id as "stopId", state, called_at as "calledAt",
    called_by as "calledBy", acknowledged_at as "acknowledgedAt", acknowledged_by as "acknowledgedBy",
    resolved_at as "resolvedAt", resolved_by as "resolvedBy", resolution
  from performance.andon_call`

/** Calls that stood open at some time in `[from, to)`: open ones first, then the newest. */
export async function listCallsBetween(db: Connection, from: Instant, to: Instant): Promise<AndonCall[]> {
  const { rows } = await sql<AndonCall>`
    ${selectCalls} where called_at < ${to} and (resolved_at is null or resolved_at >= ${from})
    order by state = 'resolved', called_at desc, id desc`.execute(db)
  return rows
}

/** Nobody else changes it until the transaction ends. @throws DomainError `not-found` */
export async function takeCall(db: Connection, id: Id<'AndonCall'>): Promise<AndonCall> {
  const { rows } = await sql<AndonCall>`${selectCalls} where id = ${id} for update`.execute(db)
  const call = rows[0]
  if (call !== undefined) return call
  throw new DomainError('not-found', 'performance.andon-unknown', `There is no call ${id}`, { id })
}

/** The open call of a kind at a machine; from here on nobody else makes one until the transaction ends. */
export async function findOpenCall(
  db: Connection,
  nodeId: NodeId,
  kind: AndonCall['kind'],
): Promise<AndonCall | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`performance.andon ${nodeId} ${kind}`}, 0))`.execute(db)
  const { rows } = await sql<AndonCall>`
    ${selectCalls} where node_id = ${nodeId} and kind = ${kind} and state <> 'resolved'`.execute(db)
  return rows[0]
}

export async function insertCall(db: Connection, call: AndonCall): Promise<void> {
  await sql`
    insert into performance.andon_call (id, node_id, kind, text, stop_id, state, called_at, called_by)
    values (${call.id}, ${call.nodeId}, ${call.kind}, ${call.text}, ${call.stopId}, ${call.state}, ${call.calledAt},
      ${call.calledBy})`.execute(db)
}

export async function updateCall(db: Connection, call: AndonCall): Promise<void> {
  await sql`
    update performance.andon_call set state = ${call.state}, acknowledged_at = ${call.acknowledgedAt},
      acknowledged_by = ${call.acknowledgedBy}, resolved_at = ${call.resolvedAt}, resolved_by = ${call.resolvedBy},
      resolution = ${call.resolution}
    where id = ${call.id}`.execute(db)
}
