import type { Id, Instant } from '@throughline/kernel'
import type { PasskeyAssertion } from '@throughline/model'
import type { Platform, Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { takeChallenge } from '../passkey/challenge-store.ts'
import { relyingPartyAt } from '../passkey/relying-party.ts'
import type { StoredPasskey } from '../passkey/store.ts'
import { findPasskey, noteUse } from '../passkey/store.ts'
import { challengeIn, findingOf } from '../passkey/verify.ts'
import { findPersonById } from '../person/store.ts'
import { SignInGate } from '../sign-in/gate.ts'
import { gateMemoryOn } from '../sign-in/gate-memory.ts'
import { recoveryCodeHash, stepOf } from '../totp/code.ts'
import type { StoredTotp } from '../totp/store.ts'
import { findActiveTotp, takeRecoveryCode, takeStep } from '../totp/store.ts'
import { decoyHash, isPasswordOf } from './password.ts'
import type { Sealer } from './seal.ts'

type Db = Kysely<Tables>

/** What the module was set up with, for proofs. */
export interface ProverOptions {
  readonly sealer: Sealer
  /** The address of the pages; null = none yet. */
  readonly origin: () => string | null
  /** Whether a directory knows this as the person's password; false for people who are not the directory's. */
  readonly isDirectoryPassword: (personId: string, name: string, password: string) => Promise<boolean>
}

/**
 * Checks what people prove themselves with. Every check stands behind a gate that slows guessing down: it throws
 * `too-many` before anything is looked at, and an answer `false` has been counted.
 */
export class Prover {
  /** Before every password and every passkey. */
  readonly gate: SignInGate
  readonly #codeGate: SignInGate
  readonly #platform: Platform
  readonly #options: ProverOptions
  readonly #decoy = decoyHash()

  constructor(platform: Platform, options: ProverOptions) {
    this.gate = new SignInGate('sign-in', gateMemoryOn(platform, 'sign-in'))
    this.#codeGate = new SignInGate('code', gateMemoryOn(platform, 'code'))
    this.#platform = platform
    this.#options = options
  }

  /** For signatures and step-up: whether this is the person's password. */
  async verifyPasswordOf(personId: Id<'Person'>, password: string, origin: string | null): Promise<boolean> {
    const { db, clock } = this.#platform
    const known = await findPersonById(db, personId)
    const right = await this.gate.attempt(known?.person.name ?? personId, origin, clock.now(), async () =>
      (await this.isPassword(password, known?.passwordHash ?? null)) ||
      (known !== undefined && (await this.#options.isDirectoryPassword(personId, known.person.name, password)))
        ? true
        : undefined,
    )
    return right === true && known?.person.state === 'active'
  }

  /** For signatures and step-up: whether this is a code that the person's app shows now, and was not used before. */
  async verifyTotpOf(personId: Id<'Person'>, code: string): Promise<boolean> {
    const totp = await findActiveTotp(this.#platform.db, personId)
    const at = this.#platform.clock.now()
    return (
      totp !== undefined &&
      (await this.#codeGate.attempt(personId, null, at, async () =>
        (await this.#isCode(this.#platform.db, totp, code, at)) ? true : undefined,
      )) === true
    )
  }

  /**
   * For signatures: whether a passkey of this person signed this very challenge (base64url) here, with its owner's gesture.
   * A revoked or copied key is refused and told as `identity.credential-misused`.
   */
  async verifyAssertion(
    personId: Id<'Person'>,
    challenge: string,
    assertion: PasskeyAssertion,
    origin: string | null,
  ): Promise<boolean> {
    const at = this.#platform.clock.now()
    const proven = await this.gate.attempt(gateNameOf(assertion), origin, at, () =>
      this.#provenKey(assertion, challenge, personId, origin, at),
    )
    return proven !== undefined
  }

  /** The same for a challenge that this server gave out, which is used up; for whoever holds the key unless `personId` says who. */
  async verifyGivenAssertion(
    assertion: PasskeyAssertion,
    personId: Id<'Person'> | undefined,
    origin: string | null,
  ): Promise<StoredPasskey | undefined> {
    const at = this.#platform.clock.now()
    return await this.gate.attempt(gateNameOf(assertion), origin, at, () =>
      this.givenKey(assertion, personId, origin, at),
    )
  }

  /** `verifyGivenAssertion` for a caller that stands behind the gate already. */
  async givenKey(
    assertion: PasskeyAssertion,
    personId: Id<'Person'> | undefined,
    origin: string | null,
    at: Instant,
  ): Promise<StoredPasskey | undefined> {
    const challenge = challengeIn(assertion.response.clientDataJSON)
    if (challenge === undefined) return undefined
    // On a connection of its own: used up also when the sign-in is refused and its transaction rolls back.
    if (!(await takeChallenge(this.#platform.db, challenge, 'prove', null, at))) return undefined
    return await this.#provenKey(assertion, challenge, personId, origin, at)
  }

  /** For a sign-in that stands behind the gate already: no hash is checked against a decoy, so that the time tells nothing. */
  isPassword(password: string, passwordHash: string | null): Promise<boolean> {
    return isPasswordOf(password, passwordHash, this.#decoy)
  }

  /**
   * For a sign-in whose password was right: whether this is a code of the app, or a recovery code, which is used up.
   * Behind a gate of its own: who tries codes knows the password, and six digits are soon tried.
   */
  async codeKindOf(
    trx: Db,
    personId: Id<'Person'>,
    totp: StoredTotp,
    code: string,
    at: Instant,
  ): Promise<'code' | 'recovery code' | undefined> {
    return await this.#codeGate.attempt(personId, null, at, async () => {
      if (await this.#isCode(trx, totp, code, at)) return 'code'
      return (await takeRecoveryCode(trx, totp.id, recoveryCodeHash(code), at)) ? 'recovery code' : undefined
    })
  }

  async #isCode(db: Db, totp: StoredTotp, code: string, at: Instant): Promise<boolean> {
    const digits = code.replaceAll(/\s/g, '')
    if (!/^\d{6}$/.test(digits)) return false
    const step = stepOf(this.#options.sealer.open(totp.sealedSecret), digits, at)
    return step !== undefined && (await takeStep(db, totp.id, step))
  }

  async #provenKey(
    assertion: PasskeyAssertion,
    challenge: string,
    personId: Id<'Person'> | undefined,
    origin: string | null,
    at: Instant,
  ): Promise<StoredPasskey | undefined> {
    const party = relyingPartyAt(this.#options.origin())
    const { db } = this.#platform
    const passkey = await findPasskey(db, assertion.id)
    if (passkey === undefined || (personId !== undefined && passkey.personId !== personId)) return undefined
    const finding = await findingOf(assertion, passkey, challenge, party)
    // Only what the key itself signed is held against it: anybody may know a key's name.
    if (finding.verdict === 'wrong') return undefined
    if (passkey.endedBy !== null) return await this.#misused(passkey, endings[passkey.endedBy], origin, at)
    if (finding.verdict === 'copied') return await this.#misused(passkey, 'its counter went back', origin, at)
    return (await noteUse(db, passkey.id, finding.counter, at)) ? passkey : undefined
  }

  async #misused(passkey: StoredPasskey, why: string, origin: string | null, at: Instant): Promise<undefined> {
    const told = { personId: passkey.personId, credential: `passkey "${passkey.name}", ${why}`, origin, at }
    await this.#platform.act('identity.gate', 'identity.credential.misused', told, async (uow) => {
      uow.emit('identity.credential-misused', told)
    })
    return undefined
  }
}

const endings = {
  'no-longer-used': 'removed by its owner',
  lost: 'reported lost',
  reset: 'revoked by an administrator',
} as const

/** Guesses at a key count for the key and for where they come from. */
const gateNameOf = (assertion: PasskeyAssertion): string => `passkey ${assertion.id.slice(0, 64)}`
