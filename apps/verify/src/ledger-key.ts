import type { Crypto } from './crypto.ts'
import { forged, unreadable } from './finding.ts'
import type { Note, VerifierKey } from './note.ts'
import { isSignedBy, namesSigner, parseCount, parseNote, parseVerifierKey } from './note.ts'

export interface LedgerKey {
  number: number
  key: VerifierKey
  /** Tree size from which it signs. */
  from: number
  at: number
}

/** The key that a note introduces, as the one after `keys`. Stops with `unreadable` or `forged`. */
export async function readKey(
  crypto: Crypto,
  ledger: string,
  keys: readonly LedgerKey[],
  text: string,
): Promise<LedgerKey> {
  const number = keys.length + 1
  const before = keys.at(-1)
  const note = parseNote(text)
  const [origin, written, verifierKey, from, at, ...more] = note?.lines ?? []
  const key = parseVerifierKey(crypto, verifierKey ?? '')
  const size = parseCount(after('from ', from))
  const instant = parseCount(after('at ', at))
  if (note === undefined || key === undefined || size === undefined || instant === undefined || more.length > 0)
    throw unreadable(`the note of key ${number} is not as the format has it`)
  if (origin !== `throughline/${ledger}/keys` || key.name !== `throughline/${ledger}/key-${number}`)
    throw forged(`the note of key ${number} is not of the ledger ${ledger} that the header names`)
  if (parseCount(written) !== number) throw forged(`the note of key ${number} says that it is key ${written}`)
  if (!(await isSignedBy(crypto, note, key))) throw forged(`key ${number} did not sign its own introduction`)
  if (before !== undefined && !(await isSignedBy(crypto, note, before.key)))
    throw forged(`key ${number} was not introduced by key ${before.number}`)
  if (before !== undefined && size < before.from)
    throw forged(`key ${number} claims to sign from size ${size} on, before key ${before.number} did`)
  return { number, key, from: size, at: instant }
}

/**
 * The key that signed a note about a tree of `size` leaves and was allowed to. Stops with `forged` naming `what`.
 * Signatures of keys that are not of this ledger are other people's business.
 */
export async function findSigner(
  crypto: Crypto,
  keys: readonly LedgerKey[],
  note: Note,
  size: number,
  what: string,
): Promise<LedgerKey> {
  let signer: LedgerKey | undefined
  let reason = 'no key of this ledger signed it'
  for (const key of keys) {
    if (!namesSigner(note, key.key)) continue
    if (!(await isSignedBy(crypto, note, key.key)))
      throw forged(`${what} has a signature of key ${key.number} that is wrong`)
    const next = keys[key.number]
    if (next !== undefined && size > next.from)
      reason = `key ${key.number}, which signed it, was replaced at size ${next.from}`
    else if (size < key.from) reason = `key ${key.number}, which signed it, signs from size ${key.from} on`
    else signer = key
  }
  if (signer === undefined) throw forged(`${what} is worth nothing: ${reason}`)
  return signer
}

/** What stands behind `prefix`, or undefined. */
export function after(prefix: string, line: string | undefined): string | undefined {
  return line?.startsWith(prefix) ? line.slice(prefix.length) : undefined
}
