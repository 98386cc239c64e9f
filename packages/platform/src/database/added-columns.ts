import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { tellsOverflow } from '../ledger/captured.ts'
import type { Tables } from './tables.ts'

/** A table of records, as the trigger on it says, with its columns at a moment. */
export interface CapturedTable {
  readonly name: string
  readonly kind: string
  readonly key: string
  readonly secrets: readonly string[]
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
    return { name, kind, key, secrets, columns }
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
  for (const { name, kind, key, secrets, columns } of await listCapturedTables(trx, schema)) {
    const known = before.find((each) => each.name === name)?.columns ?? columns
    const added = columns.filter((column) => !known.includes(column))
    if (added.length === 0) continue
    const now = sql`platform.without_secrets(to_jsonb(each), ${[...secrets]}::text[])`
    await sql`
      with told as (
        insert into pg_temp.captured_change (lines)
        select jsonb_build_array(${`${schema}.${name}`}::text, ${kind}::text, to_jsonb(each) ->> ${key}, ${now} - ${added}::text[],
          ${now}, head.version, encode(head.leaf_hash, 'hex'))::text
        from ${sql.table(`${schema}.${name}`)} each left join lateral (
          select change.version, change.leaf_hash from platform.record_change change
          where change.record_kind = ${kind} and change.record_id = to_jsonb(each) ->> ${key}
          order by change.version desc limit 1) head on true
        returning 1)
      select ${tellsOverflow} from (select count(*) from told) as counted where count > 0`.execute(trx)
  }
}
