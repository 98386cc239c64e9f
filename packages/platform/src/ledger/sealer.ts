import type { Clock } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import type { Database, Tables } from '../database/tables.ts'
import { checkpointText, openCheckpoint } from './checkpoint.ts'
import { Frontier } from './frontier.ts'
import type { KeyFolder, LedgerKey } from './keys.ts'
import { introduce, readKey, readKeys } from './keys.ts'
import type { ClockStatus } from './leaf.ts'
import type { NoteSigner } from './note.ts'
import { signNote } from './note.ts'
import type { Bound, CheckpointRow, Position, Tile } from './store.ts'
import {
  after,
  beginning,
  findCheckpoint,
  findSealable,
  insertCheckpoint,
  insertKey,
  keepTiles,
  listKeyNotes,
  listLeafHashes,
  takeLedgerTurn,
} from './store.ts'
import { StoredTree } from './tree.ts'

/** Leaf hashes are read so many at a time: a plant that was imported may have millions to seal at its first start. */
const leavesAtATime = 10_000

interface Edge {
  readonly frontier: Frontier
  position: Position
}

/** What a sealer signs with, and what it says about itself. */
export interface SealerOptions {
  readonly ledgerId: string
  readonly keys: KeyFolder
  readonly software: string
  readonly clockStatus: () => ClockStatus
}

/**
 * Gives leaves their places: extends the tree by what was committed, and signs checkpoints. Writers never wait for it.
 * Several programs may seal one database: the order follows from the leaves alone, so all of them grow the same tree.
 */
export class Sealer {
  readonly #db: Database
  readonly #clock: Clock
  readonly #options: SealerOptions
  #edge: Edge | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(db: Database, clock: Clock, options: SealerOptions) {
    this.#db = db
    this.#clock = clock
    this.#options = options
  }

  /**
   * Gives every leaf its place that no open transaction can still get in front of. Answers the size of the tree, and the
   * bound up to which it holds everything.
   *
   * @throws DomainError `conflict` when the tree in the database is not the one that was signed
   */
  seal(): Promise<{ size: number; position: Position }> {
    return this.#inTurn(() => this.#seal())
  }

  /** Seals, and signs what is sealed; undefined when nothing was sealed since the last checkpoint. */
  checkpoint(): Promise<CheckpointRow | undefined> {
    return this.#inTurn(async () => {
      await this.#seal()
      return await this.#sign()
    })
  }

  /** Seals and signs with the old key a last time, then lets a new one take over, which the old one introduces. */
  rotateKey(): Promise<LedgerKey> {
    const { ledgerId, keys } = this.#options
    return this.#inTurn(async () => {
      await this.#seal()
      await this.#sign()
      const [old, introduced] = await this.#db.transaction().execute(async (trx) => {
        await takeLedgerTurn(trx)
        const current = await currentKey(trx, ledgerId)
        return [current, await addKey(trx, this.#clock, this.#options, current, await keys.load(current))] as const
      })
      await keys.forget(old.number)
      return introduced
    })
  }

  /** One after the other: they share the edge of the tree. */
  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#turn.then(work)
    this.#turn = answer.catch(() => {
      // What was not kept in the database must not stay in memory.
      this.#edge = undefined
    })
    return answer
  }

  async #seal(): Promise<{ size: number; position: Position }> {
    this.#edge ??= await restoreEdge(this.#db, this.#options.ledgerId)
    const edge = this.#edge
    const sealable = await findSealable(this.#db)
    for (;;) {
      const leaves = await listLeafHashes(this.#db, edge.position, sealable, leavesAtATime)
      await keep(
        this.#db,
        leaves.flatMap(({ hash }) => edge.frontier.append(hash)),
      )
      if (leaves.length < leavesAtATime) break
      edge.position = leaves.at(-1) ?? edge.position
    }
    // What was sealable once stays so, whatever less is known of it now.
    if (isBehind(edge.position, sealable)) edge.position = after(sealable)
    return { size: edge.frontier.size, position: edge.position }
  }

  async #sign(): Promise<CheckpointRow | undefined> {
    const edge = this.#edge
    const { ledgerId, keys, software, clockStatus } = this.#options
    if (edge === undefined) return undefined
    return await this.#db.transaction().execute(async (trx) => {
      await takeLedgerTurn(trx)
      const { size } = edge.frontier
      const last = await findCheckpoint(trx)
      if (size <= (last?.size ?? 0)) return undefined
      const signer = await keys.load(await currentKey(trx, ledgerId))
      const at = this.#clock.now()
      const root = edge.frontier.root()
      const text = checkpointText(ledgerId, { size, root, at, software, clock: clockStatus() })
      const { era, xid } = edge.position
      const made = { size, note: signNote(text, [signer]), at, era, xid, tail: edge.frontier.tail(last?.size ?? 0) }
      await insertCheckpoint(trx, made)
      return made
    })
  }
}

const isBehind = (position: Position, bound: Bound): boolean =>
  bound.era > position.era || (bound.era === position.era && BigInt(bound.xid) >= BigInt(position.xid))

async function restoreEdge(db: Database, ledgerId: string): Promise<Edge> {
  const last = await findCheckpoint(db)
  if (last === undefined) return { frontier: new Frontier(), position: beginning }
  const keys = (await listKeyNotes(db)).map(({ number, note }) => readKey(ledgerId, number, note))
  const signed = openCheckpoint(ledgerId, keys, last.note)
  const frontier = await Frontier.of(await StoredTree.open(db, last.size))
  // Signing on from a tree that was tampered with would give the forger's work our signature.
  if (signed?.size !== last.size || !signed.root.equals(frontier.root())) throw treeBroken(last.size)
  return { frontier, position: after(last) }
}

async function keep(db: Database, full: readonly Tile[]): Promise<void> {
  const kept = await keepTiles(db, full)
  const other = full.find((tile, i) => kept[i]?.hashes.equals(tile.hashes) !== true)
  if (other !== undefined) throw treeBroken(other.number * 256 ** (other.level + 1))
}

async function currentKey(trx: Kysely<Tables>, ledgerId: string): Promise<LedgerKey> {
  const last = (await listKeyNotes(trx)).at(-1)
  if (last !== undefined) return readKey(ledgerId, last.number, last.note)
  throw new DomainError('defect', 'platform.ledger-keyless', 'The ledger has no key yet')
}

/**
 * Makes sure that the ledger has a key and that its private half is here. Run in a transaction, as the first of all. Where
 * the note of the key was forged, sealing and the check will say so: the start goes on, so that they can.
 *
 * @param isNewWanted lets a new key take over that the one before it does not introduce, because that one is lost
 * @throws DomainError `unavailable` when the private key is missing; `conflict` when there is nothing to replace
 */
export async function ensureKey(
  trx: Kysely<Tables>,
  clock: Clock,
  options: Pick<SealerOptions, 'ledgerId' | 'keys'>,
  isNewWanted: boolean,
): Promise<void> {
  await takeLedgerTurn(trx)
  const notes = await listKeyNotes(trx)
  if (notes.length === 0) {
    await addKey(trx, clock, options)
    return
  }
  const current = readKeys(options.ledgerId, notes).at(-1)
  if (current?.number !== notes.length) return
  if (!isNewWanted) {
    await options.keys.load(current)
    return
  }
  const isHere = await options.keys.load(current).then(
    () => true,
    () => false,
  )
  if (isHere) throw keyPresent(current.number)
  await addKey(trx, clock, options, current)
}

async function addKey(
  trx: Kysely<Tables>,
  clock: Clock,
  { ledgerId, keys }: Pick<SealerOptions, 'ledgerId' | 'keys'>,
  current?: LedgerKey,
  introducer?: NoteSigner,
): Promise<LedgerKey> {
  const number = (current?.number ?? 0) + 1
  const signer = await keys.make(number)
  const from = (await findCheckpoint(trx))?.size ?? 0
  const at = clock.now()
  const note = introduce(ledgerId, signer, { number, from, at }, introducer)
  await insertKey(trx, number, note, at)
  return readKey(ledgerId, number, note)
}

const keyPresent = (number: number): DomainError =>
  new DomainError(
    'conflict',
    'platform.ledger-key-present',
    `Key ${number} of the ledger is here: start without THROUGHLINE_NEW_LEDGER_KEY, and let the key be rotated instead`,
    { key: number },
  )

const treeBroken = (size: number): DomainError =>
  new DomainError(
    'conflict',
    'platform.ledger-tree-broken',
    `The ledger's tree in the database is not the one that was signed (up to place ${size}): nothing more is sealed. Run the check of the ledger, and restore it from a backup`,
    { size },
  )
