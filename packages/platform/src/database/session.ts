import { DomainError, messageOf } from '@throughline/kernel'
import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import { escapeIdentifier } from 'pg'
import type { DatabaseConnection } from './connect.ts'
import type { Database } from './tables.ts'

/** The role that the running product has in the database. It owns nothing, so it cannot change what guards the ledger. */
export const applicationRole = 'throughline_application'

/**
 * Makes a new connection ready: the table for what a large transaction changes, and the application's role
 * unless it acts `asOwner`. The login of the connection may be the owner of the tables; then `reset role` leads back to
 * it, as migrations need.
 */
export async function openSession(client: ClientBase, asOwner: boolean): Promise<void> {
  // Only the overflow of large transactions comes here, and each takes its own lines out again: emptying the table at every
  // commit by itself would truncate a file each time, which costs a third of what the server can do with 16 clients.
  await client.query(`
    create temp table captured_change (
      ordinal bigint generated always as identity,
      xid xid8 not null default pg_current_xact_id(),
      lines text not null
    )`)
  const { rows } = await client.query<{ login: string; known: boolean }>(
    'select session_user as login, exists (select from pg_roles where rolname = $1) as known',
    [applicationRole],
  )
  const [{ login, known } = { login: '', known: false }] = rows
  if (!known) await createRole(client, login)
  if (asOwner || login === applicationRole) return
  await client.query(`grant select, insert, delete on pg_temp.captured_change to ${applicationRole}`)
  await client.query(`set role ${applicationRole}`).catch((error: unknown) => {
    throw roleRefused(login, error)
  })
}

/**
 * How the application logs in by itself on the embedded server, where whoever reaches the socket may be anybody: then not
 * even `reset role` leads it back to the owner.
 */
export async function applicationLogin(owner: Database, connection: DatabaseConnection): Promise<DatabaseConnection> {
  if (typeof connection === 'string') return connection
  await sql`alter role ${sql.id(applicationRole)} login`.execute(owner)
  return { ...connection, user: applicationRole }
}

/** The role is the server's: it may be there for another plant, and this login be no member of it. */
const roleRefused = (login: string, cause: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'platform.database-role-refused',
    `The login ${login} of DATABASE_URL may not act as the role ${applicationRole} (${messageOf(cause)}): let an administrator of the server run GRANT ${applicationRole} TO ${escapeIdentifier(login)}`,
    { login, role: applicationRole },
    cause,
  )

async function createRole(client: ClientBase, login: string): Promise<void> {
  try {
    // Roles belong to the whole server: another database's program may be making it at this moment.
    await client.query(`do $$ begin
      create role ${applicationRole};
      execute format('grant ${applicationRole} to %I', session_user);
    exception when duplicate_object or unique_violation then null; end $$`)
  } catch (error) {
    throw new DomainError(
      'unavailable',
      'platform.database-role-missing',
      `The role ${applicationRole} could not be created (${messageOf(error)}): let an administrator of the server run CREATE ROLE ${applicationRole}; GRANT ${applicationRole} TO ${escapeIdentifier(login)}`,
      {},
      error,
    )
  }
}
