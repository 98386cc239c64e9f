import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { WatchedTable } from '../ledger/reconcile.ts'
import type { Tables } from './tables.ts'

/** What a setting holds before it is put aside. */
const longest = 32_768

/** A table of records that is to be watched. */
export interface ToWatch extends WatchedTable {
  /** Whether an inserted row is the first version of its record: it is the only row of it, and none is ever deleted. */
  readonly beginsRecord: boolean
}

/** How a table is watched, as the server has it. */
export interface Watch {
  readonly table: string
  readonly trigger: string
  readonly source: string
  readonly isAwake: boolean
}

export async function listWatches(owner: Kysely<Tables>, schema: string): Promise<Watch[]> {
  const { rows } = await sql<Watch>`
    select n.nspname || '.' || c.relname as "table", pg_get_triggerdef(t.oid) as trigger, p.prosrc as source,
      t.tgenabled = 'O' as "isAwake"
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_proc p on p.oid = t.tgfoid
    where t.tgname = 'captured' and n.nspname = ${schema}`.execute(owner)
  return rows
}

/** Whether `watch` would make the same. */
export const isWatchOf = ({ table, trigger, source, isAwake }: Watch, watched: ToWatch): boolean =>
  isAwake &&
  table === watched.table &&
  unquoted(trigger) === unquoted(triggerOf(watched)) &&
  source === sourceOf(watched)

/**
 * Has the changes of a table of records gathered: by a function made for it, since each expression of a function is made
 * ready anew in every transaction, and costs more than what it works out.
 */
export async function watch(owner: Kysely<Tables>, watched: ToWatch): Promise<void> {
  await sql`create or replace function ${sql.raw(functionOf(watched))}() returns trigger language plpgsql
    as $$${sql.raw(sourceOf(watched))}$$`.execute(owner)
  await sql.raw(triggerOf(watched)).execute(owner)
}

export async function unwatch(owner: Kysely<Tables>, table: string): Promise<void> {
  await sql`drop trigger captured on ${sql.table(table)}`.execute(owner)
}

/** The server puts names into quotes that are words of SQL, too. */
const unquoted = (text: string): string => text.replaceAll('"', '')

const functionOf = ({ table }: WatchedTable): string => `platform."capture ${table.replace('.', ' ')}"`

/** As the server writes it. The words are for the program, which reads there what is captured how. */
function triggerOf(watched: WatchedTable): string {
  const { table, kind, key, secrets } = watched
  const words = [kind, key, ...secrets].map(quoted).join(', ')
  return `CREATE TRIGGER captured AFTER INSERT OR DELETE OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${functionOf(watched)}(${words})`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Names of tables, kinds and columns are made of small letters, digits and underlines. */
function sourceOf({ table, kind, key, secrets, beginsRecord }: ToWatch): string {
  const record = `coalesce(new.${key}, old.${key})`
  const image = (row: string): string =>
    secrets.length === 0 ? row : `platform.without_secrets(to_jsonb(${row}), array[${secrets.map(quoted).join(', ')}])`
  // A part takes its record's row, so that two transactions never make the same version of one record.
  const lock = kind === table ? '' : `perform from ${kind} where id = ${record} for no key update;`
  // A row that stays as it is makes no version, and nobody waits for it.
  const hasHead = beginsRecord ? `tg_op = 'DELETE' or old *<> new` : '(old *= new) is not true'
  // From the lock on nobody else makes a version of this record before we are done: what is newest then stays it. The row is
  // told in one expression, since each is what costs. A column of type json may hold line breaks, and each line is a row.
  return `
declare
  head_version int;
  head_hash bytea;
begin
  if ${hasHead} then
    ${lock}
    select version, leaf_hash into head_version, head_hash from platform.record_change
      where record_kind = ${quoted(kind)} and record_id = ${record}::text order by version desc limit 1;
  end if;
  if octet_length(case when (old *= new and current_setting('throughline.entry', true) <> '') is not true then
    set_config('throughline.captured', format(E'%s\\n%s',
      case when current_setting('throughline.entry', true) <> '' then current_setting('throughline.captured', true)
        else platform.refuse_past_door(${quoted(table)}) end,
      replace(json_build_array(${quoted(table)}, ${quoted(kind)}, ${record}::text, ${image('old')}, ${image('new')},
        head_version, encode(head_hash, 'hex'))::text, E'\\n', ' ')), true) end) > ${longest}
  then
    perform platform.put_captured_aside();
  end if;
  return null;
end
`
}
