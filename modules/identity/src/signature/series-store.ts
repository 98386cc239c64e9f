import type { Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { inIdentity } from '../tables.ts'
import type { Series } from './rules.ts'

type Db = Kysely<Tables>

export async function findSeries(db: Db, sessionId: string): Promise<Series | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.signing_series')
    .selectAll()
    .where('session_id', '=', sessionId)
    .executeTakeFirst()
  return row && { origin: row.origin, beganWith: row.began_with, lastSignedAt: row.last_signed_at as Instant }
}

/** Begins the session's series, or goes on with it. */
export async function keepSeries(db: Db, sessionId: string, series: Series): Promise<void> {
  const kept = { origin: series.origin, began_with: series.beganWith, last_signed_at: series.lastSignedAt }
  await inIdentity(db)
    .insertInto('identity.signing_series')
    .values({ session_id: sessionId, ...kept })
    .onConflict((conflict) => conflict.column('session_id').doUpdateSet(kept))
    .execute()
}

/** From here on, the session's next signing is the first of a new series. */
export async function endSeries(db: Db, sessionId: string): Promise<void> {
  await inIdentity(db).deleteFrom('identity.signing_series').where('session_id', '=', sessionId).execute()
}

/**
 * Counts an attempt before it is looked at, so that many at once do not all slip through; `recent` are those that are not
 * known to be right, this one among them. Undefined = the person is locked.
 */
export async function countAttempt(
  db: Db,
  personId: string,
  now: Instant,
  since: Instant,
): Promise<{ recent: number } | undefined> {
  const counted = await sql<{ recent: number }>`
    insert into identity.signing_attempt as known (person_id, failed_at) values (${personId}, array[${now}::bigint])
    on conflict (person_id) do update set
      failed_at = array(select at from unnest(known.failed_at) at where at > ${since}::bigint) || ${now}::bigint,
      locked_until = null
    where known.locked_until is null or known.locked_until <= ${now}
    returning cardinality(failed_at) as recent`.execute(db)
  return counted.rows[0]
}

export async function forgetAttempts(db: Db, personId: string): Promise<void> {
  await sql`update identity.signing_attempt set failed_at = '{}' where person_id = ${personId}`.execute(db)
}

/** False when the person was locked already. */
export async function lockSigning(db: Db, personId: string, until: Instant): Promise<boolean> {
  const locked = await sql`
    update identity.signing_attempt set locked_until = ${until}, failed_at = '{}'
    where person_id = ${personId} and locked_until is null`.execute(db)
  return locked.numAffectedRows === 1n
}
