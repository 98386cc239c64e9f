import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseConnection } from '@throughline/platform'
import { openDatabase, startEmbeddedPostgres } from '@throughline/platform'
import type { HandClock } from '@throughline/testkit'
import { drawsFrom, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import type { Product } from './product.ts'
import { startProduct } from './product.ts'
import { Traffic } from './traffic.ts'

/** A leaf of the original, with what its row says. */
export interface Leaf {
  readonly place: number
  readonly table: 'audit_entry' | 'record_change'
  readonly seq: number
  readonly era: number
  readonly xid: string
  readonly text: string
  readonly hash: Buffer
  /** Id of the entry that it is, or belongs to. */
  readonly entry: string
  /** `<kind> <id>` of the record that a change is of. */
  readonly record: string | null
  /** Whether nothing came after it: a later version of the record would tell of this one. */
  readonly isNewest: boolean
}

export interface CheckpointRow {
  readonly size: number
  readonly note: string
}

/** What is tampered with: the home of a stopped product, and what others know of it. */
export interface Original {
  /** Holds `postgres`, `keys`; copied before it is touched. */
  readonly home: string
  /** Checkpoints as they were handed out. */
  readonly witness: string
  readonly ledgerId: string
  /** Verifier key 1, as a stranger was given it. */
  readonly key: string
  readonly leaves: readonly Leaf[]
  /** Of the newest checkpoint: the leaves from here on have no place yet. */
  readonly sealed: number
  readonly checkpoints: readonly CheckpointRow[]
  /** File of the table of entries, from the cluster's folder. */
  readonly entryFile: string
  /** Copies of the home from earlier, and how many leaves they had. */
  readonly older: readonly { readonly home: string; readonly size: number }[]
  /** Shows the time at which it was stopped. */
  readonly clock: HandClock
}

const bursts = 4

/**
 * Makes a ledger with a life behind it: traffic, signatures, checkpoints, a change of key, and entries that are not sealed
 * yet. Between its parts it is stopped and its home copied, as a backup would.
 */
export async function makeOriginal(folder: string, seed: number, requestsABurst: number): Promise<Original> {
  const home = join(folder, 'original')
  const witness = join(folder, 'witness')
  const clock = handClock()
  const draw = drawsFrom(seed)
  const older: { home: string; size: number }[] = []
  for (let burst = 0; burst < bursts; burst += 1) {
    const isLast = burst === bursts - 1
    const made = await during(home, witness, clock, async (product) => {
      const traffic = new Traffic(product.platform, clock, draw)
      if (burst === 0) await traffic.build()
      await traffic.sign(`signer-${burst}`)
      await traffic.send(requestsABurst)
      await product.ledger.checkpoint()
      if (burst === 1) await product.ledger.rotateKey()
      await traffic.send(Math.ceil(requestsABurst / 3))
      await product.ledger.stop()
      if (isLast) await traffic.send(10)
      return { key: (await product.ledger.status()).keys[0] ?? '', ledgerId: product.ledger.id }
    })
    if (isLast) return { home, witness, ...made.told, ...made.answer, older, clock }
    const copy = join(folder, `older-${burst}`)
    await cp(home, copy, { recursive: true })
    older.push({ home: copy, size: made.told.sealed })
  }
  throw new RangeError('there is at least one burst')
}

type Told = Pick<Original, 'leaves' | 'sealed' | 'checkpoints' | 'entryFile'>

async function during<Answer>(
  home: string,
  witness: string,
  clock: HandClock,
  work: (product: Product) => Promise<Answer>,
): Promise<{ answer: Answer; told: Told }> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'postgres') })
  try {
    const { connection } = server
    const product = await startProduct({ connection, keyDir: join(home, 'keys'), witness }, clock)
    try {
      const answer = await work(product)
      return { answer, told: await readLedger(connection) }
    } finally {
      await product.stop()
    }
  } finally {
    await server.stop()
  }
}

async function readLedger(connection: DatabaseConnection): Promise<Told> {
  const db = openDatabase(connection, { asOwner: true, maxConnections: 1 })
  try {
    const leaves = await sql<Leaf>`
      select (row_number() over (order by era, xid, seq) - 1)::int as place, "table", seq, era, xid::text as xid, text, hash,
        entry, record, "isNewest"
      from (
        select 'audit_entry' as "table", seq, era, xid, text, leaf_hash as hash, id::text as entry, null as record,
          true as "isNewest" from platform.audit_entry
        union all
        select 'record_change', seq, era, xid, text, leaf_hash, entry_id::text, record_kind || ' ' || record_id,
          not exists (select from platform.record_change later where later.record_kind = change.record_kind
            and later.record_id = change.record_id and later.version > change.version)
        from platform.record_change change
      ) leaf order by place`.execute(db)
    const checkpoints = await sql<CheckpointRow>`
      select size, note from platform.ledger_checkpoint order by size`.execute(db)
    const file = await sql<{ path: string }>`select pg_relation_filepath('platform.audit_entry') as path`.execute(db)
    return {
      leaves: leaves.rows,
      checkpoints: checkpoints.rows,
      sealed: checkpoints.rows.at(-1)?.size ?? 0,
      entryFile: file.rows[0]?.path ?? '',
    }
  } finally {
    await db.destroy()
  }
}
