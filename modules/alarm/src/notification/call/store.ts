import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AlarmCall, DomainEvents } from '@throughline/model'
import type { Tables, UnitOfWork } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { PlannedCall } from '../roster/rules.ts'
import type { CallOutcome } from './delivery.ts'

type Db = Kysely<Tables>

/** A call that is to be made, with what it tells. */
export interface DueCall {
  readonly id: Id<'AlarmCall'>
  readonly occurrenceId: Id<'AlarmOccurrence'>
  readonly nodeId: Id<'EquipmentNode'>
  readonly name: string
  readonly message: string
  readonly detail: string
  readonly priority: number
  readonly occurredAt: Instant
  readonly rosterName: string
  readonly timeZone: string
  readonly step: number
  readonly by: AlarmCall['by']
  readonly address: string
  readonly addressKey: string
  readonly attempts: number
  /** What the operator is to do, as the alarm's definition says; '' when it says nothing. */
  readonly response: string
  /** Whether the alarm still waits for somebody. */
  readonly isWaiting: boolean
}

/**
 * Whoever is called for this occurrence already is left out. A call that an answer ended before it was made is planned
 * anew: the alarm was told once more, coming back from a shelf.
 */
export async function insertCalls(
  uow: UnitOfWork,
  alarm: DomainEvents['alarm.occurred'],
  planned: readonly PlannedCall[],
): Promise<void> {
  if (planned.length === 0) return
  const rows = planned.map((call) => ({ ...call, id: newId<'AlarmCall'>(uow.at) }))
  await sql`
    insert into alarm.call (id, occurrence_id, definition_id, node_id, name, message, detail, priority, occurred_at,
      roster_id, step, called_by, address, address_key, due_at, try_at, state)
    select id, ${alarm.occurrenceId}::uuid, ${alarm.definitionId}::uuid, ${alarm.nodeId}::uuid, ${alarm.name}::text,
      ${alarm.message}::text, ${alarm.detail}::text, ${alarm.priority}::integer, ${alarm.at}::bigint, "rosterId", step,
      "by", address, "addressKey", "dueAt", "dueAt", 'open'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as each (id uuid, "rosterId" uuid, step integer, "by" text,
      address text, "addressKey" text, "dueAt" bigint)
    on conflict (occurrence_id, called_by, address_key) do update
      set state = 'open', due_at = excluded.due_at, try_at = excluded.try_at, attempts = 0, note = null
      where call.state = 'cancelled'`.execute(uow.trx)
}

const waits = (occurrenceId: RawBuilder<unknown>) => sql<boolean>`(
  not exists (select from alarm.occurrence where occurrence.id = ${occurrenceId}) or exists (
    select from alarm.alarm where alarm.occurrence_id = ${occurrenceId}
      and alarm.state in ('unacknowledged', 'returned-unacknowledged', 'latched-unacknowledged')))`

/** Whether an occurrence still waits for somebody: an event may be told again long after it happened. */
export async function isWaiting(db: Db, occurrenceId: Id<'AlarmOccurrence'>): Promise<boolean> {
  const found = await sql<{ waits: boolean }>`select ${waits(sql`${occurrenceId}::uuid`)} as waits`.execute(db)
  return found.rows[0]?.waits === true
}

/** Ends the calls of an occurrence that are not made yet. */
export async function cancelCallsFor(
  uow: UnitOfWork,
  occurrenceId: Id<'AlarmOccurrence'>,
  note: string,
): Promise<void> {
  await sql`
    update alarm.call set state = 'cancelled', note = ${note}
    where occurrence_id = ${occurrenceId} and state = 'open'`.execute(uow.trx)
}

export async function cancelCalls(uow: UnitOfWork, ids: readonly string[], note: string): Promise<void> {
  await sql`
    update alarm.call set state = 'cancelled', note = ${note}
    where id = any(${ids}::uuid[]) and state = 'open'`.execute(uow.trx)
}

/** The most urgent first. */
export async function listDueCalls(db: Db, at: Instant, limit: number): Promise<DueCall[]> {
  const found = await sql<DueCall>`
    select call.id, occurrence_id as "occurrenceId", call.node_id as "nodeId", call.name, call.message, detail,
      call.priority, occurred_at as "occurredAt", roster.name as "rosterName", roster.time_zone as "timeZone", step,
      called_by as "by", address, address_key as "addressKey", attempts, coalesce(definition.response, '') as response,
      ${waits(sql.ref('call.occurrence_id'))} as "isWaiting"
    from alarm.call join alarm.roster on roster.id = call.roster_id
      left join alarm.definition on definition.id = call.definition_id
    where call.state = 'open' and try_at <= ${at}
    order by call.priority, due_at, seq limit ${limit}`.execute(db)
  return found.rows
}

/** How many calls reached a person since then, and when the last summary did. */
export async function countCallsSince(
  db: Db,
  addressKey: string,
  since: Instant,
): Promise<{ sent: number; lastSummaryAt: Instant | null }> {
  const found = await sql<{ sent: number; lastSummaryAt: Instant | null }>`
    select count(*)::integer as sent, max(sent_at) filter (where in_summary) as "lastSummaryAt"
    from alarm.call
    where state = 'sent' and called_by = 'e-mail' and address_key = ${addressKey} and sent_at > ${since}
  `.execute(db)
  return found.rows[0] ?? { sent: 0, lastSummaryAt: null }
}

/** Takes the calls in hand; answers those that were still open. */
export async function takeCalls(uow: UnitOfWork, ids: readonly string[]): Promise<Set<string>> {
  const taken = await sql<{ id: string }>`
    update alarm.call set state = 'sending', attempts = attempts + 1
    where id = any(${ids}::uuid[]) and state = 'open' returning id`.execute(uow.trx)
  return new Set(taken.rows.map(({ id }) => id))
}

export async function writeOutcomes(uow: UnitOfWork, outcomes: readonly CallOutcome[]): Promise<void> {
  await sql`
    update alarm.call set state = each.state, sent_at = each."sentAt", try_at = coalesce(each."tryAt", call.try_at),
      in_summary = each."isInSummary", note = each.note
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as each (id uuid, state text, "sentAt" bigint,
      "tryAt" bigint, "isInSummary" boolean, note text)
    where call.id = each.id and call.state = 'sending'`.execute(uow.trx)
}

export async function holdCalls(uow: UnitOfWork, ids: readonly string[], tryAt: Instant, note: string): Promise<void> {
  await sql`
    update alarm.call set try_at = ${tryAt}, note = ${note}
    where id = any(${ids}::uuid[]) and state = 'open'`.execute(uow.trx)
}

/** Calls that an earlier run of the server had in hand when it ended. */
export async function listInterrupted(db: Db): Promise<{ id: string; by: AlarmCall['by'] }[]> {
  const found = await sql<{ id: string; by: AlarmCall['by'] }>`
    select id, called_by as "by" from alarm.call where state = 'sending' order by seq`.execute(db)
  return found.rows
}

export interface CallFilter {
  readonly from: Instant
  readonly to: Instant
  readonly occurrenceId: Id<'AlarmOccurrence'> | undefined
  /** null = all. */
  readonly nodeIds: readonly Id<'EquipmentNode'>[] | null
  readonly limit: number
}

/** By when they were due, newest first. */
export async function listCalls(db: Db, filter: CallFilter): Promise<AlarmCall[]> {
  const { from, to, occurrenceId = null, nodeIds, limit } = filter
  const found = await sql<AlarmCall>`
    select id, occurrence_id as "occurrenceId", definition_id as "definitionId", name, roster_id as "rosterId", step,
      address as "to", called_by as "by", due_at as "dueAt", sent_at as "sentAt", note, attempts
    from alarm.call
    where due_at >= ${from} and due_at < ${to}
      and (${occurrenceId}::uuid is null or occurrence_id = ${occurrenceId})
      and (${nodeIds === null} or node_id = any(${nodeIds ?? []}::uuid[]))
    order by due_at desc, seq desc limit ${limit}`.execute(db)
  return found.rows
}

/** Every node for whose alarms somebody was called. */
export async function listCalledNodes(db: Db): Promise<Id<'EquipmentNode'>[]> {
  const found = await sql<{ id: Id<'EquipmentNode'> }>`
    select distinct node_id as id from alarm.call order by node_id`.execute(db)
  return found.rows.map(({ id }) => id)
}
