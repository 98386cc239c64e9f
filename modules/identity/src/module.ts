import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { mountAccessReviewOperations } from './access-review/operations.ts'
import { authenticatorOn } from './authenticator.ts'
import { badgeKey } from './badge/code.ts'
import { mountBadgeOperations } from './badge/operations.ts'
import { BadgeProof } from './badge/proof.ts'
import { badgesAtStations } from './badge/signing-way.ts'
import { noList, openBreachedList } from './credential/breached-list.ts'
import { readOrMakeKey } from './credential/key-file.ts'
import { mountCredentialOperations } from './credential/operations.ts'
import { PasswordPolicy } from './credential/password-policy.ts'
import { Prover } from './credential/prover.ts'
import { sealWith } from './credential/seal.ts'
import { Directory } from './directory/directory.ts'
import type { DirectorySettings } from './directory/settings.ts'
import { DirectorySignIn, isDirectoryPassword } from './directory/sign-in.ts'
import { passwordsHereAndThere } from './directory/signing-way.ts'
import { mountMachineAccountOperations } from './machine-account/operations.ts'
import { guardPasskeyAlone, guardPasswordChange, guardPasswordsElsewhere } from './outside-person/password-guard.ts'
import { mountPasskeyOperations } from './passkey/operations.ts'
import { mountPersonOperations } from './person/operations.ts'
import { mountQualificationOperations } from './qualification/operations.ts'
import { mountSessionOperations } from './session/operations.ts'
import { mountSessionOversight } from './session/oversight.ts'
import type { SessionLimits } from './session/rules.ts'
import { defaultLimits } from './session/rules.ts'
import { mountSignInOperations } from './sign-in/operations.ts'
import { mountSignInPolicyOperations } from './sign-in/policy-operations.ts'
import { mountSignatureOperations } from './signature/operations.ts'
import { defaultGapMs } from './signature/rules.ts'
import type { ZoneOf } from './signature/standing.ts'
import { ownPasskeys, ownPasswords } from './signature/ways.ts'
import { mountSingleSignOn } from './single-sign-on/operations.ts'
import type { SingleSignOnSettings } from './single-sign-on/settings.ts'
import { noSingleSignOn } from './single-sign-on/settings.ts'
import { mountStationOperations } from './station/operations.ts'
import { mountStepUpOperations } from './step-up/operations.ts'
import { mountTotpOperations } from './totp/operations.ts'

/** How the module is set up; everything has a default that works without a folder, for tests. */
export interface IdentityOptions extends Partial<SessionLimits> {
  /** Holds the key for secrets at rest, made at the first start; absent = a key that lives as long as the process. */
  readonly keyFile?: string
  /** A list of breached passwords: `SHA1:count` lines in rising order, or plain words. */
  readonly breachedPasswords?: string
  /** Words of the plant that nobody may build a password on: names of enterprise and sites. */
  readonly plantWords?: () => Promise<readonly string[]>
  /** The address of the pages as people write it, which passkeys are bound to; null = not known yet. */
  readonly origin?: () => string | null
  /** What everybody is told before signing in. */
  readonly useNotice?: string
  /** Providers of single sign-on; absent = none. */
  readonly singleSignOn?: SingleSignOnSettings
  /** An LDAP directory that proves people who have no password here; absent = none. */
  readonly directory?: DirectorySettings
  /** A series of signatures, in which the later ones need one component only, ends after this long without one; default 10 min. */
  readonly signingGapMs?: number
  /** The time zone of the plant, for the local time of signatures; default UTC. */
  readonly timeZone?: ZoneOf
}

/**
 * People, roles, sessions, credentials and machine accounts; tells the platform who stands behind a session or an API key.
 * A session ends after `idleMs` without use (default 30 min) and after `absoluteMs` in any case (default 12 h).
 * @throws DomainError `invalid` when the key file or the list of breached passwords cannot be used
 */
export function identityModule(options: IdentityOptions = {}): Module {
  const kept = { ...defaultLimits, ...options }
  const key = readOrMakeKey(options.keyFile)
  const sealer = sealWith(key)
  const breached = options.breachedPasswords === undefined ? noList : openBreachedList(options.breachedPasswords)
  const passwords = new PasswordPolicy(breached, options.plantWords ?? (async () => []))
  const origin = options.origin ?? (() => null)
  return {
    name: 'identity',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      except: {
        session: 'its last use is written once a minute; signing in and out leave entries of their own',
        machine_account_use: 'when a key was last used is written once an hour',
        totp_use: 'which code was used last; each sign-in leaves an entry of its own',
        passkey_use: 'the counter of a key; each sign-in leaves an entry of its own',
        challenge: 'lives for five minutes and proves nothing afterwards',
        signing_series: 'when a session last signed; each signature is a record of its own',
        signing_attempt: 'counts failed attempts to sign, which leave entries of their own',
        signing_statement: 'lives for five minutes; what came of it stands in the signature',
        sign_in_failure: 'counts failed sign-ins, which leave entries of their own',
        pin_failure: 'counts wrong PINs, which leave entries of their own',
        single_sign_on_attempt: 'lives for ten minutes and proves nothing afterwards',
        single_sign_on_session: 'which session of a provider stands behind one of ours; it ends with the session',
        logout_token_use: 'keeps a logout token from being used twice; its use leaves an entry of its own',
      },
      key: { pin: 'person_id' },
      deletable: ['person_grant'],
      partOf: {
        person_grant: { table: 'person', by: 'person_id' },
        activation_link: { table: 'person', by: 'person_id' },
        recovery_code: { table: 'totp', by: 'totp_id' },
        machine_account_grant: { table: 'machine_account', by: 'account_id' },
        outside_identity: { table: 'person', by: 'person_id' },
        access_review_line: { table: 'access_review', by: 'review_id' },
      },
      secrets: {
        person: ['password_hash'],
        activation_link: ['token_hash'],
        machine_account: ['key_hash'],
        totp: ['sealed_secret'],
        recovery_code: ['code_hash'],
        station: ['token_hash'],
        badge: ['code_hash'],
        pin: ['pin_hash'],
      },
    },
    register(platform) {
      const directory = options.directory && new Directory(options.directory, platform.clock, platform.log)
      const prover = new Prover(platform, {
        sealer,
        origin,
        isDirectoryPassword: (personId, name, password) =>
          isDirectoryPassword(platform.db, directory, personId, name, password),
      })
      const badges = new BadgeProof(platform, badgeKey(key), prover.gate)
      mountPersonOperations(platform, passwords)
      guardPasswordsElsewhere(platform)
      mountSignInOperations(
        platform,
        kept,
        prover,
        passwords,
        { useNotice: options.useNotice ?? null, origin },
        new DirectorySignIn(platform, directory, prover),
      )
      mountSignInPolicyOperations(platform)
      mountStepUpOperations(platform, prover)
      mountCredentialOperations(platform, prover, passwords)
      guardPasswordChange(platform)
      mountTotpOperations(platform, sealer)
      mountPasskeyOperations(platform, kept, prover, origin)
      guardPasskeyAlone(platform)
      mountSessionOperations(platform, kept)
      mountSessionOversight(platform, kept)
      mountSingleSignOn(platform, options.singleSignOn ?? noSingleSignOn, kept)
      mountStationOperations(platform)
      mountQualificationOperations(platform)
      mountBadgeOperations(platform, {
        key: badgeKey(key),
        proof: badges,
        limits: kept,
        verifyPasswordOf: (personId, password, origin) => prover.verifyPasswordOf(personId, password, origin),
      })
      mountMachineAccountOperations(platform)
      mountAccessReviewOperations(platform)
      const ways = {
        password: passwordsHereAndThere(platform.db, ownPasswords(platform.db), directory),
        passkey: ownPasskeys(platform.db, prover, origin),
        badge: badgesAtStations(platform.db, badges),
      }
      const signing = { ways, gapMs: options.signingGapMs ?? defaultGapMs }
      mountSignatureOperations(platform, signing, options.timeZone ?? (async () => 'UTC'))
      platform.authenticateWith(authenticatorOn(platform.db, platform.clock, kept))
    },
  }
}
