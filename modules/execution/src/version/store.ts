import type { Instant } from '@throughline/kernel'
import type { VersionState } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Db = Kysely<Tables>

/** Which kind of definition, as the table of releases calls it. */
export type Noun = 'work-definition' | 'instruction'

/** Life of a version, for queries that join `execution.release`. */
export const lifeColumns = sql`
  coalesce(release.state, 'draft') as state, release.effective_at as "effectiveAt"`

/** Changes of the definitions take turns. */
export async function lockVersions(db: Db, noun: Noun): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`execution.${noun}`}, 0))`.execute(db)
}

/** Puts versions in force; `adoptedFrom` = the document that released them elsewhere. */
export async function putReleases(
  db: Db,
  noun: Noun,
  versions: readonly { readonly id: string; readonly code: string }[],
  state: Extract<VersionState, 'in-review' | 'effective'>,
  at: Instant,
  adoptedFrom: string | null,
): Promise<void> {
  if (versions.length === 0) return
  await sql`
    insert into execution.release (definition_id, noun, code, state, effective_at, adopted_from)
    select each.id, ${noun}::text, each.code, ${state}::text, ${state === 'effective' ? at : null}::bigint,
      ${adoptedFrom}::text
    from jsonb_to_recordset(${JSON.stringify(versions.map(({ id, code }) => ({ id, code })))}::jsonb) as each (id uuid, code text)
    on conflict (definition_id) do update set state = excluded.state, effective_at = excluded.effective_at`.execute(db)
}

const bases = {
  instruction: { of: sql`execution.instruction`, table: sql`execution.instruction_base`, key: sql`instruction_id` },
  'work-definition': {
    of: sql`execution.work_definition`,
    table: sql`execution.work_definition_base`,
    key: sql`definition_id`,
  },
} as const

/** What a version was drawn from, and what became effective since; for queries that select `from` under that name. */
export const baseColumns = (noun: Noun, from: RawBuilder<unknown>) => sql`
  base.drawn_from as "drawnFrom", case when coalesce(release.state, 'draft') in ('draft', 'in-review') then (
    select max(other.version) from ${bases[noun].of} other join execution.release live on live.definition_id = other.id
    where lower(other.code) = lower(${from}.code) and other.id <> ${from}.id and other.version > base.drawn_from
      and live.effective_at is not null) end as "overtakenBy"`

export const joinsBase = (noun: Noun, from: RawBuilder<unknown>) =>
  sql`left join ${bases[noun].table} base on base.${bases[noun].key} = ${from}.id`

/** Says from which version a draft was drawn; null = it is not known. */
export async function putBase(db: Db, noun: Noun, id: string, drawnFrom: number | null): Promise<void> {
  const { table, key } = bases[noun]
  if (drawnFrom === null) await sql`delete from ${table} where ${key} = ${id}`.execute(db)
  else {
    await sql`
      insert into ${table} (${key}, drawn_from) values (${id}, ${drawnFrom})
      on conflict (${key}) do update set drawn_from = excluded.drawn_from`.execute(db)
  }
}

/** Ends a version, whether it was in review or effective. */
export async function endRelease(db: Db, id: string, at: Instant, reason: string): Promise<void> {
  await sql`
    update execution.release set state = 'retired', ended_at = ${at}, end_reason = ${reason}
    where definition_id = ${id}`.execute(db)
}
