import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Stop, StopComment } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { StoredStop } from './stored-stop.ts'
import { isMinor } from './stored-stop.ts'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>
type Row = StoredStop & { readonly category: Stop['category'] }

const selectStops = sql`
  select stop.id, stop.node_id as "nodeId", from_at as "from", to_at as "to", state, label,
    minor_below_us as "minorBelowUs", reason_id as "reasonId", reason_by as "reasonBy", reason.category,
    machine_code as "machineCode", order_name as "order", product, caused_by as "causedBy", version,
    changed_by as "changedBy", changed_at as "changedAt", cut_from as "cutFrom", joined, came_from as "cameFrom",
    replaced_at as "replacedAt"
  from performance.stop as stop left join performance.reason as reason on reason.id = stop.reason_id`

const overlapping = (nodeIds: readonly NodeId[], from: Instant, to: Instant): RawBuilder<unknown> => sql`
  stop.node_id = any(${[...nodeIds]}::uuid[]) and replaced_at is null
    and from_at < ${to} and (to_at is null or to_at > ${from})`

/**
 * Stops of the machines that overlap `[from, to)`, uncut, oldest first; what was replaced is left out. Whether an open one
 * is minor is said as of `at`.
 */
export async function listStops(
  db: Connection,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
  at: Instant = to,
): Promise<Stop[]> {
  return nodeIds.length === 0 ? [] : await read(db, overlapping(nodeIds, from, to), at)
}

export interface StopQuestion {
  readonly nodeIds: readonly NodeId[]
  readonly from: Instant
  readonly to: Instant
  /** What is open counts up to here. */
  readonly at: Instant
  readonly show: 'all' | 'open' | 'unexplained' | 'minor'
  readonly includeMinor: boolean
  readonly limit: number
}

/**
 * One page of the stops that overlap `[from, to)`, newest first; how many there are; and how much of that time stands in
 * stops that need a reason and have none. One that stands now is open at once, though it may turn out a minor one.
 */
export async function findStops(
  db: Connection,
  { nodeIds, from, to, at, show, includeMinor, limit }: StopQuestion,
): Promise<{ stops: Stop[]; total: number; unexplainedUs: number }> {
  const among = overlapping(nodeIds, from, to)
  const isMinorNow = sql`(coalesce(to_at, ${at}) - from_at < minor_below_us)`
  const isUnexplained = sql`(reason_id is null and caused_by is null and not ${isMinorNow})`
  const isShown = {
    all: includeMinor ? sql`true` : sql`not ${isMinorNow}`,
    open: sql`to_at is null`,
    unexplained: isUnexplained,
    minor: isMinorNow,
  }[show]
  const counted = await sql<{ total: number; unexplainedUs: number }>`
    select (count(*) filter (where ${isShown}))::int as total,
      coalesce(sum(greatest(0, least(coalesce(to_at, ${at}), ${to}) - greatest(from_at, ${from})))
        filter (where ${isUnexplained}), 0)::float8 as "unexplainedUs"
    from performance.stop as stop where ${among}`.execute(db)
  const page = await sql<{ id: Id<'Stop'> }>`
    select id from performance.stop as stop where ${among} and ${isShown}
    order by from_at desc, id desc limit ${limit}`.execute(db)
  const stops = await read(db, sql`stop.id = any(${page.rows.map((row) => row.id)}::uuid[])`, at)
  return { stops: stops.reverse(), ...(counted.rows[0] ?? { total: 0, unexplainedUs: 0 }) }
}

/** The stop in which each machine stands now; machines that do not stand are left out. */
export async function findOpenStops(
  db: Connection,
  nodeIds: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, Id<'Stop'>>> {
  const { rows } = await sql<{ nodeId: NodeId; id: Id<'Stop'> }>`
    select distinct on (node_id) node_id as "nodeId", id from performance.stop
    where node_id = any(${[...nodeIds]}::uuid[]) and replaced_at is null and to_at is null
    order by node_id, from_at desc`.execute(db)
  return new Map(rows.map(({ nodeId, id }) => [nodeId, id]))
}

/** The stop, also one that was replaced. @throws DomainError `not-found` */
export async function getStopAt(db: Connection, id: Id<'Stop'>, at: Instant): Promise<Stop> {
  const [stop] = await read(db, sql`stop.id = ${id}`, at)
  return stop ?? raiseUnknown(id)
}

/** @throws DomainError `not-found` */
export async function getStoredStop(db: Connection, id: Id<'Stop'>): Promise<StoredStop> {
  const { rows } = await sql<Row>`${selectStops} where stop.id = ${id}`.execute(db)
  return rows[0] ?? raiseUnknown(id)
}

/** Rows of one machine that overlap `[from, to)`, oldest first, without those that were replaced. */
export async function listStoredStops(
  db: Connection,
  nodeId: NodeId,
  from: Instant,
  to: Instant,
): Promise<StoredStop[]> {
  const found = await sql<Row>`
    ${selectStops} where ${overlapping([nodeId], from, to)} order by from_at, stop.id`.execute(db)
  return found.rows
}

/** Of these, those of which people said something in a comment. */
export async function listCommented(db: Connection, ids: readonly Id<'Stop'>[]): Promise<ReadonlySet<Id<'Stop'>>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: Id<'Stop'> }>`
    select distinct stop_id as id from performance.stop_comment where stop_id = any(${[...ids]}::uuid[])`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Stops that stand in the place of one that was replaced. */
export async function listSuccessors(db: Connection, id: Id<'Stop'>): Promise<Id<'Stop'>[]> {
  const { rows } = await sql<{ id: Id<'Stop'> }>`
    select id from performance.stop where came_from @> array[${id}::uuid] order by from_at`.execute(db)
  return rows.map((row) => row.id)
}

/** Machines that ever had a stop. */
export async function listStopMachines(db: Connection): Promise<NodeId[]> {
  // One step through the index a machine, where `distinct` would read every stop.
  const { rows } = await sql<{ id: NodeId }>`
    with recursive machine as (
      (select node_id as id from performance.stop where replaced_at is null order by node_id limit 1)
      union all
      select (select node_id from performance.stop where replaced_at is null and node_id > machine.id
        order by node_id limit 1) from machine where machine.id is not null)
    select id from machine where id is not null`.execute(db)
  return rows.map((row) => row.id)
}

/** What changes the stops of one machine takes turns. */
export async function lockMachine(db: Connection, nodeId: NodeId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`performance.stop ${nodeId}`}, 0))`.execute(db)
}

const columns = sql`id uuid, "nodeId" uuid, "from" bigint, "to" bigint, state text, label text, "minorBelowUs" bigint,
  "reasonId" uuid, "reasonBy" text, "machineCode" text, "order" text, product text, "causedBy" uuid, version integer,
  "changedBy" text, "changedAt" bigint, "cutFrom" boolean, joined boolean, "cameFrom" uuid[], "replacedAt" bigint`

export async function insertStops(db: Connection, stops: readonly StoredStop[]): Promise<void> {
  if (stops.length === 0) return
  await sql`
    insert into performance.stop (id, node_id, from_at, to_at, state, label, minor_below_us, reason_id, reason_by,
      machine_code, order_name, product, caused_by, version, changed_by, changed_at, cut_from, joined, came_from,
      replaced_at)
    select * from jsonb_to_recordset(${JSON.stringify(stops)}::jsonb) as row (${columns})`.execute(db)
}

export async function updateStops(db: Connection, stops: readonly StoredStop[]): Promise<void> {
  if (stops.length === 0) return
  await sql`
    update performance.stop set from_at = row."from", to_at = row."to", state = row.state, label = row.label,
      minor_below_us = row."minorBelowUs", reason_id = row."reasonId", reason_by = row."reasonBy",
      machine_code = row."machineCode", order_name = row."order", product = row.product, caused_by = row."causedBy",
      version = row.version, changed_by = row."changedBy", changed_at = row."changedAt", cut_from = row."cutFrom",
      joined = row.joined, came_from = row."cameFrom", replaced_at = row."replacedAt"
    from jsonb_to_recordset(${JSON.stringify(stops)}::jsonb) as row (${columns})
    where stop.id = row.id`.execute(db)
}

export async function insertComment(db: Connection, stopId: Id<'Stop'>, comment: StopComment): Promise<void> {
  const { id, text, at, by, photo } = comment
  await sql`insert into performance.stop_comment (id, stop_id, text, at, by, photo)
    values (${id}, ${stopId}, ${text}, ${at}, ${by}, ${photo})`.execute(db)
}

async function read(db: Connection, condition: RawBuilder<unknown>, at: Instant): Promise<Stop[]> {
  const { rows } = await sql<Row>`${selectStops} where ${condition} order by from_at, stop.id`.execute(db)
  const ancestors = await ancestorsOf(db, rows)
  const { rows: comments } = await sql<StopComment & { stopId: Id<'Stop'> }>`
    select id, stop_id as "stopId", text, at, by, photo from performance.stop_comment
    where stop_id in (select stop.id from performance.stop as stop where ${condition})
      or stop_id = any(${[...ancestors.values()].flat()}::uuid[])
    order by at, id`.execute(db)
  const byStop = Map.groupBy(comments, (comment) => comment.stopId)
  return rows.map((row) => {
    const said = [...(ancestors.get(row.id) ?? []), row.id].flatMap((id) => byStop.get(id) ?? [])
    return stopOf(row, said, at)
  })
}

/** All that each stop came from, back to the first: what was said of those was said of it. */
async function ancestorsOf(
  db: Connection,
  stops: readonly StoredStop[],
): Promise<ReadonlyMap<Id<'Stop'>, Id<'Stop'>[]>> {
  const shaped = stops.filter((stop) => stop.cameFrom.length > 0).map((stop) => stop.id)
  if (shaped.length === 0) return new Map()
  const { rows } = await sql<{ stop: Id<'Stop'>; ancestor: Id<'Stop'> }>`
    with recursive line (stop, ancestor) as (
      select id, unnest(came_from) from performance.stop where id = any(${shaped}::uuid[])
      union
      select line.stop, unnest(came_from) from line join performance.stop on stop.id = line.ancestor)
    select stop, ancestor from line`.execute(db)
  const byStop = Map.groupBy(rows, (row) => row.stop)
  return new Map([...byStop].map(([id, line]) => [id, line.map((row) => row.ancestor)]))
}

function stopOf(row: Row, comments: readonly (StopComment & { stopId: Id<'Stop'> })[], at: Instant): Stop {
  const { minorBelowUs: _, machineCode: _code, changedBy, changedAt, cutFrom, joined, cameFrom, ...stop } = row
  return {
    ...stop,
    cameFrom: [...cameFrom],
    minor: isMinor(row, at),
    comments: [...comments]
      .sort((a, b) => a.at - b.at)
      .map(({ id, text, at: when, by, photo }) => ({ id, text, at: when, by, photo })),
  }
}

function raiseUnknown(id: string): never {
  throw new DomainError('not-found', 'performance.stop-unknown', `There is no stop ${id}`, { id })
}
