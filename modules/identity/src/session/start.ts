import type { Instant } from '@throughline/kernel'
import { newId, plusMs } from '@throughline/kernel'
import type { CurrentSession, Person } from '@throughline/model'
import { permissions } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { newToken } from '../credential/token.ts'
import { permissionsOf } from '../person/roles.ts'
import type { SessionLimits } from './rules.ts'
import { endSession, insertSession } from './store.ts'

/** How somebody proved at the start of a session who they are. */
export type SignInMethod = 'password'

/** Begins the session of a person who has just proved who they are, whatever the way; the transport sets the cookie after the commit. */
export async function startSession(
  uow: UnitOfWork,
  person: Person,
  _method: SignInMethod,
  limits: SessionLimits,
): Promise<CurrentSession> {
  const { trx, at, actor } = uow
  // A token that somebody planted or watched before the sign-in is worth nothing after it.
  if (actor.kind === 'person' && actor.sessionId !== null) await endSession(trx, actor.sessionId, at, 'rotation')
  const token = newToken()
  const absoluteEndAt = plusMs(at, limits.absoluteMs)
  const session = { id: newId<'Session'>(at), personId: person.id, origin: actor.origin, openedAt: at, absoluteEndAt }
  await insertSession(trx, { ...session, token })
  uow.session.start(token, Math.floor(limits.absoluteMs / 1000))
  return sessionOf(person, at, absoluteEndAt, limits)
}

/** What the person at the screen may know of their own session. */
export function sessionOf(
  person: Person,
  openedAt: Instant,
  absoluteEndAt: Instant,
  limits: SessionLimits,
): CurrentSession {
  const held = new Set(person.grants.flatMap((grant) => permissionsOf[grant.role]))
  return {
    personId: person.id,
    name: person.name,
    printedName: person.printedName,
    grants: person.grants,
    permissions: permissions.filter((permission) => held.has(permission)),
    openedAt,
    absoluteEndAt,
    idleTimeoutMs: limits.idleMs,
  }
}
