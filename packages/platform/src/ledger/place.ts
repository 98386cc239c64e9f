import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Position } from './store.ts'
import { after, beginning, countLeaves, findCheckpoint, findCheckpointsAround } from './store.ts'

/** Where a leaf stands in the tree, and the sizes of the checkpoint before it and of the first that has it. */
export interface LeafPlace {
  readonly place: number
  readonly since: number
  readonly checkpoint: number
}

/** The place of the leaf with this sequence number; undefined when there is none, or it is not sealed yet. */
export async function findPlace(db: Kysely<Tables>, seq: number): Promise<LeafPlace | undefined> {
  const found = await sql<Position>`
    select era, xid::text as xid, seq from platform.audit_entry where seq = ${seq}
    union all select era, xid::text, seq from platform.record_change where seq = ${seq}`.execute(db)
  const [leaf] = found.rows
  return leaf && (await placeAt(db, leaf))
}

/** The same for a leaf whose position is known. Counts only the leaves since the checkpoint before it. */
export async function placeAt(db: Kysely<Tables>, leaf: Position): Promise<LeafPlace | undefined> {
  const { before, sealing } = await findCheckpointsAround(db, leaf)
  if (sealing === undefined) return undefined
  const since = before?.size ?? 0
  const between = await countLeaves(db, before === undefined ? beginning : after(before), leaf)
  return { place: since + between, since, checkpoint: sealing.size }
}

/** The leaf at a place, as its text; undefined when the tree does not reach so far. */
export async function findLeafAt(db: Kysely<Tables>, place: number): Promise<string | undefined> {
  const before = await findCheckpoint(db, place)
  const { era, xid } = before ?? beginning
  const offset = place - (before?.size ?? 0)
  const part = (table: 'audit_entry' | 'record_change') => sql`
    (select era, xid, seq, text from ${sql.id('platform', table)} where (era, xid) > (${era}::int, ${xid}::text::xid8)
     order by era, xid, seq limit ${offset + 1})`
  const found = await sql<{ text: string }>`
    select text from (${part('audit_entry')} union all ${part('record_change')}) leaf
    order by leaf.era, leaf.xid, leaf.seq offset ${offset} limit 1`.execute(db)
  return found.rows[0]?.text
}
