import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { AlarmBasis, StandingAlarm } from './rules.ts'

interface AlarmRow extends Omit<StandingAlarm, 'basis'>, AlarmBasis {}

const selected = sql`
  select definition.id, definition.name, definition.node_id as "nodeId", definition.tag_id as "tagId",
    definition.message, definition.priority, definition.latched, definition.quality_critical as "qualityCritical",
    definition.response, definition.time_to_respond as "timeToRespond", alarm.state, alarm.abnormal, alarm.known,
    alarm.suppression_holds as "suppressionHolds", alarm.occurrence_id as "occurrenceId",
    alarm.occurred_at as "occurredAt", alarm.detail, alarm.since, alarm.changed_by as "changedBy", alarm.comment,
    alarm.shelved_until as "shelvedUntil"
  from alarm.alarm join alarm.definition on definition.id = alarm.definition_id`

/** All alarms on these nodes, in no order. */
export async function listAlarmsOn(
  db: Kysely<Tables>,
  nodeIds: readonly Id<'EquipmentNode'>[],
): Promise<StandingAlarm[]> {
  const found = await sql<AlarmRow>`${selected} where definition.node_id = any(${nodeIds}::uuid[])`.execute(db)
  return found.rows.map(alarmOf)
}

/** These alarms, locked until the transaction ends: two that change one take turns. Unknown ones are missing. */
export async function lockAlarms(
  db: Kysely<Tables>,
  ids: readonly Id<'AlarmDefinition'>[],
): Promise<Map<Id<'AlarmDefinition'>, StandingAlarm>> {
  const found = await sql<AlarmRow>`
    ${selected} where alarm.definition_id = any(${ids}::uuid[]) order by alarm.definition_id for update of alarm`.execute(
    db,
  )
  return new Map(found.rows.map((row) => [row.id, alarmOf(row)]))
}

/** The alarm of this name, whichever version it has, locked. */
export async function lockAlarmOf(db: Kysely<Tables>, name: string): Promise<StandingAlarm | undefined> {
  const found = await sql<AlarmRow>`${selected} where lower(alarm.name) = lower(${name}) for update of alarm`.execute(
    db,
  )
  return found.rows[0] && alarmOf(found.rows[0])
}

/** Adds alarms that are normal, or whatever they were under the version before. */
export async function insertAlarms(db: Kysely<Tables>, alarms: readonly StandingAlarm[]): Promise<void> {
  if (alarms.length === 0) return
  await sql`
    insert into alarm.alarm (definition_id, name, state, abnormal, known, suppression_holds, occurrence_id, occurred_at,
      detail, since, changed_by, comment, shelved_until)
    select ${columns} from ${recordset(alarms)}`.execute(db)
}

export async function updateAlarms(db: Kysely<Tables>, alarms: readonly StandingAlarm[]): Promise<void> {
  if (alarms.length === 0) return
  await sql`
    update alarm.alarm set (name, state, abnormal, known, suppression_holds, occurrence_id, occurred_at, detail, since,
      changed_by, comment, shelved_until) = (each.name, each.state, each.abnormal, each.known, each."suppressionHolds",
      each."occurrenceId", each."occurredAt", each.detail, each.since, each."changedBy", each.comment,
      each."shelvedUntil")
    from ${recordset(alarms)} where alarm.definition_id = each.id`.execute(db)
}

export async function deleteAlarm(db: Kysely<Tables>, id: Id<'AlarmDefinition'>): Promise<void> {
  await sql`delete from alarm.alarm where definition_id = ${id}`.execute(db)
}

/** Alarms whose time on the shelf is over at `at`. */
export async function listExpired(db: Kysely<Tables>, at: Instant): Promise<Id<'AlarmDefinition'>[]> {
  const found = await sql<{ id: Id<'AlarmDefinition'> }>`
    select definition_id as id from alarm.alarm where shelved_until <= ${at} order by shelved_until`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** Alarms whose process is abnormal, as it was last known. */
export async function listAbnormal(db: Kysely<Tables>): Promise<ReadonlySet<Id<'AlarmDefinition'>>> {
  const found = await sql<{ id: Id<'AlarmDefinition'> }>`
    select definition_id as id from alarm.alarm where abnormal`.execute(db)
  return new Set(found.rows.map(({ id }) => id))
}

/** When the next alarm leaves its shelf; null = none is shelved. */
export async function findNextExpiry(db: Kysely<Tables>): Promise<Instant | null> {
  const found = await sql<{ at: Instant | null }>`
    select min(shelved_until) as at from alarm.alarm where shelved_until is not null`.execute(db)
  return found.rows[0]?.at ?? null
}

const columns = sql`each.id, each.name, each.state, each.abnormal, each.known, each."suppressionHolds",
  each."occurrenceId", each."occurredAt", each.detail, each.since, each."changedBy", each.comment, each."shelvedUntil"`

function recordset(alarms: readonly StandingAlarm[]) {
  const rows = alarms.map(({ basis, ...rest }) => ({ ...rest, id: basis.id, name: basis.name }))
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as each (id uuid, name text, state text,
    abnormal boolean, known boolean, "suppressionHolds" boolean, "occurrenceId" uuid, "occurredAt" bigint, detail text,
    since bigint, "changedBy" text, comment text, "shelvedUntil" bigint)`
}

function alarmOf(row: AlarmRow): StandingAlarm {
  const { id, name, nodeId, tagId, message, priority, latched, qualityCritical, response, timeToRespond, ...rest } = row
  return {
    ...rest,
    basis: { id, name, nodeId, tagId, message, priority, latched, qualityCritical, response, timeToRespond },
  }
}
