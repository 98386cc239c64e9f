import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Tag } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { KeptTag } from './rules.ts'

type NodeId = Id<'EquipmentNode'>

export const selectTags = sql<KeptTag>`
  select tag.id, tag.node_id as "nodeId", tag.name, tag.path, tag.description, tag.data_type as "dataType", tag.unit,
    tag.range_low as "rangeLow", tag.range_high as "rangeHigh", tag.normal_low as "normalLow",
    tag.normal_high as "normalHigh", tag.deadband, tag.decimals, tag.writable, tag.retired,
    case when tag.connection_id is not null then json_build_object('connection', connection.name,
      'address', tag.address, 'scale', tag.scale, 'offset', tag."offset", 'sampleMs', tag.sample_ms,
      'staleAfterMs', tag.stale_after_ms) end as source
  from equipment.tag left join equipment.connection on connection.id = tag.connection_id`

export interface TagFilter {
  /** Tags at or below one of these nodes; null = all. */
  readonly scopes: readonly NodeId[] | null
  /** Of those, only the ones at or below this path. */
  readonly below?: string | undefined
  /** Every word must stand in path or description, whatever its case. */
  readonly words: readonly string[]
  readonly offset: number
  readonly limit: number
}

/** Living tags by path, and how many there are in all. */
export async function listTagsBy(trx: Kysely<Tables>, filter: TagFilter): Promise<{ tags: Tag[]; total: number }> {
  const { scopes, below = null, words, offset, limit } = filter
  const found = await sql<{ total: number; tags: KeptTag[] }>`
    with found as (
      ${selectTags}
      where not tag.retired
        and (${below}::text is null or starts_with(tag.path, ${below}::text || '/'))
        and (${scopes === null} or exists (select from equipment.node as scope
          where scope.id = any(${scopes ?? []}::uuid[]) and starts_with(tag.path, scope.path || '/')))
        and not exists (select from unnest(${words}::text[]) as word
          where strpos(lower(tag.path || ' ' || tag.description), lower(word)) = 0)
    )
    select (select count(*)::integer from found) as total,
      (select coalesce(json_agg(page), '[]') from (
        select * from found order by path offset ${offset} limit ${limit}) as page) as tags`.execute(trx)
  const row = found.rows[0]
  return row === undefined ? { tags: [], total: 0 } : { total: row.total, tags: row.tags.map(withoutState) }
}

/** Also a retired tag: its readings are still there to be looked at. @throws DomainError `not-found` */
export async function getTagById(trx: Kysely<Tables>, id: Id<'Tag'>): Promise<Tag> {
  const found = await sql<KeptTag>`${selectTags} where tag.id = ${id}`.execute(trx)
  const tag = found.rows[0]
  if (tag !== undefined) return withoutState(tag)
  throw new DomainError('not-found', 'equipment.tag-unknown', `There is no tag ${id}`)
}

/** Tags that one edge agent feeds, at or below `scopes` (null = all), by path. */
export async function listTagsOfAgent(
  trx: Kysely<Tables>,
  agent: string,
  scopes: readonly NodeId[] | null,
): Promise<Tag[]> {
  const found = await sql<KeptTag>`
    ${selectTags}
    where connection.agent = ${agent} and (${scopes === null} or exists (select from equipment.node as scope
      where scope.id = any(${scopes ?? []}::uuid[]) and starts_with(tag.path, scope.path || '/')))
    order by tag.path`.execute(trx)
  return found.rows.map(withoutState)
}

const recordset = sql`as row (id uuid, "nodeId" uuid, name text, path text, description text, "dataType" text,
  unit text, "rangeLow" double precision, "rangeHigh" double precision, "normalLow" double precision,
  "normalHigh" double precision, deadband double precision, decimals integer, writable boolean, retired boolean,
  source jsonb)`

const columns = sql`(name, description, range_low, range_high, normal_low, normal_high, deadband, decimals, writable,
  retired, connection_id, address, scale, "offset", sample_ms, stale_after_ms)`

const values = sql`row.name, row.description, row."rangeLow", row."rangeHigh", row."normalLow", row."normalHigh",
  row.deadband, row.decimals, row.writable, row.retired, connection.id, row.source ->> 'address',
  (row.source ->> 'scale')::double precision, (row.source ->> 'offset')::double precision,
  (row.source ->> 'sampleMs')::integer, (row.source ->> 'staleAfterMs')::integer`

export async function insertTags(trx: Kysely<Tables>, tags: readonly KeptTag[]): Promise<void> {
  if (tags.length === 0) return
  await sql`
    insert into equipment.tag (id, node_id, path, data_type, unit, name, description, range_low, range_high,
      normal_low, normal_high, deadband, decimals, writable, retired, connection_id, address, scale, "offset",
      sample_ms, stale_after_ms)
    select row.id, row."nodeId", row.path, row."dataType", row.unit, ${values}
    from jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) ${recordset}
    left join equipment.connection on connection.name = row.source ->> 'connection'`.execute(trx)
}

export async function updateTags(trx: Kysely<Tables>, tags: readonly KeptTag[]): Promise<void> {
  if (tags.length === 0) return
  const rows = JSON.stringify(tags)
  // Two tags may swap their addresses, and a unique index looks at every row by itself: so first all let go.
  await sql`
    update equipment.tag set connection_id = null, address = null, scale = null, "offset" = null, sample_ms = null,
      stale_after_ms = null
    where id in (select id from jsonb_to_recordset(${rows}::jsonb) as row (id uuid)) and connection_id is not null`.execute(
    trx,
  )
  await sql`
    update equipment.tag set ${columns} = (${values})
    from jsonb_to_recordset(${rows}::jsonb) ${recordset}
    left join equipment.connection on connection.name = row.source ->> 'connection'
    where tag.id = row.id`.execute(trx)
}

export function withoutState(kept: KeptTag): Tag {
  const { retired: _retired, ...tag } = kept
  return tag
}
