import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { JsonValue } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import type { Generated } from 'kysely'

interface SampleCorrectionRow {
  id: string
  seq: Generated<number>
  tag_id: string
  at: number
  value: unknown
  original_value: unknown
  original_status: number
  reason: string
  corrected_by: string
  corrected_at: number
}

const tables = (db: Database) => db.withSchema('historian').withTables<{ sample_correction: SampleCorrectionRow }>()

export interface RecordedCorrection {
  readonly tagId: Id<'Tag'>
  readonly at: Instant
  readonly value: JsonValue
  readonly reason: string
  readonly by: string
}

export async function insertCorrection(
  uow: UnitOfWork,
  correction: RecordedCorrection,
  original: { value: JsonValue; status: number },
): Promise<void> {
  await tables(uow.trx)
    .insertInto('sample_correction')
    .values({
      id: newId<'SampleCorrection'>(uow.at),
      tag_id: correction.tagId,
      at: correction.at,
      value: JSON.stringify(correction.value),
      original_value: JSON.stringify(original.value),
      original_status: original.status,
      reason: correction.reason,
      corrected_by: correction.by,
      corrected_at: uow.at,
    })
    .execute()
}

/** The newest correction of each sample; only those of one tag and instant when given. */
export async function listNewestCorrections(
  db: Database,
  only?: { tagId: string; at: number },
): Promise<RecordedCorrection[]> {
  const rows = await tables(db)
    .selectFrom('sample_correction')
    .distinctOn(['tag_id', 'at'])
    .select(['tag_id', 'at', 'value', 'reason', 'corrected_by'])
    .$if(only !== undefined, (query) => query.where('tag_id', '=', only?.tagId ?? '').where('at', '=', only?.at ?? 0))
    .orderBy('tag_id')
    .orderBy('at')
    .orderBy('seq', 'desc')
    .execute()
  return rows.map((row) => ({
    tagId: row.tag_id as Id<'Tag'>,
    at: row.at as Instant,
    value: JsonValue.parse(row.value),
    reason: row.reason,
    by: row.corrected_by,
  }))
}
