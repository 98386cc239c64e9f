import type { ThreadNode } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { GraphEdge, GraphNode, Return } from './rules.ts'
import { keyOf } from './rules.ts'

type Connection = Kysely<Tables>

/** Puts nodes into the graph, or says anew what they are called; what is not known of one now stays as it was known. */
export async function putNodes(trx: Connection, nodes: readonly GraphNode[]): Promise<void> {
  if (nodes.length === 0) return
  // In one order everywhere: two who put the same ones never wait for each other in a circle.
  const plain = nodes.map(({ kind, id, label, detail, at, place }) => ({ kind, id, label, detail, at, place }))
  const each = [...new Map(plain.map((node) => [keyOf(node), node]))].sort(([a], [b]) => (a < b ? -1 : 1))
  await sql`
    insert into traceability.node as node (kind, ref, label, detail, at, place)
    select kind, id, label, detail, at, place
    from jsonb_to_recordset(${JSON.stringify(each.map(([, node]) => node))}::jsonb) as row (kind text, id text, label text,
      detail text, at bigint, place uuid)
    on conflict (kind, lower(ref)) do update set label = excluded.label, detail = excluded.detail,
      at = coalesce(excluded.at, node.at), place = coalesce(excluded.place, node.place)
    where (node.label, node.detail, node.at, node.place) is distinct from
      (excluded.label, excluded.detail, coalesce(excluded.at, node.at), coalesce(excluded.place, node.place))`.execute(
    trx,
  )
}

/** Says what of a node changed, if it is there. */
export async function updateDetail(trx: Connection, { kind, id }: ThreadNode, detail: string): Promise<void> {
  await sql`
    update traceability.node set detail = ${detail} where kind = ${kind} and lower(ref) = lower(${id})`.execute(trx)
}

/** Puts edges between nodes that are there; one that its cause told before stays as it is. */
export const putEdges = (trx: Connection, cause: string, edges: readonly GraphEdge[]): Promise<void> =>
  putCausedEdges(
    trx,
    edges.map((edge) => ({ ...edge, cause })),
  )

/** The same for edges of several causes. */
export async function putCausedEdges(
  trx: Connection,
  edges: readonly (GraphEdge & { readonly cause: string })[],
): Promise<void> {
  if (edges.length === 0) return
  await sql`
    insert into traceability.edge (cause, from_id, to_id, kind, at, until_at, quantity, shared, run_id, material, taken_back)
    select row.cause, source.id, target.id, row.kind, row.at, row.until, row.quantity, row.shared, row."runId",
      source.kind = 'lot' and target.kind = 'lot', false
    from jsonb_to_recordset(${JSON.stringify(edges.map(flat))}::jsonb) as row (cause uuid, "fromKind" text, "fromId" text,
      "toKind" text, "toId" text, kind text, at bigint, until bigint, quantity numeric, shared boolean, "runId" uuid)
    join traceability.node as source on source.kind = row."fromKind" and lower(source.ref) = lower(row."fromId")
    join traceability.node as target on target.kind = row."toKind" and lower(target.ref) = lower(row."toId")
    on conflict do nothing`.execute(trx)
}

/** What these causes said before holds no longer: they say it anew. */
export async function forgetEdges(trx: Connection, ...causes: readonly string[]): Promise<void> {
  if (causes.length === 0) return
  await sql`delete from traceability.edge where cause = any(${[...causes]}::uuid[])`.execute(trx)
}

const gate = sql`hashtextextended('traceability.graph', 0)`

/** Whoever adds to the graph waits while it is made anew. */
export async function joinGraph(trx: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${gate})`.execute(trx)
}

/** Nobody else adds to the graph until the transaction ends; who reads it sees it as it was. */
export async function emptyGraph(trx: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock(${gate})`.execute(trx)
  await sql`delete from traceability.edge`.execute(trx)
  await sql`delete from traceability.taken_back`.execute(trx)
  await sql`delete from traceability.node`.execute(trx)
}

export async function countGraph(db: Connection): Promise<{ nodes: number; edges: number }> {
  const { rows } = await sql<{ nodes: number; edges: number }>`
    select (select count(*) from traceability.node)::int as nodes,
      (select count(*) from traceability.edge)::int as edges`.execute(db)
  return rows[0] ?? { nodes: 0, edges: 0 }
}

export async function isEmptyGraph(db: Connection): Promise<boolean> {
  const { rows } = await sql<{ empty: boolean }>`
    select not exists (select from traceability.node) as empty`.execute(db)
  return rows[0]?.empty ?? true
}

export async function putReturns(trx: Connection, cause: string, returns: readonly Return[]): Promise<void> {
  if (returns.length === 0) return
  await sql`
    insert into traceability.taken_back (cause, from_id, to_id, quantity)
    select ${cause}::uuid, source.id, target.id, row.quantity
    from jsonb_to_recordset(${JSON.stringify(returns.map(flat))}::jsonb) as row ("fromKind" text, "fromId" text, "toKind" text,
      "toId" text, quantity numeric)
    join traceability.node as source on source.kind = row."fromKind" and lower(source.ref) = lower(row."fromId")
    join traceability.node as target on target.kind = row."toKind" and lower(target.ref) = lower(row."toId")
    on conflict do nothing`.execute(trx)
}

/** Whether lots are in pieces: not when as much came back as went in, whichever was heard of first. */
export async function settleReturns(
  trx: Connection,
  pairs: readonly { readonly from: ThreadNode; readonly to: ThreadNode }[],
): Promise<void> {
  if (pairs.length === 0) return
  await sql`
    with pair as materialized (
      select distinct source.id as from_id, target.id as to_id
      from jsonb_to_recordset(${JSON.stringify(pairs.map(flat))}::jsonb) as row ("fromKind" text, "fromId" text, "toKind" text,
        "toId" text)
      join traceability.node as source on source.kind = row."fromKind" and lower(source.ref) = lower(row."fromId")
      join traceability.node as target on target.kind = row."toKind" and lower(target.ref) = lower(row."toId")
      where exists (select from traceability.taken_back as back
        where back.from_id = source.id and back.to_id = target.id)
    ), net as (
      select pair.from_id, pair.to_id, sum(edge.quantity) <= (
        select sum(back.quantity) from traceability.taken_back as back
        where back.from_id = pair.from_id and back.to_id = pair.to_id) as gone
      from pair join traceability.edge as edge
        on edge.from_id = pair.from_id and edge.to_id = pair.to_id and edge.kind = 'built-into' and edge.material
      group by pair.from_id, pair.to_id)
    update traceability.edge as edge set taken_back = net.gone from net
    where edge.from_id = net.from_id and edge.to_id = net.to_id and edge.kind = 'built-into' and edge.material
      and edge.taken_back <> net.gone`.execute(trx)
}

const flat = <Link extends { readonly from: ThreadNode; readonly to: ThreadNode }>({ from, to, ...rest }: Link) => ({
  ...rest,
  fromKind: from.kind,
  fromId: from.id,
  toKind: to.kind,
  toId: to.id,
})
