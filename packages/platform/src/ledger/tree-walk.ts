import { toIso } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { openCheckpoint } from './checkpoint.ts'
import type { Finding } from './finding.ts'
import { findingOf } from './finding.ts'
import { Frontier } from './frontier.ts'
import type { LedgerKey } from './keys.ts'
import type { CheckpointRow } from './store.ts'
import { listCheckpoints, listTiles } from './store.ts'

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
        const [kept] = tile.level === 0 ? [tile] : await listTiles(this.#db, tile.level, tile.number, tile.number + 1)
        if (kept?.hashes.equals(tile.hashes) !== true) yield this.#tileWrong(tile.level, tile.number, kept !== undefined)
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
      const message = `Between place ${since} and place ${next.size - 1} something was rewritten together with its hash: the tree is not the one that was signed at ${toIso(next.at)}`
      yield findingOf('unproven', message, since)
    }
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

  #tileWrong(level: number, number: number, isThere: boolean): Finding {
    const width = 256 ** (level + 1)
    const where = `between place ${number * width} and place ${(number + 1) * width - 1}`
    return isThere
      ? findingOf('unproven', `Something sealed ${where} was rewritten together with its hash`, number * width)
      : findingOf('missing', `The tree is damaged: tile ${number} of level ${level}, ${where}, is not there`, number * width)
  }
}

const isBefore = (a: CheckpointRow, b: CheckpointRow): boolean =>
  a.era < b.era || (a.era === b.era && BigInt(a.xid) < BigInt(b.xid))
