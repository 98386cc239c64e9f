import type { Id, Instant } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { sql } from 'kysely'
import { isMinor } from '../stop/stored-stop.ts'
import type { Step, StopSpan } from './facts.ts'

type NodeId = Id<'EquipmentNode'>

/** Since when anything is known of each machine; machines of which nothing ever was are left out. */
export async function listKnownSince(db: Database, nodeIds: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Instant>> {
  const { rows } = await sql<{ nodeId: NodeId; since: Instant | null }>`
    select node.id as "nodeId", least(
      (select from_at from performance.signal_interval where node_id = node.id order by from_at limit 1),
      (select from_at from performance.manual_state where node_id = node.id order by from_at limit 1)) as since
    from unnest(${[...nodeIds]}::uuid[]) as node (id)`.execute(db)
  return new Map(rows.flatMap(({ nodeId, since }) => (since === null ? [] : [[nodeId, since] as const])))
}

/**
 * Stops that overlap `[from, to)` with what their reasons say of their time, uncut, oldest first: without the remarks and the
 * history that `listStops` reads beside them. Whether an open one is minor is said as of `now`.
 */
export async function listStopSpans(
  db: Database,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
  now: Instant,
): Promise<(StopSpan & { readonly nodeId: NodeId })[]> {
  const { rows } = await sql<Omit<StopSpan, 'minor'> & { nodeId: NodeId; minorBelowUs: number }>`
    select stop.id, stop.node_id as "nodeId", from_at as "from", to_at as "to", minor_below_us as "minorBelowUs",
      reason_id as "reasonId", reason.category, coalesce(reason.inside_planned_time, false) as "insidePlannedTime"
    from performance.stop as stop left join performance.reason as reason on reason.id = stop.reason_id
    where stop.node_id = any(${[...nodeIds]}::uuid[]) and replaced_at is null and from_at < ${to}
      and (to_at is null or to_at > ${from})
    order by from_at, stop.id`.execute(db)
  return rows.map(({ minorBelowUs, ...stop }) => ({ ...stop, minor: isMinor({ ...stop, minorBelowUs }, now) }))
}

type StepRow = [at: Instant, total: number | null, good: number | null, scrap: number | null, rework: number | null]

/**
 * What the counters of each machine rose by with `from <= at < to`, oldest first. A machine's steps come as one JSON text:
 * for a hundred machines that costs a third of a row each.
 */
export async function listSteps(
  db: Database,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<ReadonlyMap<NodeId, Step[]>> {
  const { rows } = await sql<{ nodeId: NodeId; steps: StepRow[] }>`
    select node_id as "nodeId", json_agg(json_build_array(at, total, good, scrap, rework) order by at) as steps
    from performance.count_step
    where node_id = any(${[...nodeIds]}::uuid[]) and at >= ${from} and at < ${to}
    group by node_id`.execute(db)
  return new Map(
    rows.map(({ nodeId, steps }) => [
      nodeId,
      steps.map(([at, total, good, scrap, rework]) => ({ at, total, good, scrap, rework })),
    ]),
  )
}
