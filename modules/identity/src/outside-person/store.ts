import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { PersonKind } from './tables.ts'
import { inOutside } from './tables.ts'

type Db = Kysely<Tables>

/** The person who is this subject of that source; whoever asks for the same one waits until this transaction ends. */
export async function lockOutsidePerson(db: Db, source: string, subject: string): Promise<Id<'Person'> | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${source}\n${subject}`}, 0))`.execute(db)
  return await findOutsidePersonId(db, source, subject)
}

/** The person who is this subject of that source. */
export async function findOutsidePersonId(db: Db, source: string, subject: string): Promise<Id<'Person'> | undefined> {
  const row = await inOutside(db)
    .selectFrom('identity.outside_identity')
    .select('person_id')
    .where('source', '=', source)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.person_id as Id<'Person'> | undefined
}

/** The source that proves the person; undefined for a person with a password of this plant. */
export async function findOutsideIdentity(
  db: Db,
  personId: string,
): Promise<{ source: string; subject: string } | undefined> {
  return await inOutside(db)
    .selectFrom('identity.outside_identity')
    .select(['source', 'subject'])
    .where('person_id', '=', personId)
    .executeTakeFirst()
}

/** Makes a person one of another source, and active: there is no password to wait for. */
export async function insertOutsideIdentity(
  db: Db,
  identity: { personId: string; kind: PersonKind; source: string; subject: string; since: Instant },
): Promise<void> {
  const { personId, kind, source, subject, since } = identity
  await inOutside(db).updateTable('identity.person').set({ kind, state: 'active' }).where('id', '=', personId).execute()
  await inOutside(db)
    .insertInto('identity.outside_identity')
    .values({ person_id: personId, source, subject, since })
    .execute()
}

export async function findKind(db: Db, personId: string): Promise<PersonKind | undefined> {
  const row = await inOutside(db)
    .selectFrom('identity.person')
    .select('kind')
    .where('id', '=', personId)
    .executeTakeFirst()
  return row?.kind
}

/** The session that this very transaction began for the person. */
export async function getSessionBegun(db: Db, personId: string): Promise<Id<'Session'>> {
  const row = await inOutside(db)
    .selectFrom('identity.session')
    .select('id')
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where(sql<boolean>`xmin = pg_current_xact_id()::xid`)
    .executeTakeFirstOrThrow()
  return row.id as Id<'Session'>
}
