import { DomainError, messageOf } from '@throughline/kernel'
import type { QueryCompiler } from 'kysely'
import { Kysely, PostgresDialect, PostgresQueryCompiler, sql } from 'kysely'
import type { PoolConfig } from 'pg'
import pg from 'pg'
import { saveRoundTrips } from './round-trips.ts'
import { openSession } from './session.ts'
import type { Database, Tables } from './tables.ts'

const int8 = 20
const int8Array = 1016
const oldestServer = 15

/** How to reach a PostgreSQL server: a URL, or the fields of one. */
export type DatabaseConnection =
  | string
  | Pick<PoolConfig, 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl' | 'options'>

export interface DatabaseOptions {
  /** Connections at most. Default 16: the embedded server takes 50, and other programs want some too. */
  readonly maxConnections?: number
  /** What the server's own lists call this program. */
  readonly applicationName?: string
  /**
   * Keep the rights of the login instead of taking the application's role: for migrations, and for tests that look
   * behind the product's back.
   */
  readonly asOwner?: boolean
  /** Hears of connections that broke while nobody used them; the pool replaces them by itself. */
  readonly onIdleError?: (reason: string) => void
}

/**
 * A pool of connections to a PostgreSQL server; nothing is dialled before the first query, `destroy()` closes all. They
 * act as the application's role, which may add to the ledger and read it, and nothing else.
 * A statement ends after 30 s, a forgotten transaction after 60 s, so that nothing holds locks for ever. Values of type
 * bigint come back as numbers; one beyond 2^53 is an error, never a rounded value.
 */
export function openDatabase(connection: DatabaseConnection, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    max: options.maxConnections ?? 16,
    application_name: options.applicationName ?? 'throughline',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    // What a connection gathered and took out again leaves traces that only its end clears away.
    maxLifetimeSeconds: 900,
    keepAlive: true,
    pipeline: true,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    types: { getTypeParser },
    onConnect: async (client) => {
      await openSession(client, options.asOwner === true)
      await saveRoundTrips(client)
    },
  })
  // Without listeners, a server that goes away would end the whole process: on the pool for idle connections, on each
  // connection for one that is taken and waits between two statements (its next statement fails and tells its owner).
  pool.on('error', (error) => options.onIdleError?.(messageOf(error)))
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Tables>({ dialect: new Dialect({ pool }) })
}

/**
 * Writes true and false into the text of a statement. As parameters they would hide from the server's kept plan that an index
 * over some rows of a table (`where is_current`) serves, and it would plan the statement anew each time.
 */
class Compiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (typeof value === 'boolean') this.append(String(value))
    else super.appendValue(value)
  }
}

class Dialect extends PostgresDialect {
  override createQueryCompiler(): QueryCompiler {
    return new Compiler()
  }
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === int8) return exactNumber
  if (oid === int8Array) return exactNumbers
  return pg.types.getTypeParser(oid, format as 'text')
}

/** `{1,2,{3,NULL}}`; a number that JSON would round is refused like any other. */
function exactNumbers(text: string): unknown {
  const json = text.replaceAll('{', '[').replaceAll('}', ']').replaceAll('NULL', 'null')
  return JSON.parse(json, (_key, value: unknown) => (typeof value === 'number' ? exactNumber(String(value)) : value))
}

function exactNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new DomainError(
    'defect',
    'platform.number-too-large',
    `The database holds ${text}, too large to be read exactly`,
  )
}

/**
 * Makes sure that the server answers and is new enough.
 * @throws DomainError `unavailable` when it does not answer, is older than PostgreSQL 15, or is not UTF-8
 */
export async function assertServerUsable(db: Database): Promise<void> {
  const found = await sql<{ version: string; number: number; encoding: string }>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`
    .execute(db)
    .catch((error: unknown) => {
      // What a new connection was refused says already what to do.
      if (error instanceof DomainError) throw error
      throw new DomainError(
        'unavailable',
        'platform.database-unreachable',
        `The database does not answer (${messageOf(error)}): check DATABASE_URL and that the server runs`,
        {},
        error,
      )
    })
  const server = found.rows[0]
  if (server === undefined || server.number < oldestServer * 10_000) {
    throw new DomainError(
      'unavailable',
      'platform.database-too-old',
      `The database server is PostgreSQL ${server?.version}; ${oldestServer} or newer is needed`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new DomainError(
      'unavailable',
      'platform.database-not-utf8',
      `The database is encoded in ${server.encoding}; create it with encoding UTF8`,
    )
  }
}
