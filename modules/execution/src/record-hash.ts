import { createHash } from 'node:crypto'
import { canonicalJson } from '@throughline/platform'

/** SHA-256 over the entries that stand: what a signature is on. */
export function hashOf(entries: readonly object[]): string {
  return createHash('sha256').update(canonicalJson(entries)).digest('hex')
}
