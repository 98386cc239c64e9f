import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { storableText } from '../storable-text.ts'
import type { QualityEvent } from './rules.ts'

type Db = Kysely<Tables>

/** What stands, the oldest first. */
export async function listStandingEvents(db: Db): Promise<QualityEvent[]> {
  const found = await sql<QualityEvent>`
    select source, ref, detail, severity, node_id as "nodeId", at, deviation_id as "deviationId", asset_id as "assetId"
    from alarm.quality_event where ended_at is null order by at, ref`.execute(db)
  return found.rows
}

/** Keeps what was found; false when it was heard before. What nothing is left of has ended at once. */
export async function insertEvent(db: Db, event: QualityEvent): Promise<boolean> {
  const { source, ref, detail, severity, nodeId, at, deviationId, assetId } = event
  const added = await sql`
    insert into alarm.quality_event (source, ref, detail, severity, node_id, at, deviation_id, asset_id, ended_at)
    select ${source}, ${ref}, ${storableText(detail)}, ${severity}, ${nodeId}::uuid, ${at}::bigint, open.id,
      ${assetId}::uuid, case when open.id is null and ${assetId}::uuid is null then ${at}::bigint end
    from (select (select ${deviationId}::uuid where not exists (
      select from alarm.closed_deviation where deviation_id = ${deviationId}::uuid)) as id) as open
    on conflict do nothing returning ref`.execute(db)
  return added.rows.length > 0
}

/** A deviation is closed: what stood for it alone has ended. */
export async function endOfDeviation(db: Db, id: Id<'Deviation'>, at: Instant): Promise<void> {
  await sql`insert into alarm.closed_deviation (deviation_id, at) values (${id}, ${at}) on conflict do nothing`.execute(
    db,
  )
  await sql`
    update alarm.quality_event
    set deviation_id = null, ended_at = case when asset_id is null then ${at}::bigint else ended_at end
    where deviation_id = ${id}`.execute(db)
}

/** A gauge is in tolerance again: what was found at an earlier calibration and stood for it alone has ended. Answers whether there was any. */
export async function endOfGauge(db: Db, id: Id<'Asset'>, at: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update alarm.quality_event
    set asset_id = null, ended_at = case when deviation_id is null then ${at}::bigint else ended_at end
    where asset_id = ${id} and at <= ${at}`.execute(db)
  return numAffectedRows !== undefined && numAffectedRows > 0n
}
