import { DomainError } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { tellRows } from '../ledger/captured.ts'
import type { WatchedTable } from '../ledger/reconcile.ts'
import type { Migrated } from './migrate.ts'
import { applicationRole } from './session.ts'
import type { Tables } from './tables.ts'
import type { ToWatch } from './watch.ts'
import { isWatchOf, listWatches, unwatch, watch } from './watch.ts'

/** Tables of the platform that the application may change; all its other tables are added to and read. */
const changeable = ['outbox', 'idempotency']

interface TableColumns {
  readonly schema: string
  readonly name: string
  readonly columns: readonly string[]
  /** Columns of which each value stands in one row. */
  readonly unique: readonly string[]
  /** Whether the application may delete its rows. */
  readonly losesRows: boolean
}

/**
 * Gives the application's role its rights and has each table of records watched; run by the owner, in a transaction that
 * can write entries. Rows that a migration put into a table count as captured when its trigger comes. A table that is
 * watched as it should is left alone: to change its trigger would wait for whoever works in it, and make others wait.
 */
export async function grantAndWatch(owner: Kysely<Tables>, modules: readonly Migrated[]): Promise<void> {
  const application = sql.id(applicationRole)
  await sql`grant usage on schema platform to ${application}`.execute(owner)
  await sql`grant select, insert on all tables in schema platform to ${application}`.execute(owner)
  await sql`revoke insert on platform.migration from ${application}`.execute(owner)
  await sql`grant usage on all sequences in schema platform to ${application}`.execute(owner)
  for (const table of changeable) {
    await sql`grant update, delete on platform.${sql.id(table)} to ${application}`.execute(owner)
  }
  await sql`grant update on platform.audit_review to ${application}`.execute(owner)
  await watchModule(owner, own, await listTables(owner, own.name))
  for (const module of modules) await grantModule(owner, module)
  await beginEra(owner)
}

const ledgerItself = 'the ledger itself'

/** The records of the platform; all its other tables are what records are told with. */
const own: Migrated = {
  name: 'platform',
  migrations: [],
  records: {
    except: {
      migration: 'which migrations ran; each that changes something leaves an entry',
      outbox: 'what is told is that a record changed',
      idempotency: 'repeats an answer, for a day',
      ledger: ledgerItself,
      ledger_era: ledgerItself,
      audit_entry: ledgerItself,
      record_change: ledgerItself,
      ledger_tile: ledgerItself,
      ledger_key: ledgerItself,
      ledger_checkpoint: ledgerItself,
      ledger_anchor: ledgerItself,
    },
    partOf: { audit_review_finding: { table: 'audit_review', by: 'review_id' } },
  },
}

async function grantModule(owner: Kysely<Tables>, module: Migrated): Promise<void> {
  const [schema, application] = [sql.id(module.name), sql.id(applicationRole)]
  const tables = await listTables(owner, module.name)
  if (tables.length === 0) return
  await sql`grant usage on schema ${schema} to ${application}`.execute(owner)
  await sql`grant select, insert, update on all tables in schema ${schema} to ${application}`.execute(owner)
  await sql`grant usage on all sequences in schema ${schema} to ${application}`.execute(owner)
  await grantDeletes(owner, module, tables)
  await watchModule(owner, module, tables)
}

/** What is recorded stays: only what is no record is deleted, and what its module names. */
async function grantDeletes(owner: Kysely<Tables>, module: Migrated, tables: readonly TableColumns[]): Promise<void> {
  const application = sql.id(applicationRole)
  for (const { schema, name, losesRows } of tables) {
    const table = sql.id(schema, name)
    if (isDeletable(module, name)) {
      if (!losesRows) await sql`grant delete on ${table} to ${application}`.execute(owner)
    } else if (losesRows) await sql`revoke delete on ${table} from ${application}`.execute(owner)
  }
}

const isDeletable = ({ records }: Migrated, table: string): boolean =>
  records?.except?.[table] !== undefined || records?.deletable?.includes(table) === true

async function watchModule(owner: Kysely<Tables>, module: Migrated, tables: readonly TableColumns[]): Promise<void> {
  const watched = watchedOf(module, tables)
  const before = await listWatches(owner, module.name)
  const kept = before.filter((each) => watched.some((table) => isWatchOf(each, table))).map(({ table }) => table)
  for (const { table } of before) if (!kept.includes(table)) await unwatch(owner, table)
  for (const table of watched) {
    if (kept.includes(table.table)) continue
    await watch(owner, table)
    if (!before.some((each) => each.table === table.table)) await tellRows(owner, table, () => sql`null::jsonb`)
  }
}

/** The tables of the platform and of `modules` whose rows the ledger tells. */
export async function listWatchedTables(db: Kysely<Tables>, modules: readonly Migrated[]): Promise<WatchedTable[]> {
  const watched: WatchedTable[] = []
  for (const module of [own, ...modules]) watched.push(...watchedOf(module, await listTables(db, module.name)))
  return watched
}

async function listTables(owner: Kysely<Tables>, schema: string): Promise<TableColumns[]> {
  const found = await sql<TableColumns>`
    select nspname as schema, relname as name,
      array(select attname::text from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns,
      array(select attname::text from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
        where indrelid = pg_class.oid and indisunique and indnkeyatts = 1 and indpred is null) as "unique",
      has_table_privilege(${applicationRole}, pg_class.oid, 'delete') as "losesRows"
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${schema} and relkind in ('r', 'p') order by relname`.execute(owner)
  return found.rows
}

function watchedOf(module: Migrated, tables: readonly TableColumns[]): ToWatch[] {
  assertTablesKnown(module, tables)
  const { name, records } = module
  return tables
    .filter((table) => records?.except?.[table.name] === undefined)
    .map((table) => {
      const whole = records?.partOf?.[table.name]
      const key = whole?.by ?? records?.key?.[table.name] ?? 'id'
      const secrets = records?.secrets?.[table.name] ?? []
      const unknown = [key, ...secrets].find((column) => !table.columns.includes(column))
      if (unknown !== undefined) throw columnUnknown(`${name}.${table.name}`, unknown)
      const beginsRecord = whole === undefined && table.unique.includes(key) && !isDeletable(module, table.name)
      const kind = `${name}.${whole?.table ?? table.name}`
      return { table: `${name}.${table.name}`, kind, key, secrets, beginsRecord }
    })
}

/** A table that is named wrongly here would be captured in another way than its module meant. */
function assertTablesKnown({ name, records }: Migrated, tables: readonly TableColumns[]): void {
  const { except, key, partOf, secrets, deletable = [] } = records ?? {}
  const named = [except, key, partOf, secrets].flatMap((each) => Object.keys(each ?? {}))
  const unknown = [...named, ...deletable].find((each) => !tables.some((table) => table.name === each))
  if (unknown === undefined) return
  throw new DomainError('defect', 'platform.record-table-unknown', `Module ${name} has no table ${unknown}`)
}

const columnUnknown = (table: string, column: string): DomainError =>
  new DomainError(
    'defect',
    'platform.record-key-unknown',
    `Table ${table} has no column ${column}: say in the module's records what tells its records apart, or why they are none`,
  )

/** Transaction numbers are a cluster's own: leaves of another cluster's numbers belong to an era before. */
async function beginEra(owner: Kysely<Tables>): Promise<void> {
  await sql`
    insert into platform.ledger_era (era, cluster, began_at)
    select coalesce(max(era), 0) + 1, (select system_identifier::text from pg_control_system()),
      floor(extract(epoch from clock_timestamp()) * 1e6)::bigint
    from platform.ledger_era
    having coalesce((select cluster from platform.ledger_era order by era desc limit 1), '')
      <> (select system_identifier::text from pg_control_system())`.execute(owner)
}
