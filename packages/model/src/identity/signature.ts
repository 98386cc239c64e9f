import { z } from 'zod'
import { operation } from '../operation.ts'
import { RecordRef, RecordVersion, Sha256 } from '../platform/record.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { PasskeyAssertion } from './passkey-assertion.ts'
import { PersonName } from './person.ts'

const signatureMeanings = ['performed', 'verified', 'reviewed', 'approved', 'released'] as const
/** What a signature says of the record (21 CFR 11.50). */
export const SignatureMeaning = z.enum(signatureMeanings)
export type SignatureMeaning = z.infer<typeof SignatureMeaning>

/**
 * How the signer proves at this moment who they are (21 CFR 11.200). The first signing of a series needs two components:
 * name and password, a passkey (possession and the owner's gesture), or badge and PIN at a registered station. Later ones
 * in the same uninterrupted session leave out the name or the badge.
 */
export const SignatureProof = z.discriminatedUnion('method', [
  z.object({ method: z.literal('password'), name: PersonName.optional(), password: z.string().min(1).max(256) }),
  z.object({ method: z.literal('passkey'), assertion: PasskeyAssertion }),
  z.object({
    method: z.literal('badge'),
    badge: z.string().min(1).max(200).optional(),
    pin: z.string().min(1).max(12),
  }),
])
export type SignatureProof = z.infer<typeof SignatureProof>

const reason = z.string().trim().min(3, 'say in at least 3 characters why you sign').max(500)

/** What somebody gives to sign: what it means, why, what they saw, and who they are. */
export const SignatureInput = z.object({
  meaning: SignatureMeaning,
  reason,
  /** The version on the signer's screen; null for a record that this very operation makes. */
  shown: RecordVersion.nullable(),
  proof: SignatureProof,
})
export type SignatureInput = z.infer<typeof SignatureInput>

/** A signature as it stands with its record on every screen, in every document and export. */
export const Signature = z.object({
  id: idOf<'Signature'>(),
  record: RecordRef,
  version: z.int().positive(),
  recordHash: Sha256,
  meaning: SignatureMeaning,
  reason: z.string(),
  personId: idOf<'Person'>(),
  /** As printed at the moment of signing. */
  printedName: z.string(),
  signedAt: InstantSchema,
  /** Local time of the signer's plant, with its offset: `2026-11-22T21:05:03+01:00`. */
  localTime: z.string(),
  /** What proved the signer, for people: `name and password`. */
  components: z.string(),
  /** SHA-256 of the signed statement. */
  manifestHash: Sha256,
  /**
   * `void` once the record has a newer version than the signed one; `broken` when signature, signed statement and ledger do
   * not fit each other: somebody has altered one of them past the product.
   */
  state: z.enum(['valid', 'void', 'broken']),
  /** Why it is not valid, in words; null = it is. */
  stateReason: z.string().nullable(),
})
export type Signature = z.infer<typeof Signature>

/** How a signer can prove who they are. */
export const SigningMethod = z.enum(['password', 'passkey', 'badge'])
export type SigningMethod = z.infer<typeof SigningMethod>

/** A record as somebody sees it who may be about to sign it. */
export const SigningPreparation = z.object({
  record: RecordRef,
  /** The record in words: `Equipment class Pump, version 2`. */
  title: z.string(),
  /** As it stands now: what is signed, if it is signed now. */
  current: RecordVersion,
  /** The signatures that the record needs, in their order; empty when no policy asks for any. */
  steps: z.array(
    z.object({
      meaning: SignatureMeaning,
      state: z.enum(['signed', 'next', 'later']),
      signature: Signature.nullable(),
    }),
  ),
  /** All signatures that were ever put on the record, oldest first. */
  signatures: z.array(Signature),
  signer: z.object({ name: z.string(), printedName: z.string() }),
  /** Why the caller may not sign the next step, in words; null = they may. */
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** `both` at the first signing of a series; then the secret alone (21 CFR 11.200(a)(1)). */
  components: z.enum(['both', 'secret']),
  /** What the caller can prove themselves with here; the first is what they will want. */
  methods: z.array(SigningMethod),
})
export type SigningPreparation = z.infer<typeof SigningPreparation>

export const listSignatures = operation({
  name: 'identity.signature.list',
  summary: 'List the signatures on a record, oldest first, with those that a later change made void',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({ record: RecordRef }),
  output: z.array(Signature),
})

export const prepareSignature = operation({
  name: 'identity.signature.prepare',
  summary: 'Show what there is to sign on a record, who signed, and whether I may sign next',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({ record: RecordRef }),
  output: SigningPreparation,
})

/**
 * What a passkey signs is the SHA-256 of this statement: its owner's gesture is bound to the record, the meaning and the
 * reason. It can be signed for five minutes, once, in the same session.
 */
export const beginPasskeySignature = operation({
  name: 'identity.signature.begin-passkey',
  summary: 'Begin to sign with a passkey',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({
    /** Null for a record that the operation is about to make. */
    record: RecordRef.nullable(),
    meaning: SignatureMeaning,
    reason,
    shown: RecordVersion.nullable(),
  }),
  output: z.object({
    challenge: z.string(),
    statement: z.string(),
    rpId: z.string(),
    /** Names of the caller's own passkeys, for the browser to choose from. */
    allowed: z.array(z.string()),
    timeoutMs: z.int(),
  }),
})

/** For records whose kind has a policy; any other record is signed by an operation of its own. */
export const signRecord = operation({
  name: 'identity.signature.sign',
  summary: 'Sign a record as it stands',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  signature: signatureMeanings,
  input: z.object({ record: RecordRef, signature: SignatureInput }),
  output: Signature,
})
