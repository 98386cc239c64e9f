import { toIso } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { openCheckpoint } from './checkpoint.ts'
import type { Finding } from './finding.ts'
import { findingOf } from './finding.ts'
import { Frontier } from './frontier.ts'
import type { LedgerKey } from './keys.ts'
import type { CheckpointRow, Tile } from './store.ts'
import { listCheckpoints, listTiles } from './store.ts'
import { tileWidth } from './tree.ts'

const checkpointsAtATime = 500

/** Grows the tree anew from what was sealed, and compares it with the tiles and with every checkpoint on the way. */
export class TreeWalk {
  readonly #db: Kysely<Tables>
  readonly #ledgerId: string
  readonly #keys: readonly LedgerKey[]
  readonly #frontier = new Frontier()
  /** Hashes of places that were told before those in front of them. */
  readonly #waiting = new Map<number, Buffer>()
  #checkpoints: CheckpointRow[] = []
  #last: CheckpointRow | undefined
  /** Places above which a tile does not fit: the next checkpoint tells whether the leaves or the tile were changed. */
  #suspect: { readonly from: number; readonly to: number } | undefined
  #isBroken = false
  #checked = 0

  constructor(db: Kysely<Tables>, ledgerId: string, keys: readonly LedgerKey[]) {
    this.#db = db
    this.#ledgerId = ledgerId
    this.#keys = keys
  }

  /** How many checkpoints were looked at. */
  get checkpoints(): number {
    return this.#checked
  }

  /** Adds the hash at a place; undefined when it is lost, which leaves everything from there on without proof. */
  async *add(place: number, hash: Buffer | undefined): AsyncGenerator<Finding> {
    if (this.#isBroken) return
    if (hash === undefined) {
      this.#isBroken = true
      const message = `The tree is damaged: what was sealed from place ${place} on is not there any more, and cannot be proven`
      yield findingOf('missing', message, place)
      return
    }
    this.#waiting.set(place, hash)
    for (;;) {
      const { size } = this.#frontier
      const next = this.#waiting.get(size)
      if (next === undefined) return
      this.#waiting.delete(size)
      for (const tile of this.#frontier.append(next)) {
        if (tile.level > 0) yield* this.#lookAtTile(tile)
      }
      yield* this.#passCheckpoint()
    }
  }

  async *#passCheckpoint(): AsyncGenerator<Finding> {
    const { size } = this.#frontier
    const next = await this.#next()
    if (next === undefined || next.size > size) return
    this.#checkpoints.shift()
    this.#checked += 1
    const since = this.#last?.size ?? 0
    const signed = openCheckpoint(this.#ledgerId, this.#keys, next.note)
    if (signed === undefined || signed.size !== next.size || signed.at !== next.at) {
      const message = `The checkpoint over ${next.size} leaves of ${toIso(next.at)} was changed, or is not signed by the key whose turn it was`
      yield findingOf('forged', message, next.size - 1)
    } else if (!this.#isBroken && !signed.root.equals(this.#frontier.root())) {
      this.#isBroken = true
      const { from, to } = this.#suspect ?? { from: since, to: next.size - 1 }
      const message = `Between place ${from} and place ${to} something was rewritten together with its hash: the tree is not the one that was signed at ${toIso(next.at)}`
      yield findingOf('unproven', message, from)
    } else if (!this.#isBroken && this.#suspect !== undefined) {
      const { from, to } = this.#suspect
      const message = `The tree was changed above the places ${from} to ${to}; the leaves there are as they were signed at ${toIso(next.at)}`
      yield findingOf('altered', message, from)
      this.#suspect = undefined
    }
    const begin = size - next.tail.length / 32
    if (begin > Math.max(since, size - (size % tileWidth))) yield checkpointGone(begin)
    if (this.#last !== undefined && isBefore(next, this.#last)) {
      const message = `The checkpoint over ${next.size} leaves stands before the one over ${this.#last.size}: the ledger was set back`
      yield findingOf('rolled-back', message, next.size - 1)
    }
    this.#last = next
  }

  async #next(): Promise<CheckpointRow | undefined> {
    if (this.#checkpoints.length === 0) {
      const from = this.#last?.size ?? 0
      this.#checkpoints = await listCheckpoints(this.#db, from, Number.MAX_SAFE_INTEGER, checkpointsAtATime)
    }
    return this.#checkpoints[0]
  }

  /** Tiles of the levels above tell, up to 256 leaves, where one was rewritten with its hash and the tile below. */
  async *#lookAtTile({ level, number, hashes }: Tile): AsyncGenerator<Finding> {
    const [kept] = await listTiles(this.#db, level, number, number + 1)
    const width = tileWidth ** level
    const begin = number * tileWidth * width
    if (kept === undefined) {
      const message = `The tree is damaged: tile ${number} of level ${level}, from place ${begin} on, is not there`
      yield findingOf('missing', message, begin)
      return
    }
    for (let i = 0; i < tileWidth && this.#suspect === undefined; i += 1) {
      const isSame = kept.hashes.subarray(i * 32, i * 32 + 32).equals(hashes.subarray(i * 32, i * 32 + 32))
      if (!isSame) this.#suspect = { from: begin + i * width, to: begin + (i + 1) * width - 1 }
    }
  }
}

/** One that nothing replaces is missed by the next one, which holds only what came after it. */
export const checkpointGone = (size: number): Finding =>
  findingOf(
    'missing',
    `The checkpoint over ${size} leaves is gone: the one after it continues where it ended`,
    size - 1,
  )

const isBefore = (a: CheckpointRow, b: CheckpointRow): boolean =>
  a.era < b.era || (a.era === b.era && BigInt(a.xid) < BigInt(b.xid))
