import type { KeyObject } from 'node:crypto'
import { createPublicKey, hash, sign, verify } from 'node:crypto'
import { DomainError } from '@throughline/kernel'

/** Who signs a note: a name without spaces or `+`, and an Ed25519 private key. */
export interface NoteSigner {
  readonly name: string
  readonly privateKey: KeyObject
}

/** Whose signature is looked for. */
export interface NoteVerifier {
  readonly name: string
  readonly publicKey: KeyObject
  /** SHA-256 of the name and the key, the first four bytes: tells keys of one name apart. */
  readonly keyId: Buffer
}

const ed25519 = 1
/** DER of an Ed25519 SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const signatureLine = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/
const keyText = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/

/** `<name>+<id>+<base64 of 0x01 ‖ public key>`: what is given to those who shall check notes. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const key = rawKey(publicKey)
  return `${name}+${keyIdOf(name, key).toString('hex')}+${Buffer.concat([Buffer.of(ed25519), key]).toString('base64')}`
}

/** @throws DomainError `invalid` when the text is no verifier key of an Ed25519 key, or its id is not its own */
export function parseVerifierKey(text: string): NoteVerifier {
  const [, name, id, encoded] = keyText.exec(text) ?? []
  const bytes = decoded(encoded ?? '')
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== ed25519) throw keyInvalid(text)
  const key = bytes.subarray(1)
  const keyId = keyIdOf(name, key)
  if (keyId.toString('hex') !== id) throw keyInvalid(text)
  const publicKey = createPublicKey({ key: Buffer.concat([spkiPrefix, key]), format: 'der', type: 'spki' })
  return { name, publicKey, keyId }
}

/** The text, which ends with a newline, with the signatures of all signers under it. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  assertSignable(text)
  const lines = signers.map(({ name, privateKey }) => {
    const signature = sign(null, Buffer.from(text), privateKey)
    const keyId = keyIdOf(name, rawKey(createPublicKey(privateKey)))
    return `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/**
 * The text of a note that all of `verifiers` signed; undefined when one did not, or when it is no note at all.
 * Signatures of others are left alone: a note may gather those of witnesses.
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): string | undefined {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, split + 1)
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map((line) => signatureLine.exec(line))
  if (signatures.some((line) => line === null)) return undefined
  const signedBy = (verifier: NoteVerifier): boolean =>
    signatures.some((line) => line?.[1] === verifier.name && isSignature(text, line[2] ?? '', verifier))
  return verifiers.every(signedBy) ? text : undefined
}

function isSignature(text: string, encoded: string, { keyId, publicKey }: NoteVerifier): boolean {
  const bytes = decoded(encoded)
  return (
    bytes?.length === 68 &&
    bytes.subarray(0, 4).equals(keyId) &&
    verify(null, Buffer.from(text), publicKey, bytes.subarray(4))
  )
}

/** The bytes of base64 in its one spelling: the bits that fill up the last character could be changed unseen. */
function decoded(encoded: string): Buffer | undefined {
  const bytes = Buffer.from(encoded, 'base64')
  return bytes.toString('base64') === encoded ? bytes : undefined
}

const keyIdOf = (name: string, key: Buffer): Buffer =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ed25519), key]), 'buffer').subarray(0, 4)

const rawKey = (publicKey: KeyObject): Buffer =>
  publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length)

function assertSignable(text: string): void {
  if (text.endsWith('\n') && !text.includes('\n\n')) return
  throw new DomainError('defect', 'platform.note-unsignable', 'A note ends with a newline and has no empty line')
}

const keyInvalid = (text: string): DomainError =>
  new DomainError('invalid', 'platform.verifier-key-invalid', `"${text}" is no verifier key of an Ed25519 key`)
