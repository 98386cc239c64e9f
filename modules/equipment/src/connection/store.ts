import type { Id } from '@throughline/kernel'
import type { Connection } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

export const selectConnections = sql<Connection>`
  select id, name, agent, driver, endpoint, options from equipment.connection`

/** Connections that feed a tag at or below `scopes` (null = all, also those that feed none), by name. */
export async function listConnectionsWithin(
  trx: Kysely<Tables>,
  scopes: readonly Id<'EquipmentNode'>[] | null,
): Promise<Connection[]> {
  const found = await sql<Connection>`
    ${selectConnections} as connection
    where ${scopes === null} or exists (
      select from equipment.tag join equipment.node as scope on starts_with(tag.path, scope.path || '/')
      where tag.connection_id = connection.id and scope.id = any(${scopes ?? []}::uuid[]))
    order by name`.execute(trx)
  return found.rows
}

/** All connections that one edge agent dials, by name. */
export async function listConnectionsOfAgent(trx: Kysely<Tables>, agent: string): Promise<Connection[]> {
  const found = await sql<Connection>`${selectConnections} where agent = ${agent} order by name`.execute(trx)
  return found.rows
}

export async function insertConnections(trx: Kysely<Tables>, connections: readonly Connection[]): Promise<void> {
  if (connections.length === 0) return
  await sql`
    insert into equipment.connection (id, name, agent, driver, endpoint, options)
    select * from jsonb_to_recordset(${JSON.stringify(connections)}::jsonb)
      as row (id uuid, name text, agent text, driver text, endpoint text, options jsonb)`.execute(trx)
}

export async function updateConnections(trx: Kysely<Tables>, connections: readonly Connection[]): Promise<void> {
  if (connections.length === 0) return
  await sql`
    update equipment.connection set agent = row.agent, driver = row.driver, endpoint = row.endpoint, options = row.options
    from jsonb_to_recordset(${JSON.stringify(connections)}::jsonb)
      as row (id uuid, agent text, driver text, endpoint text, options jsonb)
    where connection.id = row.id`.execute(trx)
}
