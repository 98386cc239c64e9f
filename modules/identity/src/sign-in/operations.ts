import { DomainError } from '@throughline/kernel'
import type { PasskeyAssertion } from '@throughline/model'
import { getSignInNotice, openSession } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { hashPassword, isHashedAsToday } from '../credential/password.ts'
import type { PasswordPolicy } from '../credential/password-policy.ts'
import type { Prover } from '../credential/prover.ts'
import type { DirectorySignIn } from '../directory/sign-in.ts'
import { admitOutsidePerson } from '../outside-person/admit.ts'
import { listPasskeysOf } from '../passkey/store.ts'
import type { StoredPerson } from '../person/store.ts'
import { findPersonByName, setPassword } from '../person/store.ts'
import type { SessionLimits } from '../session/rules.ts'
import type { SignInMethod } from '../session/start.ts'
import { startSession } from '../session/start.ts'
import { findActiveTotp } from '../totp/store.ts'
import { isSecondFactorAskedOf } from './policy-store.ts'

/** What the sign-in page says before anybody is known. */
export interface SignInNotice {
  readonly useNotice: string | null
  /** The address at which passkeys work; null = none yet. */
  readonly origin: () => string | null
}

interface Proven {
  readonly known: StoredPerson
  readonly method: SignInMethod
}

export function mountSignInOperations(
  platform: Platform,
  limits: SessionLimits,
  prover: Prover,
  passwords: PasswordPolicy,
  notice: SignInNotice,
  directory: DirectorySignIn,
): void {
  platform.handle(getSignInNotice, async () => ({ useNotice: notice.useNotice, passkeyOrigin: notice.origin() }))

  platform.handlePrepared(
    openSession,
    (ask, { name, password }) => directory.ask(ask, name.trim().toLowerCase(), password),
    async (uow, { name, password, code, assertion, newPassword }, answer) => {
      const { trx, at, actor } = uow
      const typed = name.trim().toLowerCase()
      if (answer.proves === 'here') {
        if (answer.outside === undefined) throw signInRefused()
        if (newPassword !== undefined) throw passwordNotHere()
        const person = await admitOutsidePerson(uow, answer.outside)
        const method = await secondFactorOf(uow, prover, { person, passwordHash: null }, code, assertion)
        if (method === undefined) throw signInRefused()
        return await startSession(uow, person, method, limits)
      }
      const proven = await prover.gate.attempt(typed, actor.origin, at, async (): Promise<Proven | undefined> => {
        const known = await findPersonByName(trx, typed)
        const right = await prover.isPassword(password, known?.passwordHash ?? null)
        if (!right || known?.person.state !== 'active') return undefined
        const method = await secondFactorOf(uow, prover, known, code, assertion)
        return method && { known, method }
      })
      if (proven === undefined) throw answer.down ?? signInRefused()
      const { known, method } = proven
      if (newPassword !== undefined) {
        await passwords.assertAcceptable(newPassword, known.person)
        await setPassword(trx, known.person.id, await hashPassword(newPassword))
      } else if (await passwords.isBreached(password)) {
        throw passwordListed()
      } else if (known.passwordHash !== null && !isHashedAsToday(known.passwordHash)) {
        await setPassword(trx, known.person.id, await hashPassword(password))
      }
      return await startSession(uow, known.person, method, limits)
    },
  )
}

/**
 * How somebody whose password was right has proved themselves in all; undefined when the second factor is wrong.
 * @throws DomainError `unauthenticated` (`identity.second-factor-needed`) when one is needed and none was given
 */
async function secondFactorOf(
  { trx, at, actor }: UnitOfWork,
  prover: Prover,
  { person }: StoredPerson,
  code: string | undefined,
  assertion: PasskeyAssertion | undefined,
): Promise<SignInMethod | undefined> {
  if (assertion !== undefined) {
    return (await prover.givenKey(assertion, person.id, actor.origin, at)) && 'password and passkey'
  }
  const totp = await findActiveTotp(trx, person.id)
  if (code !== undefined) {
    if (totp === undefined) return undefined
    const kind = await prover.codeKindOf(trx, person.id, totp, code, at)
    return kind && `password and ${kind}`
  }
  const hasPasskey = (await listPasskeysOf(trx, person.id)).length > 0
  const isNeeded = totp !== undefined || (hasPasskey && (await isSecondFactorAskedOf(trx, person.id)))
  if (!isNeeded) return 'password'
  throw new DomainError(
    'unauthenticated',
    'identity.second-factor-needed',
    'The password is not enough: give a code of your authenticator app, a recovery code or a passkey',
    { code: totp !== undefined, passkey: hasPasskey },
  )
}

/** The same words whether the name, the password, the code or the person's state is wrong: an answer must not tell who exists. */
const signInRefused = (): DomainError =>
  new DomainError('unauthenticated', 'identity.sign-in-refused', 'The name, the password or the code is wrong')

const passwordNotHere = (): DomainError =>
  new DomainError('conflict', 'identity.password-elsewhere', 'Your password is kept by the directory: change it there')

const passwordListed = (): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.password-change-needed',
    'Your password is on a list of passwords that were stolen elsewhere: choose a new one to sign in',
  )
