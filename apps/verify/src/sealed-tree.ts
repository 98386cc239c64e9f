import { sameBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Crypto } from './crypto.ts'
import { findingOf } from './finding.ts'
import type { Findings } from './findings.ts'
import { GrowingTree, subtreesOf } from './tree.ts'

/** The tree of the last checkpoint, made again from the leaves shown and the proof of what lies between them. */
export class SealedTree {
  /** Roots of the tree as it was at the sizes asked for, where this bundle reaches them. */
  readonly roots = new Map<number, Uint8Array>()
  readonly #tree: GrowingTree
  readonly #checkpoint: Checkpoint
  readonly #proof: readonly Uint8Array[]
  readonly #findings: Findings
  readonly #asked: readonly number[]
  #used = 0
  #nextAsked = 0
  #broken = false

  constructor(
    crypto: Crypto,
    given: { checkpoint: Checkpoint; proof: readonly Uint8Array[]; sizes: readonly number[] },
    findings: Findings,
  ) {
    this.#tree = new GrowingTree(crypto)
    this.#checkpoint = given.checkpoint
    this.#proof = given.proof
    this.#asked = [...given.sizes].sort((a, b) => a - b)
    this.#findings = findings
  }

  /** False where the leaf cannot stand at that place. */
  append(place: number, sealed: Uint8Array): boolean {
    if (place < this.#tree.size || place >= this.#checkpoint.size) {
      this.#broken = true
      return false
    }
    this.#fill(place)
    this.#note()
    this.#tree.append(sealed)
    return true
  }

  finish(): void {
    this.#fill(this.#checkpoint.size)
    this.#note()
    const { size, root, at } = this.#checkpoint
    const fits = !this.#broken && this.#used === this.#proof.length && sameBytes(this.#tree.root(), root)
    if (fits) return
    this.roots.clear()
    const what =
      this.#broken || this.#used !== this.#proof.length
        ? `The proof does not belong to the leaves shown: it does not lead to the checkpoint of size ${size}.`
        : `The leaves and the proof do not give the root of the checkpoint of size ${size}.`
    this.#findings.add(2, findingOf('unproven', what, { at }))
  }

  #fill(to: number): void {
    if (this.#broken) return
    for (const size of subtreesOf(this.#tree.size, to - this.#tree.size)) {
      this.#note()
      const hash = this.#proof[this.#used++]
      if (hash === undefined) {
        this.#broken = true
        return
      }
      this.#tree.append(hash, size)
    }
  }

  /** Keeps the root if somebody asked for the tree of just this size. */
  #note(): void {
    while ((this.#asked[this.#nextAsked] ?? Number.POSITIVE_INFINITY) < this.#tree.size) this.#nextAsked++
    if (this.#asked[this.#nextAsked] === this.#tree.size) this.roots.set(this.#tree.size, this.#tree.root())
  }
}
