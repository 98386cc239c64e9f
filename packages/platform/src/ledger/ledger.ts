import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@throughline/kernel'
import { messageOf, newId, toIso } from '@throughline/kernel'
import type { Logger } from 'pino'
import type { Database } from '../database/tables.ts'
import type { Anchor, Witness } from './anchor/anchors.ts'
import { Anchors } from './anchor/anchors.ts'
import type { BundleDocument, ExportSubject } from './bundle.ts'
import { exportBundle } from './bundle.ts'
import type { LedgerCheck } from './check.ts'
import { checkLedger } from './check.ts'
import { assertUndamaged } from './damage.ts'
import type { LedgerFault } from './faults.ts'
import { FaultList } from './faults.ts'
import type { LedgerKey } from './keys.ts'
import { KeyFolder, readKeys } from './keys.ts'
import type { ClockStatus } from './leaf.ts'
import { ensureKey, Sealer } from './sealer.ts'
import type { CheckpointRow, Position } from './store.ts'
import { ensureLedgerId, findCheckpoint, findOldest, listKeyNotes, takeTransactionNumber } from './store.ts'
import { StoredTree } from './tree.ts'
import { compareWitnesses } from './witness.ts'

const heldBackAfterMs = 600_000
const stopPatienceMs = 5000
const stopPauseMs = 50
const findingsAtMost = 200

export interface LedgerOptions {
  /** Folder for the private keys: belongs into every backup, and to nobody but the product. */
  readonly keyDir: string
  /** Name of the plant, for people who read a bundle. */
  readonly plant: string
  /** Version of the product, as it stands in checkpoints. */
  readonly software: string
  readonly clockStatus: () => ClockStatus
  readonly log: Logger
  /** Where checkpoints are handed to. Default: nowhere. */
  readonly anchors?: readonly Anchor[]
  /** Lets a new key take over from one whose file is lost; to be used once. */
  readonly newKey?: boolean
  /** How often leaves are given their places. Default: 3 s. */
  readonly sealEveryMs?: number
  /** The least time between two checkpoints. Default: a minute. */
  readonly checkpointEveryMs?: number
}

/** How far the ledger is. */
export interface LedgerStatus {
  readonly id: string
  readonly plant: string
  /** The newest checkpoint; null before the first. */
  readonly checkpoint: { readonly size: number; readonly at: number; readonly note: string } | null
  /** Verifier keys from key 1: whoever checks a bundle needs the first from elsewhere. */
  readonly keys: readonly string[]
  readonly faults: readonly LedgerFault[]
}

/** The tree over all that was recorded: sealed every few seconds, signed every minute, handed to anchors. */
export class Ledger {
  readonly id: string
  readonly #db: Database
  readonly #clock: Clock
  readonly #options: LedgerOptions
  readonly #sealer: Sealer
  readonly #faults: FaultList
  readonly #anchors: Anchors
  #signedSize = 0
  /** The newest checkpoint that this program has seen: a witness against a database that is set back under it. */
  #seen: Witness | undefined
  /** On the scale of performance.now(): a clock that is set must not hold up signing. */
  #signedAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #ticking: Promise<void> = Promise.resolve()
  #isStopped = false

  private constructor(db: Database, clock: Clock, id: string, keys: KeyFolder, options: LedgerOptions) {
    this.id = id
    this.#db = db
    this.#clock = clock
    this.#options = options
    const { software, clockStatus } = options
    this.#sealer = new Sealer(db, clock, { ledgerId: id, keys, software, clockStatus })
    this.#faults = new FaultList(clock)
    this.#anchors = new Anchors(db, clock, options.anchors ?? [], this.#faults, options.log)
  }

  /**
   * Opens the ledger of a migrated database, makes its first key when it has none, compares it with its witnesses, and
   * goes on sealing in the background until `stop()`.
   *
   * @throws DomainError `unavailable` when the private key is missing; `conflict` when `newKey` replaces nothing
   */
  static async open(db: Database, clock: Clock, options: LedgerOptions): Promise<Ledger> {
    const now = clock.now()
    const id = await ensureLedgerId(db, newId<'Ledger'>(now), now)
    const keys = new KeyFolder(options.keyDir, id)
    await db.transaction().execute((trx) => ensureKey(trx, clock, { ledgerId: id, keys }, options.newKey ?? false))
    const ledger = new Ledger(db, clock, id, keys, options)
    ledger.#see(await findCheckpoint(db))
    await ledger.#lookAtWitnesses()
    ledger.#schedule()
    return ledger
  }

  /**
   * Gives places to all leaves that no open transaction can get in front of any more; answers the size of the tree.
   * @throws DomainError `conflict` when the tree in the database is not the one that was signed
   */
  async seal(): Promise<number> {
    return (await this.#readable(this.#sealer.seal())).size
  }

  /** Seals and signs now; undefined when nothing was sealed since the last checkpoint. */
  async checkpoint(): Promise<CheckpointRow | undefined> {
    const made = await this.#readable(this.#sealer.checkpoint())
    if (made !== undefined) {
      this.#see(made)
      this.#signedAt = performance.now()
    }
    return made
  }

  /** A new key takes over, introduced by the one before it, whose private half is destroyed. */
  async rotateKey(): Promise<LedgerKey> {
    return await this.#sealer.rotateKey()
  }

  /**
   * Checks everything that stands in the database, and compares it with the witnesses that the anchors can give back and
   * those given here. A million leaves take well below a minute.
   */
  async check(options: { witnesses?: readonly Witness[]; limit?: number } = {}): Promise<LedgerCheck> {
    const outside = [...(await this.witnesses()), ...(options.witnesses ?? [])]
    const witnesses = this.#seen === undefined ? outside : [...outside, this.#seen]
    const limit = options.limit ?? findingsAtMost
    return { ...(await checkLedger(this.#db, { ledgerId: this.id, witnesses, limit })), witnesses: outside.length }
  }

  /**
   * Signs what there is, and answers the lines of a bundle that proves the subject to a stranger, each with its newline.
   *
   * @param document the record for people, as a file
   * @param witnessSizes sizes of the checkpoints that the reader holds: the bundle is proven against them too
   * @throws DomainError at the first line: `not-found` for a record or a time of which nothing was recorded, `invalid`
   * for places that there are not, `unavailable` when the newest is not signed yet
   */
  async *exportBundle(
    subject: ExportSubject,
    document: BundleDocument | null = null,
    witnessSizes: readonly number[] = [],
  ): AsyncGenerator<string> {
    await this.checkpoint()
    const { plant, software } = this.#options
    const exportedAt = this.#clock.now()
    const context = { ledgerId: this.id, plant, software, exportedAt, document, witnessSizes }
    try {
      yield* exportBundle(this.#db, subject, context)
    } catch (error) {
      await assertUndamaged(this.#db, error)
      throw error
    }
  }

  /** Where checkpoints are handed to. */
  get anchors(): readonly Anchor[] {
    return this.#options.anchors ?? []
  }

  /** What does not work at the moment. */
  faults(): LedgerFault[] {
    return this.#faults.list()
  }

  async status(): Promise<LedgerStatus> {
    const [keys, last] = await Promise.all([this.#keys(), findCheckpoint(this.#db)])
    const checkpoint = last === undefined ? null : { size: last.size, at: last.at, note: last.note }
    return {
      id: this.id,
      plant: this.#options.plant,
      checkpoint,
      keys: keys.map(({ text }) => text),
      faults: this.faults(),
    }
  }

  /** Seals what is being written, waiting a few seconds for it at most, signs it and hands it to the anchors. */
  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#ticking
    try {
      await this.#sealBegun()
      await this.checkpoint()
      await Promise.race([this.#anchors.wake(), delay(stopPatienceMs, undefined, { ref: false })])
    } catch (error) {
      this.#options.log.error({ reason: messageOf(error) }, 'the last leaves stay unsealed until the next start')
    }
  }

  /** What the database says of damaged files is told with what to do. */
  async #readable<Answer>(work: Promise<Answer>): Promise<Answer> {
    try {
      return await work
    } catch (error) {
      await assertUndamaged(this.#db, error)
      throw error
    }
  }

  #see(checkpoint: CheckpointRow | undefined): void {
    if (checkpoint === undefined) return
    this.#signedSize = checkpoint.size
    this.#seen = { name: 'The checkpoint that this program saw last', note: checkpoint.note }
  }

  async #sealBegun(): Promise<void> {
    const last = await takeTransactionNumber(this.#db)
    const end = performance.now() + stopPatienceMs
    for (;;) {
      const { position } = await this.#sealer.seal()
      if (BigInt(position.xid) >= last || performance.now() > end) return
      await delay(stopPauseMs)
    }
  }

  #schedule(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#ticking = this.#tick().finally(() => this.#schedule())
    }, this.#options.sealEveryMs ?? 3000)
  }

  async #tick(): Promise<void> {
    try {
      const { size, position } = await this.#readable(this.#sealer.seal())
      const sinceMs = performance.now() - this.#signedAt
      if (size > this.#signedSize && sinceMs >= (this.#options.checkpointEveryMs ?? 60_000)) await this.checkpoint()
      this.#faults.clear('sealing')
      await this.#watchHorizon(position)
    } catch (error) {
      if (this.#faults.raise('sealing', messageOf(error))) {
        this.#options.log.error({ reason: messageOf(error) }, 'the ledger cannot be sealed')
      }
    }
    // Not waited for: an anchor that hangs holds up nothing.
    this.#anchors
      .wake()
      .catch((error: unknown) => this.#options.log.error({ reason: messageOf(error) }, 'anchoring failed'))
  }

  async #watchHorizon(position: Position): Promise<void> {
    const oldest = await findOldest(this.#db, position)
    if (oldest === undefined || this.#clock.now() - oldest < heldBackAfterMs * 1000) {
      this.#faults.clear('held-back')
      return
    }
    const message = `What was recorded since ${toIso(oldest)} cannot be sealed: a transaction in this database has been open for longer. Find it with "select pid, usename, xact_start from pg_stat_activity where datname = current_database() order by xact_start" and end it`
    if (this.#faults.raise('held-back', message)) this.#options.log.warn(message)
  }

  async #lookAtWitnesses(): Promise<void> {
    const witnesses = await this.witnesses()
    try {
      const tree = await StoredTree.open(this.#db, this.#signedSize)
      const [first] = await compareWitnesses(this.#db, this.id, await this.#keys(), tree, witnesses)
      if (first === undefined) return
      this.#faults.raise('witness', first.message)
      this.#options.log.error({ finding: first.finding, place: first.place }, first.message)
    } catch (error) {
      this.#faults.raise('witness', messageOf(error))
      this.#options.log.error({ reason: messageOf(error) }, 'the ledger cannot be compared with its witnesses')
    }
  }

  /** The checkpoints that can be fetched back from the anchors; one that does not answer is a fault. */
  async witnesses(): Promise<Witness[]> {
    const read = (this.#options.anchors ?? []).map(async (anchor) => {
      try {
        return (await anchor.witnesses?.()) ?? []
      } catch (error) {
        this.#faults.raise(`${anchor.kind} ${anchor.target}`, messageOf(error))
        return []
      }
    })
    return (await Promise.all(read)).flat()
  }

  async #keys(): Promise<LedgerKey[]> {
    return readKeys(this.id, await listKeyNotes(this.#db))
  }
}
