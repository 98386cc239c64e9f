import type { Id } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { StoredContainer } from './stored-container.ts'

type Connection = Kysely<Tables>
type ContainerId = Id<'Container'>
type NodeId = Id<'EquipmentNode'>

const columns = sql`
  id, sscc, kind, parent_id as "parentId", node_id as "nodeId", last_node_id as "lastNodeId", state,
  state_reason as "stateReason", made_at as "madeAt"`

const read = async (db: Connection, rest: RawBuilder<unknown>): Promise<StoredContainer[]> =>
  (await sql<StoredContainer>`select ${columns} from material.container ${rest}`.execute(db)).rows

/** What goes into what takes turns: so no two can make a circle together. */
export async function lockPacking(trx: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('material.container', 0))`.execute(trx)
}

export const listContainersById = (db: Connection, ids: readonly ContainerId[]): Promise<StoredContainer[]> =>
  read(db, sql`where id = any(${[...ids]}::uuid[]) order by sscc`)

export const findContainerBySscc = async (db: Connection, sscc: string): Promise<StoredContainer | undefined> =>
  (await read(db, sql`where sscc = ${sscc}`))[0]

/** Newest first. */
export async function findContainers(
  db: Connection,
  asked: {
    readonly nodeId?: NodeId | undefined
    readonly sscc?: string | undefined
    readonly places: readonly NodeId[] | null
  },
): Promise<StoredContainer[]> {
  const { nodeId, sscc, places } = asked
  return await read(
    db,
    sql`where (${nodeId ?? null}::uuid is null or node_id = ${nodeId ?? null}::uuid)
      and (${sscc ?? null}::text is null or sscc = ${sscc ?? null})
      and (${places === null} or last_node_id = any(${[...(places ?? [])]}::uuid[]))
      order by made_at desc, id desc limit 5000`,
  )
}

/** The container and all that stands in it, at any depth. */
export const listWithin = (db: Connection, id: ContainerId): Promise<StoredContainer[]> =>
  read(
    db,
    sql`where id in (
      with recursive inside (id) as (
        select ${id}::uuid
        union
        select child.id from inside join material.container as child on child.parent_id = inside.id)
      select id from inside) order by sscc`,
  )

/** By id; `after` = the last one of the page before. */
export const listContainersAfter = (
  db: Connection,
  after: ContainerId | null,
  limit: number,
): Promise<StoredContainer[]> =>
  read(db, sql`where ${after}::uuid is null or id > ${after}::uuid order by id limit ${limit}`)

/** The container that a lot is in, with all that this one stands in. */
export const listContainersAround = (db: Connection, lot: Id<'Lot'>): Promise<StoredContainer[]> =>
  read(
    db,
    sql`where id in (
      with recursive around (id) as (
        select container_id from material.lot where id = ${lot}
        union
        select above.parent_id from around join material.container as above on above.id = around.id)
      select id from around) order by sscc`,
  )

/** Lots by the container that they are in, by code. */
export async function listLotsIn(
  db: Connection,
  ids: readonly ContainerId[],
): Promise<ReadonlyMap<ContainerId, Id<'Lot'>[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: Id<'Lot'>; containerId: ContainerId }>`
    select id, container_id as "containerId" from material.lot
    where container_id = any(${[...ids]}::uuid[]) order by code`.execute(db)
  const byContainer = Map.groupBy(rows, ({ containerId }) => containerId)
  return new Map([...byContainer].map(([id, lots]) => [id, lots.map((lot) => lot.id)]))
}

/** The lots in a container and in all that stands in it. */
export async function listLotsInside(db: Connection, id: ContainerId): Promise<Id<'Lot'>[]> {
  const within = await listWithin(db, id)
  const byContainer = await listLotsIn(
    db,
    within.map((each) => each.id),
  )
  return [...byContainer.values()].flat()
}

export async function insertContainer(trx: Connection, container: StoredContainer): Promise<void> {
  const { id, sscc, kind, parentId, nodeId, lastNodeId, state, stateReason, madeAt } = container
  await sql`
    insert into material.container (id, sscc, kind, parent_id, node_id, last_node_id, state, state_reason, made_at)
    values (${id}, ${sscc}, ${kind}, ${parentId}, ${nodeId}, ${lastNodeId}, ${state}, ${stateReason}, ${madeAt})`.execute(
    trx,
  )
}

/** Writes what can change of containers. */
export async function updateContainers(trx: Connection, containers: readonly StoredContainer[]): Promise<void> {
  for (const { id, parentId, nodeId, lastNodeId, state, stateReason } of containers) {
    await sql`
      update material.container set parent_id = ${parentId}, node_id = ${nodeId}, last_node_id = ${lastNodeId},
        state = ${state}, state_reason = ${stateReason}
      where id = ${id}`.execute(trx)
  }
}
