import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { AlarmPhilosophy } from '@throughline/model'
import type { Tables, UnitOfWork } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { deliveredPhilosophy } from './rules.ts'

/** The philosophy in force; the delivered one until another is set. */
export async function readPhilosophy(db: Kysely<Tables>): Promise<AlarmPhilosophy> {
  const found = await sql<{
    version: number
    content: object
    reason: string
    recordedBy: string
    recordedAt: Instant
  }>`
    select version, content, reason, recorded_by as "recordedBy", recorded_at as "recordedAt"
    from alarm.philosophy order by version desc limit 1`.execute(db)
  const row = found.rows[0]
  if (row === undefined) return deliveredPhilosophy
  const { content, ...about } = row
  return AlarmPhilosophy.parse({ ...content, ...about })
}

/** Two who set one at the same moment take turns. */
export async function lockPhilosophy(uow: UnitOfWork): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('alarm.philosophy', 0))`.execute(uow.trx)
}

export async function insertPhilosophy(uow: UnitOfWork, philosophy: AlarmPhilosophy): Promise<void> {
  const { version, reason, recordedBy, recordedAt, ...content } = philosophy
  await sql`
    insert into alarm.philosophy (id, version, content, reason, recorded_by, recorded_at)
    values (${newId<'AlarmPhilosophy'>(uow.at)}, ${version}, ${JSON.stringify(content)}::jsonb, ${reason}, ${recordedBy},
      ${recordedAt})`.execute(uow.trx)
}
