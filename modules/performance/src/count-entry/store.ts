import type { Id, Instant } from '@throughline/kernel'
import type { CountEntry } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

const selectEntries = sql`
  select id, node_id as "nodeId", kind, quantity::float8 as quantity, reason_id as "reasonId", made_at as "madeAt",
    order_name as "order", product, comment, recorded_at as "recordedAt", recorded_by as "recordedBy", corrects,
    replaced_at as "replacedAt"
  from performance.count_entry`

/** Entries that count, for parts made in `[from, to)` on the machines, oldest first. */
export async function listEntries(
  db: Connection,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<CountEntry[]> {
  const { rows } = await sql<CountEntry>`
    ${selectEntries}
    where node_id = any(${[...nodeIds]}::uuid[]) and made_at >= ${from} and made_at < ${to} and replaced_at is null
    order by made_at, id`.execute(db)
  return rows
}
