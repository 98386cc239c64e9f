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

const selected = sql`definition.id, definition.name, definition.node_id as "nodeId", definition.tag_id as "tagId", message,
  condition, on_delay_seconds as "onDelaySeconds", off_delay_seconds as "offDelaySeconds", latched, cause, consequence,
  response, severity, time_to_respond as "timeToRespond", quality_critical as "qualityCritical",
  suppress_while as "suppressWhile", version, coalesce(release.state, 'draft') as state, priority,
  change_reason as "changeReason", drafted_by as "draftedBy", drafted_at as "draftedAt",
  release.released_at as "releasedAt"
  from alarm.definition left join alarm.release on release.definition_id = definition.id`

/** All versions that fit, by name, the newest of a name first. */
export async function listDefinitions(
  db: Db,
  { name = undefined, state = undefined }: DefinitionFilter,
): Promise<AlarmDefinition[]> {
  const found = await sql<AlarmDefinition>`
    select ${selected}
    where (${name ?? null}::text is null or lower(definition.name) = lower(${name ?? null}))
      and (${state ?? null}::text is null or coalesce(release.state, 'draft') = ${state ?? null})
    order by lower(definition.name), version desc`.execute(db)
  return found.rows.map(definitionOf)
}

/** The newest version of each alarm that fits, by name. */
export async function listNewestDefinitions(db: Db): Promise<AlarmDefinition[]> {
  const found = await sql<AlarmDefinition>`
    select distinct on (lower(definition.name)) ${selected} order by lower(definition.name), version desc`.execute(db)
  return found.rows.map(definitionOf)
}

export async function findDefinition(db: Db, id: DefinitionId): Promise<AlarmDefinition | undefined> {
  const found = await sql<AlarmDefinition>`select ${selected} where definition.id = ${id}`.execute(db)
  return found.rows[0] && definitionOf(found.rows[0])
}

/** Versions of other alarms that are released or may be soon, on one tag. */
export async function listNeighbours(db: Db, tagId: Id<'Tag'>, name: string): Promise<AlarmDefinition[]> {
  const found = await sql<AlarmDefinition>`
    select ${selected}
    where tag_id = ${tagId} and coalesce(release.state, 'draft') in ('draft', 'released')
      and lower(definition.name) <> lower(${name})
    order by definition.name, version`.execute(db)
  return found.rows.map(definitionOf)
}

/** Changes of the master alarm database take turns. */
export async function lockDefinitions(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('alarm.definition', 0))`.execute(db)
}

export async function insertDefinitions(db: Db, definitions: readonly AlarmDefinition[]): Promise<void> {
  if (definitions.length === 0) return
  await sql`
    insert into alarm.definition (${written}) select ${values} from ${recordset(definitions)}`.execute(db)
}

/** Writes a draft anew. */
export async function updateDraft(db: Db, draft: AlarmDefinition): Promise<void> {
  await sql`
    update alarm.definition set (${written}) = (select ${values})
    from ${recordset([draft])} where definition.id = each.id`.execute(db)
}

/** Puts versions in force; `adoptedFrom` = the document that released them elsewhere. */
export async function insertReleases(
  db: Db,
  definitions: readonly AlarmDefinition[],
  at: Instant,
  adoptedFrom: string | null,
): Promise<void> {
  if (definitions.length === 0) return
  await sql`
    insert into alarm.release (definition_id, name, state, released_at, adopted_from)
    select each.id, each.name, 'released', ${at}::bigint, ${adoptedFrom}::text
    from ${recordset(definitions)}`.execute(db)
}

export async function endRelease(
  db: Db,
  id: DefinitionId,
  state: 'superseded' | 'retired',
  at: Instant,
  reason: string,
): Promise<void> {
  await sql`
    update alarm.release set state = ${state}, ended_at = ${at}, end_reason = ${reason}
    where definition_id = ${id}`.execute(db)
}

const written = sql`id, name, version, node_id, tag_id, message, condition, on_delay_seconds, off_delay_seconds,
  latched, cause, consequence, response, severity, time_to_respond, quality_critical, suppress_while, priority,
  change_reason, drafted_by, drafted_at`

const values = sql`each.id, each.name, each.version, each."nodeId", each."tagId", each.message, each.condition,
  each."onDelaySeconds", each."offDelaySeconds", each.latched, each.cause, each.consequence, each.response,
  each.severity, each."timeToRespond", each."qualityCritical", nullif(each."suppressWhile", 'null'::jsonb),
  each.priority, each."changeReason", each."draftedBy", each."draftedAt"`

const recordset = (definitions: readonly AlarmDefinition[]) => sql`
  jsonb_to_recordset(${JSON.stringify(definitions)}::jsonb) as each (id uuid, name text, version integer,
    "nodeId" uuid, "tagId" uuid, message text, condition jsonb, "onDelaySeconds" double precision,
    "offDelaySeconds" double precision, latched boolean, cause text, consequence text, response text, severity text,
    "timeToRespond" text, "qualityCritical" boolean, "suppressWhile" jsonb, priority integer, "changeReason" text,
    "draftedBy" text, "draftedAt" bigint)`

/** What stands in jsonb is read by its schema. */
const definitionOf = (row: AlarmDefinition): AlarmDefinition => ({
  ...row,
  condition: AlarmCondition.parse(row.condition),
  suppressWhile: AlarmDefinition.shape.suppressWhile.parse(row.suppressWhile),
})
