import type { Instant } from '@throughline/kernel'
import type { VersionState } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
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

/** Ends a version, whether it was in review or effective. */
export async function endRelease(db: Db, id: string, at: Instant, reason: string): Promise<void> {
  await sql`
    update execution.release set state = 'retired', ended_at = ${at}, end_reason = ${reason}
    where definition_id = ${id}`.execute(db)
}
