import type { Decimal, Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type LotId = Id<'Lot'>

/** Says that each of `to` is made of each of `from`; what is known already stays. */
export async function insertEdges(trx: Connection, from: readonly LotId[], to: readonly LotId[]): Promise<void> {
  if (from.length === 0 || to.length === 0) return
  await sql`
    insert into material.lot_edge (from_lot, to_lot)
    select a, b from unnest(${[...from]}::uuid[]) as a cross join unnest(${[...to]}::uuid[]) as b where a <> b
    on conflict do nothing`.execute(trx)
}

/**
 * Takes back that `pieces` are made of a lot, for those into which as much was consumed as came back: whatever was scanned
 * by mistake and returned in full is not in them.
 */
export async function deleteReturnedEdges(trx: Connection, lot: LotId, pieces: readonly LotId[]): Promise<void> {
  await sql`
    delete from material.lot_edge as edge using (
      select piece.lot_id as piece, sum(case movement.kind when 'consume' then held.quantity else -held.quantity end) as net
      from material.movement_line as held
      join material.movement on movement.id = held.movement_id and movement.kind in ('consume', 'return')
      join material.movement_line as piece on piece.movement_id = held.movement_id and piece.side <> held.side
      where held.lot_id = ${lot} and held.side = case movement.kind when 'consume' then 'from' else 'to' end
        and piece.lot_id = any(${[...pieces]}::uuid[])
      group by piece.lot_id) as balance
    where edge.from_lot = ${lot} and edge.to_lot = balance.piece and balance.net <= 0`.execute(trx)
}

/** How much of a lot was consumed and did not come back: in all, and for each piece counting all that it had a part in. */
export async function netConsumed(
  db: Connection,
  lot: LotId,
  pieces: readonly LotId[],
): Promise<{ all: Decimal; each: Decimal[] }> {
  const signed = sql`sum(case movement.kind when 'consume' then held.quantity else -held.quantity end)::text`
  const held = sql`
    material.movement_line as held
    join material.movement on movement.id = held.movement_id and movement.kind in ('consume', 'return')
      and held.side = case movement.kind when 'consume' then 'from' else 'to' end`
  const all = await sql<{ net: string | null }>`
    select ${signed} as net from ${held} where held.lot_id = ${lot}`.execute(db)
  const each = await sql<{ piece: LotId; net: string }>`
    select piece.lot_id as piece, ${signed} as net from ${held}
    join material.movement_line as piece on piece.movement_id = held.movement_id and piece.side <> held.side
    where held.lot_id = ${lot} and piece.lot_id = any(${[...pieces]}::uuid[]) group by piece.lot_id`.execute(db)
  const nets = new Map(each.rows.map(({ piece, net }) => [piece, net]))
  return {
    all: decimalOf(all.rows[0]?.net ?? '0'),
    each: pieces.map((piece) => decimalOf(nets.get(piece) ?? '0')),
  }
}

/**
 * Each step looks its edges up by index, whatever the planner expects: it takes the steps of a recursion to be few and
 * large, and would read all edges anew for each.
 */
const below = (lots: readonly LotId[]) => sql`
  below (id) as (
    select to_lot from material.lot_edge where from_lot = any(${[...lots]}::uuid[])
    union
    select next.id from below cross join lateral (
      select to_lot as id from material.lot_edge where from_lot = below.id offset 0) as next)`

/** All that the lots went into, at any depth. */
export async function listDescendants(db: Connection, lots: readonly LotId[]): Promise<LotId[]> {
  const { rows } = await sql<{ id: LotId }>`with recursive ${below(lots)} select id from below`.execute(db)
  return rows.map(({ id }) => id)
}

/** Of all that the lots went into, what is still in the plant: neither in something else as a whole, nor gone. */
export async function listDescendantsHere(db: Connection, lots: readonly LotId[]): Promise<LotId[]> {
  const { rows } = await sql<{ id: LotId }>`
    with recursive ${below(lots)}
    select lot.id from below cross join lateral (
      select id, code, status from material.lot where id = below.id offset 0) as lot
    where lot.status not in ('consumed', 'disposed', 'shipped') order by lot.code`.execute(db)
  return rows.map(({ id }) => id)
}

/** All that the lots were made of, at any depth. */
export async function listAncestors(db: Connection, lots: readonly LotId[]): Promise<LotId[]> {
  const { rows } = await sql<{ id: LotId }>`
    with recursive above (id) as (
      select from_lot from material.lot_edge where to_lot = any(${[...lots]}::uuid[])
      union
      select next.id from above cross join lateral (
        select from_lot as id from material.lot_edge where to_lot = above.id offset 0) as next)
    select id from above`.execute(db)
  return rows.map(({ id }) => id)
}
