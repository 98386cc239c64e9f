import type { Crypto } from './crypto.ts'
import { parseVerifierKey } from './note.ts'

/** The verifier key in what people paste: the key alone, or a text with it on a line of its own, such as a key's note. */
export function findVerifierKey(crypto: Crypto, text: string): string | undefined {
  return text
    .split(/\s+/)
    .map((word) => parseVerifierKey(crypto, word)?.text)
    .find((key) => key !== undefined)
}
