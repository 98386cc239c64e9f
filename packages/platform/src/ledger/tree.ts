import { DomainError } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { NodeSource } from './merkle.ts'
import { rootOver } from './merkle.ts'
import type { CheckpointRow } from './store.ts'
import { listCheckpoints, listTiles } from './store.ts'

/** Hashes in a tile, as C2SP tlog-tiles cuts them. */
export const tileWidth = 256
const tilesAtATime = 64
const tilesKept = 512

/** The tree of a checkpoint as it was sealed: read from the tiles and the tails of the checkpoints, never from the leaves. */
export class StoredTree {
  readonly size: number
  readonly #db: Kysely<Tables>
  /** Hashes of the last tile, by place in it; one that is lost is undefined. */
  readonly #tail: readonly (Buffer | undefined)[]
  readonly #tiles = new Map<string, Buffer>()
  readonly #roots = new Map<string, Buffer>()

  /** Sizes of the checkpoints that are gone and took hashes with them that stand nowhere else. */
  readonly lost: readonly number[]

  private constructor(db: Kysely<Tables>, size: number, { hashes, lost }: Tail) {
    this.#db = db
    this.size = size
    this.#tail = hashes
    this.lost = lost
  }

  /** @param size of a checkpoint that is there, or 0 */
  static async open(db: Kysely<Tables>, size: number): Promise<StoredTree> {
    const full = size - (size % tileWidth)
    const since = await listCheckpoints(db, full, size, tileWidth)
    return new StoredTree(db, size, tailOf(since, full))
  }

  /** @throws DomainError `conflict` when a part of the tree is not there any more */
  readonly node: NodeSource = async (level, index) => {
    const height = level % 8
    const row = (level - height) / 8
    const hashes: Buffer[] = []
    for (let i = 0; i < 2 ** height; i += 1) {
      const hash = await this.#hash(row, index * 2 ** height + i)
      if (hash === undefined) throw partMissing(row, index)
      hashes.push(hash)
    }
    return rootOver(hashes)
  }

  /** The leaf hash that was sealed at a place; undefined when that part of the tree is not there any more. */
  sealedAt(place: number): Promise<Buffer | undefined> {
    return this.#hash(0, place)
  }

  /** The `index`th hash of a level of tiles. */
  async #hash(level: number, index: number): Promise<Buffer | undefined> {
    const number = Math.floor(index / tileWidth)
    const offset = (index % tileWidth) * 32
    if ((number + 1) * tileWidth ** (level + 1) <= this.size) {
      return (await this.#tile(level, number))?.subarray(offset, offset + 32)
    }
    if (level > 0) return await this.#rootOfTile(level - 1, index)
    return this.#tail[index % tileWidth]
  }

  async #rootOfTile(level: number, number: number): Promise<Buffer | undefined> {
    const name = `${level}/${number}`
    const known = this.#roots.get(name)
    if (known !== undefined) return known
    const tile = await this.#tile(level, number)
    if (tile === undefined) return undefined
    const root = rootOver(Array.from({ length: tileWidth }, (_, i) => tile.subarray(i * 32, i * 32 + 32)))
    this.#roots.set(name, root)
    return root
  }

  async #tile(level: number, number: number): Promise<Buffer | undefined> {
    const known = this.#tiles.get(`${level}/${number}`)
    if (known !== undefined) return known
    // Readers walk from left to right: the neighbours come along, and the oldest go when it gets too many.
    const read = await listTiles(this.#db, level, number, number + tilesAtATime)
    for (const tile of read) this.#tiles.set(`${tile.level}/${tile.number}`, tile.hashes)
    for (const name of this.#tiles.keys()) {
      if (this.#tiles.size <= tilesKept) break
      this.#tiles.delete(name)
    }
    return this.#tiles.get(`${level}/${number}`)
  }
}

interface Tail {
  readonly hashes: readonly (Buffer | undefined)[]
  readonly lost: readonly number[]
}

/** Each checkpoint holds the hashes up to its size: where one is gone, those of the others stay where they belong. */
function tailOf(checkpoints: readonly CheckpointRow[], full: number): Tail {
  const hashes: (Buffer | undefined)[] = []
  const lost: number[] = []
  let reached = full
  for (const { size, tail } of checkpoints) {
    const begin = size - tail.length / 32
    if (begin > reached) lost.push(begin)
    for (let place = Math.max(begin, full); place < size; place += 1) {
      hashes[place - full] = tail.subarray((place - begin) * 32, (place - begin + 1) * 32)
    }
    reached = size
  }
  return { hashes, lost }
}

const partMissing = (level: number, index: number): DomainError =>
  new DomainError(
    'conflict',
    'platform.ledger-tile-missing',
    `The ledger's tree is damaged: hash ${index} of level ${level} is not there. Run the check of the ledger, and restore it from a backup`,
    { level, index },
  )
