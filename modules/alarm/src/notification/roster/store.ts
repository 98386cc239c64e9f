import type { Id } from '@throughline/kernel'
import { AlarmRoster } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

const selectRosters = sql`
  select id, name, node_id as "nodeId", priority, time_zone as "timeZone", hours, steps, active from alarm.roster`

/** By name. */
export async function listAllRosters(db: Kysely<Tables>): Promise<AlarmRoster[]> {
  const found = await sql`${selectRosters} order by name, id`.execute(db)
  return found.rows.map((row) => AlarmRoster.parse(row))
}

/** The roster, held until the transaction ends. */
export async function findRosterForChange(
  trx: Kysely<Tables>,
  id: Id<'AlarmRoster'>,
): Promise<AlarmRoster | undefined> {
  const found = await sql`${selectRosters} where id = ${id} for update`.execute(trx)
  return found.rows[0] === undefined ? undefined : AlarmRoster.parse(found.rows[0])
}

/** Adds the roster, or replaces the one with its id. */
export async function putRoster(trx: Kysely<Tables>, roster: AlarmRoster): Promise<void> {
  const { id, name, nodeId, priority, timeZone, active } = roster
  const [hours, steps] = [JSON.stringify(roster.hours), JSON.stringify(roster.steps)]
  await sql`
    insert into alarm.roster (id, name, node_id, priority, time_zone, hours, steps, active)
    values (${id}, ${name}, ${nodeId}, ${priority}, ${timeZone}, ${hours}::jsonb, ${steps}::jsonb, ${active})
    on conflict (id) do update set name = excluded.name, node_id = excluded.node_id, priority = excluded.priority,
      time_zone = excluded.time_zone, hours = excluded.hours, steps = excluded.steps, active = excluded.active
  `.execute(trx)
}
