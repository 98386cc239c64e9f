import { createHash, randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database, DatabaseConnection, Module } from '@throughline/platform'
import { migrate, openDatabase, startEmbeddedPostgres } from '@throughline/platform'
import { sql } from 'kysely'
import { runServer, testServerUrl } from './config.ts'

/** An empty database. */
export interface TestDatabase {
  readonly db: Database
  /** Logs in as the owner of all tables: for tests that do behind the product's back what the product may not. */
  readonly owner: Database
  /** For a second pool, as a second process would open it. */
  readonly connection: DatabaseConnection
  /** One more empty database on the same server, in a tenth of the time: for a fresh one in each test. Close it first. */
  another(): Promise<TestDatabase>
  /** Closes `db` and removes the database with all that belongs to it. */
  close(): Promise<void>
}

export interface TestDatabaseOptions {
  /**
   * Whether a commit waits for the disk as in a plant: for benchmarks. A test ends with its server, not with the power, and
   * would spend half of its time waiting.
   */
  readonly durable?: boolean
  /**
   * Whose tables are to be there already: in a test run they are copied from the first database that the run made with
   * them. Starting the platform brings in what is missing, as on any database.
   */
  readonly modules?: readonly Migrated[]
}

type Migrated = Pick<Module, 'name' | 'migrations' | 'records'>

/**
 * Makes an empty database for one test file; call it in `beforeAll` (or at the top of the file) and `close()` in
 * `afterAll`. It is a database on the server of the test run or on the one that TEST_DATABASE_URL names; outside a test run
 * it is a PostgreSQL of its own.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { durable = false, modules } = options
  const url = testServerUrl()
  if (url !== undefined) return await createOn(url, durable)
  const server = durable ? undefined : runServer()
  return server === undefined ? await createEmbedded(durable) : await createOn(server, durable, modules)
}

async function createEmbedded(durable: boolean): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-test-'))
  const dataDir = join(folder, 'database')
  await mkdir(dataDir, { mode: 0o700 })
  cpSync(join(await template(), 'cluster'), join(dataDir, 'cluster'), { recursive: true })
  const server = await startEmbeddedPostgres({ dataDir })
  const { connection } = server
  const db = openDatabase(connection)
  const owner = openDatabase(connection, { asOwner: true })
  if (!durable) await hurry(owner, 'postgres')
  return {
    db,
    owner,
    connection,
    another: () => createOn(connection, durable),
    async close() {
      await db.destroy()
      await owner.destroy()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A new cluster takes the better part of a second to make, and 50 ms to copy: made once, kept with the other caches. */
async function template(): Promise<string> {
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/throughline-testkit/', import.meta.url))
  const made = join(cache, 'template')
  if (await isThere(join(made, 'cluster', 'PG_VERSION'))) return made
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'new-'))
  const server = await startEmbeddedPostgres({ dataDir: fresh })
  await server.stop()
  // Another test file may have been quicker; then its template serves.
  await rename(fresh, made).catch(async (error: unknown) => {
    if (!(await isThere(made))) throw error
    await rm(fresh, { recursive: true, force: true })
  })
  return made
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function createOn(
  server: DatabaseConnection,
  durable: boolean,
  modules?: readonly Migrated[],
): Promise<TestDatabase> {
  const name = `throughline_test_${randomBytes(8).toString('hex')}`
  const administrator = openDatabase(server, { maxConnections: 1, asOwner: true })
  const from = modules === undefined ? 'template0' : await migratedTemplate(administrator, server, modules)
  await sql`create database ${sql.id(name)} template ${sql.id(from)} encoding 'UTF8'`.execute(administrator)
  const connection = withDatabase(server, name)
  if (!durable) await hurry(administrator, name)
  const db = openDatabase(connection)
  const owner = openDatabase(connection, { asOwner: true })
  return {
    db,
    owner,
    connection,
    another: () => createOn(server, durable, modules),
    async close() {
      await db.destroy()
      await owner.destroy()
      await sql`drop database ${sql.id(name)} with (force)`.execute(administrator)
      await administrator.destroy()
    },
  }
}

/** The database of this run that holds the tables of these modules and nothing else; the first who asks makes it. */
async function migratedTemplate(
  administrator: Database,
  server: DatabaseConnection,
  modules: readonly Migrated[],
): Promise<string> {
  const tables = modules.map(({ name, migrations, records }) => ({ name, migrations, records }))
  const name = `throughline_template_${createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16)}`
  await administrator.connection().execute(async (one) => {
    await sql`set statement_timeout = 0`.execute(one)
    await sql`select pg_advisory_lock(hashtext(${name}))`.execute(one)
    try {
      const made = await sql`select from pg_database where datname = ${name}`.execute(one)
      if (made.rows.length > 0) return
      const unfinished = `${name}_unfinished`
      // Left by whoever failed at it: the next one is to fail of the same, and not of this.
      await sql`drop database if exists ${sql.id(unfinished)} with (force)`.execute(one)
      await sql`create database ${sql.id(unfinished)} template template0 encoding 'UTF8'`.execute(one)
      const owner = openDatabase(withDatabase(server, unfinished), { maxConnections: 1, asOwner: true })
      await migrate(owner, modules).finally(() => owner.destroy())
      await sql`alter database ${sql.id(unfinished)} rename to ${sql.id(name)}`.execute(one)
    } finally {
      await sql`select pg_advisory_unlock(hashtext(${name}))`.execute(one)
    }
  })
  return name
}

/** From the next connection on, commits in this database do not wait for the disk. */
async function hurry(administrator: Database, name: string): Promise<void> {
  await sql`alter database ${sql.id(name)} set synchronous_commit = off`.execute(administrator)
}

function withDatabase(server: DatabaseConnection, name: string): DatabaseConnection {
  if (typeof server !== 'string') return { ...server, database: name }
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
