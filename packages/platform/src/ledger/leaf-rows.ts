import type { Instant } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { leafHash } from './leaf.ts'
import type { Bound, Position } from './store.ts'

/** A leaf as it stands in its table: its text, and what people search by. */
export interface LeafRow extends Position {
  readonly type: 'entry' | 'change'
  readonly at: Instant
  readonly text: string
  /** Of the text, as it is now. */
  readonly hash: Buffer
  /** What the table says that it is. */
  readonly keptHash: Buffer
  /** Id of the entry that it is, or belongs to. */
  readonly entry: string
  readonly actor: string | null
  readonly actorKind: string | null
  readonly operation: string | null
  readonly outcome: string | null
  readonly reason: string | null
  readonly kind: string | null
  readonly record: string | null
  readonly version: number | null
  /** Leaf hash of the record's version before this one, as its own row tells it. */
  readonly before: Buffer | null
}

/** Texts may be large: a page of them stays within some megabytes. */
const rowsAtATime = 2000

/** The leaves behind `from`, up to and with `to`, in the order of sealing, page by page. */
export async function* leafRows(db: Kysely<Tables>, from: Position, to: Bound): AsyncGenerator<LeafRow> {
  let position = from
  for (;;) {
    const { era, xid, seq } = position
    const within = sql`(era, xid, seq) > (${era}::int, ${xid}::text::xid8, ${seq}::bigint)
      and (era, xid) <= (${to.era}::int, ${to.xid}::text::xid8) order by era, xid, seq limit ${rowsAtATime}`
    const { rows } = await sql<Omit<LeafRow, 'hash'>>`
      select type, era, xid::text as xid, seq, at, text, leaf_hash as "keptHash", entry, actor, actor_kind as "actorKind",
        operation, outcome, reason, kind, record, version, before
      from (
        (select 'entry' as type, era, xid, seq, at, text, leaf_hash, id::text as entry, actor, actor_kind, operation,
           outcome, reason, null as kind, null as record, null::int as version, null::bytea as before
         from platform.audit_entry where ${within})
        union all
        (select 'change', era, xid, seq, at, text, leaf_hash, entry_id::text, null, null, null, null, null, record_kind,
           record_id, version, (select earlier.leaf_hash from platform.record_change earlier
             where earlier.record_kind = change.record_kind and earlier.record_id = change.record_id
               and earlier.version = change.version - 1)
         from platform.record_change change where ${within})
      ) leaf order by leaf.era, leaf.xid, leaf.seq limit ${rowsAtATime}`.execute(db)
    for (const row of rows) yield { ...row, hash: leafHash(row.text) }
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsAtATime) return
    position = last
  }
}
