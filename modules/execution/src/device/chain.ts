import type { KeyObject } from 'node:crypto'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { DomainError } from '@throughline/kernel'
import type { QueuedEntry } from '@throughline/model'
import { canonicalJson } from '@throughline/platform'

/** Where the chain of a device ends. */
export interface ChainEnd {
  readonly sequence: number
  readonly hash: string
}

/** As a JWK. */
export interface PublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export const chainBegin: ChainEnd = { sequence: 0, hash: '0'.repeat(64) }

/** SHA-256 of a whole entry, with its signature, over its canonical JSON (RFC 8785): what the next one names. */
export const entryHash = (entry: QueuedEntry): string => createHash('sha256').update(canonicalJson(entry)).digest('hex')

/** What a device signs: the canonical JSON of the entry without its signature. */
export function signedText({ signature: _, ...content }: QueuedEntry): string {
  return canonicalJson(content)
}

/** The members of a public key on P-256, and no private one. @throws DomainError `invalid` for anything else */
export function publicKeyOf({ kty, crv, x, y, ...rest }: Readonly<Record<string, unknown>>): PublicKey {
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string' || 'd' in rest)
    throw keyInvalid()
  const key: PublicKey = { kty, crv, x, y }
  try {
    readKey(key)
  } catch {
    throw keyInvalid()
  }
  return key
}

const readKey = ({ kty, crv, x, y }: PublicKey): KeyObject =>
  createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })

/** By one of the keys that were good then. */
function isSigned(entry: QueuedEntry, keys: readonly PublicKey[]): boolean {
  const text = Buffer.from(signedText(entry))
  const signature = Buffer.from(entry.signature, 'base64')
  return keys.some((key) => verify('sha256', text, { key: readKey(key), dsaEncoding: 'ieee-p1363' }, signature))
}

/**
 * The entries that are new, in their order: they go on where the device's chain ends. What was delivered before is left
 * out.
 *
 * @param keysFor keys that were good when an entry was made
 * @throws DomainError `conflict` for a gap, `forbidden` for a broken chain or signature: nothing of the delivery is taken
 */
export function assertChain(
  delivered: readonly QueuedEntry[],
  end: ChainEnd,
  keysFor: (entry: QueuedEntry) => readonly PublicKey[],
): QueuedEntry[] {
  const fresh = delivered.filter(({ sequence }) => sequence > end.sequence).sort((a, b) => a.sequence - b.sequence)
  let last = end
  for (const entry of fresh) {
    const { sequence } = entry
    if (sequence !== last.sequence + 1) {
      throw new DomainError(
        'conflict',
        'execution.queue-gap',
        `Entry ${last.sequence + 1} of this device comes next, and ${sequence} was delivered: send those before it first`,
        { expected: last.sequence + 1, delivered: sequence },
      )
    }
    if (entry.previous !== last.hash) throw broken(sequence, 'does not follow the entry before it')
    if (!isSigned(entry, keysFor(entry))) throw broken(sequence, 'is not signed by the key of this device')
    last = { sequence, hash: entryHash(entry) }
  }
  return fresh
}

const broken = (sequence: number, what: string): DomainError =>
  new DomainError(
    'forbidden',
    'execution.queue-broken',
    `Entry ${sequence} ${what}: nothing of this delivery is taken. Tell your administrator`,
    { sequence },
  )

const keyInvalid = (): DomainError =>
  new DomainError(
    'invalid',
    'execution.device-key-invalid',
    'This is no public key for ECDSA on P-256: send kty, crv, x and y of a JWK',
    { fields: [{ path: 'publicKey', message: 'is no public key for ECDSA on P-256' }] },
  )
