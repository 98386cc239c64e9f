import type { Id, Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Order, OrderHold, OrderState } from '@throughline/model'
import { Order as OrderSchema } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Piece } from '../run/routing.ts'

type Db = Kysely<Tables>
type OrderId = Id<'Order'>
type LotId = Id<'Lot'>

const selected = sql`
  o.id, o.code, o.product, o.quantity::text as quantity, o.unit, o.site_id as "siteId", o.state, o.priority,
  o.due_at as "dueAt", o.work_definition_id as "workDefinitionId", o.bom_id as "bomId", o.instructions,
  array(select s.id from execution.order_subject s where s.order_id = o.id order by s.ordinal) as subjects,
  o.good::text as good, o.scrap::text as scrap,
  coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'cause', h.cause, 'subject', h.subject, 'reason', h.reason,
    'by', h.held_by, 'at', h.at, 'ended', case when h.ended_at is null then null
      else jsonb_build_object('by', h.ended_by, 'at', h.ended_at, 'reason', h.ended_reason) end) order by h.at, h.id)
    from execution.order_hold h where h.order_id = o.id), '[]'::jsonb) as holds,
  o.split_from as "splitFrom", o.reference, o.created_at as "createdAt", o.created_by as "createdBy",
  o.released_at as "releasedAt", o.started_at as "startedAt", o.completed_at as "completedAt", o.version
  from execution.order o`

const read = async (db: Db, rest: RawBuilder<unknown>): Promise<Order[]> =>
  (await sql`select ${selected} ${rest}`.execute(db)).rows.map((row) => OrderSchema.parse(row))

export const findOrder = async (db: Db, id: OrderId): Promise<Order | undefined> =>
  (await read(db, sql`where o.id = ${id}`))[0]

/** Whatever the case of the code. */
export const findOrderByCode = async (db: Db, code: string): Promise<Order | undefined> =>
  (await read(db, sql`where lower(o.code) = lower(${code})`))[0]

/** Held until the transaction ends: whatever happens to an order and its runs takes turns. */
export async function lockOrders(db: Db, ids: readonly OrderId[]): Promise<void> {
  if (ids.length === 0) return
  await sql`select id from execution.order where id = any(${[...ids]}::uuid[]) order by id for update`.execute(db)
}

/** Codes of these that there are already, in lower case. */
export async function listTakenCodes(db: Db, codes: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ code: string }>`
    select lower(code) as code from execution.order
    where lower(code) = any(${codes.map((code) => code.toLowerCase())}::text[])`.execute(db)
  return new Set(rows.map(({ code }) => code))
}

/** The next `count` numbers, without a gap: two who ask at once take turns. */
export async function takeOrderNumbers(db: Db, count: number): Promise<number[]> {
  const { rows } = await sql<{ last: number }>`
    update execution.order_number set last = last + ${count} returning last`.execute(db)
  const last = rows[0]?.last ?? count
  return Array.from({ length: count }, (_, index) => last - count + 1 + index)
}

export interface OrderQuestion {
  readonly state?: readonly OrderState[] | undefined
  readonly held?: boolean | undefined
  readonly product?: string | undefined
  readonly search?: string | undefined
  /** Sites whose orders may be seen; null = all. */
  readonly sites: readonly Id<'EquipmentNode'>[] | null
  readonly limit: number
}

/** The most urgent first, and how many there are. */
export async function listOrdersBy(db: Db, asked: OrderQuestion): Promise<{ orders: Order[]; total: number }> {
  const { state, held, product, search, sites, limit } = asked
  const holds = sql`exists (select from execution.order_hold h where h.order_id = o.id and h.ended_at is null)`
  const like = `%${(search ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    sql`true`,
    state === undefined ? [] : [sql`o.state = any(${[...state]}::text[])`],
    held === undefined ? [] : [held ? holds : sql`not ${holds}`],
    product === undefined ? [] : [sql`lower(o.product) = lower(${product})`],
    search === undefined ? [] : [sql`(lower(o.code) like ${like} or lower(o.reference) like ${like})`],
    sites === null ? [] : [sql`o.site_id = any(${[...sites]}::uuid[])`],
  ].flat()
  const where = sql`where ${sql.join(conditions, sql` and `)}`
  const counted = await sql<{ total: number }>`select count(*)::int as total from execution.order o ${where}`.execute(
    db,
  )
  const orders = await read(
    db,
    sql`${where} order by o.priority, o.due_at nulls last, o.created_at, o.id limit ${limit}`,
  )
  return { orders, total: counted.rows[0]?.total ?? 0 }
}

export async function insertOrders(db: Db, orders: readonly Order[]): Promise<void> {
  if (orders.length === 0) return
  await sql`
    insert into execution.order (id, code, product, quantity, unit, site_id, state, priority, due_at, work_definition_id,
      bom_id, instructions, good, scrap, split_from, reference, created_at, created_by, released_at, started_at,
      completed_at, version)
    select * from jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) as each (id uuid, code text, product text,
      quantity numeric, unit text, "siteId" uuid, state text, priority integer, "dueAt" bigint, "workDefinitionId" uuid,
      "bomId" uuid, instructions jsonb, good numeric, scrap numeric, "splitFrom" uuid, reference text,
      "createdAt" bigint, "createdBy" text, "releasedAt" bigint, "startedAt" bigint, "completedAt" bigint,
      version integer)`.execute(db)
}

/** Writes what may change of an order, as its next version. */
export async function updateOrder(db: Db, order: Order, endReason?: string): Promise<Order> {
  const next = { ...order, version: order.version + 1 }
  await sql`
    update execution.order set quantity = ${next.quantity}::numeric, state = ${next.state}, priority = ${next.priority},
      due_at = ${next.dueAt}, work_definition_id = ${next.workDefinitionId}, bom_id = ${next.bomId},
      instructions = ${JSON.stringify(next.instructions)}::jsonb, good = ${next.good}::numeric,
      scrap = ${next.scrap}::numeric, released_at = ${next.releasedAt}, started_at = ${next.startedAt},
      completed_at = ${next.completedAt}, end_reason = coalesce(${endReason ?? null}::text, end_reason),
      version = ${next.version}
    where id = ${next.id}`.execute(db)
  return next
}

/** What an order makes, in its order. */
export async function listPieces(db: Db, orderId: OrderId): Promise<Piece[]> {
  const { rows } = await sql<Piece & { quantity: string }>`
    select id, code, ordinal, quantity::text as quantity, state from execution.order_subject
    where order_id = ${orderId} order by ordinal`.execute(db)
  return rows.map((row) => ({ ...row, quantity: decimalOf(row.quantity) }))
}

/** Pieces by their ids, whichever order they belong to by now. */
export async function listPiecesById(db: Db, ids: readonly LotId[]): Promise<Piece[]> {
  const { rows } = await sql<Piece & { quantity: string }>`
    select id, code, ordinal, quantity::text as quantity, state from execution.order_subject
    where id = any(${[...ids]}::uuid[]) order by ordinal, id`.execute(db)
  return rows.map((row) => ({ ...row, quantity: decimalOf(row.quantity) }))
}

export async function insertPieces(db: Db, orderId: OrderId, pieces: readonly Piece[]): Promise<void> {
  if (pieces.length === 0) return
  await sql`
    insert into execution.order_subject (id, order_id, code, ordinal, quantity, state)
    select each.id, ${orderId}::uuid, each.code, each.ordinal, each.quantity, each.state
    from jsonb_to_recordset(${JSON.stringify(pieces)}::jsonb) as each (id uuid, code text, ordinal integer,
      quantity numeric, state text)`.execute(db)
}

/**
 * Pieces go from one order to another: the ledger tells them as part of their order, so they leave the one record and come
 * into the other.
 */
export async function movePieces(db: Db, to: OrderId, pieces: readonly Piece[]): Promise<void> {
  await sql`
    delete from execution.order_subject where id = any(${pieces.map(({ id }) => id)}::uuid[])`.execute(db)
  await insertPieces(db, to, pieces)
}

export async function updatePieces(db: Db, orderId: OrderId, pieces: readonly Piece[]): Promise<void> {
  if (pieces.length === 0) return
  await sql`
    update execution.order_subject subject set quantity = each.quantity, state = each.state, ordinal = each.ordinal
    from jsonb_to_recordset(${JSON.stringify(pieces)}::jsonb) as each (id uuid, ordinal integer, quantity numeric,
      state text) where subject.id = each.id and subject.order_id = ${orderId}`.execute(db)
}

/** Orders that are not at their end and have living pieces among these lots. */
export async function listOrdersWithPieces(db: Db, lots: readonly LotId[]): Promise<OrderId[]> {
  if (lots.length === 0) return []
  const { rows } = await sql<{ id: OrderId }>`
    select distinct o.id from execution.order_subject s join execution.order o on o.id = s.order_id
    where s.id = any(${[...lots]}::uuid[]) and s.state <> 'scrapped'
      and o.state in ('released', 'running', 'completed') order by o.id`.execute(db)
  return rows.map(({ id }) => id)
}

export interface PieceInWork {
  readonly code: string
  /** By its code. */
  readonly order: string
  readonly held: boolean
}

/** Those of the lots that an order is still making, or that belong to one that is held. */
export async function listPiecesInWork(db: Db, lots: readonly LotId[]): Promise<PieceInWork[]> {
  if (lots.length === 0) return []
  const { rows } = await sql<PieceInWork>`
    select * from (
      select s.code, s.state, o.code as "order", o.state as "orderState", exists (
        select from execution.order_hold h where h.order_id = o.id and h.ended_at is null) as held
      from execution.order_subject s join execution.order o on o.id = s.order_id
      where s.id = any(${[...lots]}::uuid[]) and s.state <> 'scrapped') as piece
    where held or (state = 'in-work' and "orderState" in ('released', 'running')) order by code`.execute(db)
  return rows.map(({ code, order, held }) => ({ code, order, held }))
}

/** Orders that a lot holds. */
export async function listHeldBy(db: Db, cause: OrderHold['cause'], subject: string): Promise<OrderId[]> {
  const { rows } = await sql<{ id: OrderId }>`
    select distinct order_id as id from execution.order_hold
    where cause = ${cause} and subject = ${subject} and ended_at is null order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

/** What of equipment holds orders until a deviation is closed. */
export async function listHeldUntil(db: Db, deviation: string): Promise<string[]> {
  const { rows } = await sql<{ subject: string }>`
    select distinct subject from execution.order_hold
    where cause = 'equipment' and ended_at is null and right(subject, length(${deviation}::text) + 2) = ${`, ${deviation}`}
    order by 1`.execute(db)
  return rows.map(({ subject }) => subject)
}

/** Those of the orders that are released and neither closed nor cancelled. */
export async function listUnclosed(db: Db, ids: readonly OrderId[]): Promise<OrderId[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: OrderId }>`
    select id from execution.order
    where id = any(${[...ids]}::uuid[]) and state in ('released', 'running', 'completed') order by id`.execute(db)
  return rows.map(({ id }) => id)
}

/** Holds an order, once for a cause and subject, however often it is told; true = it was not held so before. */
export async function insertHold(db: Db, orderId: OrderId, hold: OrderHold): Promise<boolean> {
  const { rows } = await sql`
    insert into execution.order_hold (id, order_id, cause, subject, reason, held_by, at)
    values (${hold.id}, ${orderId}, ${hold.cause}, ${hold.subject}, ${hold.reason}, ${hold.by}, ${hold.at})
    on conflict (order_id, cause, subject) where ended_at is null and subject is not null do nothing
    returning id`.execute(db)
  return rows.length > 0
}

export async function endHold(
  db: Db,
  holdId: Id<'OrderHold'>,
  ended: { readonly by: string; readonly at: Instant; readonly reason: string },
): Promise<void> {
  await sql`
    update execution.order_hold set ended_by = ${ended.by}, ended_at = ${ended.at}, ended_reason = ${ended.reason}
    where id = ${holdId} and ended_at is null`.execute(db)
}

/** Those of the lots that became scrap while an order was worked on. */
export async function listScrapped(db: Db, lots: readonly LotId[]): Promise<Set<LotId>> {
  if (lots.length === 0) return new Set()
  const { rows } = await sql<{ id: LotId }>`
    select id from execution.order_subject where id = any(${[...lots]}::uuid[]) and state = 'scrapped'`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
