import { hash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '@throughline/platform'
import { canonicalJson, openDatabase } from '@throughline/platform'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { ForgedKey, textOf } from './forged-key.ts'
import { leafHashOf, rootOf, tileWidth } from './merkle-tree.ts'
import type { Leaf, Original } from './original.ts'
import type { Premises } from './product.ts'

/** A leaf of the ledger as JSON. */
export interface LeafJson {
  readonly [field: string]: unknown
  readonly type: 'entry' | 'change'
  readonly entry?: string
  readonly id?: string
  readonly record?: { readonly kind: string; readonly id: string }
  readonly changes?: { readonly count: number; readonly digest: string }
}

/** Whose name stands under the checkpoints of a tree that was made anew. */
export type NewNotes = 'as they were' | 'new roots, old signatures' | readonly ForgedKey[]

/** Somebody with every right on the database, its files and its machine, but without the private key of the ledger. */
export class Forger {
  readonly original: Original
  readonly #premises: Premises
  readonly #db: Database

  constructor(original: Original, premises: Premises) {
    this.original = original
    this.#premises = premises
    // No trigger, no foreign key: what guards the tables is asleep for this session.
    const connection = { ...premises.connection, options: '-c session_replication_role=replica' }
    this.#db = openDatabase(connection, { asOwner: true, maxConnections: 1 })
  }

  get connection(): Premises['connection'] {
    return this.#premises.connection
  }

  async leave(): Promise<void> {
    await this.#db.destroy()
  }

  /** Answers the rows. */
  async run<Row>(statement: RawBuilder<Row>): Promise<Row[]> {
    return (await statement.execute(this.#db)).rows
  }

  async setText({ table, seq }: Leaf, text: string, alsoHash: boolean): Promise<void> {
    const made = alsoHash ? sql`, leaf_hash = ${leafHashOf(text)}` : sql``
    await this.run(sql`update ${sql.table(`platform.${table}`)} set text = ${text} ${made} where seq = ${seq}`)
  }

  async setColumn({ table, seq }: Leaf, column: string, value: RawBuilder<unknown>): Promise<void> {
    await this.run(sql`update ${sql.table(`platform.${table}`)} set ${sql.ref(column)} = ${value} where seq = ${seq}`)
  }

  async remove({ table, seq }: Leaf): Promise<void> {
    await this.run(sql`delete from ${sql.table(`platform.${table}`)} where seq = ${seq}`)
  }

  /** Takes away what came after a checkpoint, with the checkpoint's own followers. */
  async truncateTo(size: number): Promise<void> {
    const last = this.original.leaves[size - 1]
    if (last === undefined) throw new RangeError(`there is no leaf ${size - 1}`)
    const behind = sql`where (era, xid, seq) > (${last.era}::int, ${last.xid}::text::xid8, ${last.seq}::bigint)`
    await this.run(sql`delete from platform.audit_entry ${behind}`)
    await this.run(sql`delete from platform.record_change ${behind}`)
    await this.run(sql`delete from platform.ledger_tile where (number + 1) * ${tileWidth} > ${size}`)
    await this.run(sql`delete from platform.ledger_anchor where size > ${size}`)
    await this.run(sql`delete from platform.ledger_checkpoint where size > ${size}`)
  }

  /** Changes one leaf and everything that follows from it: digests, versions, tiles, tails, roots. */
  async rewrite(target: Leaf, change: (leaf: LeafJson) => LeafJson, notes: NewNotes): Promise<void> {
    const hashes = await this.#rewriteLeaves(target, change)
    const sealed = hashes.slice(0, this.original.sealed)
    await this.#rewriteTiles(sealed)
    await this.#rewriteCheckpoints(sealed, notes)
  }

  /** Puts keys of its own in the place of the ledger's: notes that introduce each other, and the files. */
  async replaceKeys(): Promise<ForgedKey[]> {
    const made: ForgedKey[] = []
    const notes = await this.run(
      sql<{ number: number; note: string }>`select number, note from platform.ledger_key order by number`,
    )
    for (const { number, note } of notes) {
      const lines = textOf(note).split('\n')
      const key = new ForgedKey(`throughline/${this.original.ledgerId}/key-${number}`)
      lines[2] = key.text
      const text = lines.join('\n')
      const signed = `${key.note(text)}${made.at(-1)?.lineUnder(text) ?? ''}`
      await this.run(sql`update platform.ledger_key set note = ${signed} where number = ${number}`)
      await this.replaceKeyFile(number, key)
      made.push(key)
    }
    return made
  }

  async replaceKeyFile(number: number, key: ForgedKey): Promise<void> {
    const file = join(this.#premises.keyDir, `ledger-${this.original.ledgerId}-key-${number}.pem`)
    const isThere = await readFile(file).then(
      () => true,
      () => false,
    )
    if (isThere) await writeFile(file, key.pem)
  }

  async #rewriteLeaves(target: Leaf, change: (leaf: LeafJson) => LeafJson): Promise<Buffer[]> {
    const heads = new Map<string, string>()
    const ofEntry = new Map<string, Buffer[]>()
    const hashes: Buffer[] = []
    for (const leaf of this.original.leaves) {
      const told = JSON.parse(leaf.text) as LeafJson
      const wanted = leaf === target ? change(told) : told
      const text = canonicalJson(
        wanted.type === 'change'
          ? { ...wanted, previous: heads.get(leaf.record ?? '') ?? null }
          : { ...wanted, changes: { ...wanted.changes, digest: digestOf(ofEntry.get(leaf.entry) ?? []) } },
      )
      const made = leafHashOf(text)
      if (wanted.type === 'change') {
        heads.set(leaf.record ?? '', made.toString('hex'))
        ofEntry.set(leaf.entry, [...(ofEntry.get(leaf.entry) ?? []), made])
      }
      hashes.push(made)
      if (text !== leaf.text) await this.setText(leaf, text, true)
    }
    return hashes
  }

  async #rewriteTiles(hashes: readonly Buffer[]): Promise<void> {
    for (let number = 0; (number + 1) * tileWidth <= hashes.length; number += 1) {
      const tile = Buffer.concat(hashes.slice(number * tileWidth, (number + 1) * tileWidth))
      await this.run(sql`update platform.ledger_tile set hashes = ${tile} where level = 0 and number = ${number}`)
    }
  }

  async #rewriteCheckpoints(hashes: readonly Buffer[], notes: NewNotes): Promise<void> {
    let since = 0
    for (const { size, note } of this.original.checkpoints) {
      const tail = Buffer.concat(hashes.slice(Math.max(since, size - (size % tileWidth)), size))
      const next = notes === 'as they were' ? note : noteOver(note, rootOf(hashes.slice(0, size)), notes)
      await this.run(sql`update platform.ledger_checkpoint set tail = ${tail}, note = ${next} where size = ${size}`)
      since = size
    }
  }
}

/** A checkpoint with another root. */
export function noteOver(note: string, root: Buffer, notes: Exclude<NewNotes, 'as they were'>): string {
  const text = textOf(note).replace(/^(.*\n.*\n).*\n/, (_, head: string) => `${head}${root.toString('base64')}\n`)
  if (typeof notes === 'string') return `${text}${note.slice(textOf(note).length)}`
  const signer = notes.find(({ name }) => note.includes(`\n— ${name} `))
  if (signer === undefined) throw new RangeError('no forged key has the name of the one that signed this checkpoint')
  return signer.note(text)
}

const digestOf = (hashes: readonly Buffer[]): string => hash('sha256', Buffer.concat(hashes))
