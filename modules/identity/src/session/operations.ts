import { DomainError } from '@throughline/kernel'
import { closeSession, getCurrentSession, openSession } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { decoyHash, hashPassword, isHashedAsToday, isPasswordOf } from '../credential/password.ts'
import type { StoredPerson } from '../person/store.ts'
import { findPersonById, findPersonByName, setPassword } from '../person/store.ts'
import { SignInGate } from '../sign-in/gate.ts'
import type { SessionLimits } from './rules.ts'
import { sessionOf, startSession } from './start.ts'
import { endSession, findSessionById } from './store.ts'

export function mountSessionOperations(platform: Platform, limits: SessionLimits): void {
  const gate = new SignInGate()
  const decoy = decoyHash()

  platform.handle(openSession, async (uow, { name, password }) => {
    const { trx, at, actor } = uow
    const typed = name.trim().toLowerCase()
    const found = await gate.attempt(typed, actor.origin, at, async () => {
      const known = await findPersonByName(trx, typed)
      const right = await isPasswordOf(password, known?.passwordHash ?? null, decoy)
      return right && known?.person.state === 'active' ? known : undefined
    })
    if (found === undefined) throw signInRefused()
    if (needsNewHash(found)) await setPassword(trx, found.person.id, await hashPassword(password))
    return await startSession(uow, found.person, 'password', limits)
  })

  platform.handle(closeSession, async (uow) => {
    await endSession(uow.trx, sessionIdOf(uow.actor), uow.at, 'sign-out')
    uow.session.end()
    return {}
  })

  platform.handle(getCurrentSession, async (uow) => {
    const session = await findSessionById(uow.trx, sessionIdOf(uow.actor))
    const found = session && (await findPersonById(uow.trx, session.personId))
    if (!found) throw noSession()
    return sessionOf(found.person, session.openedAt, session.absoluteEndAt, limits)
  })
}

const needsNewHash = ({ passwordHash }: StoredPerson): boolean =>
  passwordHash !== null && !isHashedAsToday(passwordHash)

function sessionIdOf(actor: { readonly sessionId: string | null }): string {
  if (actor.sessionId === null) throw noSession()
  return actor.sessionId
}

/** The same words whether the name, the password or the person's state is wrong: an answer must not tell who exists. */
const signInRefused = (): DomainError =>
  new DomainError('unauthenticated', 'identity.sign-in-refused', 'The name or the password is wrong')

const noSession = (): DomainError =>
  new DomainError(
    'not-found',
    'identity.session-absent',
    'There is no session: this caller has no sign-in, or it has ended',
  )
