import { DomainError } from '@throughline/kernel'
import { closeSession, getCurrentSession } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { findPersonById } from '../person/store.ts'
import { isSecondFactorMissing } from '../sign-in/policy-store.ts'
import type { SessionLimits } from './rules.ts'
import { sessionOf } from './start.ts'
import { endSession, findSessionById } from './store.ts'

export function mountSessionOperations(platform: Platform, limits: SessionLimits): void {
  platform.handle(closeSession, async (uow) => {
    await endSession(uow.trx, sessionIdOf(uow.actor), uow.at, 'sign-out')
    uow.session.end()
    return {}
  })

  platform.handle(getCurrentSession, async (uow) => {
    const session = await findSessionById(uow.trx, sessionIdOf(uow.actor))
    const found = session && (await findPersonById(uow.trx, session.personId))
    if (!found) throw noSession()
    const secondFactorMissing = await isSecondFactorMissing(uow.trx, found.person.id)
    return sessionOf(found.person, { ...session, secondFactorMissing }, limits)
  })
}

function sessionIdOf(actor: { readonly sessionId: string | null }): string {
  if (actor.sessionId === null) throw noSession()
  return actor.sessionId
}

const noSession = (): DomainError =>
  new DomainError(
    'not-found',
    'identity.session-absent',
    'There is no session: this caller has no sign-in, or it has ended',
  )
