import { createHash } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database, Tables } from '../../database/tables.ts'
import { canonicalJson } from '../canonical-json.ts'
import { findHead } from '../capture.ts'
import type { ChangeLeaf, EntryLeaf } from '../leaf.ts'
import { leafHash } from '../leaf.ts'

/** What one entry changes, for tests of the tree: written as the door writes it, without a door. */
export interface TestChange {
  readonly kind: string
  readonly id: string
  readonly after: Readonly<Record<string, unknown>> | null
  readonly before?: Readonly<Record<string, unknown>> | null
}

const testActor = { id: 'ada', kind: 'person', name: 'Ada', roles: ['operator'] } as const

/** Writes one entry with its changes in one transaction, and answers its leaf. */
export async function record(db: Database, at: Instant, changes: readonly TestChange[] = []): Promise<EntryLeaf> {
  return await db.transaction().execute((trx) => recordIn(trx, at, changes))
}

export async function recordIn(
  trx: Kysely<Tables>,
  at: Instant,
  changes: readonly TestChange[] = [],
): Promise<EntryLeaf> {
  const id = newId<'AuditEntry'>(at)
  const hashes: Buffer[] = []
  for (const change of changes) {
    const head = await findHead(trx, change)
    const leaf: ChangeLeaf = {
      type: 'change',
      v: 1,
      entry: id,
      at,
      record: { kind: change.kind, id: change.id },
      version: (head?.version ?? 0) + 1,
      previous: head?.hash ?? null,
      rows: [{ table: change.kind, before: change.before ?? null, after: change.after }],
    }
    const text = canonicalJson(leaf)
    hashes.push(leafHash(text))
    await sql`insert into platform.record_change (entry_id, at, record_kind, record_id, version, text, leaf_hash)
      values (${id}, ${at}, ${change.kind}, ${change.id}, ${leaf.version}, ${text}, ${leafHash(text)})`.execute(trx)
  }
  const entry: EntryLeaf = {
    type: 'entry',
    v: 1,
    id,
    at,
    actor: testActor,
    operation: 'press.stroke.set',
    input: { changes: changes.length },
    reason: null,
    outcome: 'done',
    origin: '192.0.2.7',
    session: null,
    cause: null,
    software: '0.1.0',
    clock: 'synchronised',
    changes: { count: hashes.length, digest: createHash('sha256').update(Buffer.concat(hashes)).digest('hex') },
  }
  const text = canonicalJson(entry)
  await sql`insert into platform.audit_entry (id, at, actor, actor_kind, operation, outcome, reason, text, leaf_hash)
    values (${id}, ${at}, 'ada', 'person', 'press.stroke.set', 'done', null, ${text}, ${leafHash(text)})`.execute(trx)
  return entry
}

/** Writes `count` entries without changes in one statement, hashed in the database: quick enough for full tiles. */
export async function recordMany(db: Database, at: Instant, count: number): Promise<void> {
  await sql`
    insert into platform.audit_entry (id, at, actor, actor_kind, operation, outcome, reason, text, leaf_hash)
    select leaf.id, ${at}, 'ada', 'person', 'press.stroke.count', 'done', null, leaf.text,
      sha256('\\x00'::bytea || convert_to(leaf.text, 'UTF8'))
    from (
      select each.id, concat('{"actor":{"id":"ada","kind":"person","name":"Ada","roles":["operator"]},"at":', ${String(at)}::text,
        ',"cause":null,"changes":{"count":0,"digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},',
        '"clock":"synchronised","id":"', each.id, '","input":{"n":', each.n, '},"operation":"press.stroke.count","origin":null,',
        '"outcome":"done","reason":null,"session":null,"software":"0.1.0","type":"entry","v":1}') as text
      from (select gen_random_uuid() as id, n from generate_series(1, ${count}::int) n) each
    ) leaf`.execute(db)
}
