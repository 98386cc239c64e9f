import type { Id, Instant } from '@throughline/kernel'
import { AlarmCondition, AlarmDefinition } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Db = Kysely<Tables>
type DefinitionId = Id<'AlarmDefinition'>

export interface DefinitionFilter {
  readonly name?: string | undefined
  readonly state?: AlarmDefinition['state'] | undefined
}

const columns = sql`id, name, node_id as "nodeId", tag_id as "tagId", message, condition,
  on_delay_seconds as "onDelaySeconds", off_delay_seconds as "offDelaySeconds", latched, cause, consequence, response,
  severity, time_to_respond as "timeToRespond", quality_critical as "qualityCritical",
  suppress_while as "suppressWhile", version, state, priority, change_reason as "changeReason",
  drafted_by as "draftedBy", drafted_at as "draftedAt", released_at as "releasedAt"`

/** All versions that fit, by name, the newest of a name first. */
export async function listDefinitions(
  db: Db,
  { name = undefined, state = undefined }: DefinitionFilter,
): Promise<AlarmDefinition[]> {
  const found = await sql<AlarmDefinition>`
    select ${columns} from alarm.definition
    where (${name ?? null}::text is null or lower(name) = lower(${name ?? null}))
      and (${state ?? null}::text is null or state = ${state ?? null})
    order by lower(name), version desc`.execute(db)
  return found.rows.map(definitionOf)
}

/** The newest version of each alarm that fits, by name. */
export async function listNewestDefinitions(db: Db): Promise<AlarmDefinition[]> {
  const found = await sql<AlarmDefinition>`
    select distinct on (lower(name)) ${columns} from alarm.definition order by lower(name), version desc`.execute(db)
  return found.rows.map(definitionOf)
}

export async function findDefinition(db: Db, id: DefinitionId): Promise<AlarmDefinition | undefined> {
  const found = await sql<AlarmDefinition>`select ${columns} from alarm.definition where id = ${id}`.execute(db)
  return found.rows[0] && definitionOf(found.rows[0])
}

/** Versions of other alarms that are released or may be soon, on one tag. */
export async function listNeighbours(db: Db, tagId: Id<'Tag'>, name: string): Promise<AlarmDefinition[]> {
  const found = await sql<AlarmDefinition>`
    select ${columns} from alarm.definition
    where tag_id = ${tagId} and state in ('draft', 'released') and lower(name) <> lower(${name})
    order by name, version`.execute(db)
  return found.rows.map(definitionOf)
}

/** Changes of the master alarm database take turns. */
export async function lockDefinitions(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('alarm.definition', 0))`.execute(db)
}

/** Adds versions; `adoptedFrom` = the document that released them elsewhere. */
export async function insertDefinitions(
  db: Db,
  definitions: readonly AlarmDefinition[],
  adoptedFrom: string | null = null,
): Promise<void> {
  if (definitions.length === 0) return
  await sql`
    insert into alarm.definition (id, name, version, state, node_id, tag_id, message, condition, on_delay_seconds,
      off_delay_seconds, latched, cause, consequence, response, severity, time_to_respond, quality_critical,
      suppress_while, priority, change_reason, drafted_by, drafted_at, released_at, adopted_from)
    select ${values}, ${adoptedFrom}::text from ${recordset(definitions)}`.execute(db)
}

/** Writes a draft anew. */
export async function updateDraft(db: Db, draft: AlarmDefinition): Promise<void> {
  await sql`
    update alarm.definition set (id, name, version, state, node_id, tag_id, message, condition, on_delay_seconds,
      off_delay_seconds, latched, cause, consequence, response, severity, time_to_respond, quality_critical,
      suppress_while, priority, change_reason, drafted_by, drafted_at, released_at) = (select ${values})
    from ${recordset([draft])} where definition.id = each.id`.execute(db)
}

export async function markReleased(db: Db, id: DefinitionId, at: Instant): Promise<void> {
  await sql`update alarm.definition set state = 'released', released_at = ${at} where id = ${id}`.execute(db)
}

export async function endDefinition(
  db: Db,
  id: DefinitionId,
  state: 'superseded' | 'retired',
  at: Instant,
  reason: string,
): Promise<void> {
  await sql`
    update alarm.definition set state = ${state}, ended_at = ${at}, end_reason = ${reason} where id = ${id}`.execute(db)
}

const values = sql`each.id, each.name, each.version, each.state, each."nodeId", each."tagId", each.message,
  each.condition, each."onDelaySeconds", each."offDelaySeconds", each.latched, each.cause, each.consequence,
  each.response, each.severity, each."timeToRespond", each."qualityCritical",
  nullif(each."suppressWhile", 'null'::jsonb), each.priority, each."changeReason", each."draftedBy", each."draftedAt",
  each."releasedAt"`

const recordset = (definitions: readonly AlarmDefinition[]) => sql`
  jsonb_to_recordset(${JSON.stringify(definitions)}::jsonb) as each (id uuid, name text, version integer, state text,
    "nodeId" uuid, "tagId" uuid, message text, condition jsonb, "onDelaySeconds" double precision,
    "offDelaySeconds" double precision, latched boolean, cause text, consequence text, response text, severity text,
    "timeToRespond" text, "qualityCritical" boolean, "suppressWhile" jsonb, priority integer, "changeReason" text,
    "draftedBy" text, "draftedAt" bigint, "releasedAt" bigint)`

/** What stands in jsonb is read by its schema. */
const definitionOf = (row: AlarmDefinition): AlarmDefinition => ({
  ...row,
  condition: AlarmCondition.parse(row.condition),
  suppressWhile: AlarmDefinition.shape.suppressWhile.parse(row.suppressWhile),
})
