import type { Instant } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

/** Up to where leaves are sealed: everything of this transaction and of those before it. */
export interface Bound {
  readonly era: number
  /** A transaction number (xid8), as decimal text: too large for a double. */
  readonly xid: string
}

/** Where a leaf stands in the order of sealing. */
export interface Position extends Bound {
  readonly seq: number
}

export interface LeafHash extends Position {
  readonly hash: Buffer
}

export interface CheckpointRow extends Bound {
  readonly size: number
  readonly note: string
  readonly at: Instant
  readonly tail: Buffer
}

export interface Tile {
  readonly level: number
  readonly number: number
  /** 256 hashes of 32 bytes. */
  readonly hashes: Buffer
}

type Connection = Kysely<Tables>

/** One number for the whole product: programs on one database that write checkpoints or keys take turns. */
const ledgerLock = 7_482_190_312

/** Before the first leaf. */
export const beginning: Position = { era: 0, xid: '0', seq: 0 }
/** Behind every leaf there will ever be. */
export const theEnd: Bound = { era: 2 ** 31 - 1, xid: '9223372036854775807' }
/** Behind the last leaf of a bound. */
export const after = ({ era, xid }: Bound): Position => ({ era, xid, seq: Number.MAX_SAFE_INTEGER })

const bound = ({ era, xid }: Bound) => sql`(${era}::int, ${xid}::text::xid8)`
const position = ({ era, xid, seq }: Position) => sql`(${era}::int, ${xid}::text::xid8, ${seq}::bigint)`

/** Waits for its turn; held until the transaction ends. */
export async function takeLedgerTurn(trx: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(ledgerLock)})`.execute(trx)
}

/** The ledger's own id, chosen once. */
export async function ensureLedgerId(db: Connection, id: string, at: Instant): Promise<string> {
  await sql`insert into platform.ledger (id, created_at) values (${id}::uuid, ${at}) on conflict do nothing`.execute(db)
  const found = await sql<{ id: string }>`select id from platform.ledger`.execute(db)
  return found.rows[0]?.id ?? id
}

/** In which era of the ledger this cluster is: it begins with the start of a program, before its work does. */
export async function findEra(db: Connection): Promise<number> {
  const found = await sql<{ era: number }>`select platform.current_era() as era`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new TypeError('a select without a table gave no row')
  return row.era
}

/** How often the server is asked again when a transaction ended between two looks at it. */
const looks = 10

/**
 * No transaction up to here can add a leaf any more. It is held back by any transaction that has written something in this
 * database and goes on for long. Transaction numbers are the cluster's; those of which the server says that they are at
 * work in another database are left out. Of an answer to an answer it may go back: a number of another database may have
 * ended before anybody could say where it was.
 */
export async function findSealable(db: Connection): Promise<Bound> {
  for (let look = 1; ; look += 1) {
    const { era, oldest, hasEnded } = await findOldestOpen(db)
    if (!hasEnded || look === looks) return { era, xid: before(oldest) }
  }
}

/**
 * The oldest transaction that may still add a row here, or the next that will begin.
 * Only what is said to be elsewhere is left out, never what is not said to be here: so a look at the list of backends that
 * comes late, or shows too little, makes the answer older and never wrong.
 */
export async function findOldestOpen(db: Connection): Promise<{ era: number; oldest: string; hasEnded: boolean }> {
  const found = await sql<{ era: number; oldest: string; hasEnded: boolean }>`
    with now as materialized (select pg_current_snapshot() as snapshot),
    here as materialized (select oid from pg_database where datname = current_database()),
    known as materialized (
      select backend_xid as xid, datid <> here.oid as elsewhere from pg_stat_activity, here where backend_xid is not null
      union all
      select transaction, database <> current_database() from pg_prepared_xacts
    ),
    open (xid) as materialized (
      select pg_snapshot_xip(snapshot) from now
      union all
      select pg_current_xact_id_if_assigned()
    ),
    oldest as (
      select open.xid, known.xid is null as ended from open left join known on known.xid = open.xid::xid
      where open.xid is not null and known.elsewhere is not true order by open.xid limit 1
    )
    select platform.current_era() as era, coalesce(oldest.xid, pg_snapshot_xmax(now.snapshot))::text as oldest,
      coalesce(oldest.ended, false) as "hasEnded"
    from now left join oldest on true`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new TypeError('a select without a table gave no row')
  return row
}

/** A transaction number above those of all that have written something by now. */
export async function takeTransactionNumber(db: Connection): Promise<bigint> {
  const found = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
  return BigInt(found.rows[0]?.xid ?? 0)
}

const before = (xid: string): string => String(BigInt(xid) - 1n)

/** The hashes of the leaves behind `from`, up to and with `to`, in the order of sealing. */
export async function listLeafHashes(db: Connection, from: Position, to: Bound, limit: number): Promise<LeafHash[]> {
  const part = (table: 'audit_entry' | 'record_change') => sql`
    (select era, xid, seq, leaf_hash from ${sql.id('platform', table)}
     where (era, xid, seq) > ${position(from)} and (era, xid) <= ${bound(to)}
     order by era, xid, seq limit ${limit})`
  const found = await sql<LeafHash>`
    select era, xid::text as xid, seq, leaf_hash as hash from (${part('audit_entry')} union all ${part('record_change')}) leaf
    order by leaf.era, leaf.xid, leaf.seq limit ${limit}`.execute(db)
  return found.rows
}

/** The texts of leaves, by sequence number. No index leads by the number alone to a version of a record. */
export async function findTexts(db: Connection, leaves: readonly Position[]): Promise<ReadonlyMap<number, string>> {
  const column = <T>(of: (leaf: Position) => T) => sql`${leaves.map(of)}`
  const part = (table: 'audit_entry' | 'record_change') => sql`
    select leaf.seq, leaf.text from wanted join ${sql.id('platform', table)} leaf
      on leaf.era = wanted.era and leaf.xid = wanted.xid and leaf.seq = wanted.seq`
  const found = await sql<{ seq: number; text: string }>`
    with wanted as (
      select era, xid::xid8, seq
      from unnest(${column(({ era }) => era)}::int[], ${column(({ xid }) => xid)}::text[], ${column(({ seq }) => seq)}::bigint[])
        as each (era, xid, seq))
    ${part('audit_entry')} union all ${part('record_change')}`.execute(db)
  return new Map(found.rows.map(({ seq, text }) => [seq, text]))
}

/** How many leaves stand behind `from` and before `to`. */
export async function countLeaves(db: Connection, from: Position, to: Position): Promise<number> {
  const part = (table: 'audit_entry' | 'record_change') => sql`
    (select count(*) from ${sql.id('platform', table)}
     where (era, xid, seq) > ${position(from)} and (era, xid, seq) < ${position(to)})`
  const found = await sql<{ n: number }>`select ${part('audit_entry')} + ${part('record_change')} as n`.execute(db)
  return found.rows[0]?.n ?? 0
}

/** When the oldest leaf behind `from` was recorded. */
export async function findOldest(db: Connection, from: Position): Promise<Instant | undefined> {
  const part = (table: 'audit_entry' | 'record_change') => sql`
    (select at from ${sql.id('platform', table)} where (era, xid, seq) > ${position(from)} order by era, xid, seq limit 1)`
  const found = await sql<{ at: Instant | null }>`
    select min(at) as at from (${part('audit_entry')} union all ${part('record_change')}) leaf`.execute(db)
  return found.rows[0]?.at ?? undefined
}

/** Adds full tiles, and answers all of them as they stand now: another program may have been quicker. */
export async function keepTiles(db: Connection, tiles: readonly Tile[]): Promise<Tile[]> {
  if (tiles.length === 0) return []
  const levels = sql`${tiles.map(({ level }) => level)}::int[]`
  const numbers = sql`${tiles.map(({ number }) => number)}::bigint[]`
  await sql`
    insert into platform.ledger_tile (level, number, hashes)
    select * from unnest(${levels}, ${numbers}, ${tiles.map(({ hashes }) => hashes)}::bytea[])
    on conflict do nothing`.execute(db)
  const kept = await sql<Tile>`
    select tile.level, tile.number, tile.hashes from unnest(${levels}, ${numbers}) with ordinality as wanted (level, number, nth)
    join platform.ledger_tile tile on tile.level = wanted.level and tile.number = wanted.number order by wanted.nth`.execute(
    db,
  )
  return kept.rows
}

/** The tiles of a level from number `from` up to `to`, by number; those that are not there are left out. */
export async function listTiles(db: Connection, level: number, from: number, to: number): Promise<Tile[]> {
  const found = await sql<Tile>`
    select level, number, hashes from platform.ledger_tile
    where level = ${level} and number >= ${from} and number < ${to} order by number`.execute(db)
  return found.rows
}

const checkpointColumns = sql`size, note, at, era, xid::text as xid, tail`

/** The newest checkpoint of at most `size` leaves. */
export async function findCheckpoint(
  db: Connection,
  size = Number.MAX_SAFE_INTEGER,
): Promise<CheckpointRow | undefined> {
  const found = await sql<CheckpointRow>`
    select ${checkpointColumns} from platform.ledger_checkpoint where size <= ${size} order by size desc limit 1`.execute(
    db,
  )
  return found.rows[0]
}

/** The checkpoints of more than `from` and at most `to` leaves, by size. */
export async function listCheckpoints(
  db: Connection,
  from: number,
  to: number,
  limit: number,
): Promise<CheckpointRow[]> {
  const found = await sql<CheckpointRow>`
    select ${checkpointColumns} from platform.ledger_checkpoint
    where size > ${from} and size <= ${to} order by size limit ${limit}`.execute(db)
  return found.rows
}

/** The last checkpoint that was made before this transaction could be sealed, and the first that has it. */
export async function findCheckpointsAround(
  db: Connection,
  at: Bound,
): Promise<{ before: CheckpointRow | undefined; sealing: CheckpointRow | undefined }> {
  const [earlier, later] = await Promise.all([
    sql<CheckpointRow>`select ${checkpointColumns} from platform.ledger_checkpoint
      where (era, xid) < ${bound(at)} order by era desc, xid desc, size desc limit 1`.execute(db),
    sql<CheckpointRow>`select ${checkpointColumns} from platform.ledger_checkpoint
      where (era, xid) >= ${bound(at)} order by era, xid, size limit 1`.execute(db),
  ])
  return { before: earlier.rows[0], sealing: later.rows[0] }
}

export async function insertCheckpoint(db: Connection, made: CheckpointRow): Promise<void> {
  await sql`insert into platform.ledger_checkpoint (size, note, at, era, xid, tail)
    values (${made.size}, ${made.note}, ${made.at}, ${made.era}, ${made.xid}::text::xid8, ${made.tail})`.execute(db)
}

/** The notes that introduce the keys, from key 1. */
export async function listKeyNotes(db: Connection): Promise<{ number: number; note: string }[]> {
  const found = await sql<{ number: number; note: string }>`
    select number, note from platform.ledger_key order by number`.execute(db)
  return found.rows
}

export async function insertKey(db: Connection, number: number, note: string, at: Instant): Promise<void> {
  await sql`insert into platform.ledger_key (number, note, introduced_at) values (${number}, ${note}, ${at})`.execute(
    db,
  )
}
