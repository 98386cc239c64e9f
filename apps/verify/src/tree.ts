import { joinBytes, sameBytes } from './bytes.ts'
import type { Crypto } from './crypto.ts'

/** Hash of the node above two others (RFC 6962, section 2.1). */
function nodeHash(crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array {
  return crypto.sha256(joinBytes([Uint8Array.of(1), left, right]))
}

/** Sizes of the largest complete subtrees, aligned, that fill `places` from `start` on, from left to right. */
export function subtreesOf(start: number, places: number): number[] {
  const sizes: number[] = []
  let at = start
  let left = places
  while (left > 0) {
    let size = 1
    while (size * 2 <= left && at % (size * 2) === 0) size *= 2
    sizes.push(size)
    at += size
    left -= size
  }
  return sizes
}

/** A tree that grows from left to right: only the roots of its complete subtrees are kept. */
export class GrowingTree {
  size = 0
  readonly #crypto: Crypto
  readonly #roots: { size: number; hash: Uint8Array }[] = []

  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  /** Adds the root of a complete subtree of `size` leaves, aligned to its size. */
  append(hash: Uint8Array, size = 1): void {
    this.size += size
    let added = { size, hash }
    let last = this.#roots.at(-1)
    while (last !== undefined && last.size === added.size) {
      this.#roots.pop()
      added = { size: added.size * 2, hash: nodeHash(this.#crypto, last.hash, added.hash) }
      last = this.#roots.at(-1)
    }
    this.#roots.push(added)
  }

  root(): Uint8Array {
    const last = this.#roots.at(-1)
    if (last === undefined) return this.#crypto.sha256(new Uint8Array())
    return this.#roots.slice(0, -1).reduceRight((right, left) => nodeHash(this.#crypto, left.hash, right), last.hash)
  }
}

interface TreeHead {
  size: number
  root: Uint8Array
}

/** Whether the smaller tree is the beginning of the larger one (RFC 9162, section 2.1.4.2). */
export function isConsistent(crypto: Crypto, first: TreeHead, second: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (first.size === 0) return proof.length === 0
  if (first.size === second.size) return proof.length === 0 && sameBytes(first.root, second.root)
  const path = [...proof]
  let fn = first.size - 1
  let sn = second.size - 1
  // Sizes reach beyond 32 bits: no bit operators.
  const shift = (): void => {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  while (fn % 2 === 1) shift()
  if (fn === 0) path.unshift(first.root)
  const begin = path.shift()
  if (begin === undefined) return false
  let firstRoot = begin
  let secondRoot = begin
  for (const hash of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      firstRoot = nodeHash(crypto, hash, firstRoot)
      secondRoot = nodeHash(crypto, hash, secondRoot)
      while (fn % 2 === 0 && fn !== 0) shift()
    } else {
      secondRoot = nodeHash(crypto, secondRoot, hash)
    }
    shift()
  }
  return sn === 0 && sameBytes(firstRoot, first.root) && sameBytes(secondRoot, second.root)
}
