import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import {
  beginPasskeyRegistration,
  beginPasskeySignIn,
  listPasskeys,
  registerPasskey,
  removePasskey,
  signInWithPasskey,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { personOf } from '../credential/own.ts'
import type { Prover } from '../credential/prover.ts'
import { findPersonById } from '../person/store.ts'
import type { SessionLimits } from '../session/rules.ts'
import { startSession } from '../session/start.ts'
import { challengeLifeMs, countChallenges, makeChallenge, takeChallenge } from './challenge-store.ts'
import { relyingPartyAt } from './relying-party.ts'
import { endPasskey, insertPasskey, listPasskeysOf } from './store.ts'
import { algorithms, challengeIn, newKeyIn, userHandleOf } from './verify.ts'

/** Challenges that one address may hold open: a crew behind one proxy, not a flood. */
const mostOpenChallenges = 100
/** More keys than anybody carries; a list without end would help nobody. */
const mostPasskeys = 20

export function mountPasskeyOperations(
  platform: Platform,
  limits: SessionLimits,
  prover: Prover,
  origin: () => string | null,
): void {
  platform.handle(listPasskeys, async (uow) => {
    const own = await listPasskeysOf(uow.trx, personOf(uow.actor))
    return own.map(({ credentialId: _, ...passkey }) => passkey)
  })

  platform.handle(beginPasskeyRegistration, async (uow) => {
    const party = relyingPartyAt(origin())
    const personId = personOf(uow.actor)
    const found = await findPersonById(uow.trx, personId)
    const own = await listPasskeysOf(uow.trx, personId)
    if (own.length >= mostPasskeys) {
      throw new DomainError(
        'conflict',
        'identity.passkeys-too-many',
        `You have ${own.length} passkeys: remove one that you no longer use first`,
      )
    }
    return {
      challenge: await makeChallenge(uow.trx, 'register', personId, uow.actor.origin, uow.at),
      rp: { id: party.id, name: 'Throughline' },
      user: {
        id: userHandleOf(personId),
        name: uow.actor.name,
        displayName: found?.person.printedName ?? uow.actor.name,
      },
      pubKeyCredParams: algorithms.map((alg) => ({ alg, type: 'public-key' as const })),
      timeout: challengeLifeMs,
      attestation: 'none' as const,
      excludeCredentials: own.map(({ credentialId }) => ({ id: credentialId, type: 'public-key' as const })),
      authenticatorSelection: {
        residentKey: 'required' as const,
        requireResidentKey: true as const,
        userVerification: 'required' as const,
      },
    }
  })

  platform.handle(registerPasskey, async (uow, { name, registration }) => {
    const party = relyingPartyAt(origin())
    const personId = personOf(uow.actor)
    const challenge = challengeIn(registration.response.clientDataJSON)
    const isOurs = challenge !== undefined && (await takeChallenge(uow.trx, challenge, 'register', personId, uow.at))
    const key = isOurs ? await newKeyIn(registration, challenge, party) : undefined
    if (key === undefined) {
      throw new DomainError(
        'invalid',
        'identity.passkey-unproven',
        'This passkey could not be proved: begin again, and confirm it with your fingerprint, face or PIN',
      )
    }
    const id = newId<'Passkey'>(uow.at)
    if (!(await insertPasskey(uow.trx, { ...key, id, personId, name, madeAt: uow.at }))) {
      throw new DomainError('conflict', 'identity.passkey-known', 'This passkey is registered already')
    }
    return { id, name, madeAt: uow.at, lastUsedAt: null, synced: key.synced }
  })

  platform.handle(removePasskey, async (uow, { passkeyId, cause }) => {
    if (await endPasskey(uow.trx, personOf(uow.actor), passkeyId, uow.at, cause)) return {}
    throw new DomainError('not-found', 'identity.passkey-unknown', `You have no passkey ${passkeyId}`)
  })

  platform.handle(beginPasskeySignIn, async (uow) => {
    const party = relyingPartyAt(origin())
    if ((await countChallenges(uow.trx, uow.actor.origin, uow.at)) >= mostOpenChallenges) {
      throw new DomainError(
        'too-many',
        'identity.sign-in-delayed',
        'Too many sign-ins were begun and not ended: try again in a minute',
        { retryAfterMs: 60_000 },
      )
    }
    const challenge = await makeChallenge(uow.trx, 'prove', null, uow.actor.origin, uow.at)
    return { challenge, rpId: party.id, timeout: challengeLifeMs, userVerification: 'required' as const }
  })

  platform.handle(signInWithPasskey, async (uow, { assertion }) => {
    const passkey = await prover.verifyGivenAssertion(assertion, undefined, uow.actor.origin)
    const found = passkey && (await findPersonById(uow.trx, passkey.personId as Id<'Person'>))
    if (found?.person.state !== 'active') {
      throw new DomainError(
        'unauthenticated',
        'identity.passkey-refused',
        'This passkey is not accepted here: sign in with name and password',
      )
    }
    return await startSession(uow, found.person, 'passkey', limits)
  })
}
