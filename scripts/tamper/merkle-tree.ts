import { hash } from 'node:crypto'

/** Hashes in a tile of the ledger. */
export const tileWidth = 256

/** As docs/guides/ledger-format.md has it: a tool of the forger, who needs nothing of the product. */
export const leafHashOf = (text: string): Buffer => hash('sha256', Buffer.from(`\0${text}`), 'buffer')

/** Root of the tree over these leaf hashes (RFC 6962, section 2.1). */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return hash('sha256', Buffer.alloc(0), 'buffer')
  const [only] = hashes
  if (hashes.length === 1 && only !== undefined) return only
  const split = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1)
  const halves = [Buffer.of(1), rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split))]
  return hash('sha256', Buffer.concat(halves), 'buffer')
}
