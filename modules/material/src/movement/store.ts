import type { Id, Instant } from '@throughline/kernel'
import { decimalOf, newId } from '@throughline/kernel'
import type { MaterialMovement } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>
type LotId = Id<'Lot'>

interface MovementRow extends Omit<MaterialMovement, 'from' | 'to'> {
  readonly lines: readonly { readonly side: 'from' | 'to'; readonly lotId: LotId; readonly quantity: string }[]
}

export async function insertMovement(trx: Connection, movement: MaterialMovement, lastNodeId: NodeId): Promise<void> {
  const { id, kind, at, recordedAt, recordedBy, nodeId, orderId, runId, reason } = movement
  await sql`
    insert into material.movement (id, kind, at, recorded_at, recorded_by, node_id, last_node_id, order_id, run_id, reason)
    values (${id}, ${kind}, ${at}, ${recordedAt}, ${recordedBy}, ${nodeId}, ${lastNodeId}, ${orderId}, ${runId},
      ${reason})`.execute(trx)
  const lines = (['from', 'to'] as const).flatMap((side) =>
    movement[side].map((line, ordinal) => ({ ...line, id: newId<'MaterialMovementLine'>(recordedAt), side, ordinal })),
  )
  await sql`
    insert into material.movement_line (id, movement_id, ordinal, side, lot_id, quantity)
    select row.id, ${id}, row.ordinal, row.side, row."lotId", row.quantity
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as row (id uuid, ordinal integer, side text, "lotId" uuid,
      quantity numeric)`.execute(trx)
}

export interface MovementQuestion {
  readonly lotId?: LotId | undefined
  readonly orderId?: Id<'Order'> | undefined
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  /** Places of what may be seen; null = all. */
  readonly places: readonly NodeId[] | null
  readonly limit: number
}

/** The first `limit` movements, oldest first, and how many there are. */
export async function findMovements(
  db: Connection,
  { lotId, orderId, from, to, places, limit }: MovementQuestion,
): Promise<{ movements: MaterialMovement[]; total: number }> {
  const conditions = [
    sql`true`,
    lotId === undefined
      ? []
      : [sql`movement.id in (select movement_id from material.movement_line where lot_id = ${lotId})`],
    orderId === undefined ? [] : [sql`order_id = ${orderId}`],
    from === undefined ? [] : [sql`at >= ${from}`],
    to === undefined ? [] : [sql`at < ${to}`],
    places === null ? [] : [sql`last_node_id = any(${[...places]}::uuid[])`],
  ].flat()
  const where = sql.join(conditions, sql` and `)
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from material.movement where ${where}`.execute(db)
  return { movements: await read(db, where, limit), total: counted.rows[0]?.total ?? 0 }
}

/** Every movement of these lots. */
export const listMovementsOf = (db: Connection, lots: readonly LotId[]): Promise<MaterialMovement[]> =>
  read(db, sql`id in (select movement_id from material.movement_line where lot_id = any(${[...lots]}::uuid[]))`, null)

/**
 * What went into these lots, and what of it came back: a piece stands in the `to` of what it is made of, and in the `from` of
 * what was returned out of it.
 */
export const listMovementsInto = (db: Connection, lots: readonly LotId[]): Promise<MaterialMovement[]> =>
  read(
    db,
    sql`id in (select movement_id from material.movement_line
      where lot_id = any(${[...lots]}::uuid[]) and (side = 'to' or quantity = 0))
      and kind in ('consume', 'split', 'merge', 'transform', 'return')`,
    null,
  )

/** The next movements, oldest first; `after` = the last one of the page before. */
export const listMovementsAfter = (
  db: Connection,
  after: Id<'MaterialMovement'> | null,
  limit: number,
): Promise<MaterialMovement[]> =>
  read(
    db,
    after === null ? sql`true` : sql`(at, seq) > (select at, seq from material.movement where id = ${after})`,
    limit,
  )

export const listMovementsFor = (db: Connection, orderId: Id<'Order'>): Promise<MaterialMovement[]> =>
  read(db, sql`order_id = ${orderId}`, null)

async function read(db: Connection, where: RawBuilder<unknown>, limit: number | null): Promise<MaterialMovement[]> {
  const { rows } = await sql<MovementRow>`
    select id, kind, at, recorded_at as "recordedAt", recorded_by as "recordedBy", node_id as "nodeId",
      order_id as "orderId", run_id as "runId", reason, (
        select jsonb_agg(jsonb_build_object('side', side, 'lotId', lot_id, 'quantity', quantity::text)
          order by side, ordinal)
        from material.movement_line where movement_id = movement.id) as lines
    from material.movement where ${where} order by at, seq limit ${limit}::bigint`.execute(db)
  return rows.map(({ lines, ...movement }) => {
    const on = (wanted: 'from' | 'to') =>
      lines
        .filter(({ side }) => side === wanted)
        .map(({ lotId, quantity }) => ({ lotId, quantity: decimalOf(quantity) }))
    return { ...movement, from: on('from'), to: on('to') }
  })
}
