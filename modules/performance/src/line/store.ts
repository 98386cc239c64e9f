import type { Id, Instant } from '@throughline/kernel'
import { LineSetting } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import { sql } from 'kysely'

interface LineSettingRow {
  id: string
  line_id: string
  version: number
  machines: unknown
  key_node_id: string | null
  reason: string
  recorded_by: string
  recorded_at: number
}

const tables = (db: Database) => db.withSchema('performance').withTables<{ line_setting: LineSettingRow }>()

/** The newest version of each line, by line. */
export async function listLineSettings(db: Database): Promise<LineSetting[]> {
  const rows = await tables(db)
    .selectFrom('line_setting')
    .distinctOn('line_id')
    .selectAll()
    .orderBy('line_id')
    .orderBy('version', 'desc')
    .execute()
  return rows.map((row) =>
    LineSetting.parse({
      id: row.id,
      lineId: row.line_id,
      version: row.version,
      machines: row.machines,
      keyNodeId: row.key_node_id,
      reason: row.reason,
      recordedBy: row.recorded_by,
      recordedAt: row.recorded_at as Instant,
    }),
  )
}

/** Two that set one line take turns; answers the number of the next version. */
export async function nextLineVersion(uow: UnitOfWork, lineId: Id<'EquipmentNode'>): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`performance.line ${lineId}`}, 0))`.execute(uow.trx)
  const row = await tables(uow.trx)
    .selectFrom('line_setting')
    .select((each) => each.fn.max('version').as('newest'))
    .where('line_id', '=', lineId)
    .executeTakeFirst()
  return (row?.newest ?? 0) + 1
}

export async function insertLine(uow: UnitOfWork, line: LineSetting): Promise<void> {
  await tables(uow.trx)
    .insertInto('line_setting')
    .values({
      id: line.id,
      line_id: line.lineId,
      version: line.version,
      machines: JSON.stringify(line.machines),
      key_node_id: line.keyNodeId,
      reason: line.reason,
      recorded_by: line.recordedBy,
      recorded_at: line.recordedAt,
    })
    .execute()
}
