import type { Id } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Machines with a stop that has the picture in a remark. */
export async function listNodesWith(db: Kysely<Tables>, hash: string): Promise<Id<'EquipmentNode'>[]> {
  const { rows } = await sql<{ id: Id<'EquipmentNode'> }>`
    select distinct stop.node_id as id from performance.stop_comment as comment
    join performance.stop as stop on stop.id = comment.stop_id where comment.photo = ${hash} order by id`.execute(db)
  return rows.map((row) => row.id)
}
