import type { Id, Instant } from '@throughline/kernel'
import { OpenSession } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { tokenHash } from '../credential/token.ts'
import type { SessionEnd } from '../tables.ts'
import { inIdentity } from '../tables.ts'
import type { SessionLimits, SessionTimes } from './rules.ts'
import { isLocked } from './rules.ts'

type Db = Kysely<Tables>

export interface StoredSession extends SessionTimes {
  readonly id: Id<'Session'>
  readonly personId: Id<'Person'>
  readonly personName: string
  readonly openedAt: Instant
  /** When the person last proved who they are. */
  readonly provedAt: Instant
  readonly method: string | null
  readonly lockedAt: Instant | null
}

export interface NewSession {
  readonly id: Id<'Session'>
  readonly personId: Id<'Person'>
  readonly token: string
  readonly origin: string | null
  readonly openedAt: Instant
  readonly absoluteEndAt: Instant
  readonly method: string
  /** Ends it sooner than other sessions when unused; null = as all. */
  readonly idleTimeoutMs: number | null
  readonly device: string | null
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
      proved_at: session.openedAt,
      absolute_end_at: session.absoluteEndAt,
      ended_at: null,
      ended_by: null,
      method: session.method,
      idle_timeout_ms: session.idleTimeoutMs,
      device: session.device,
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
      'proved_at',
      'absolute_end_at',
      'method',
      'locked_at',
      'idle_timeout_ms',
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
    provedAt: row.proved_at as Instant,
    absoluteEndAt: row.absolute_end_at as Instant,
    method: row.method,
    lockedAt: row.locked_at as Instant | null,
    idleTimeoutMs: row.idle_timeout_ms,
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

/** The person behind the session has just proved who they are. */
export async function noteProof(db: Db, sessionId: string, at: Instant): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.session')
    .set({ proved_at: at, last_used_at: at })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Locked until the person proves anew who they are. */
export async function setLocked(db: Db, sessionId: string, at: Instant): Promise<void> {
  await inIdentity(db).updateTable('identity.session').set({ locked_at: at }).where('id', '=', sessionId).execute()
}

/** False when it was over before. */
export async function endSession(
  db: Db,
  sessionId: string,
  at: Instant,
  by: SessionEnd,
  reason: string | null = null,
): Promise<boolean> {
  const ended = await inIdentity(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: by, ended_reason: reason })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return ended.numUpdatedRows === 1n
}

/** All open sessions of a person but, where it is given, the one that asks; answers how many there were. */
export async function endSessionsOf(
  db: Db,
  personId: string,
  at: Instant,
  by: SessionEnd,
  but: string | null = null,
): Promise<number> {
  let query = inIdentity(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: by })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
  if (but !== null) query = query.where('id', '!=', but)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

/**
 * Ends the open sessions of a person beyond the `most` that were used last. The new one counts, and is never ended: it
 * was used last. The person's row is taken, so that two sign-ins at once do not both find room.
 */
export async function endBeyondLimit(
  db: Db,
  session: { readonly id: string; readonly personId: string },
  most: number,
  limits: SessionLimits,
  at: Instant,
): Promise<number> {
  await inIdentity(db)
    .selectFrom('identity.person')
    .select('id')
    .where('id', '=', session.personId)
    .forNoKeyUpdate()
    .execute()
  const open = await openOnes(db, limits, at)
    .select('identity.session.id')
    .where('person_id', '=', session.personId)
    .where('identity.session.id', '!=', session.id)
    .orderBy('last_used_at', 'desc')
    .execute()
  const beyond = open.slice(most - 1)
  for (const { id } of beyond) await endSession(db, id, at, 'limit')
  return beyond.length
}

const openOnes = (db: Db, limits: SessionLimits, now: Instant) =>
  inIdentity(db)
    .selectFrom('identity.session')
    .innerJoin('identity.person', 'identity.person.id', 'identity.session.person_id')
    .where('ended_at', 'is', null)
    .where('state', '=', 'active')
    .where('absolute_end_at', '>', now)
    .where((eb) =>
      eb(
        'last_used_at',
        '>',
        sql<number>`${now}::bigint - 1000 * least(${limits.idleMs}::bigint, identity.session.idle_timeout_ms)`,
      ),
    )

/** Sessions that are open now, last used first; of one person, or of everybody. */
export async function listOpenSessions(
  db: Db,
  limits: SessionLimits,
  now: Instant,
  asking: string | null,
  personId?: string,
): Promise<OpenSession[]> {
  let query = openOnes(db, limits, now)
    .selectAll('identity.session')
    .select(['identity.person.name', 'identity.person.printed_name'])
    .orderBy('last_used_at', 'desc')
    .orderBy('identity.session.id')
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  const rows = await query.execute()
  return rows.map((row) =>
    OpenSession.parse({
      id: row.id,
      personId: row.person_id,
      name: row.name,
      printedName: row.printed_name,
      openedAt: row.opened_at,
      lastUsedAt: row.last_used_at,
      absoluteEndAt: row.absolute_end_at,
      method: row.method,
      device: row.device,
      origin: row.origin,
      lockedAt: isLocked({ lockedAt: row.locked_at as Instant | null, provedAt: row.proved_at as Instant })
        ? row.locked_at
        : null,
      current: row.id === asking,
    }),
  )
}

/** Which of these sessions are over or locked: one question for many. */
export async function findGoneSessions(
  db: Db,
  limits: SessionLimits,
  now: Instant,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await openOnes(db, limits, now)
    .select(['identity.session.id', 'locked_at', 'proved_at'])
    .where('identity.session.id', 'in', ids)
    .execute()
  const open = rows.filter(
    (row) => !isLocked({ lockedAt: row.locked_at as Instant | null, provedAt: row.proved_at as Instant }),
  )
  const good = new Set(open.map(({ id }) => id))
  return ids.filter((id) => !good.has(id))
}
