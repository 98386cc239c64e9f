import type { Decimal, Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { RecordRef } from '@throughline/model'
import { StepEntry } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { z } from 'zod'

type Db = Kysely<Tables>
type RunId = Id<'OperationRun'>
type EntryId = Id<'StepEntry'>

/** Material that an entry took. */
export interface Consumed {
  readonly lotId: Id<'Lot'>
  readonly quantity: Decimal
  readonly into: readonly Id<'Lot'>[]
  /** Which lot of its step it is: 1, 2, 3; absent = the only one there was. A correction keeps the place of what it corrects. */
  readonly line?: number
}

/** What is written of a new entry. */
export interface NewEntry extends Omit<StepEntry, 'verified' | 'offline' | 'replacedAt'> {
  readonly consumed: Consumed | null
  readonly covers: string | null
}

const selected = sql`
  e.id, e.run_id as "runId", e.step, e.subject,
  case when s.signature_id is null then e.value else e.value || jsonb_build_object('signatureId', s.signature_id) end as value,
  e.within, e.limits, e.reason, e.at, e.recorded_at as "recordedAt",
  jsonb_build_object('id', e.by_id, 'name', e.by_name) as "by",
  case when v.id is null then null
    else jsonb_build_object('by', jsonb_build_object('id', v.by_id, 'name', v.by_name), 'at', v.at) end as verified,
  case when d.id is null then null else jsonb_build_object('device', d.device, 'sequence', d.sequence,
    'clockDifferenceMs', d.clock_difference_ms) end as offline,
  e.corrects, later.recorded_at as "replacedAt"
  from execution.step_entry e
  left join execution.step_entry later on later.corrects = e.id
  left join execution.device_entry d on d.made = e.id
  left join execution.step_signature s on s.entry_id = e.id and s.kind = 'signed'
  left join execution.step_signature v on v.entry_id = e.id and v.kind = 'verified'`

/** Every entry of a run, the replaced ones too, oldest first. */
export async function listEntries(db: Db, runId: RunId): Promise<StepEntry[]> {
  const { rows } = await sql`select ${selected} where e.run_id = ${runId} order by e.recorded_at, e.id`.execute(db)
  return z.array(StepEntry).parse(rows)
}

/** What is kept beside entries, each a record of its own: signatures, and what a device delivered. */
export async function listRecordsBeside(db: Db, entries: readonly EntryId[]): Promise<RecordRef[]> {
  if (entries.length === 0) return []
  const { rows } = await sql<RecordRef>`
    select 'execution.step_signature' as kind, id from execution.step_signature
    where entry_id = any(${[...entries]}::uuid[])
    union all
    select 'execution.device_entry', id from execution.device_entry where made = any(${[...entries]}::uuid[])
    order by 1, 2`.execute(db)
  return rows
}

/** @throws DomainError `not-found` */
export async function getEntry(db: Db, id: EntryId): Promise<StepEntry> {
  const { rows } = await sql`select ${selected} where e.id = ${id}`.execute(db)
  if (rows[0] !== undefined) return StepEntry.parse(rows[0])
  throw new DomainError('not-found', 'execution.entry-unknown', `There is no entry ${id} of a step`, { id })
}

export async function findConsumed(db: Db, id: EntryId): Promise<Consumed | null> {
  const { rows } = await sql<{ consumed: Consumed | null }>`
    select consumed from execution.step_entry where id = ${id}`.execute(db)
  return rows[0]?.consumed ?? null
}

export async function insertEntry(db: Db, entry: NewEntry): Promise<void> {
  const { id, runId, step, subject, value, within, limits, reason, at, recordedAt, by, corrects } = entry
  const kept = value.type === 'signature' ? { type: value.type } : value
  await sql`
    insert into execution.step_entry (id, run_id, step, subject, value, within, limits, reason, at, recorded_at, by_id,
      by_name, corrects, consumed, covers)
    values (${id}, ${runId}, ${step}, ${subject}, ${JSON.stringify(kept)}::jsonb, ${within}, ${json(limits)}::jsonb,
      ${reason}, ${at}, ${recordedAt}, ${by.id}, ${by.name}, ${corrects},
      ${json(entry.consumed)}::jsonb, ${entry.covers})`.execute(db)
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

export async function insertStepSignature(
  db: Db,
  signature: {
    readonly id: string
    readonly entryId: EntryId
    readonly kind: 'signed' | 'verified'
    readonly signatureId: Id<'Signature'>
    readonly by: { readonly id: string; readonly name: string }
    readonly at: Instant
  },
): Promise<void> {
  const { id, entryId, kind, signatureId, by, at } = signature
  await sql`
    insert into execution.step_signature (id, entry_id, kind, signature_id, by_id, by_name, at)
    values (${id}, ${entryId}, ${kind}, ${signatureId}, ${by.id}, ${by.name}, ${at})`.execute(db)
}
