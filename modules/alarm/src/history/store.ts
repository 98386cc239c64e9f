import type { Id, Instant } from '@throughline/kernel'
import type { AlarmEvent, AlarmPriority, AlarmTransition } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** One annunciation of an alarm, from its occurrence on. */
export interface Occurrence {
  readonly id: Id<'AlarmOccurrence'>
  readonly definitionId: Id<'AlarmDefinition'>
  readonly name: string
  readonly message: string
  readonly priority: AlarmPriority
  readonly nodeId: Id<'EquipmentNode'>
  readonly at: Instant
  readonly acknowledgedAt: Instant | null
  readonly returnedAt: Instant | null
  /** It occurred while nobody could see it: shelved, suppressed by design, or out of service. */
  readonly hidden: boolean
}

/** A transition as it is written: with what the list does not show. */
export interface WrittenTransition extends AlarmTransition {
  readonly tagId: Id<'Tag'> | null
  readonly shelvedUntil: Instant | null
}

/** With what the equipment was busy with, which the steps of people on it inherit. */
export interface NewOccurrence extends Occurrence {
  readonly order: string | null
  readonly batch: string | null
  readonly step?: string | null
}

/** How often each alarm occurred since `from`. */
export async function countOccurrences(db: Kysely<Tables>, from: Instant): Promise<ReadonlyMap<string, number>> {
  const found = await sql<{ name: string; count: number }>`
    select name, count(*)::integer as count from alarm.occurrence where at >= ${from} group by name`.execute(db)
  return new Map(found.rows.map(({ name, count }) => [name, count]))
}

/** How many alarms that people could see occurred on these nodes since `from`. */
export async function countSince(
  db: Kysely<Tables>,
  nodeIds: readonly Id<'EquipmentNode'>[],
  from: Instant,
): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from alarm.occurrence
    where at >= ${from} and not hidden and node_id = any(${nodeIds}::uuid[])`.execute(db)
  return found.rows[0]?.count ?? 0
}

export interface HistoryFilter {
  readonly nodeIds: readonly Id<'EquipmentNode'>[]
  readonly tagIds: readonly Id<'Tag'>[]
  readonly definitionId?: Id<'AlarmDefinition'> | undefined
  /** Only what was raised by what it is about. */
  readonly deviationId?: Id<'Deviation'> | undefined
  readonly from: Instant
  readonly to: Instant
  readonly events: readonly AlarmEvent[]
  readonly before?: Id<'AlarmTransition'> | undefined
  readonly limit: number
}

/** Newest first; one more than `limit` where there are more. A definition stands for all versions of its name. */
export async function listTransitions(db: Kysely<Tables>, filter: HistoryFilter): Promise<AlarmTransition[]> {
  const { nodeIds, tagIds, definitionId = null, deviationId = null, from, to, events, before = null, limit } = filter
  const found = await sql<AlarmTransition>`
    select id, definition_id as "definitionId", occurrence_id as "occurrenceId", name, node_id as "nodeId", message,
      priority, event, from_state as "from", to_state as "to", at, recorded_at as "recordedAt", changed_by as "by",
      comment, detail, order_label as "order", batch_label as "batch", step_label as "step",
      (select jsonb_build_object('state', answer.state, 'at', answer.at, 'reason', answer.reason)
        from alarm.machine_answer as answer where answer.transition_id = transition.id) as "machine",
      deviation_id as "deviationId"
    from alarm.transition
    where at >= ${from} and at < ${to} and node_id = any(${nodeIds}::uuid[])
      and (${tagIds.length === 0} or tag_id = any(${tagIds}::uuid[]))
      and (${events.length === 0} or event = any(${events}::text[]))
      and (${definitionId}::uuid is null or definition_id in (
        select id from alarm.definition
        where lower(name) = (select lower(name) from alarm.definition where id = ${definitionId})))
      and (${deviationId}::uuid is null or deviation_id = ${deviationId}::uuid)
      and (${before}::uuid is null or (at, seq) < (select at, seq from alarm.transition where id = ${before}))
    order by at desc, seq desc limit ${limit + 1}`.execute(db)
  return found.rows
}

export async function insertTransitions(db: Kysely<Tables>, transitions: readonly WrittenTransition[]): Promise<void> {
  if (transitions.length === 0) return
  const rows = transitions.map((transition, ordinal) => ({ ...transition, ordinal }))
  await sql`
    insert into alarm.transition (id, definition_id, occurrence_id, name, node_id, tag_id, message, priority, event,
      from_state, to_state, at, recorded_at, changed_by, comment, detail, shelved_until, order_label, batch_label, step_label,
      deviation_id)
    select each.id, each."definitionId", "occurrenceId", each.name, each."nodeId", "tagId", each.message,
      each.priority, event, "from", "to", each.at, "recordedAt", "by", comment, detail, "shelvedUntil",
      coalesce("order", occurrence.order_label), coalesce(batch, occurrence.batch_label),
      coalesce(step, occurrence.step_label), "deviationId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as each (ordinal integer, id uuid, "definitionId" uuid,
      "occurrenceId" uuid, name text, "nodeId" uuid, "tagId" uuid, message text, priority integer, event text,
      "from" text, "to" text, at bigint, "recordedAt" bigint, "by" text, comment text, detail text,
      "shelvedUntil" bigint, "order" text, batch text, step text, "deviationId" uuid)
    left join alarm.occurrence on occurrence.id = each."occurrenceId"
    order by ordinal`.execute(db)
}

export async function insertOccurrences(db: Kysely<Tables>, occurrences: readonly NewOccurrence[]): Promise<void> {
  if (occurrences.length === 0) return
  await sql`
    insert into alarm.occurrence (id, definition_id, name, message, priority, node_id, at, acknowledged_at,
      returned_at, hidden, order_label, batch_label, step_label)
    select id, "definitionId", name, message, priority, "nodeId", at, "acknowledgedAt", "returnedAt", hidden, "order",
      batch, step
    from jsonb_to_recordset(${JSON.stringify(occurrences)}::jsonb) as each (id uuid, "definitionId" uuid, name text,
      message text, priority integer, "nodeId" uuid, at bigint, "acknowledgedAt" bigint, "returnedAt" bigint,
      hidden boolean, "order" text, batch text, step text)`.execute(db)
}

/** When an occurrence was acknowledged first, and when it returned; null leaves what is there. */
export interface OccurrenceEnd {
  readonly id: Id<'AlarmOccurrence'>
  readonly acknowledgedAt: Instant | null
  readonly returnedAt: Instant | null
}

export async function updateOccurrences(db: Kysely<Tables>, ends: readonly OccurrenceEnd[]): Promise<void> {
  if (ends.length === 0) return
  await sql`
    update alarm.occurrence set acknowledged_at = coalesce(occurrence.acknowledged_at, each."acknowledgedAt"),
      returned_at = coalesce(occurrence.returned_at, each."returnedAt")
    from (select id, min("acknowledgedAt") as "acknowledgedAt", min("returnedAt") as "returnedAt"
      from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb)
        as row (id uuid, "acknowledgedAt" bigint, "returnedAt" bigint) group by id) as each
    where occurrence.id = each.id`.execute(db)
}
