import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { tokenHash } from '../credential/token.ts'
import { inIdentity } from '../tables.ts'
import type { SessionTimes } from './rules.ts'

type Db = Kysely<Tables>

export interface StoredSession extends SessionTimes {
  readonly id: Id<'Session'>
  readonly personId: Id<'Person'>
  readonly personName: string
  readonly openedAt: Instant
}

export interface NewSession {
  readonly id: Id<'Session'>
  readonly personId: Id<'Person'>
  readonly token: string
  readonly origin: string | null
  readonly openedAt: Instant
  readonly absoluteEndAt: Instant
}

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  await inIdentity(db)
    .insertInto('identity.session')
    .values({
      id: session.id,
      person_id: session.personId,
      token_hash: tokenHash(session.token),
      origin: session.origin,
      opened_at: session.openedAt,
      last_used_at: session.openedAt,
      absolute_end_at: session.absoluteEndAt,
      ended_at: null,
      ended_by: null,
    })
    .execute()
}

export const findSessionByToken = (db: Db, token: string): Promise<StoredSession | undefined> =>
  findSession(db, 'token_hash', tokenHash(token))
export const findSessionById = (db: Db, id: string): Promise<StoredSession | undefined> => findSession(db, 'id', id)

/** A session that nobody ended, of a person who is active; its time-outs are for the caller to look at. */
async function findSession(
  db: Db,
  column: 'id' | 'token_hash',
  value: string | Buffer,
): Promise<StoredSession | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.session')
    .innerJoin('identity.person', 'identity.person.id', 'identity.session.person_id')
    .select([
      'identity.session.id',
      'person_id',
      'identity.person.name',
      'opened_at',
      'last_used_at',
      'absolute_end_at',
    ])
    .where(`identity.session.${column}`, '=', value)
    .where('ended_at', 'is', null)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    id: row.id as Id<'Session'>,
    personId: row.person_id as Id<'Person'>,
    personName: row.name,
    openedAt: row.opened_at as Instant,
    lastUsedAt: row.last_used_at as Instant,
    absoluteEndAt: row.absolute_end_at as Instant,
  }
}

export async function noteUse(db: Db, sessionId: string, at: Instant): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.session')
    .set({ last_used_at: at })
    .where('id', '=', sessionId)
    .where('last_used_at', '<', at)
    .execute()
}

export async function endSession(db: Db, sessionId: string, at: Instant, by: 'sign-out' | 'rotation'): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: by })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute()
}

export async function endSessionsOf(
  db: Db,
  personId: string,
  at: Instant,
  by: 'new-password' | 'disabling',
): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: by })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute()
}
