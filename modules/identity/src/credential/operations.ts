import { DomainError } from '@throughline/kernel'
import { changePassword, getOwnCredentials, resetSecondFactor } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { endPasskeysOf, listPasskeysOf } from '../passkey/store.ts'
import { findPersonById, setPassword } from '../person/store.ts'
import { endSessionsOf, noteProof } from '../session/store.ts'
import { isSecondFactorAskedOf } from '../sign-in/policy-store.ts'
import { countRecoveryCodes, endTotp, findActiveTotp } from '../totp/store.ts'
import { personOf, sessionOfPerson } from './own.ts'
import { hashPassword } from './password.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { Prover } from './prover.ts'
import { endOtherSessions } from './store.ts'

export function mountCredentialOperations(platform: Platform, prover: Prover, passwords: PasswordPolicy): void {
  platform.handle(getOwnCredentials, async ({ trx, actor }) => {
    const personId = personOf(actor)
    const found = await findPersonById(trx, personId)
    const totp = await findActiveTotp(trx, personId)
    return {
      hasPassword: typeof found?.passwordHash === 'string',
      totp:
        totp === undefined || totp.confirmedAt === null
          ? null
          : { confirmedAt: totp.confirmedAt, recoveryCodesLeft: await countRecoveryCodes(trx, totp.id) },
      passkeys: (await listPasskeysOf(trx, personId)).length,
      secondFactorNeeded: await isSecondFactorAskedOf(trx, personId),
    }
  })

  platform.handle(changePassword, async (uow, { oldPassword, newPassword }) => {
    const personId = personOf(uow.actor)
    const sessionId = sessionOfPerson(uow.actor)
    if (!(await prover.verifyPasswordOf(personId, oldPassword, uow.actor.origin))) {
      // Not `unauthenticated`: whoever mistypes is still signed in.
      throw new DomainError('forbidden', 'identity.old-password-wrong', 'The old password is wrong')
    }
    if (oldPassword === newPassword) {
      throw new DomainError('invalid', 'identity.password-same', 'The new password is the old one: choose another')
    }
    const found = await findPersonById(uow.trx, personId)
    if (found === undefined) throw personGone()
    await passwords.assertAcceptable(newPassword, found.person)
    await setPassword(uow.trx, personId, await hashPassword(newPassword))
    await noteProof(uow.trx, sessionId, uow.at)
    return { sessionsEnded: await endOtherSessions(uow.trx, personId, sessionId, uow.at) }
  })

  platform.handle(resetSecondFactor, async (uow, { personId }) => {
    const found = await findPersonById(uow.trx, personId)
    if (found === undefined) throw personGone()
    const totpRevoked = await endTotp(uow.trx, personId, uow.at, 'reset')
    const passkeysRevoked = await endPasskeysOf(uow.trx, personId, uow.at)
    // Whoever holds what was lost may have signed in with it.
    await endSessionsOf(uow.trx, personId, uow.at, 'new-password')
    return { passkeysRevoked, totpRevoked }
  })
}

const personGone = (): DomainError => new DomainError('not-found', 'identity.person-unknown', 'There is no such person')
