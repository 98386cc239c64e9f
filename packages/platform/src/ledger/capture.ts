import type { Id, Instant } from '@throughline/kernel'
import type { RecordRef, RecordVersion } from '@throughline/model'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Part } from '../database/draft.ts'
import { Draft } from '../database/draft.ts'
import type { Tables } from '../database/tables.ts'
import { canonicalJson } from './canonical-json.ts'
import type { CapturedRow } from './captured.ts'
import { takeCaptured, takeLastCaptured } from './captured.ts'
import type { ChangeLeaf } from './leaf.ts'
import { leafHash } from './leaf.ts'

/** A version of a record that is still to be written. */
export interface NewVersion {
  readonly leaf: ChangeLeaf
  readonly text: string
  readonly hash: Buffer
}

/**
 * Lets the transaction change records: the triggers on their tables refuse whatever comes past the door. From here on
 * they gather each changed row.
 */
export async function openCapture(trx: Kysely<Tables>, entryId: Id<'AuditEntry'>): Promise<void> {
  const draft = new Draft()
  await draft.execute(trx, `select ${opensCapture(entryId)(draft)}`)
}

/** The same as a part of another statement, which saves a way to the server and back. */
export const opensCapture =
  (entryId: Id<'AuditEntry'>): Part =>
  (draft) =>
    `set_config('throughline.entry', ${draft.value(entryId)}, true)`

/** What one entry has changed up to now, in the order of its leaves. */
export class ChangeLog {
  readonly #trx: Kysely<Tables>
  readonly #entryId: Id<'AuditEntry'>
  readonly #at: Instant
  readonly #era: number | undefined
  readonly #hashes: Buffer[] = []
  /** What each changed record was before this entry; null = it is new. */
  readonly #before = new Map<string, RecordVersion | null>()

  /** @param era that of the ledger, where it is known */
  constructor(trx: Kysely<Tables>, entryId: Id<'AuditEntry'>, at: Instant, era?: number) {
    this.#trx = trx
    this.#entryId = entryId
    this.#at = at
    this.#era = era
  }

  /** Leaf hashes, in the order of the leaves. */
  get hashes(): readonly Buffer[] {
    return this.#hashes
  }

  /** Writes one new version of each record that was changed since the last call. */
  async flush(): Promise<void> {
    const versions = this.#told(await takeCaptured(this.#trx))
    const draft = new Draft()
    if (versions.length > 0) await draft.execute(this.#trx, insertVersions(versions, this.#era)(draft))
  }

  /** The new versions for the caller to write, who has more to write at once and changes no record from here on. */
  async take(): Promise<NewVersion[]> {
    const captured = await takeLastCaptured(this.#trx)
    return this.#told(captured)
  }

  #told(captured: readonly CapturedRow[]): NewVersion[] {
    const versions = versionsOf(captured, this.#entryId, this.#at)
    for (const { leaf, hash } of versions) {
      this.#hashes.push(hash)
      const { version, previous } = leaf
      if (this.#before.has(nameOf(leaf.record))) continue
      this.#before.set(nameOf(leaf.record), previous === null ? null : { version: version - 1, hash: previous })
    }
    return versions
  }

  /** The version that a record had before this entry; `head` is what it has now. */
  before(record: RecordRef, head: RecordVersion): RecordVersion | null {
    const before = this.#before.get(nameOf(record))
    return before === undefined ? head : before
  }
}

const nameOf = ({ kind, id }: RecordRef): string => `${kind} ${id}`

function versionsOf(rows: readonly CapturedRow[], entryId: Id<'AuditEntry'>, at: Instant): NewVersion[] {
  const byRecord = Map.groupBy(rows, nameOf)
  return [...byRecord.values()].flatMap((changed) => {
    const [first] = changed
    if (first === undefined) return []
    const leaf: ChangeLeaf = {
      type: 'change',
      v: 1,
      entry: entryId,
      at,
      record: { kind: first.kind, id: first.id },
      version: (first.version ?? 0) + 1,
      previous: first.previous,
      rows: changed.map(({ table, before, after }) => ({ table, before, after })),
    }
    const text = canonicalJson(leaf)
    return [{ leaf, text, hash: leafHash(text) }]
  })
}

/** Up to so many rows a statement that lists them costs less than one that unfolds arrays. */
const few = 8

/** The era of new leaves: where it is not known the server is asked, once and not for each leaf. */
export const eraOf =
  (era: number | undefined): Part =>
  (draft) =>
    era === undefined ? '(select platform.current_era())' : `${draft.value(era)}::int`

/** The statement that writes versions, in their order. */
export function insertVersions(versions: readonly NewVersion[], known: number | undefined): Part {
  const into =
    'insert into platform.record_change (era, entry_id, at, record_kind, record_id, version, text, leaf_hash)'
  const [first] = versions
  return (draft) => {
    const era = eraOf(known)(draft)
    const entry = draft.value(first?.leaf.entry)
    const at = draft.value(first?.leaf.at)
    if (versions.length <= few) {
      const rows = versions.map(({ leaf: { record, version }, text, hash }) => {
        const told = [record.kind, record.id, version, text, hash].map((value) => draft.value(value))
        return `(${era}, ${entry}::uuid, ${at}::bigint, ${told.join(', ')})`
      })
      return `${into} values ${rows.join(', ')}`
    }
    const column = <T>(of: (version: NewVersion) => T): string => draft.value(versions.map(of))
    return `${into}
      select ${era}, ${entry}::uuid, ${at}::bigint, each.kind, each.id, each.version, each.text, each.hash
      from unnest(
        ${column(({ leaf }) => leaf.record.kind)}::text[], ${column(({ leaf }) => leaf.record.id)}::text[],
        ${column(({ leaf }) => leaf.version)}::int[], ${column(({ text }) => text)}::text[],
        ${column(({ hash }) => hash)}::bytea[]
      ) with ordinality as each (kind, id, version, text, hash, ordinal)
      order by each.ordinal`
  }
}

/** The newest version of a record; undefined when the ledger knows none. */
export async function findHead(trx: Kysely<Tables>, record: RecordRef): Promise<RecordVersion | undefined> {
  const row = await trx
    .selectFrom('platform.record_change')
    .select(['version', 'leaf_hash'])
    .where('record_kind', '=', record.kind)
    .where('record_id', '=', record.id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { version: row.version, hash: row.leaf_hash.toString('hex') }
}

/** The newest versions of records, of those that the ledger knows, in the order asked for. */
export async function listHeads(
  db: Kysely<Tables>,
  records: readonly RecordRef[],
): Promise<(RecordRef & RecordVersion)[]> {
  if (records.length === 0) return []
  const { rows } = await sql<RecordRef & RecordVersion>`
    select asked.kind, asked.id, head.version, encode(head.leaf_hash, 'hex') as hash
    from unnest(${records.map(({ kind }) => kind)}::text[], ${records.map(({ id }) => id)}::text[])
      with ordinality as asked (kind, id, ordinal)
    cross join lateral (
      select version, leaf_hash from platform.record_change
      where record_kind = asked.kind and record_id = asked.id order by version desc limit 1) as head
    order by asked.ordinal`.execute(db)
  return rows
}
