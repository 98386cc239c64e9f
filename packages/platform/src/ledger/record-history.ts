import type { Instant } from '@throughline/kernel'
import type { RecordRef, RecordVersion } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { ChangeLeaf, EntryLeaf } from './leaf.ts'

/** One version of a record, with who made it and when. */
export interface RecordStep extends RecordVersion {
  readonly at: Instant
  readonly entryId: string
  /** Null = the entry is not written yet: it is that of the running unit of work. */
  readonly by: { readonly id: string; readonly kind: EntryLeaf['actor']['kind']; readonly name: string } | null
}

/** The versions of a record above `version`, oldest first. */
export async function listRecordSteps(db: Kysely<Tables>, record: RecordRef, version: number): Promise<RecordStep[]> {
  const rows = await db
    .selectFrom('platform.record_change as change')
    .leftJoin('platform.audit_entry as entry', 'entry.id', 'change.entry_id')
    .select(['change.version', 'change.leaf_hash', 'change.at', 'change.entry_id', 'entry.text'])
    .where('record_kind', '=', record.kind)
    .where('record_id', '=', record.id)
    .where('version', '>', version)
    .orderBy('version')
    .execute()
  return rows.map((row) => {
    const by = row.text === null ? null : (JSON.parse(row.text) as EntryLeaf).actor
    return {
      version: row.version,
      hash: row.leaf_hash.toString('hex'),
      at: row.at as Instant,
      entryId: row.entry_id,
      by: by && { id: by.id, kind: by.kind, name: by.name },
    }
  })
}

/**
 * The main row of a record as the ledger holds it after its last change; null when it was deleted, undefined when the
 * ledger knows no such record.
 */
export async function findRecordRow(
  db: Kysely<Tables>,
  record: RecordRef,
): Promise<Readonly<Record<string, unknown>> | null | undefined> {
  const rows = db
    .selectFrom('platform.record_change')
    .select('text')
    .where('record_kind', '=', record.kind)
    .where('record_id', '=', record.id)
    .orderBy('version', 'desc')
  let known = false
  // The main row may not be among what the last version changed; it seldom lies far back.
  for (let page = 0; ; page++) {
    const found = await rows
      .limit(20)
      .offset(page * 20)
      .execute()
    if (found.length === 0) return known ? null : undefined
    known = true
    for (const { text } of found) {
      const change = (JSON.parse(text) as ChangeLeaf).rows.findLast((row) => row.table === record.kind)
      if (change !== undefined) return change.after as Record<string, unknown> | null
    }
  }
}
