import { createHash } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { DomainError, messageOf, newId } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { systemActor } from '../door/actor.ts'
import type { Witness } from '../door/audit.ts'
import { openEntry, writeAuditEntry } from '../door/audit.ts'
import { ChangeLog, openCapture } from '../ledger/capture.ts'
import type { Module } from '../module.ts'
import { listCapturedTables, tellAddedColumns } from './added-columns.ts'
import { assertServerUsable } from './connect.ts'
import { grantAndWatch } from './grants.ts'
import type { Migration } from './migrations.ts'
import { readMigrations } from './migrations.ts'
import { applicationRole } from './session.ts'
import type { Database, Tables } from './tables.ts'

/** One number for the whole product, so that two programs that start at once take turns. */
const advisoryLock = 7_482_190_311

export type Migrated = Pick<Module, 'name' | 'migrations' | 'records'>

interface Step extends Migration {
  readonly module: string
  readonly checksum: string
}

interface AppliedMigration {
  readonly module: string
  readonly name: string
  readonly checksum: string
}

/**
 * Brings the schemas of the platform and of `modules` up to this program, in the order given, one transaction a
 * migration; programs that start at the same time take turns. Then it gives the application's role its rights and puts
 * the triggers on the tables of records. Answers the migrations applied now, as `<module>/<name>`. `db` logs in as the
 * owner of the tables.
 *
 * @throws DomainError `unavailable` when the server cannot be used; `conflict` when an applied migration reads
 * differently today, or the database was made by a newer program: then nothing is changed
 */
export async function migrate(
  db: Database,
  modules: readonly Migrated[],
  witness: Witness = { software: 'unknown', clockStatus: () => 'unknown' },
): Promise<string[]> {
  await assertServerUsable(db)
  const steps = stepsOf([
    { name: 'platform', migrations: readMigrations(new URL('./migrations/', import.meta.url)) },
    ...modules,
  ])
  return await db.connection().execute(async (connection) => {
    // Waiting in line and rebuilding a large table may both take longer than a statement usually may.
    await sql`set statement_timeout = 0`.execute(connection)
    const { rows } = await sql<{ role: string }>`select current_role as role`.execute(connection)
    await sql`reset role`.execute(connection)
    await sql`select pg_advisory_lock(${sql.lit(advisoryLock)})`.execute(connection)
    try {
      const applied = await listApplied(connection)
      assertUnchanged(steps, applied)
      const waiting = steps.filter((step) => !applied.some((each) => isSame(each, step)))
      for (const step of waiting) await apply(connection, step, witness)
      await settle(connection, modules, waiting, witness)
      return waiting.map(nameOf)
    } finally {
      await sql`select pg_advisory_unlock(${sql.lit(advisoryLock)})`.execute(connection)
      await sql`reset statement_timeout`.execute(connection)
      await sql`set role ${sql.id(rows[0]?.role ?? applicationRole)}`.execute(connection)
    }
  })
}

function stepsOf(modules: readonly Migrated[]): Step[] {
  const steps = modules.flatMap((module) =>
    module.migrations.map((migration) => ({ ...migration, module: module.name, checksum: checksumOf(migration.sql) })),
  )
  const twice = steps.find((step, index) => steps.findIndex((each) => isSame(each, step)) !== index)
  if (twice === undefined) return steps
  throw new DomainError('defect', 'platform.migration-doubled', `There are two migrations named ${nameOf(twice)}`)
}

/** Line endings are left out of it: Git may change them on the way to another machine. */
const checksumOf = (text: string): string => createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')

const nameOf = (step: Pick<Step, 'module' | 'name'>): string => `${step.module}/${step.name}`

const isSame = (a: Pick<Step, 'module' | 'name'>, b: Pick<Step, 'module' | 'name'>): boolean =>
  a.module === b.module && a.name === b.name

async function listApplied(connection: Kysely<Tables>): Promise<AppliedMigration[]> {
  await sql`create schema if not exists platform`.execute(connection)
  await sql`create table if not exists platform.migration (
    module text not null,
    name text not null,
    checksum text not null,
    applied_at bigint not null,
    primary key (module, name)
  )`.execute(connection)
  const applied = await sql<AppliedMigration>`
    select module, name, checksum from platform.migration order by module, name`.execute(connection)
  return applied.rows
}

function assertUnchanged(steps: readonly Step[], applied: readonly AppliedMigration[]): void {
  const unknown = applied.filter((each) => !steps.some((step) => isSame(step, each)))
  if (unknown.length > 0) {
    throw new DomainError(
      'conflict',
      'platform.migration-unknown',
      `The database was made by a newer or different program: this one does not know its migrations ${unknown
        .map(nameOf)
        .join(', ')}. Start the program that made it, or restore a backup from before`,
      { migrations: unknown.map(nameOf) },
    )
  }
  const changed = applied.filter((each) => !steps.some((step) => isSame(step, each) && step.checksum === each.checksum))
  if (changed.length > 0) {
    throw new DomainError(
      'conflict',
      'platform.migration-changed',
      `These migrations were applied and then edited: ${changed
        .map(nameOf)
        .join(', ')}. Put their files back as they were, and write the change as a new migration`,
      { migrations: changed.map(nameOf) },
    )
  }
}

/** Rights, triggers and records found there, with the entry that tells the trail which migrations brought them. */
async function settle(
  connection: Kysely<Tables>,
  modules: readonly Migrated[],
  applied: readonly Step[],
  witness: Witness,
): Promise<void> {
  await connection.transaction().execute((trx) =>
    withEntry(trx, applied, witness, async () => {
      await grantAndWatch(trx, modules)
      return applied.length > 0
    }),
  )
}

async function apply(connection: Kysely<Tables>, step: Step, witness: Witness): Promise<void> {
  const run = async (trx: Kysely<Tables>): Promise<void> => {
    await sql`create schema if not exists ${sql.id(step.module)}`.execute(trx)
    await sql.raw(step.sql).execute(trx)
    await sql`insert into platform.migration (module, name, checksum, applied_at)
      values (${step.module}, ${step.name}, ${step.checksum}, floor(extract(epoch from clock_timestamp()) * 1e6)::bigint)
    `.execute(trx)
  }
  const applied = connection.transaction().execute(async (trx) => {
    if (!(await hasLedger(trx))) return await run(trx)
    await withEntry(trx, [step], witness, async () => {
      const before = await listCapturedTables(trx, step.module)
      await run(trx)
      await tellAddedColumns(trx, step.module, before)
      return false
    })
  })
  await applied.catch((error: unknown) => {
    throw new DomainError(
      'defect',
      'platform.migration-failed',
      `Migration ${nameOf(step)} failed and changed nothing: ${messageOf(error)}`,
      { migration: nameOf(step) },
      error,
    )
  })
}

/** Runs what may change records, and tells the trail: always when `run` says so, else when a record changed. */
async function withEntry(
  trx: Kysely<Tables>,
  steps: readonly Step[],
  witness: Witness,
  run: () => Promise<boolean>,
): Promise<void> {
  const { rows } = await sql<{ at: Instant }>`
    select floor(extract(epoch from clock_timestamp()) * 1e6)::bigint as at`.execute(trx)
  const at = rows[0]?.at ?? (0 as Instant)
  const id = newId<'AuditEntry'>(at)
  const changes = new ChangeLog(trx, id, at)
  await openCapture(trx, id)
  const isTold = await run()
  await changes.flush()
  if (!isTold && changes.hashes.length === 0) return
  const input = { migrations: steps.map((step) => ({ name: nameOf(step), checksum: step.checksum })) }
  const deed = { id, at, actor: systemActor('platform'), operation: 'platform.migration.apply', input, outcome: 'done' }
  await writeAuditEntry(trx, openEntry(witness, deed), { changes: changes.hashes })
}

async function hasLedger(trx: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select exists (select from platform.migration where module = 'platform' and name = '0002-ledger') as there`.execute(
    trx,
  )
  return rows[0]?.there === true && (await hasEra(trx))
}

/** The first era begins when the first start is done; until then the new tables are adopted as they stand. */
async function hasEra(trx: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select exists (select from platform.ledger_era) as there`.execute(trx)
  return rows[0]?.there === true
}
