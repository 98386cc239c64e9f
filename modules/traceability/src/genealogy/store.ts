import type { ThreadNode, Window } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Direction, FoundEdge, FoundNode } from './found.ts'

type Connection = Kysely<Tables>

const nodeColumns = sql`n.id as key, n.kind, n.ref as id, n.label, n.detail, n.at, n.place`
const edgeColumns = sql`
  e.cause, e.from_id as "from", e.to_id as "to", e.kind, e.at, case when e.shared then null else e.quantity::text end as quantity,
  e.run_id as "runId"`

export async function findNode(db: Connection, { kind, id }: ThreadNode): Promise<FoundNode | undefined> {
  const { rows } = await sql<FoundNode>`
    select ${nodeColumns} from traceability.node n where n.kind = ${kind} and lower(n.ref) = lower(${id})`.execute(db)
  return rows[0]
}

/** What people call by this name; what is scanned most often first. */
export async function findNodeByLabel(db: Connection, label: string): Promise<FoundNode | undefined> {
  const { rows } = await sql<FoundNode>`
    select ${nodeColumns} from traceability.node n where lower(n.label) = lower(${label})
    order by array_position(array['lot', 'order', 'tool', 'deviation', 'equipment', 'person'], n.kind) nulls last, n.id
    limit 1`.execute(db)
  return rows[0]
}

export async function listNodes(db: Connection, keys: readonly number[]): Promise<FoundNode[]> {
  const { rows } = await sql<FoundNode>`
    select ${nodeColumns} from traceability.node n where n.id = any(${[...keys]}::bigint[])`.execute(db)
  return rows
}

/** What these numbers stand for, and nothing else of it. */
export async function listRefs(db: Connection, keys: readonly number[]): Promise<{ key: number; id: string }[]> {
  const { rows } = await sql<{ key: number; id: string }>`
    select n.id as key, n.ref as id from traceability.node n where n.id = any(${[...keys]}::bigint[])`.execute(db)
  return rows
}

/** Numbers of the lots that the graph knows, of these. */
export async function listLotKeys(db: Connection, lots: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ key: number }>`
    select n.id as key from traceability.node n
    where n.kind = 'lot' and lower(n.ref) = any(${lots.map((id) => id.toLowerCase())}::text[])`.execute(db)
  return rows.map(({ key }) => key)
}

/** What went into these lots, or what they went into: one step. */
export async function listMaterialEdges(
  db: Connection,
  keys: readonly number[],
  direction: Direction,
): Promise<FoundEdge[]> {
  const near = direction === 'forward' ? sql`e.from_id` : sql`e.to_id`
  const { rows } = await sql<FoundEdge>`
    select ${edgeColumns} from traceability.edge e
    where ${near} = any(${[...keys]}::bigint[]) and e.material and not e.taken_back`.execute(db)
  return rows
}

/**
 * Every step from these lots, with how far away its near end is, in one query: it comes once for each depth at which it can be
 * reached, so that a circle ends at `maxDepth`. Undefined = there would be more than `most` of those.
 */
export async function listSteps(
  db: Connection,
  seeds: ReadonlyMap<number, number>,
  direction: Direction,
  maxDepth: number,
  most: number,
): Promise<(FoundEdge & { readonly depth: number })[] | undefined> {
  const [near, far] = direction === 'forward' ? [sql`e.from_id`, sql`e.to_id`] : [sql`e.to_id`, sql`e.from_id`]
  const { rows } = await sql<FoundEdge & { depth: number; walked: number }>`
    with recursive walk (id, depth) as (
      select * from unnest(${[...seeds.keys()]}::bigint[], ${[...seeds.values()]}::integer[])
      union
      select ${far}, walk.depth + 1 from walk join traceability.edge e on ${near} = walk.id
      where e.material and not e.taken_back and walk.depth < ${maxDepth}::integer
    ), walked as materialized (select id, depth from walk limit ${most + 1}),
    nearest as (select id, min(depth) as depth from walked group by id)
    select ${edgeColumns}, nearest.depth, (select count(*)::int from walked) as walked
    from nearest join traceability.edge e on ${near} = nearest.id
    where e.material and not e.taken_back and nearest.depth < ${maxDepth}::integer limit ${most + 1}`.execute(db)
  return rows.length > most || (rows[0]?.walked ?? 0) > most ? undefined : rows
}

/** The lots one step on, each once: `listMaterialEdges` without the edges. */
export async function listNextLots(db: Connection, keys: readonly number[], direction: Direction): Promise<number[]> {
  const [near, far] = direction === 'forward' ? [sql`e.from_id`, sql`e.to_id`] : [sql`e.to_id`, sql`e.from_id`]
  const { rows } = await sql<{ key: number }>`
    select distinct ${far} as key from traceability.edge e
    where ${near} = any(${[...keys]}::bigint[]) and e.material and not e.taken_back`.execute(db)
  return rows.map(({ key }) => key)
}

/** Runs, inspections, people, equipment and so on that these came from: one step, no material. */
export async function listContext(db: Connection, keys: readonly number[]): Promise<FoundEdge[]> {
  const { rows } = await sql<FoundEdge>`
    select ${edgeColumns} from traceability.edge e
    where e.to_id = any(${[...keys]}::bigint[]) and not e.material`.execute(db)
  return rows
}

/** What these were used for, with the kind of what it was: one step, no material; `window` = only while it lasts. */
export async function listUses(
  db: Connection,
  keys: readonly number[],
  window: Window | undefined,
): Promise<(FoundEdge & { readonly isLot: boolean })[]> {
  const lasting =
    window === undefined
      ? sql``
      : sql`and e.at < ${window.to}
        and (e.until_at is null or e.until_at > ${window.from} or e.at >= ${window.from})`
  const { rows } = await sql<FoundEdge & { isLot: boolean }>`
    select ${edgeColumns}, n.kind = 'lot' as "isLot"
    from traceability.edge e join traceability.node n on n.id = e.to_id
    where e.from_id = any(${[...keys]}::bigint[]) and not e.material ${lasting}`.execute(db)
  return rows
}
