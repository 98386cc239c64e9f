import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type DeviationId = Id<'Deviation'>

/** What is heard of one deviation is taken in turn. */
export async function lockDeviation(trx: Kysely<Tables>, id: DeviationId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`material.deviation ${id}`}, 0))`.execute(trx)
}

export async function isEnded(trx: Kysely<Tables>, id: DeviationId): Promise<boolean> {
  const { rows } = await sql`select 1 from material.deviation_end where deviation_id = ${id}`.execute(trx)
  return rows.length > 0
}

export async function insertEnd(trx: Kysely<Tables>, id: DeviationId, at: Instant): Promise<void> {
  await sql`
    insert into material.deviation_end (deviation_id, at) values (${id}, ${at}) on conflict do nothing`.execute(trx)
}
