import { DomainError, toIso } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database, Tables } from '../database/tables.ts'
import type { Aligned } from './align.ts'
import { align } from './align.ts'
import type { Witness } from './anchor/anchors.ts'
import { openCheckpoint } from './checkpoint.ts'
import { Contents, nameOf, told } from './contents.ts'
import { damageOf, isDamage } from './damage.ts'
import type { Finding } from './finding.ts'
import { findingOf } from './finding.ts'
import type { LedgerKey } from './keys.ts'
import { isSignedBy, readKey } from './keys.ts'
import type { LeafRow } from './leaf-rows.ts'
import { leafRows } from './leaf-rows.ts'
import type { CheckpointRow } from './store.ts'
import { after, beginning, countLeaves, findCheckpoint, listKeyNotes, theEnd } from './store.ts'
import { StoredTree } from './tree.ts'
import { checkpointGone, TreeWalk } from './tree-walk.ts'
import { compareWitnesses } from './witness.ts'

/** What a check of the whole ledger came to. */
export interface LedgerCheck {
  /** Leaves that were looked at, sealed or not. */
  readonly leaves: number
  /** Size of the newest checkpoint. */
  readonly sealed: number
  readonly checkpoints: number
  /** How many checkpoints from outside were compared. */
  readonly witnesses: number
  /** By place; those that belong to none first, and last what is only known to lie between two places. */
  readonly findings: readonly Finding[]
  /** Whether the check went to the end; it stops when there are too many findings to be of use. */
  readonly isComplete: boolean
}

export interface CheckOptions {
  readonly ledgerId: string
  readonly witnesses: readonly Witness[]
  /** Findings at most. */
  readonly limit: number
}

/**
 * Checks everything that stands in the database, as it stood at one moment: leaves against what was sealed, the tree
 * against every checkpoint, checkpoints against the keys, witnesses against the tree, rows against their texts, and what
 * belongs together against each other. It sees nothing that was rewritten with the private key and without a witness.
 */
export async function checkLedger(db: Database, options: CheckOptions): Promise<LedgerCheck> {
  const check = new Check(options)
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => check.run(trx))
  } catch (error) {
    if (!isDamage(error)) throw error
    return check.brokenOff(await damageOf(db, error))
  }
}

class Check {
  readonly #options: CheckOptions
  readonly #findings: Finding[] = []
  #leaves = 0

  constructor(options: CheckOptions) {
    this.#options = options
  }

  async run(trx: Kysely<Tables>): Promise<LedgerCheck> {
    const { ledgerId, witnesses } = this.#options
    const keys = await this.#readKeys(trx)
    const last = await this.#findLast(trx, keys)
    const tree = await StoredTree.open(trx, last?.size ?? 0)
    this.#findings.push(...tree.lost.map(checkpointGone))
    const walk = new TreeWalk(trx, ledgerId, keys)
    await this.#lookAtLeaves(trx, tree, walk, last)
    // A tree that is damaged cannot be compared, and is told already.
    const compared = await orDamaged(() => compareWitnesses(trx, ledgerId, keys, tree, witnesses))
    this.#findings.push(...(compared ?? []), ...(await this.#lookAtAnchored(trx, tree.size)))
    const isComplete = !this.#isEnough()
    const found = await Promise.all(
      this.#findings.slice(0, this.#options.limit).map((each) => this.#withEntry(trx, each)),
    )
    return {
      leaves: this.#leaves,
      sealed: tree.size,
      checkpoints: walk.checkpoints,
      witnesses: witnesses.length,
      findings: found.sort((a, b) => orderOf(a) - orderOf(b)),
      isComplete,
    }
  }

  /** What was found before the database could not be read any further. */
  brokenOff(finding: Finding): LedgerCheck {
    const counts = { leaves: this.#leaves, sealed: 0, checkpoints: 0, witnesses: 0 }
    return { ...counts, findings: [finding, ...this.#findings], isComplete: false }
  }

  /** The newest checkpoint, without those that nobody signed and that tell of more leaves than there ever were. */
  async #findLast(trx: Kysely<Tables>, keys: readonly LedgerKey[]): Promise<CheckpointRow | undefined> {
    let last = await findCheckpoint(trx)
    while (last !== undefined && !this.#isEnough()) {
      const isSigned = openCheckpoint(this.#options.ledgerId, keys, last.note) !== undefined
      if (isSigned || (await countLeaves(trx, beginning, after(last))) >= last.size) break
      const message = `The checkpoint over ${last.size} leaves of ${toIso(last.at)} is not signed by a key of this ledger, and there are not so many leaves: somebody made it up`
      this.#findings.push(findingOf('forged', message, last.size - 1))
      last = await findCheckpoint(trx, last.size - 1)
    }
    return last
  }

  #isEnough(): boolean {
    return this.#findings.length > this.#options.limit
  }

  async #readKeys(trx: Kysely<Tables>): Promise<LedgerKey[]> {
    const keys: LedgerKey[] = []
    for (const [i, { number, note }] of (await listKeyNotes(trx)).entries()) {
      try {
        const key = readKey(this.#options.ledgerId, i + 1, note)
        const earlier = keys.at(-1)
        if (earlier !== undefined && !isSignedBy(note, earlier)) this.#findings.push(strangeKey(number, key.at))
        keys.push(key)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        this.#findings.push(findingOf('forged', error.message))
      }
    }
    return keys
  }

  async #lookAtLeaves(
    trx: Kysely<Tables>,
    tree: StoredTree,
    walk: TreeWalk,
    last: CheckpointRow | undefined,
  ): Promise<void> {
    const contents = new Contents()
    const gap = new Gap()
    let before: LeafRow | undefined
    const sealed = last === undefined ? noRows() : leafRows(trx, beginning, last)
    for await (const each of align(sealed, (place) => tree.sealedAt(place), 0, tree.size)) {
      if (this.#isEnough()) return
      if (each.place !== null) {
        for await (const finding of walk.add(each.place, each.sealed)) this.#findings.push(finding)
      }
      if (each.row === undefined) {
        gap.add(each.place ?? 0, before)
        continue
      }
      this.#findings.push(...gap.end('missing'), ...lookAtPlace(each, each.row))
      if (each.place !== null) this.#look(contents, each.row, each.place, each.sealed)
      before = each.row
    }
    this.#findings.push(...gap.end('truncated'))
    let place = tree.size
    for await (const row of leafRows(trx, last === undefined ? beginning : after(last), theEnd)) {
      if (this.#isEnough()) return
      this.#look(contents, row, place, row.keptHash)
      if (!row.hash.equals(row.keptHash)) this.#findings.push(alteredUnsealed(row, place))
      place += 1
    }
    this.#findings.push(...contents.finish())
  }

  /** A checkpoint that is noted as handed out was there. */
  async #lookAtAnchored(trx: Kysely<Tables>, size: number): Promise<Finding[]> {
    const found = await sql<{ size: number; kind: string; target: string; at: LedgerKey['at'] }>`
      select size, kind, target, at from platform.ledger_anchor where size > ${size} order by size desc limit 1`.execute(
      trx,
    )
    return found.rows.map((row) =>
      findingOf(
        'truncated',
        `A checkpoint over ${row.size} leaves was handed to ${row.kind} ${row.target} at ${toIso(row.at)}, and the ledger holds ${size}`,
        size,
      ),
    )
  }

  #look(contents: Contents, row: LeafRow, place: number, sealed: Buffer | undefined): void {
    this.#leaves += 1
    this.#findings.push(...contents.look(row, place, sealed ?? row.hash))
  }

  /** A change says what happened; who did it stands in its entry. */
  async #withEntry(trx: Kysely<Tables>, finding: Finding & { readonly entry?: string }): Promise<Finding> {
    const { entry, ...bare } = finding
    if (entry === undefined || finding.operation !== null) return bare
    const found = await sql<{ actor: string; operation: string }>`
      select actor, operation from platform.audit_entry where id::text = ${entry}`.execute(trx)
    return { ...bare, ...found.rows[0] }
  }
}

const orderOf = ({ finding, place }: Finding): number =>
  finding === 'unproven' ? Number.MAX_SAFE_INTEGER : (place ?? -1)

async function* noRows(): AsyncGenerator<LeafRow> {}

function lookAtPlace({ place, sealed, standsAt }: Aligned<LeafRow>, row: LeafRow): Finding[] {
  if (place === null) {
    return [
      told(row, null, 'altered', `${nameOf(row)} stands among sealed leaves and was never sealed: somebody put it in`),
    ]
  }
  if (standsAt !== undefined) {
    return [
      told(row, place, 'reordered', `${nameOf(row)} stands at place ${standsAt} and was sealed at place ${place}`),
    ]
  }
  if (sealed === undefined || row.hash.equals(sealed)) return []
  return [told(row, place, 'altered', `${nameOf(row)} is not what was sealed at place ${place}`)]
}

const alteredUnsealed = (row: LeafRow, place: number): Finding =>
  told(row, place, 'altered', `${nameOf(row)} is not what its hash was made of; it is not sealed yet`)

const strangeKey = (number: number, at: LedgerKey['at']): Finding =>
  findingOf(
    'forged',
    `Key ${number}, in force since ${toIso(at)}, was not introduced by the key before it: either that key was lost and the new one is known to you from elsewhere, or somebody replaced it`,
  )

/** Places next to each other whose leaves are gone: told as one. */
class Gap {
  #from = 0
  #to = 0
  #before: LeafRow | undefined

  add(place: number, before: LeafRow | undefined): void {
    if (this.#to === 0) {
      this.#from = place
      this.#before = before
    }
    this.#to = place + 1
  }

  end(finding: 'missing' | 'truncated'): Finding[] {
    const [from, count] = [this.#from, this.#to - this.#from]
    if (this.#to === 0) return []
    this.#to = 0
    const what = count === 1 ? `The leaf at place ${from} is gone` : `${count} leaves from place ${from} on are gone`
    const where =
      this.#before === undefined ? 'from the beginning' : `after ${nameOf(this.#before)} of ${toIso(this.#before.at)}`
    const end = finding === 'truncated' ? ', and with them the end of the ledger' : ''
    return [findingOf(finding, `${what}, ${where}${end}`, from)]
  }
}

async function orDamaged<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && error.code === 'platform.ledger-tile-missing') return undefined
    throw error
  }
}
