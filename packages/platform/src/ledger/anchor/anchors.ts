import type { Clock, Instant } from '@throughline/kernel'
import { messageOf, newId } from '@throughline/kernel'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../../database/tables.ts'
import type { FaultList } from '../faults.ts'
import { findCheckpoint, listCheckpoints } from '../store.ts'

/** A checkpoint as it is handed out. */
export interface SignedCheckpoint {
  readonly size: number
  readonly note: string
  readonly at: Instant
}

/** A checkpoint that somebody outside holds. */
export interface Witness {
  /** Where it was found. */
  readonly name: string
  readonly note: string
}

/** A place outside the database to which checkpoints are handed. */
export interface Anchor {
  readonly kind: string
  /** Where to, for people and as part of its name; no secret. */
  readonly target: string
  /** Whether it takes every checkpoint or, now and then, the newest: each covers all before it. */
  readonly takes: 'each' | 'newest'
  /** The least time between two deliveries. */
  readonly everyMs: number
  /** Hands them over, by size; answers what it was given for the last of them, if anything. */
  deliver(checkpoints: readonly SignedCheckpoint[], signal: AbortSignal): Promise<Buffer | null>
  /** The checkpoints that can be fetched back, if it can: they tell whether the ledger was set back. */
  witnesses?(): Promise<Witness[]>
}

const atATime = 100
const patienceMs = 30_000
const firstPauseMs = 10_000
const longestPauseMs = 3_600_000

interface Attempts {
  failed: number
  /** On the scale of performance.now(): a clock that is set must not hold up a retry. */
  notBefore: number
}

/** Hands checkpoints to the anchors, apart from sealing: one that fails is a fault and is tried again. */
export class Anchors {
  readonly #db: Database
  readonly #clock: Clock
  readonly #anchors: readonly Anchor[]
  readonly #faults: FaultList
  readonly #log: Logger
  readonly #attempts = new Map<Anchor, Attempts>()
  #round: Promise<void> | undefined

  constructor(db: Database, clock: Clock, anchors: readonly Anchor[], faults: FaultList, log: Logger) {
    this.#db = db
    this.#clock = clock
    this.#anchors = anchors
    this.#faults = faults
    this.#log = log
  }

  /** Hands over what is due; a round that is under way goes on instead. */
  wake(): Promise<void> {
    this.#round ??= this.#handAll().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async #handAll(): Promise<void> {
    await Promise.all(this.#anchors.map((anchor) => this.#handTo(anchor)))
  }

  async #handTo(anchor: Anchor): Promise<void> {
    const attempts = this.#attempts.get(anchor) ?? { failed: 0, notBefore: 0 }
    if (performance.now() < attempts.notBefore) return
    const what = `${anchor.kind} ${anchor.target}`
    try {
      await this.#handDue(anchor)
      this.#attempts.delete(anchor)
      this.#faults.clear(what)
    } catch (error) {
      const pauseMs = Math.min(firstPauseMs * 2 ** attempts.failed, longestPauseMs)
      this.#attempts.set(anchor, { failed: attempts.failed + 1, notBefore: performance.now() + pauseMs })
      if (this.#faults.raise(what, messageOf(error))) {
        this.#log.warn(
          { anchor: what, reason: messageOf(error) },
          'a checkpoint could not be anchored and will be again',
        )
      }
    }
  }

  async #handDue(anchor: Anchor): Promise<void> {
    for (;;) {
      const last = await this.#lastOf(anchor)
      if (last !== undefined && this.#clock.now() - last.at < anchor.everyMs * 1000) return
      const newest = anchor.takes === 'newest' ? await findCheckpoint(this.#db) : undefined
      const due =
        newest === undefined
          ? await listCheckpoints(this.#db, last?.size ?? 0, Number.MAX_SAFE_INTEGER, atATime)
          : [newest].filter(({ size }) => size > (last?.size ?? 0))
      const latest = due.at(-1)
      if (latest === undefined) return
      const evidence = await anchor.deliver(due, AbortSignal.timeout(patienceMs))
      const now = this.#clock.now()
      await sql`insert into platform.ledger_anchor (id, size, kind, target, at, evidence)
        values (${newId<'LedgerAnchor'>(now)}, ${latest.size}, ${anchor.kind}, ${anchor.target}, ${now}, ${evidence})
      `.execute(this.#db)
      if (due.length < atATime) return
    }
  }

  async #lastOf({ kind, target }: Anchor): Promise<{ size: number; at: Instant } | undefined> {
    const found = await sql<{ size: number; at: Instant }>`
      select size, at from platform.ledger_anchor where kind = ${kind} and target = ${target}
      order by size desc limit 1`.execute(this.#db)
    return found.rows[0]
  }
}
