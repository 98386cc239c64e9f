import type { Id } from '@throughline/kernel'
import { WorkCalendar } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import { sql } from 'kysely'

interface WorkCalendarRow {
  id: string
  node_id: string
  version: number
  /** Read as text: a date has no instant. */
  valid_from: string
  time_zone: string
  shifts: unknown
  exceptions: unknown
  reason: string
  recorded_by: string
  recorded_at: number
}

const tables = (db: Database) => db.withSchema('performance').withTables<{ work_calendar: WorkCalendarRow }>()

/** All versions, by node and version. */
export async function listCalendarVersions(db: Database): Promise<WorkCalendar[]> {
  const rows = await tables(db)
    .selectFrom('work_calendar')
    .select(['id', 'node_id', 'version', 'time_zone', 'shifts', 'exceptions', 'reason', 'recorded_by'])
    .select(sql<string>`to_char(valid_from, 'YYYY-MM-DD')`.as('valid_from'))
    .orderBy('node_id')
    .orderBy('version')
    .execute()
  return rows.map((row) =>
    WorkCalendar.parse({
      id: row.id,
      nodeId: row.node_id,
      version: row.version,
      validFrom: row.valid_from,
      timeZone: row.time_zone,
      shifts: row.shifts,
      exceptions: row.exceptions,
      reason: row.reason,
      recordedBy: row.recorded_by,
    }),
  )
}

/** Two that set the calendar of one node take turns; answers the number of the next version. */
export async function nextCalendarVersion(uow: UnitOfWork, nodeId: Id<'EquipmentNode'>): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`performance.calendar ${nodeId}`}, 0))`.execute(uow.trx)
  const row = await tables(uow.trx)
    .selectFrom('work_calendar')
    .select((each) => each.fn.max('version').as('newest'))
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
  return (row?.newest ?? 0) + 1
}

export async function insertCalendar(uow: UnitOfWork, calendar: WorkCalendar): Promise<void> {
  await tables(uow.trx)
    .insertInto('work_calendar')
    .values({
      id: calendar.id,
      node_id: calendar.nodeId,
      version: calendar.version,
      valid_from: calendar.validFrom,
      time_zone: calendar.timeZone,
      shifts: JSON.stringify(calendar.shifts),
      exceptions: JSON.stringify(calendar.exceptions),
      reason: calendar.reason,
      recorded_by: calendar.recordedBy,
      recorded_at: uow.at,
    })
    .execute()
}
