import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { Attachment, Base64Url, PasskeyAssertion } from './passkey-assertion.ts'
import { CurrentSession } from './session.ts'

const Transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])

/** What a browser answers when it made a key (WebAuthn Level 3, 5.1); its bytes are looked at by the server alone. */
export const PasskeyRegistration = z.object({
  id: Base64Url.min(1),
  rawId: Base64Url.min(1),
  type: z.literal('public-key'),
  authenticatorAttachment: Attachment,
  clientExtensionResults: z.record(z.string(), z.unknown()),
  response: z.object({
    clientDataJSON: Base64Url.min(1),
    attestationObject: Base64Url.min(1),
    authenticatorData: Base64Url.optional(),
    transports: z.array(Transport).optional().catch(undefined),
    publicKeyAlgorithm: z.int().optional(),
    publicKey: Base64Url.optional(),
  }),
})
export type PasskeyRegistration = z.infer<typeof PasskeyRegistration>

/** What the browser needs to ask for any passkey of this plant; it names nobody. */
const PasskeyRequest = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.literal('required'),
})
export type PasskeyRequest = z.infer<typeof PasskeyRequest>

export const Passkey = z.object({
  id: idOf<'Passkey'>(),
  /** As its owner named it: "work laptop". */
  name: z.string(),
  madeAt: InstantSchema,
  lastUsedAt: InstantSchema.nullable(),
  /** True when the key may be copied to other devices of its owner (synced). */
  synced: z.boolean(),
})
export type Passkey = z.infer<typeof Passkey>

export const listPasskeys = operation({
  name: 'identity.passkey.list',
  summary: 'List my passkeys, oldest first',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(Passkey),
})

export const beginPasskeyRegistration = operation({
  name: 'identity.passkey.begin-registration',
  summary: 'Begin to register a passkey',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({}),
  output: z.object({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal('public-key') })),
    timeout: z.int(),
    attestation: z.literal('none'),
    excludeCredentials: z.array(z.object({ id: z.string(), type: z.literal('public-key') })),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
  }),
})

export const registerPasskey = operation({
  name: 'identity.passkey.register',
  summary: 'Register a passkey that was just made, under a name of my own',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  input: z.object({ name: z.string().trim().min(1).max(60), registration: PasskeyRegistration }),
  output: Passkey,
})

export const removePasskey = operation({
  name: 'identity.passkey.remove',
  summary: 'Remove one of my passkeys, or report it lost: it is refused from now on',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  stepUp: true,
  input: z.object({ passkeyId: idOf<'Passkey'>(), cause: z.enum(['no-longer-used', 'lost']) }),
  output: z.object({}),
})

/** Asks nobody's name: what it answers is the same for everybody. */
export const beginPasskeySignIn = operation({
  name: 'identity.passkey.begin-sign-in',
  summary: 'Begin to sign in or to prove myself with a passkey',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({}),
  output: PasskeyRequest,
})

export const signInWithPasskey = operation({
  name: 'identity.passkey.sign-in',
  summary: 'Sign in with a passkey, without a name',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({ assertion: PasskeyAssertion }),
  output: CurrentSession,
})
