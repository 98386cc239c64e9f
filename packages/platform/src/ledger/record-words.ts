import type { Instant } from '@throughline/kernel'
import type { Permission, RecordRef } from '@throughline/model'
import { recordTitle } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { timeTextIn } from './document/time-text.ts'
import { findRecordRow } from './record-history.ts'

/** How records of one kind are called, where their own row does not say it. */
export interface RecordWords {
  /** What somebody needs to be told of such a record. */
  readonly read: Permission
  /** One record in words that make sense to whoever signs it; undefined = there is no such record. */
  readonly title: (db: Kysely<Tables>, id: string, timeText: (at: Instant) => string) => Promise<string | undefined>
}

/** A record in words: as its module calls it, else as its row does. */
export async function titleOf(
  db: Kysely<Tables>,
  record: RecordRef,
  words: RecordWords | undefined,
  timeZone: string,
): Promise<string> {
  const told = await words?.title(db, record.id, timeTextIn(timeZone))
  return told ?? recordTitle(record, (await findRecordRow(db, record)) ?? null)
}
