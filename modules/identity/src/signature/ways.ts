import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { PasskeyAssertion } from '@throughline/model'
import type { Database } from '@throughline/platform'
import { decoyHash, isPasswordOf } from '../credential/password.ts'
import type { Prover } from '../credential/prover.ts'
import { relyingPartyAt } from '../passkey/relying-party.ts'
import { listPasskeysOf } from '../passkey/store.ts'
import { findPersonById } from '../person/store.ts'

type PersonId = Id<'Person'>

/** Proof by a password. */
export interface PasswordWay {
  isUsable(personId: PersonId): Promise<boolean>
  /** @throws DomainError `unavailable` when whoever knows it does not answer */
  isRight(personId: PersonId, password: string): Promise<boolean>
}

/** Proof by an authenticator and its owner's gesture. */
export interface PasskeyWay {
  /** The host name that keys are made for; undefined = the pages stand where browsers allow no passkeys. */
  relyingParty(): string | undefined
  /** Names of the person's keys, as their authenticators call them. */
  list(personId: PersonId): Promise<readonly string[]>
  isRight(personId: PersonId, challenge: string, assertion: PasskeyAssertion, origin: string | null): Promise<boolean>
}

/** Proof by badge and PIN, at a registered station only. */
export interface BadgeWay {
  isUsable(personId: PersonId, sessionId: string): Promise<boolean>
  /** `badge` undefined = the later signing of a series, by the PIN alone. */
  isRight(personId: PersonId, sessionId: string, badge: string | undefined, pin: string): Promise<boolean>
}

/** The ways in which people can prove themselves when they sign; how guessing is slowed down is the signer's own matter. */
export interface SigningWays {
  readonly password: PasswordWay
  readonly passkey?: PasskeyWay
  readonly badge?: BadgeWay
}

/** The passwords that this plant keeps itself. */
export function ownPasswords(db: Database): PasswordWay {
  const decoy = decoyHash()
  return {
    async isUsable(personId) {
      return ((await findPersonById(db, personId))?.passwordHash ?? null) !== null
    },
    async isRight(personId, password) {
      return await isPasswordOf(password, (await findPersonById(db, personId))?.passwordHash ?? null, decoy)
    },
  }
}

/** The passkeys that people have registered here. */
export function ownPasskeys(db: Database, prover: Prover, origin: () => string | null): PasskeyWay {
  return {
    relyingParty() {
      try {
        return relyingPartyAt(origin()).id
      } catch (error) {
        if (error instanceof DomainError) return undefined
        throw error
      }
    },
    list: async (personId) => (await listPasskeysOf(db, personId)).map((passkey) => passkey.credentialId),
    isRight: (personId, challenge, assertion, from) => prover.verifyAssertion(personId, challenge, assertion, from),
  }
}
