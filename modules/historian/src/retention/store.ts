import { newId } from '@throughline/kernel'
import type { Retention } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import type { Generated } from 'kysely'

interface RetentionRow {
  id: string
  seq: Generated<number>
  raw_days: number | null
  minute_days: number | null
  reason: string
  set_by: string
  set_at: number
}

const tables = (db: Database) => db.withSchema('historian').withTables<{ retention: RetentionRow }>()

/** What is set now; everything is kept until somebody says otherwise. */
export async function readRetention(db: Database): Promise<Retention> {
  const row = await tables(db).selectFrom('retention').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return { rawDays: row?.raw_days ?? null, minuteDays: row?.minute_days ?? null }
}

export async function insertRetention(uow: UnitOfWork, retention: Retention, reason: string): Promise<void> {
  await tables(uow.trx)
    .insertInto('retention')
    .values({
      id: newId<'Retention'>(uow.at),
      raw_days: retention.rawDays,
      minute_days: retention.minuteDays,
      reason,
      set_by: uow.actor.name,
      set_at: uow.at,
    })
    .execute()
}
