import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database, DatabaseConnection } from '@throughline/platform'
import { openDatabase, startEmbeddedPostgres } from '@throughline/platform'
import { sql } from 'kysely'
import { testServerUrl } from './config.ts'

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
}

/**
 * Makes an empty database for one test file; call it in `beforeAll` (or at the top of the file) and `close()` in
 * `afterAll`. It is a PostgreSQL of its own, or a database on the server that TEST_DATABASE_URL names.
 */
export async function createTestDatabase({ durable = false }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = testServerUrl()
  return server === undefined ? await createEmbedded(durable) : await createOn(server, durable)
}

async function createEmbedded(durable: boolean): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-test-'))
  const dataDir = join(folder, 'database')
  await mkdir(dataDir, { mode: 0o700 })
  cpSync(join(await template(), 'cluster'), join(dataDir, 'cluster'), { recursive: true })
  const server = await startEmbeddedPostgres({ dataDir })
  const { connection } = server
  if (!durable) await hurry(connection)
  const db = openDatabase(connection)
  const owner = openDatabase(connection, { asOwner: true })
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

async function createOn(server: DatabaseConnection, durable: boolean): Promise<TestDatabase> {
  const name = `throughline_test_${randomBytes(8).toString('hex')}`
  const administrator = openDatabase(server, { maxConnections: 1, asOwner: true })
  await sql`create database ${sql.id(name)} template template0 encoding 'UTF8'`.execute(administrator)
  const connection = withDatabase(server, name)
  if (!durable) await hurry(connection)
  const db = openDatabase(connection)
  const owner = openDatabase(connection, { asOwner: true })
  return {
    db,
    owner,
    connection,
    another: () => createOn(server, durable),
    async close() {
      await db.destroy()
      await owner.destroy()
      await sql`drop database ${sql.id(name)} with (force)`.execute(administrator)
      await administrator.destroy()
    },
  }
}

/** From now on, commits in this database do not wait for the disk. */
async function hurry(connection: DatabaseConnection): Promise<void> {
  const owner = openDatabase(connection, { maxConnections: 1, asOwner: true })
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(owner)
  await sql`alter database ${sql.id(rows[0]?.name ?? '')} set synchronous_commit = off`.execute(owner)
  await owner.destroy()
}

function withDatabase(server: DatabaseConnection, name: string): DatabaseConnection {
  if (typeof server !== 'string') return { ...server, database: name }
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
