import type { Instant } from '@throughline/kernel'
import { DomainError, toIso } from '@throughline/kernel'
import type { RecordRef } from '@throughline/model'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { align } from './align.ts'
import { placeAt } from './place.ts'
import type { LeafHash, Position } from './store.ts'
import { after, beginning, findCheckpoint, listLeafHashes, theEnd } from './store.ts'
import type { StoredTree } from './tree.ts'

/** A leaf that belongs into a bundle. */
export interface PlacedLeaf {
  readonly place: number
  readonly position: Position
}

type Connection = Kysely<Tables>

/** Signatures are records themselves, of the kind that the identity module keeps; their state names what they stand on. */
const signatureKind = 'identity.signature'
const rowsAtATime = 5000

interface RecordLeaf extends LeafHash {
  /** The record that was asked for and that it changes; null = a signature on one, or an entry. */
  readonly kind: string | null
  readonly id: string | null
}

/**
 * Every change of the records, the signatures on them, and the entries of all of them, by place.
 * @throws DomainError `not-found` naming the first that the ledger does not know; `unavailable` when the newest of one is
 * not sealed yet
 */
export async function leavesOfRecords(
  db: Connection,
  tree: StoredTree,
  records: readonly RecordRef[],
): Promise<PlacedLeaf[]> {
  const rows = await listRecordLeaves(db, records)
  const known = new Set(rows.flatMap(({ kind, id }) => (kind === null ? [] : [`${kind} ${id}`])))
  const unknown = records.find(({ kind, id }) => !known.has(`${kind} ${id}`))
  if (unknown !== undefined) {
    const message = `The ledger knows no ${unknown.kind} ${unknown.id}`
    throw new DomainError('not-found', 'platform.ledger-record-unknown', message, { record: unknown })
  }
  const leaves = new Map<number, PlacedLeaf>()
  for (const row of rows) {
    if (leaves.has(row.seq)) continue
    const found = await placeAt(db, row)
    if (found === undefined || found.checkpoint > tree.size) throw unsealed(records)
    leaves.set(row.seq, { place: await settle(tree, row, found), position: row })
  }
  return [...leaves.values()].sort((a, b) => a.place - b.place)
}

async function listRecordLeaves(db: Connection, records: readonly RecordRef[]): Promise<RecordLeaf[]> {
  const found = await sql<RecordLeaf>`
    with asked as (
      select distinct kind, id
      from unnest(${records.map(({ kind }) => kind)}::text[], ${records.map(({ id }) => id)}::text[]) as each (kind, id)
    ), change as (
      select c.era, c.xid, c.seq, c.leaf_hash, c.entry_id, asked.kind, asked.id
      from asked join platform.record_change c on c.record_kind = asked.kind and c.record_id = asked.id
      union all
      select c.era, c.xid, c.seq, c.leaf_hash, c.entry_id, null, null
      from asked join platform.record_change c on c.record_kind = ${sql.lit(signatureKind)}
        and (c.text::jsonb #>> '{rows,0,after,record_kind}') = asked.kind
        and (c.text::jsonb #>> '{rows,0,after,record_id}') = asked.id
    )
    select era, xid::text as xid, seq, leaf_hash as hash, kind, id from change
    union all
    select era, xid::text, seq, leaf_hash, null, null from platform.audit_entry
    where id in (select entry_id from change)
    order by seq`.execute(db)
  return found.rows
}

/**
 * The place where a leaf was sealed. Where leaves before it were taken out, counting leads past it: then it is looked for
 * by its hash, so that the checker names what is missing and not all that follows.
 */
async function settle(tree: StoredTree, row: LeafHash, counted: { place: number; checkpoint: number; since: number }) {
  if (await isSealedAt(tree, row, counted.place)) return counted.place
  for (let place = counted.since; place < counted.checkpoint; place += 1) {
    if (await isSealedAt(tree, row, place)) return place
  }
  return counted.place
}

const isSealedAt = async (tree: StoredTree, row: LeafHash, place: number): Promise<boolean> =>
  (await tree.sealedAt(place))?.equals(row.hash) === true

/** The leaves of the places from `from` up to `to`: a place whose leaf is gone is left out. */
export async function* leavesBetween(
  db: Connection,
  tree: StoredTree,
  from: number,
  to: number,
): AsyncGenerator<PlacedLeaf> {
  const start = await findCheckpoint(db, from)
  const rows = hashesBehind(db, start === undefined ? beginning : after(start))
  for await (const { place, row } of align(rows, (each) => tree.sealedAt(each), start?.size ?? 0, tree.size)) {
    if (place !== null && place >= to) return
    if (place !== null && place >= from && row !== undefined) yield { place, position: row }
  }
}

async function* hashesBehind(db: Connection, from: Position): AsyncGenerator<LeafHash> {
  let position = from
  for (;;) {
    const rows = await listLeafHashes(db, position, theEnd, rowsAtATime)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsAtATime) return
    position = last
  }
}

/**
 * The smallest window of places that holds all that was recorded in a time, `from <= at < to`. Where the clock was set,
 * leaves of other times may stand in between.
 *
 * @throws DomainError `not-found` when nothing was recorded then, or nothing of it is sealed yet
 */
export async function placesOfPeriod(
  db: Connection,
  from: Instant,
  to: Instant,
): Promise<{ from: number; to: number }> {
  const ends = sql`from platform.audit_entry where at >= ${from} and at < ${to} order by era`
  const [first, last] = await Promise.all([
    sql<Position>`select era, xid::text as xid, seq ${ends}, xid, seq limit 1`.execute(db),
    sql<Position>`select era, xid::text as xid, seq ${ends} desc, xid desc, seq desc limit 1`.execute(db),
  ])
  // The changes of an entry stand before it, in the same transaction.
  const begin = first.rows[0] && (await placeAt(db, { ...first.rows[0], seq: 0 }))
  if (begin === undefined || last.rows[0] === undefined) throw nothingRecorded(from, to)
  const end = await placeAt(db, last.rows[0])
  if (end !== undefined) return { from: begin.place, to: end.place + 1 }
  return { from: begin.place, to: (await findCheckpoint(db))?.size ?? 0 }
}

/** Sizes of the checkpoints that first held the first and the last of the leaves. */
export async function checkpointsOf(db: Connection, places: readonly number[]): Promise<number[]> {
  const ends = [places[0], places.at(-1)].filter((place) => place !== undefined)
  const found = await Promise.all(
    ends.map((place) =>
      sql<{ size: number }>`
        select size from platform.ledger_checkpoint where size > ${place} order by size limit 1`.execute(db),
    ),
  )
  return found.flatMap(({ rows }) => rows.map(({ size }) => size))
}

const unsealed = (records: readonly RecordRef[]): DomainError => {
  const [record, ...more] = records
  const about = more.length === 0 ? `${record?.kind} ${record?.id}` : `these ${records.length} records`
  return new DomainError(
    'unavailable',
    'platform.ledger-unsealed',
    `What was recorded last about ${about} is not signed yet: try again in a minute, and look at the faults of the ledger if it stays so`,
    { record },
  )
}

const nothingRecorded = (from: Instant, to: Instant): DomainError =>
  new DomainError(
    'not-found',
    'platform.ledger-window-empty',
    `Nothing was recorded from ${toIso(from)} up to ${toIso(to)}`,
  )
