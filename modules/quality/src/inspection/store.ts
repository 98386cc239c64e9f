import type { Instant } from '@throughline/kernel'
import type { Inspection } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>

const selectInspections = sql`
  select i.id, i.kind, i.lot_id as "lotId", i.piece, i.node_id as "nodeId", i.order_id as "orderId", i.run_id as "runId", i.gauge, i.at,
    i.recorded_at as "recordedAt", i.recorded_by as "recordedBy", i.document, i.passed, i.results
  from quality.inspection i`

/** Newest first; `nodes` = only of pieces that were there (null = anywhere), and of what stands nowhere. */
export async function listInspectionsBy(
  db: Connection,
  want: {
    readonly lotId?: string | undefined
    readonly orderId?: string | undefined
    readonly gauge?: string | undefined
    readonly window?: { readonly from: Instant; readonly to: Instant } | undefined
    readonly failedOnly: boolean
    readonly limit: number
  },
  nodes: ReadonlySet<string> | null,
): Promise<{ inspections: Inspection[]; total: number }> {
  const where = sql`
    where (${want.lotId ?? null}::uuid is null or i.lot_id = ${want.lotId ?? null}::uuid)
      and (${want.orderId ?? null}::uuid is null or i.order_id = ${want.orderId ?? null}::uuid)
      and (${want.gauge ?? null}::text is null or lower(i.gauge) = lower(${want.gauge ?? null}))
      and (${want.window?.from ?? null}::bigint is null
        or (i.at >= ${want.window?.from ?? null}::bigint and i.at < ${want.window?.to ?? null}::bigint))
      and (not ${want.failedOnly} or i.passed is false)
      and (${nodes === null} or i.node_id is null or i.node_id = any(${[...(nodes ?? [])]}::uuid[]))`
  const { rows } = await sql<Inspection>`
    ${selectInspections} ${where} order by i.at desc, i.id desc limit ${want.limit}`.execute(db)
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from quality.inspection i ${where}`.execute(db)
  return { inspections: rows, total: counted.rows[0]?.total ?? 0 }
}

/** Of these pieces, and of operations as a whole; oldest first. */
export async function listInspectionsOf(
  db: Connection,
  { lots, runs }: { readonly lots: readonly string[]; readonly runs: readonly string[] },
): Promise<Inspection[]> {
  const { rows } = await sql<Inspection>`
    ${selectInspections}
    where i.lot_id = any(${[...lots]}::uuid[]) or (i.lot_id is null and i.run_id = any(${[...runs]}::uuid[]))
    order by i.at, i.id`.execute(db)
  return rows
}

/** Undefined = there is none. */
export async function findInspection(db: Connection, id: Inspection['id']): Promise<Inspection | undefined> {
  const { rows } = await sql<Inspection>`${selectInspections} where i.id = ${id}`.execute(db)
  return rows[0]
}

/** By id; `after` = the last one of the page before. */
export async function listInspectionsAfter(db: Connection, after: string | null, limit: number): Promise<Inspection[]> {
  const { rows } = await sql<Inspection>`
    ${selectInspections} where ${after}::uuid is null or i.id > ${after}::uuid order by i.id limit ${limit}`.execute(db)
  return rows
}

/** The inspection that this file gave of this piece before. */
export async function findOfDocument(db: Connection, document: string, piece: string): Promise<Inspection | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`quality.inspection ${document} ${piece}`}, 0))`.execute(db)
  const { rows } = await sql<Inspection>`
    ${selectInspections} where i.document = ${document} and i.piece = ${piece}`.execute(db)
  return rows[0]
}

/** What was measured with a gauge after `since` (null = ever) and up to `to`. */
export async function listMeasuredWith(
  db: Connection,
  gauge: string,
  since: Instant | null,
  to: Instant,
): Promise<Pick<Inspection, 'piece' | 'lotId'>[]> {
  const { rows } = await sql<Pick<Inspection, 'piece' | 'lotId'>>`
    select piece, lot_id as "lotId" from quality.inspection
    where lower(gauge) = lower(${gauge}) and at > ${since ?? 0} and at <= ${to} order by at, id`.execute(db)
  return rows
}

export async function insertInspection(db: Connection, each: Inspection): Promise<void> {
  await sql`
    insert into quality.inspection (id, kind, lot_id, piece, node_id, order_id, run_id, gauge, at, recorded_at, recorded_by,
      document, passed, results)
    values (${each.id}, ${each.kind}, ${each.lotId}, ${each.piece}, ${each.nodeId}, ${each.orderId}, ${each.runId}, ${each.gauge},
      ${each.at}, ${each.recordedAt}, ${each.recordedBy}, ${each.document}, ${each.passed},
      ${JSON.stringify(each.results)}::jsonb)`.execute(db)
}
