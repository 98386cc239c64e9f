import type { Id, Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { ConformityCertificate } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type OrderId = Id<'Order'>

const columns = sql`
  id, number, state, order_id as "orderId", order_code as "orderCode", reference, product, product_name as "productName",
  drawing, versions, pieces, quantity::text, unit, ordered::text, concessions, statement, drafted_by as "draftedBy",
  drafted_at as "draftedAt", released_by as "releasedBy", released_at as "releasedAt"`

async function read(db: Connection, rest: RawBuilder<unknown>): Promise<ConformityCertificate[]> {
  const { rows } = await sql<ConformityCertificate>`select ${columns} from traceability.conformity ${rest}`.execute(db)
  return rows.map((row) => ({ ...row, quantity: decimalOf(row.quantity), ordered: decimalOf(row.ordered) }))
}

/** Newest first. */
export const listCertificates = (db: Connection, orderId: OrderId): Promise<ConformityCertificate[]> =>
  read(db, sql`where order_id = ${orderId} order by drafted_at desc, number desc`)

/** The draft of an order, held until the transaction ends. */
export const lockDraft = async (trx: Connection, orderId: OrderId): Promise<ConformityCertificate | undefined> =>
  (await read(trx, sql`where order_id = ${orderId} and state = 'draft' for update`))[0]

/** `COC-00001`, one after the other. */
export async function nextNumber(trx: Connection): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtextextended('traceability.conformity', 0))`.execute(trx)
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from traceability.conformity`.execute(trx)
  return `COC-${String((rows[0]?.count ?? 0) + 1).padStart(5, '0')}`
}

/** Puts a draft, in the place of the one before it. */
export async function putDraft(trx: Connection, each: ConformityCertificate): Promise<void> {
  const json = (value: unknown) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`
  await sql`
    insert into traceability.conformity (id, number, state, order_id, order_code, reference, product, product_name, drawing,
      versions, pieces, quantity, unit, ordered, concessions, statement, drafted_by, drafted_at)
    values (${each.id}, ${each.number}, 'draft', ${each.orderId}, ${each.orderCode}, ${each.reference}, ${each.product},
      ${each.productName}, ${json(each.drawing)}, ${json(each.versions)}, ${json(each.pieces)}, ${each.quantity},
      ${each.unit}, ${each.ordered}, ${json(each.concessions)}, ${each.statement}, ${each.draftedBy}, ${each.draftedAt})
    on conflict (id) do update set reference = excluded.reference, product_name = excluded.product_name,
      drawing = excluded.drawing, versions = excluded.versions, pieces = excluded.pieces, quantity = excluded.quantity,
      unit = excluded.unit, ordered = excluded.ordered, concessions = excluded.concessions, statement = excluded.statement,
      drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at`.execute(trx)
}

export async function releaseDraft(trx: Connection, id: string, by: string, at: Instant): Promise<void> {
  await sql`
    update traceability.conformity set state = 'released', released_by = ${by}, released_at = ${at}
    where id = ${id}`.execute(trx)
}
