import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Weighing } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>

/** A weighing with the ids of who did it, which tell two people of one name apart. */
export interface StoredWeighing extends Weighing {
  readonly weighedById: string
  readonly confirmedById: string | null
}

type Row = Omit<StoredWeighing, 'within'>

const columns = sql`
  id, lot_id as "lotId", order_id as "orderId", scale, unit, target, below, above, tare, gross, net, source,
  weighed_by as "weighedBy", weighed_by_id as "weighedById", weighed_at as "weighedAt", confirmed_by as "confirmedBy",
  confirmed_by_id as "confirmedById", confirmed_at as "confirmedAt", dispensed_lot_id as "dispensedLotId"`

async function read(db: Connection, rest: RawBuilder<unknown>): Promise<StoredWeighing[]> {
  const { rows } = await sql<Row>`select ${columns} from material.weighing ${rest}`.execute(db)
  return rows.map((row) => ({
    ...row,
    target: decimalOf(row.target),
    below: decimalOf(row.below),
    above: decimalOf(row.above),
    tare: decimalOf(row.tare),
    gross: decimalOf(row.gross),
    net: decimalOf(row.net),
    // The table takes no other.
    within: true,
  }))
}

/** The weighing, held until the transaction ends. */
export const lockWeighing = async (trx: Connection, id: Id<'Weighing'>): Promise<StoredWeighing | undefined> =>
  (await read(trx, sql`where id = ${id} for update`))[0]

/** Newest first. */
export const findWeighings = (
  db: Connection,
  { orderId, lotId }: { readonly orderId?: Id<'Order'> | undefined; readonly lotId?: Id<'Lot'> | undefined },
): Promise<StoredWeighing[]> =>
  read(
    db,
    sql`where (${orderId ?? null}::uuid is null or order_id = ${orderId ?? null}::uuid)
      and (${lotId ?? null}::uuid is null or lot_id = ${lotId ?? null}::uuid or dispensed_lot_id = ${lotId ?? null}::uuid)
      order by weighed_at desc, id desc limit 1000`,
  )

/** The weighings that these dispensed lots came of, oldest first. */
export const listWeighingsInto = (db: Connection, lots: readonly Id<'Lot'>[]): Promise<StoredWeighing[]> =>
  read(db, sql`where dispensed_lot_id = any(${[...lots]}::uuid[]) order by weighed_at, id`)

export async function insertWeighing(trx: Connection, weighing: StoredWeighing): Promise<void> {
  const { id, lotId, orderId, scale, unit, target, below, above, tare, gross, net, source } = weighing
  await sql`
    insert into material.weighing (id, lot_id, order_id, scale, unit, target, below, above, tare, gross, net, source,
      weighed_by, weighed_by_id, weighed_at)
    values (${id}, ${lotId}, ${orderId}, ${scale}, ${unit}, ${target}, ${below}, ${above}, ${tare}, ${gross}, ${net},
      ${source}, ${weighing.weighedBy}, ${weighing.weighedById}, ${weighing.weighedAt})`.execute(trx)
}

export async function updateConfirmed(trx: Connection, weighing: StoredWeighing): Promise<void> {
  const { id, confirmedBy, confirmedById, confirmedAt, dispensedLotId } = weighing
  await sql`
    update material.weighing set confirmed_by = ${confirmedBy}, confirmed_by_id = ${confirmedById},
      confirmed_at = ${confirmedAt}, dispensed_lot_id = ${dispensedLotId}
    where id = ${id}`.execute(trx)
}
