import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { listOwnSessions, listSessions, lockSession, terminateOwnSession, terminateSession } from '@throughline/model'
import type { Actor, Platform } from '@throughline/platform'
import { findPersonById } from '../person/store.ts'
import { isSecondFactorMissing } from '../sign-in/policy-store.ts'
import type { SessionLimits } from './rules.ts'
import { sessionOf } from './start.ts'
import { endSession, findSessionById, listOpenSessions, setLocked } from './store.ts'

/** Which sessions are open, and how they are ended or locked from elsewhere (IEC 62443-3-3, SR 2.5 to 2.7). */
export function mountSessionOversight(platform: Platform, limits: SessionLimits): void {
  platform.handle(listOwnSessions, (uow) => {
    const person = sessionOwner(uow.actor)
    return listOpenSessions(uow.trx, limits, uow.at, uow.actor.sessionId, person)
  })

  platform.handle(listSessions, (uow) => listOpenSessions(uow.trx, limits, uow.at, uow.actor.sessionId))

  platform.handle(terminateOwnSession, async (uow, { sessionId }) => {
    const person = sessionOwner(uow.actor)
    if (sessionId === uow.actor.sessionId) {
      throw new DomainError(
        'conflict',
        'identity.session-current',
        'This is the session that you are using: sign out instead',
      )
    }
    const session = await findSessionById(uow.trx, sessionId)
    // Somebody else's session is answered like none: who is signed in is not for everybody to find out.
    if (session?.personId !== person) throw sessionUnknown(sessionId)
    await endSession(uow.trx, sessionId, uow.at, 'termination')
    return {}
  })

  platform.handle(terminateSession, async (uow, { sessionId, reason }) => {
    if (!(await endSession(uow.trx, sessionId, uow.at, 'termination', reason))) throw sessionUnknown(sessionId)
    return {}
  })

  platform.handle(lockSession, async (uow) => {
    const { sessionId } = uow.actor
    const session = sessionId === null ? undefined : await findSessionById(uow.trx, sessionId)
    const found = session && (await findPersonById(uow.trx, session.personId))
    if (!(session && found)) throw sessionUnknown('of this caller')
    await setLocked(uow.trx, session.id, uow.at)
    const secondFactorMissing = await isSecondFactorMissing(uow.trx, found.person.id)
    return sessionOf(found.person, { ...session, lockedAt: uow.at, secondFactorMissing }, limits)
  })
}

/** Whose sessions are asked for; software has none. */
function sessionOwner(actor: Actor): Id<'Person'> {
  if (actor.kind === 'person') return actor.id as Id<'Person'>
  throw new DomainError('not-found', 'identity.session-absent', 'This caller is no person and has no sessions')
}

const sessionUnknown = (sessionId: string): DomainError =>
  new DomainError('not-found', 'identity.session-unknown', `There is no open session ${sessionId}`, { sessionId })
