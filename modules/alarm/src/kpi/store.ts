import type { Id } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Every node that has or had an alarm of its own. */
export async function listNodesWithAlarms(db: Kysely<Tables>): Promise<Id<'EquipmentNode'>[]> {
  const found = await sql<{ id: Id<'EquipmentNode'> }>`
    select distinct node_id as id from alarm.definition order by node_id`.execute(db)
  return found.rows.map(({ id }) => id)
}
