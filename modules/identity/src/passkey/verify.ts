import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { Id } from '@throughline/kernel'
import type { PasskeyAssertion, PasskeyRegistration } from '@throughline/model'
import type { RelyingParty } from './relying-party.ts'
import type { StoredPasskey } from './store.ts'

/** ES256, Ed25519 and RS256: what authenticators of all makers have. */
export const algorithms = [-7, -8, -257]

/** A WebAuthn user handle: the bytes of the person's id, which tell nothing about them. */
export const userHandleOf = (personId: Id<'Person'>): string =>
  Buffer.from(personId.replaceAll('-', ''), 'hex').toString('base64url')

/** The challenge that the browser says it answered; undefined when its text cannot be read. */
export function challengeIn(clientDataJson: string): string | undefined {
  try {
    return decodeClientDataJSON(clientDataJson).challenge
  } catch {
    return undefined
  }
}

/** What an assertion proves: that its key signed this challenge here, and whether the key's counter went on. */
export type Finding =
  | { readonly verdict: 'genuine'; readonly counter: number }
  | { readonly verdict: 'copied' }
  | { readonly verdict: 'wrong' }

/**
 * Whether the key signed this challenge at this origin with its owner's gesture. `copied` = it did, but its counter did
 * not go on: there are two of it (WebAuthn, 6.1.1).
 */
export async function findingOf(
  assertion: PasskeyAssertion,
  passkey: StoredPasskey,
  challenge: string,
  party: RelyingParty,
): Promise<Finding> {
  const handle = assertion.response.userHandle
  if (typeof handle === 'string' && handle !== userHandleOf(passkey.personId)) return { verdict: 'wrong' }
  try {
    // A counter that cannot fail here: whether it went on is decided below, after the signature.
    const credential = { id: passkey.credentialId, publicKey: passkey.publicKey, counter: -1 }
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: assertion as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential,
      requireUserVerification: true,
    })
    if (!verified) return { verdict: 'wrong' }
    const counter = authenticationInfo.newCounter
    const wentOn = counter > passkey.counter || (counter === 0 && passkey.counter === 0)
    return wentOn ? { verdict: 'genuine', counter } : { verdict: 'copied' }
  } catch {
    // Whatever is wrong with it: wrong origin, challenge or key, no gesture, bytes that are none.
    return { verdict: 'wrong' }
  }
}

/** A key that an authenticator has just made. */
export interface NewKey {
  readonly credentialId: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  readonly synced: boolean
}

/** The key in a registration, when it was made for this challenge at this origin with its owner's gesture. */
export async function newKeyIn(
  registration: PasskeyRegistration,
  challenge: string,
  party: RelyingParty,
): Promise<NewKey | undefined> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: registration as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    if (!verified) return undefined
    const { credential, credentialDeviceType } = registrationInfo
    return {
      credentialId: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      synced: credentialDeviceType === 'multiDevice',
    }
  } catch {
    return undefined
  }
}
