import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Deviation } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type DeviationId = Id<'Deviation'>

const selectDeviations = sql`
  select d.id, d.code, d.title, d.description, d.severity, d.state,
    jsonb_build_object('kind', d.cause_kind, 'ref', d.cause_ref) as cause,
    d.at, d.opened_at as "openedAt", d.opened_by as "openedBy", d.node_id as "nodeId", d.order_id as "orderId",
    d.order_code as "orderCode", d.run_id as "runId", d.about,
    coalesce((select jsonb_agg(jsonb_build_object('lotId', l.lot_id, 'code', l.code) order by l.code)
      from quality.deviation_lot l where l.deviation_id = d.id), '[]') as lots,
    case when d.window_from is null then null
      else jsonb_build_object('from', d.window_from, 'to', d.window_to) end as window,
    d.tag_ids as "tagIds",
    coalesce((select jsonb_agg(jsonb_build_object('at', n.at, 'by', n.by, 'text', n.text) order by n.at, n.id)
      from quality.deviation_note n where n.deviation_id = d.id), '[]') as notes,
    case when d.closed_at is null then null
      else jsonb_build_object('at', d.closed_at, 'by', d.closed_by, 'conclusion', d.conclusion,
        'disposition', d.disposition) end as closed,
    d.version
  from quality.deviation d`

/** Open ones first, newest first; `nodes` = only what happened there (null = anywhere), and what stands nowhere. */
export async function listDeviationsBy(
  db: Connection,
  want: {
    readonly state?: string | undefined
    readonly orderId?: string | undefined
    readonly lotId?: string | undefined
    readonly alarm?: string | undefined
    readonly search?: string | undefined
    readonly window?: { readonly from: Instant; readonly to: Instant } | undefined
    readonly limit: number
  },
  nodes: ReadonlySet<string> | null,
): Promise<{ deviations: Deviation[]; total: number }> {
  const like = want.search === undefined ? null : `%${want.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const where = sql`
    where (${want.state ?? null}::text is null or d.state = ${want.state ?? null})
      and (${like}::text is null or lower(d.code) like ${like} or lower(d.title) like ${like})
      and (${want.orderId ?? null}::uuid is null or d.order_id = ${want.orderId ?? null}::uuid)
      and (${want.lotId ?? null}::uuid is null or exists (
        select from quality.deviation_lot l where l.deviation_id = d.id and l.lot_id = ${want.lotId ?? null}::uuid))
      and (${want.alarm ?? null}::text is null
        or (d.cause_kind = 'alarm' and lower(d.about) = lower(${want.alarm ?? null})))
      and (${want.window?.from ?? null}::bigint is null
        or (d.at >= ${want.window?.from ?? null}::bigint and d.at < ${want.window?.to ?? null}::bigint))
      and (${nodes === null} or d.node_id is null or d.node_id = any(${[...(nodes ?? [])]}::uuid[]))`
  const { rows } = await sql<Deviation>`
    ${selectDeviations} ${where}
    order by d.state = 'open' desc, d.opened_at desc, d.code desc limit ${want.limit}`.execute(db)
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from quality.deviation d ${where}`.execute(db)
  return { deviations: rows, total: counted.rows[0]?.total ?? 0 }
}

/**
 * That concern these pieces; and those that name no piece, of these operations, or of these orders as a whole. By when they
 * happened.
 */
export async function listDeviationsOf(
  db: Connection,
  asked: { readonly lots: readonly string[]; readonly runs: readonly string[]; readonly orders: readonly string[] },
): Promise<Deviation[]> {
  const { rows } = await sql<Deviation>`
    ${selectDeviations}
    where exists (select from quality.deviation_lot l
        where l.deviation_id = d.id and l.lot_id = any(${[...asked.lots]}::uuid[]))
      or (not exists (select from quality.deviation_lot l where l.deviation_id = d.id)
        and (d.run_id = any(${[...asked.runs]}::uuid[])
          or (d.run_id is null and d.order_id = any(${[...asked.orders]}::uuid[]))))
    order by d.at, d.id`.execute(db)
  return rows
}

/** Undefined = there is none. */
export async function findDeviation(db: Connection, id: DeviationId): Promise<Deviation | undefined> {
  const { rows } = await sql<Deviation>`${selectDeviations} where d.id = ${id}`.execute(db)
  return rows[0]
}

/** By id; `after` = the last one of the page before. */
export async function listDeviationsAfter(db: Connection, after: string | null, limit: number): Promise<Deviation[]> {
  const { rows } = await sql<Deviation>`
    ${selectDeviations} where ${after}::uuid is null or d.id > ${after}::uuid order by d.id limit ${limit}`.execute(db)
  return rows
}

/** @throws DomainError `not-found` */
export async function getDeviationBy(
  db: Connection,
  want: { readonly id: DeviationId } | { readonly code: string },
): Promise<Deviation> {
  const match = 'id' in want ? sql`d.id = ${want.id}` : sql`upper(d.code) = upper(${want.code})`
  const { rows } = await sql<Deviation>`${selectDeviations} where ${match}`.execute(db)
  if (rows[0] !== undefined) return rows[0]
  const named = 'id' in want ? want.id : want.code
  throw new DomainError('not-found', 'quality.deviation-unknown', `There is no deviation ${named}`, { named })
}

/** As it stands, and nobody else changes it before this transaction ends. @throws DomainError `not-found` */
export async function lockDeviation(db: Connection, id: DeviationId): Promise<Deviation> {
  await sql`select 1 from quality.deviation where id = ${id} for update`.execute(db)
  return getDeviationBy(db, { id })
}

export async function isKnownCause(db: Connection, cause: Deviation['cause']): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`quality ${cause.kind} ${cause.ref}`}, 0))`.execute(db)
  const { rows } = await sql`
    select 1 from quality.deviation where cause_kind = ${cause.kind} and cause_ref = ${cause.ref}`.execute(db)
  return rows.length > 0
}

/** The newest deviation that this alarm opened in an order (null = in none) and that is still open. */
export async function findOpenOfAlarm(
  db: Connection,
  alarm: string,
  orderId: Id<'Order'> | null,
): Promise<DeviationId | undefined> {
  const { rows } = await sql<{ id: DeviationId }>`
    select id from quality.deviation
    where state = 'open' and cause_kind = 'alarm' and about = ${alarm} and order_id is not distinct from ${orderId}::uuid
    order by opened_at desc limit 1`.execute(db)
  return rows[0]?.id
}

export async function isNoted(db: Connection, id: string): Promise<boolean> {
  const { rows } = await sql`select 1 from quality.deviation_note where id = ${id}`.execute(db)
  return rows.length > 0
}

/** Without gaps or doubles: two who ask at once take turns, and what is not committed was never given. */
export async function takeNumber(db: Connection, series: string): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into quality.number as number (series, last) values (${series}, 1)
    on conflict (series) do update set last = number.last + 1 returning last`.execute(db)
  return rows[0]?.last ?? 1
}

export async function insertDeviation(db: Connection, each: Deviation): Promise<void> {
  await sql`
    insert into quality.deviation (id, code, title, description, severity, state, cause_kind, cause_ref, at, opened_at,
      opened_by, node_id, order_id, order_code, run_id, about, window_from, window_to, tag_ids, version)
    values (${each.id}, ${each.code}, ${each.title}, ${each.description}, ${each.severity}, ${each.state},
      ${each.cause.kind}, ${each.cause.ref}, ${each.at}, ${each.openedAt}, ${each.openedBy}, ${each.nodeId},
      ${each.orderId}, ${each.orderCode}, ${each.runId}, ${each.about}, ${each.window?.from ?? null},
      ${each.window?.to ?? null}, ${[...each.tagIds]}::uuid[], ${each.version})`.execute(db)
  await insertLots(db, each.id, each.lots)
}

export async function insertLots(db: Connection, id: DeviationId, lots: Deviation['lots']): Promise<void> {
  if (lots.length === 0) return
  await sql`
    insert into quality.deviation_lot (deviation_id, lot_id, code)
    select ${id}, lot_id, code from unnest(${lots.map(({ lotId }) => lotId)}::uuid[],
      ${lots.map(({ code }) => code)}::text[]) as each (lot_id, code)
    on conflict do nothing`.execute(db)
}

export async function insertNote(
  db: Connection,
  id: DeviationId,
  note: { readonly id: string; readonly at: Instant; readonly by: string; readonly text: string },
): Promise<void> {
  await sql`
    insert into quality.deviation_note (id, deviation_id, at, by, text)
    values (${note.id}, ${id}, ${note.at}, ${note.by}, ${note.text})`.execute(db)
  await sql`update quality.deviation set version = version + 1 where id = ${id}`.execute(db)
}

export async function endDeviation(
  db: Connection,
  id: DeviationId,
  end: {
    readonly state: 'closed' | 'void'
    readonly at: Instant
    readonly by: string
    readonly conclusion: string
    readonly disposition: string | null
  },
): Promise<void> {
  await sql`
    update quality.deviation
    set state = ${end.state}, closed_at = ${end.at}, closed_by = ${end.by}, conclusion = ${end.conclusion},
      disposition = ${end.disposition}, version = version + 1
    where id = ${id}`.execute(db)
}
