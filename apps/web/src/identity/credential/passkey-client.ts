import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { DomainError } from '@throughline/kernel'
import { beginPasskeyRegistration, beginPasskeySignIn, PasskeyAssertion, PasskeyRegistration } from '@throughline/model'
import { client } from '../../door/client.ts'

/** Whether this browser at this address can use passkeys of the plant. */
export const arePasskeysPossible = (passkeyOrigin: string | null | undefined): boolean =>
  location.origin === passkeyOrigin && browserSupportsWebAuthn()

/** Asks the person for any passkey of the plant, and answers what it signed. */
export async function provePasskey(): Promise<PasskeyAssertion> {
  const optionsJSON = await client(beginPasskeySignIn, {})
  return PasskeyAssertion.parse(await inWords(() => startAuthentication({ optionsJSON })))
}

/** Lets the person make a new passkey. */
export async function makePasskey(): Promise<PasskeyRegistration> {
  const optionsJSON = await client(beginPasskeyRegistration, {})
  return PasskeyRegistration.parse(await inWords(() => startRegistration({ optionsJSON })))
}

/** What the browser's own dialog ended with, as people would say it. */
async function inWords<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run()
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'InvalidStateError') {
      throw new DomainError(
        'conflict',
        'identity.passkey-known',
        'This device holds a passkey of yours already',
        {},
        error,
      )
    }
    throw new DomainError(
      'invalid',
      'identity.passkey-cancelled',
      'No passkey was given: it was cancelled, took too long, or this device holds none for the plant',
      {},
      error,
    )
  }
}
