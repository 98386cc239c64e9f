import { newId, plusMs } from '@throughline/kernel'
import type { CurrentSession, Person } from '@throughline/model'
import { permissions } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { newToken } from '../credential/token.ts'
import { permissionsOf } from '../person/roles.ts'
import { currentPolicy, isSecondFactorMissing } from '../sign-in/policy-store.ts'
import { deviceIn } from './device.ts'
import type { SessionLimits } from './rules.ts'
import { idleMsOf, isLocked } from './rules.ts'
import { endBeyondLimit, endSession, insertSession } from './store.ts'

/** How somebody proved at the start of a session who they are. */
export type SignInMethod =
  | 'password'
  | 'password and code'
  | 'password and recovery code'
  | 'password and passkey'
  | 'passkey'
  | 'single sign-on'
  | 'badge and PIN'

/** Begins the session of a person who has just proved who they are, whatever the way; the transport sets the cookie after the commit. */
export async function startSession(
  uow: UnitOfWork,
  person: Person,
  method: SignInMethod,
  limits: SessionLimits,
): Promise<CurrentSession> {
  const { trx, at, actor } = uow
  // A token that somebody planted or watched before the sign-in is worth nothing after it.
  if (actor.kind === 'person' && actor.sessionId !== null) await endSession(trx, actor.sessionId, at, 'rotation')
  const token = newToken()
  // The rules of the plant shorten what the server was set up with, and never lengthen it.
  const { maxSessions, idleTimeoutMs, absoluteTimeoutMs } = await currentPolicy(trx)
  const absoluteMs = Math.min(limits.absoluteMs, absoluteTimeoutMs ?? limits.absoluteMs)
  const absoluteEndAt = plusMs(at, absoluteMs)
  const session = { id: newId<'Session'>(at), personId: person.id, openedAt: at, absoluteEndAt, method, idleTimeoutMs }
  await insertSession(trx, { ...session, token, origin: actor.origin, device: deviceIn(uow.session.device) })
  await endBeyondLimit(trx, session, maxSessions, limits, at)
  uow.session.start(token, Math.floor(absoluteMs / 1000))
  const secondFactorMissing = await isSecondFactorMissing(trx, person.id)
  return sessionOf(person, { ...session, provedAt: at, lockedAt: null, secondFactorMissing }, limits)
}

type SessionFacts = Pick<
  CurrentSession,
  'openedAt' | 'provedAt' | 'method' | 'lockedAt' | 'absoluteEndAt' | 'secondFactorMissing'
> & { readonly idleTimeoutMs?: number | null }

/** What the person at the screen may know of their own session. */
export function sessionOf(person: Person, session: SessionFacts, limits: SessionLimits): CurrentSession {
  const { openedAt, provedAt, method, lockedAt, absoluteEndAt, secondFactorMissing } = session
  const held = new Set(secondFactorMissing ? [] : person.grants.flatMap((grant) => permissionsOf[grant.role]))
  return {
    personId: person.id,
    name: person.name,
    printedName: person.printedName,
    grants: person.grants,
    permissions: permissions.filter((permission) => held.has(permission)),
    openedAt,
    provedAt,
    method,
    lockedAt: isLocked({ lockedAt, provedAt }) ? lockedAt : null,
    absoluteEndAt,
    secondFactorMissing,
    idleTimeoutMs: idleMsOf(session, limits),
  }
}
