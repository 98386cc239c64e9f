import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

export const selectNodes = sql<EquipmentNode>`
  select id, parent_id as "parentId", level, name, description, path, class_version_id as "classId",
    time_zone as "timeZone"
  from equipment.node`

/** Nodes at or below `scopes` (null = all), by path. */
export async function listNodesWithin(trx: Connection, scopes: readonly NodeId[] | null): Promise<EquipmentNode[]> {
  const found = await sql<EquipmentNode>`
    ${selectNodes} as node
    where ${scopes === null} or exists (
      select from equipment.node as scope
      where scope.id = any(${scopes ?? []}::uuid[]) and starts_with(node.path || '/', scope.path || '/'))
    order by path`.execute(trx)
  return found.rows
}

/** The time zone that all sites share; undefined when they differ, or there is no site yet. */
export async function findSharedTimeZone(trx: Connection): Promise<string | undefined> {
  const found = await sql<{ zone: string }>`
    select distinct time_zone as zone from equipment.node where time_zone is not null limit 2`.execute(trx)
  return found.rows.length === 1 ? found.rows[0]?.zone : undefined
}

/** @throws DomainError `not-found` */
export async function getNode(trx: Connection, id: NodeId): Promise<EquipmentNode> {
  const found = await sql<EquipmentNode>`${selectNodes} where id = ${id}`.execute(trx)
  const node = found.rows[0]
  if (node !== undefined) return node
  throw new DomainError('not-found', 'equipment.node-unknown', `There is no equipment node ${id}`)
}

/** The node or the tag that already stands at a path; undefined = it is free. */
export async function findOccupant(trx: Connection, path: string): Promise<'node' | 'tag' | undefined> {
  const found = await sql<{ occupant: 'node' | 'tag' }>`
    select 'node' as occupant from equipment.node where path = ${path}
    union all select 'tag' from equipment.tag where path = ${path}`.execute(trx)
  return found.rows[0]?.occupant
}

/** All in one statement, parents in any order. */
export async function insertNodes(trx: Connection, nodes: readonly EquipmentNode[]): Promise<void> {
  if (nodes.length === 0) return
  await sql`
    insert into equipment.node (id, parent_id, level, name, description, path, class_version_id, time_zone)
    select * from jsonb_to_recordset(${JSON.stringify(nodes)}::jsonb) as row (id uuid, "parentId" uuid, level text,
      name text, description text, path text, "classId" uuid, "timeZone" text)`.execute(trx)
}

export async function updateNodes(trx: Connection, nodes: readonly EquipmentNode[]): Promise<void> {
  if (nodes.length === 0) return
  await sql`
    update equipment.node set name = row.name, description = row.description, class_version_id = row."classId",
      time_zone = row."timeZone"
    from jsonb_to_recordset(${JSON.stringify(nodes)}::jsonb) as row (id uuid, name text, description text,
      "classId" uuid, "timeZone" text)
    where node.id = row.id`.execute(trx)
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The node and all above it, nearest first; empty when there is no such node, or the text is no id at all. */
export async function listPathTo(trx: Connection, id: string): Promise<NodeId[]> {
  if (!uuid.test(id)) return []
  const found = await sql<{ id: NodeId }>`
    with recursive above as (
      select id, parent_id, 0 as distance from equipment.node where id = ${id}::uuid
      union all
      select node.id, node.parent_id, distance + 1 from equipment.node join above on node.id = above.parent_id
    )
    select id from above order by distance`.execute(trx)
  return found.rows.map((row) => row.id)
}
