import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { WatchedTable } from '../ledger/reconcile.ts'
import type { Tables } from './tables.ts'

/** What a setting holds before it is put aside. */
const longest = 32_768

/**
 * Has the changes of a table of records gathered: by a function made for it, since each expression of a function is made
 * ready anew in every transaction, and costs more than what it works out.
 */
export async function watch(owner: Kysely<Tables>, watched: WatchedTable): Promise<void> {
  const { table, kind, key, secrets } = watched
  const name = sql.table(`platform.capture ${table.replace('.', ' ')}`)
  await sql`create or replace function ${name}() returns trigger language plpgsql as $$${body(watched)}$$`.execute(
    owner,
  )
  // The words are for the program, which reads there what is captured how.
  const words = sql.join([kind, key, ...secrets].map((word) => sql.lit(word)))
  await sql`create trigger captured after insert or update or delete on ${sql.table(table)}
    for each row execute function ${name}(${words})`.execute(owner)
}

function body({ table, kind, key, secrets }: WatchedTable): RawBuilder<unknown> {
  const of = (column: string): RawBuilder<unknown> => sql`coalesce(new.${sql.id(column)}, old.${sql.id(column)})`
  const image = (row: RawBuilder<unknown>): RawBuilder<unknown> =>
    secrets.length === 0
      ? sql`to_json(${row})`
      : sql`platform.without_secrets(to_jsonb(${row}), array[${sql.join(secrets.map((secret) => sql.lit(secret)))}])`
  // A part takes its record's row, so that two transactions never make the same version of one record.
  const lock = kind === table ? sql`` : sql`perform from ${sql.table(kind)} where id = ${of(key)} for no key update;`
  // Names of tables and kinds are made of letters, and hashes of digits: only the id may hold what JSON has to escape.
  const line = sql.lit(`%s\n["${table}","${kind}",%s,%s,%s,%s,%s]`)
  // From the lock on nobody else makes a version of this record before we are done: what is newest now stays it.
  return sql`
declare
  head record;
begin
  if old *= new then return null; end if;
  ${lock}
  select version, leaf_hash into head from platform.record_change
    where record_kind = ${sql.lit(kind)} and record_id = ${of(key)}::text order by version desc limit 1;
  if octet_length(set_config('throughline.captured', format(${line},
    case when current_setting('throughline.entry', true) <> '' then current_setting('throughline.captured', true)
      else platform.refuse_past_door(${sql.lit(table)}) end,
    to_json(${of(key)}::text), coalesce(${image(sql`old`)}::text, 'null'), coalesce(${image(sql`new`)}::text, 'null'),
    coalesce(head.version::text, 'null'), coalesce('"' || encode(head.leaf_hash, 'hex') || '"', 'null')), true)) > ${sql.lit(longest)}
  then
    perform platform.put_captured_aside();
  end if;
  return null;
end
`
}
