import type { Id, Instant } from '@throughline/kernel'
import type { Actor, Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { grantsOf } from '../person/roles.ts'
import { listGrants } from '../person/store.ts'
import { isSecondFactorMissing } from '../sign-in/policy-store.ts'
import { inIdentity } from '../tables.ts'

/** Who spoke through a session, and while it was good. */
export interface PastSession {
  /** What the person may do now. */
  readonly actor: Actor
  readonly from: Instant
  /** Exclusive. */
  readonly to: Instant
}

/**
 * Who stood behind a session, which may be over: for what they did in it on a device without connection. Undefined when
 * there is none, or its person is not active any more.
 */
export async function findPastSession(
  db: Kysely<Tables>,
  id: Id<'Session'> | string,
  origin: string | null,
): Promise<PastSession | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.session')
    .innerJoin('identity.person', 'identity.person.id', 'identity.session.person_id')
    .select(['person_id', 'identity.person.name', 'opened_at', 'absolute_end_at', 'ended_at'])
    .where('identity.session.id', '=', id)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (row === undefined) return undefined
  const personId = row.person_id as Id<'Person'>
  const held = await listGrants(db, personId)
  const mayAct = !(await isSecondFactorMissing(db, personId))
  const end = Math.min(row.absolute_end_at, row.ended_at ?? row.absolute_end_at)
  return {
    actor: {
      ...{ id: personId, name: row.name, kind: 'person', origin, sessionId: null },
      roles: [...new Set(held.map(({ role }) => role))],
      grants: mayAct ? grantsOf(held) : [],
    },
    from: row.opened_at as Instant,
    to: end as Instant,
  }
}
