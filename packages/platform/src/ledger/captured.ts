import type { Kysely, RawBuilder } from 'kysely'
import { CompiledQuery, sql } from 'kysely'
import { closingQuestion } from '../database/closing-question.ts'
import type { Tables } from '../database/tables.ts'
import { parseExactJson } from './canonical-json.ts'
import type { WatchedTable } from './reconcile.ts'

/** A row that the transaction changed, as the capturing function of its table gathered it. */
export interface CapturedRow {
  readonly table: string
  readonly kind: string
  readonly id: string
  readonly before: unknown
  readonly after: unknown
  /** The record's version when the row changed; null for a new record. */
  readonly version: number | null
  /** Leaf hash of that version, hex. */
  readonly previous: string | null
}

/** As the capturing functions write it. */
type Line = [
  table: string,
  kind: string,
  id: string,
  before: unknown,
  after: unknown,
  version: number | null,
  previous: string | null,
]

/** In front of the lines: earlier ones stand in the table. */
const overflow = '+'

/**
 * Tells what stands in a table of records now, where no trigger heard of it, as the next version of each of its records.
 * @param before what each row, as `each`, was before: a document, or null for a new one
 */
export async function tellRows(
  trx: Kysely<Tables>,
  { table, kind, key, secrets }: WatchedTable,
  before: (now: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<void> {
  const now = sql`platform.without_secrets(to_jsonb(each), ${[...secrets]}::text[])`
  await sql`
    with told as (
      insert into pg_temp.captured_change (lines)
      select jsonb_build_array(${table}::text, ${kind}::text, to_jsonb(each) ->> ${key}, ${before(now)}, ${now},
        head.version, encode(head.leaf_hash, 'hex'))::text
      from ${sql.table(table)} each left join lateral (
        select change.version, change.leaf_hash from platform.record_change change
        where change.record_kind = ${kind} and change.record_id = to_jsonb(each) ->> ${key}
        order by change.version desc limit 1) head on true
      returning 1)
    select set_config('throughline.captured',
      ${sql.lit(overflow)} || ltrim(coalesce(current_setting('throughline.captured', true), ''), ${sql.lit(overflow)}), true)
    from (select count(*) from told) as counted where count > 0`.execute(trx)
}

/** With a parameter, so that the server keeps its plan. */
const takes = `select current_setting($1, true) as lines, set_config($1, '', true)`
const asks = `${closingQuestion} select current_setting($1, true) as lines`

/** What the transaction changed since the last call, in the order in which it did. */
export const takeCaptured = (trx: Kysely<Tables>): Promise<CapturedRow[]> => find(trx, takes)

/** The same for a transaction that changes no record behind it: what is left in its setting ends with it. */
export const takeLastCaptured = (trx: Kysely<Tables>): Promise<CapturedRow[]> => find(trx, asks)

async function find(trx: Kysely<Tables>, question: string): Promise<CapturedRow[]> {
  const found = await trx.executeQuery(CompiledQuery.raw(question, ['throughline.captured']))
  const [row] = found.rows as { lines: string | null }[]
  const lines = row?.lines ?? ''
  if (!lines.startsWith(overflow)) return rowsOf(lines)
  const moved = await sql<{ lines: string }>`
    with taken as (delete from pg_temp.captured_change where xid = pg_current_xact_id() returning *)
    select lines from taken order by ordinal`.execute(trx)
  return [...moved.rows.flatMap((each) => rowsOf(each.lines)), ...rowsOf(lines.slice(overflow.length))]
}

function rowsOf(lines: string): CapturedRow[] {
  const told = lines.split('\n').filter((line) => line !== '')
  return told.map((line) => {
    const [table, kind, id, before, after, version, previous] = parseExactJson(line) as Line
    return { table, kind, id, before, after, version, previous }
  })
}
