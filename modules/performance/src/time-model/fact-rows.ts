import type { Id, Instant } from '@throughline/kernel'
import type { CountEntry, LineSetting, MachineState, StopCategory } from '@throughline/model'
import type { Database } from '@throughline/platform'
import { sql } from 'kysely'
import type { Run } from '../run/run.ts'
import type { MachineInterval } from '../state/interval.ts'
import type { ManualState } from '../state/manual.ts'
import { intervalsIn, matesOf, reachOf } from '../state/store.ts'
import { isMinor } from '../stop/stored-stop.ts'
import type { Extent } from './cells.ts'
import type { Gap, Step, StopSpan } from './facts.ts'

type NodeId = Id<'EquipmentNode'>
type OfNode<Item> = Item & { readonly nodeId: NodeId }

/** What is stored of machines for a window; each list in order of time. */
interface FactRows {
  /** The window's beginning, or that of a stop or a gap of the counters that began earlier: what it took before the window was counted there. */
  readonly from: Instant
  readonly states: readonly MachineInterval[]
  readonly stops: readonly OfNode<StopSpan>[]
  readonly runs: readonly OfNode<Run>[]
  readonly steps: ReadonlyMap<NodeId, Step[]>
  readonly gaps: ReadonlyMap<NodeId, Gap[]>
  readonly entries: readonly OfNode<CountedByHand>[]
  readonly plannedStops: readonly { readonly nodeId: NodeId; readonly from: Instant; readonly to: Instant }[]
}

type CountedByHand = Pick<CountEntry, 'kind' | 'quantity' | 'reasonId' | 'madeAt' | 'order' | 'product'>

interface FactsAsked {
  readonly nodeIds: readonly NodeId[]
  /** The machines' nodes and all above them. */
  readonly above: readonly NodeId[]
  readonly window: Extent
  readonly now: Instant
  readonly lines: readonly LineSetting[]
}

type Told<Row extends readonly unknown[]> = readonly Row[] | null
type Span = readonly [from: Instant, to: Instant | null]

interface Row {
  readonly from: Instant
  readonly stops: Told<
    [Id<'Stop'>, NodeId, ...Span, number, StopSpan['reasonId'], StopSpan['causedBy'], StopCategory | null, boolean]
  >
  readonly states: Told<[NodeId, ...Span, MachineState, string]>
  readonly manual: Told<[Id<'ManualState'>, NodeId, ...Span, MachineState, string]>
  readonly runs: Told<[NodeId, ...Span, string | null, string | null]>
  readonly steps: Told<[NodeId, Instant, number | null, number | null, number | null, number | null]>
  readonly gaps: Told<[NodeId, Instant, Instant, number | null, number | null, number | null, number | null]>
  readonly entries: Told<
    [NodeId, CountEntry['kind'], number, CountEntry['reasonId'], Instant, string | null, string | null]
  >
  readonly planned: Told<[NodeId, Instant, Instant]>
}

/** A shift that the window cuts began, or ends, no further away than this. */
const shiftReachUs = 2 * 86_400e6

/**
 * All facts of machines in one statement: on the way to the database and back each statement costs more than the reading of
 * a shift. States, stops and runs of a machine never overlap, so that those of a window begin with the last before it.
 */
export async function listFactRows(db: Database, asked: FactsAsked): Promise<FactRows> {
  const { nodeIds, above, window, now, lines } = asked
  const to = Math.min(window.to, now)
  const mates = [...matesOf(lines, nodeIds)]
  const back = mates.length === nodeIds.length ? null : reachOf(lines)
  const nodes = sql`${[...nodeIds]}::uuid[]`
  const { rows } = await sql<Row>`
    with stop as materialized (
      select each.id, each.node_id, from_at, to_at, minor_below_us, reason_id, caused_by, reason.category,
        coalesce(reason.inside_planned_time, false) as inside
      from unnest(${nodes}) as node (id), lateral (
        select * from performance.stop where node_id = node.id and replaced_at is null and from_at < ${window.to}
          and from_at >= coalesce((select max(from_at) from performance.stop
            where node_id = node.id and replaced_at is null and from_at <= ${window.from}), 0)
      ) as each left join performance.reason as reason on reason.id = reason_id
      where to_at is null or to_at > ${window.from}
    ), gap as materialized (
      select * from performance.count_gap where node_id = any(${nodes}) and at >= ${window.from} and since < ${to}
    ), begin as materialized (
      select least(${window.from}::bigint, (select min(from_at) from stop),
        (select min(since) from gap where at - since < ${shiftReachUs})) as at
    ), reach as materialized (
      select case when ${back}::bigint is null then begin.at else -${back}::bigint + least(begin.at, (
        select min((select max(from_at) from performance.signal_interval where node_id = node.id and from_at <= begin.at))
        from unnest(${nodes}) as node (id))) end as at
      from begin)
    select begin.at as "from",
      (select json_agg(json_build_array(id, node_id, from_at, to_at, minor_below_us, reason_id, caused_by, category,
        inside)
        order by from_at, id) from stop) as stops,
      (select json_agg(json_build_array(node_id, from_at, to_at, state, label) order by node_id, from_at)
        from unnest(${mates}::uuid[]) as node (id), reach, lateral (
          select * from performance.signal_interval where node_id = node.id and from_at < ${to} and from_at >= coalesce((
            select max(from_at) from performance.signal_interval where node_id = node.id and from_at <= reach.at), 0)
        ) as each where to_at is null or to_at > reach.at) as states,
      (select json_agg(json_build_array(id, node_id, from_at, to_at, state, comment) order by seq)
        from performance.manual_state where node_id = any(${mates}::uuid[]) and from_at < ${to}) as manual,
      (select json_agg(json_build_array(node_id, from_at, to_at, order_name, product) order by node_id, from_at)
        from unnest(${nodes}) as node (id), lateral (
          select * from performance.run where node_id = node.id and from_at < ${to + shiftReachUs}
            and from_at >= coalesce((
              select max(from_at) from performance.run where node_id = node.id and from_at <= begin.at), 0)
        ) as each where to_at is null or to_at > begin.at) as runs,
      (select json_agg(json_build_array(node_id, at, total, good, scrap, rework) order by at)
        from performance.count_step where node_id = any(${nodes}) and at >= ${window.from} and at < ${to}) as steps,
      (select json_agg(json_build_array(node_id, at, since, total, good, scrap, rework) order by at, since)
        from gap) as gaps,
      (select json_agg(json_build_array(node_id, kind, quantity::float8, reason_id, made_at, order_name, product)
        order by made_at, id) from performance.count_entry where node_id = any(${nodes}) and replaced_at is null
        and made_at >= begin.at - ${shiftReachUs}::bigint and made_at < ${to + shiftReachUs}) as entries,
      (select json_agg(json_build_array(node_id, from_at, to_at) order by from_at, id) from performance.planned_stop
        where node_id = any(${[...above]}::uuid[]) and cancelled_reason is null and from_at < ${to}
          and to_at > begin.at) as planned
    from begin`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Error('the facts came without a row')
  return factRowsOf(row, asked, to)
}

function factRowsOf(row: Row, { nodeIds, lines, now }: FactsAsked, to: number): FactRows {
  const signals = (row.states ?? []).map(
    ([nodeId, from, end, state, label]): MachineInterval => ({
      ...{ nodeId, from, to: end, state, label },
      ...{ source: 'rule', stopId: null, causedBy: null },
    }),
  )
  const manual = (row.manual ?? []).map(
    ([id, nodeId, from, end, state, comment]): ManualState => ({
      ...{ id, nodeId, from, to: end, state, comment },
    }),
  )
  const steps = (row.steps ?? []).map(([nodeId, at, total, good, scrap, rework]) => ({
    ...{ nodeId, at, total, good, scrap, rework },
  }))
  const gaps = (row.gaps ?? []).map(([nodeId, at, since, total, good, scrap, rework]) => ({
    ...{ nodeId, at, since, total, good, scrap, rework },
  }))
  return {
    from: row.from,
    states: intervalsIn(lines, nodeIds, { signals, manual }, row.from, to),
    stops: (row.stops ?? []).map(([id, nodeId, from, end, minorBelowUs, reasonId, causedBy, category, inside]) => ({
      ...{ id, nodeId, from, to: end, reasonId, causedBy, category, insidePlannedTime: inside },
      minor: isMinor({ from, to: end, minorBelowUs }, now),
    })),
    runs: (row.runs ?? []).map(([nodeId, from, end, order, product]) => ({ nodeId, order, product, from, to: end })),
    steps: Map.groupBy(steps, ({ nodeId }) => nodeId),
    gaps: Map.groupBy(gaps, ({ nodeId }) => nodeId),
    entries: (row.entries ?? []).map(([nodeId, kind, quantity, reasonId, madeAt, order, product]) => ({
      ...{ nodeId, kind, quantity, reasonId, madeAt, order, product },
    })),
    plannedStops: (row.planned ?? []).map(([nodeId, from, end]) => ({ nodeId, from, to: end })),
  }
}
