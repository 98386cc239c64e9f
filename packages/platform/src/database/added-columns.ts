import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { tellRows } from '../ledger/captured.ts'
import type { WatchedTable } from '../ledger/reconcile.ts'
import type { Tables } from './tables.ts'

/** A table of records, as the trigger on it says, with its columns at a moment. */
export interface CapturedTable extends WatchedTable {
  readonly columns: readonly string[]
}

/** The tables of a module whose changes are captured. */
export async function listCapturedTables(trx: Kysely<Tables>, schema: string): Promise<CapturedTable[]> {
  const { rows } = await sql<{ name: string; args: Buffer; columns: string[] }>`
    select c.relname as name, t.tgargs as args, array(
      select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where t.tgname = 'captured' and n.nspname = ${schema} order by c.relname`.execute(trx)
  return rows.map(({ name, args, columns }) => {
    // Each ends with a zero byte.
    const [kind = '', key = '', ...secrets] = args.toString('utf8').split('\0').slice(0, -1)
    return { table: `${schema}.${name}`, kind, key, secrets, columns }
  })
}

/**
 * Tells the ledger of columns that a migration added to records: no trigger hears of that, and without it each row would
 * stand there other than the ledger says. It becomes the next version of each record.
 */
export async function tellAddedColumns(
  trx: Kysely<Tables>,
  schema: string,
  before: readonly CapturedTable[],
): Promise<void> {
  for (const now of await listCapturedTables(trx, schema)) {
    const known = before.find(({ table }) => table === now.table) ?? now
    const added = now.columns.filter((column) => !known.columns.includes(column))
    if (added.length > 0) await tellRows(trx, now, (row) => sql`${row} - ${added}::text[]`)
  }
}
