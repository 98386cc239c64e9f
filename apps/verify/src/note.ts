import { decodeBase64, joinBytes, sameBytes, toHex } from './bytes.ts'
import type { Crypto } from './crypto.ts'

const encoder = new TextEncoder()

export interface Note {
  /** What is signed, with its final newline. */
  text: string
  lines: readonly string[]
  signatures: readonly { name: string; keyId: Uint8Array; signature: Uint8Array }[]
}

export interface VerifierKey {
  /** As it was written. */
  text: string
  name: string
  keyId: Uint8Array
  publicKey: Uint8Array
  /** SHA-256 whose first four bytes are the id: the id alone can be met by trying, this cannot. */
  fingerprint: string
}

/** A C2SP signed note, or undefined. */
export function parseNote(note: string): Note | undefined {
  if (!note.isWellFormed() || !note.endsWith('\n')) return undefined
  const border = note.lastIndexOf('\n\n')
  if (border < 0) return undefined
  const text = note.slice(0, border + 1)
  const signatures: Note['signatures'][number][] = []
  for (const line of note.slice(border + 2, -1).split('\n')) {
    const [dash, name, base64, ...more] = line.split(' ')
    const bytes = decodeBase64(base64 ?? '')
    if (dash !== '—' || !name || bytes === undefined || bytes.length < 5 || more.length > 0) return undefined
    signatures.push({ name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) })
  }
  return { text, lines: text.slice(0, -1).split('\n'), signatures }
}

/** A C2SP verifier key of an Ed25519 key, or undefined. */
export function parseVerifierKey(crypto: Crypto, text: string): VerifierKey | undefined {
  const [name, id, ...rest] = text.split('+')
  const bytes = decodeBase64(rest.join('+'))
  if (!name || bytes?.length !== 33 || bytes[0] !== 1) return undefined
  const hash = crypto.sha256(joinBytes([encoder.encode(`${name}\n`), bytes]))
  if (toHex(hash.subarray(0, 4)) !== id) return undefined
  return { text, name, keyId: hash.subarray(0, 4), publicKey: bytes.subarray(1), fingerprint: toHex(hash) }
}

/** Whether the note names this key as one of its signers, right or wrong. */
export function namesSigner(note: Note, key: VerifierKey): boolean {
  return note.signatures.some(({ name, keyId }) => name === key.name && sameBytes(keyId, key.keyId))
}

/** Whether the key signed the note, and no signature in its name is wrong. */
export async function isSignedBy(crypto: Crypto, note: Note, key: VerifierKey): Promise<boolean> {
  const message = encoder.encode(note.text)
  let signed = false
  for (const { name, keyId, signature } of note.signatures) {
    if (name !== key.name || !sameBytes(keyId, key.keyId)) continue
    if (signature.length !== 64 || !(await crypto.verifyEd25519(key.publicKey, message, signature))) return false
    signed = true
  }
  return signed
}

/** A whole number as the product writes it: no sign, no leading zero, exact in a double. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^(0|[1-9]\d{0,15})$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}
