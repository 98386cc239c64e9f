import { rootOver } from './merkle.ts'
import type { Tile } from './store.ts'
import type { StoredTree } from './tree.ts'
import { tileWidth } from './tree.ts'

/** The right edge of the growing tree: of each level, the hashes of the tile that is not full yet. */
export class Frontier {
  readonly #levels: Buffer[][]
  #size: number

  constructor(size = 0, levels: Buffer[][] = []) {
    this.#size = size
    this.#levels = levels
  }

  /** The edge of a tree that stands in the database. */
  static async of(tree: StoredTree): Promise<Frontier> {
    const levels: Buffer[][] = []
    for (let level = 0, count = tree.size; count > 0; level += 1, count = Math.floor(count / tileWidth)) {
      const partial: Buffer[] = []
      for (let i = count - (count % tileWidth); i < count; i += 1) partial.push(await tree.node(level * 8, i))
      levels.push(partial)
    }
    return new Frontier(tree.size, levels)
  }

  get size(): number {
    return this.#size
  }

  /** Adds one leaf hash and answers the tiles that it filled, from the lowest level up. */
  append(leaf: Buffer): Tile[] {
    this.#size += 1
    const full: Tile[] = []
    let hash = leaf
    let count = this.#size
    for (let level = 0; ; level += 1) {
      const partial = this.#levels[level] ?? []
      this.#levels[level] = partial
      partial.push(hash)
      if (partial.length < tileWidth) return full
      count /= tileWidth
      full.push({ level, number: count - 1, hashes: Buffer.concat(partial) })
      hash = rootOver(partial)
      this.#levels[level] = []
    }
  }

  root(): Buffer {
    let right: Buffer | undefined
    for (const partial of this.#levels) {
      const row = right === undefined ? partial : [...partial, right]
      if (row.length > 0) right = rootOver(row)
    }
    return right ?? rootOver([])
  }

  /** The hashes of the last tile, which is not full, from place `from` on; those of the places before it are left out. */
  tail(from: number): Buffer {
    const partial = this.#levels[0] ?? []
    return Buffer.concat(partial.slice(Math.max(0, from - (this.#size - partial.length))))
  }
}
