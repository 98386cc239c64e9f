import type { Id, Instant } from '@throughline/kernel'
import type { AsBuilt, DataType } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Correction } from './rules.ts'

type Connection = Kysely<Tables>
type RunId = Id<'OperationRun'>
type Parameter = AsBuilt['runs'][number]['parameters'][number]

/** One version of what the readings of a tag were while an operation lasted. */
export interface ReadingSeal extends Omit<Parameter['seals'][number], 'id'> {
  readonly id: Id<'ReadingSeal'>
  readonly runId: RunId
  readonly tagId: Id<'Tag'>
  readonly about: Parameter['about']
  readonly name: string
  readonly tag: string
  readonly unit: string
  readonly dataType: DataType
  readonly from: Instant
  readonly to: Instant
  readonly marksSha256: string
  readonly corrections: readonly Correction[]
}

const columns = sql`
  id, run_id as "runId", tag_id as "tagId", version, cause, about, name, tag, unit, data_type as "dataType", from_at as "from",
  to_at as "to", samples, first_at as "firstAt", last_at as "lastAt", sha256, marks_sha256 as "marksSha256", corrections,
  least as min, most as max, mean, coverage, sealed_at as "sealedAt"`

/** Of these operations, by tag, the oldest version of each first. */
export async function listSeals(db: Connection, runs: readonly RunId[]): Promise<ReadingSeal[]> {
  if (runs.length === 0) return []
  const { rows } = await sql<ReadingSeal>`
    select ${columns} from traceability.reading_seal where run_id = any(${[...runs]}::uuid[])
    order by run_id, about desc, tag, tag_id, version`.execute(db)
  return rows
}

/** False when another one of that version is there. */
export async function insertSeal(trx: Connection, seal: ReadingSeal, marks: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into traceability.reading_seal (id, run_id, tag_id, version, cause, about, name, tag, unit, data_type, from_at,
      to_at, samples, first_at, last_at, sha256, marks_sha256, corrections, least, most, mean, coverage, sealed_at)
    values (${seal.id}, ${seal.runId}, ${seal.tagId}, ${seal.version}, ${seal.cause}, ${seal.about}, ${seal.name}, ${seal.tag},
      ${seal.unit}, ${seal.dataType}, ${seal.from}, ${seal.to}, ${seal.samples}, ${seal.firstAt}, ${seal.lastAt},
      ${seal.sha256}, ${seal.marksSha256}, ${JSON.stringify(seal.corrections)}::jsonb, ${seal.min}, ${seal.max},
      ${seal.mean}, ${seal.coverage}, ${seal.sealedAt})
    on conflict (run_id, tag_id, version) do nothing`.execute(trx)
  if (numAffectedRows !== 1n) return false
  await sql`insert into traceability.reading_marks (seal_id, marks) values (${seal.id}, ${marks})`.execute(trx)
  return true
}

export async function listMarks(db: Connection, seals: readonly string[]): Promise<Map<string, Buffer>> {
  const { rows } = await sql<{ id: string; marks: Buffer }>`
    select seal_id as id, marks from traceability.reading_marks where seal_id = any(${[...seals]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, marks }) => [id, marks]))
}

export interface Look {
  readonly runId: RunId
  readonly since: Instant
  readonly looks: number
}

/** Has the readings of an operation looked at, if nobody has yet. */
export async function insertLook(trx: Connection, runId: RunId, since: Instant, dueAt: Instant): Promise<void> {
  await sql`
    insert into traceability.reading_look (run_id, since, due_at, looks, finding)
    values (${runId}, ${since}, ${dueAt}, 0, '') on conflict (run_id) do nothing`.execute(trx)
}

/** Has what was sealed of tags in a window, its ends included, looked at soon. */
export async function lookAgain(
  trx: Connection,
  tagIds: readonly Id<'Tag'>[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  dueAt: Instant,
): Promise<void> {
  if (tagIds.length === 0) return
  await sql`
    insert into traceability.reading_look (run_id, since, due_at, looks, finding)
    select distinct run_id, ${dueAt}::bigint, ${dueAt}::bigint, 1, '' from traceability.reading_seal
    where tag_id = any(${[...tagIds]}::uuid[]) and to_at > ${from} and coalesce(least(first_at, from_at), from_at) <= ${to}
    on conflict (run_id) do update set due_at = least(reading_look.due_at, excluded.due_at)`.execute(trx)
}

export async function listDue(db: Connection, now: Instant, limit: number): Promise<Look[]> {
  const { rows } = await sql<Look>`
    select run_id as "runId", since, looks from traceability.reading_look where due_at <= ${now}
    order by due_at, run_id limit ${limit}`.execute(db)
  return rows
}

/**
 * Takes a look that is due, until it is put back; false = somebody else has. Should it never be put back, it is due again then.
 * Whoever wants another look meanwhile makes it due earlier, and that stands.
 */
export async function takeLook(db: Connection, runId: RunId, now: Instant, until: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update traceability.reading_look set due_at = ${until} where run_id = ${runId} and due_at <= ${now}`.execute(db)
  return numAffectedRows === 1n
}

/** What was taken is to be done later, unless somebody wants it earlier since. */
export async function postponeLook(db: Connection, runId: RunId, taken: Instant, dueAt: Instant): Promise<void> {
  await sql`
    update traceability.reading_look set due_at = ${dueAt} where run_id = ${runId} and due_at = ${taken}`.execute(db)
}

/** Tells that sealed readings of an operation are not as they were. */
export async function putFinding(trx: Connection, runId: RunId, finding: string, at: Instant): Promise<void> {
  await insertLook(trx, runId, at, Number.MAX_SAFE_INTEGER as Instant)
  await sql`update traceability.reading_look set finding = ${finding} where run_id = ${runId}`.execute(trx)
}

/** `dueAt` null = it was the last look, unless somebody wants another one since it was taken; what was found stays. */
export async function putLook(
  db: Connection,
  taken: Instant,
  { runId, looks, dueAt, finding }: { runId: RunId; looks: number; dueAt: Instant | null; finding: string },
): Promise<void> {
  if (dueAt === null && finding === '') {
    await sql`delete from traceability.reading_look where run_id = ${runId} and due_at = ${taken}`.execute(db)
  }
  await sql`
    update traceability.reading_look set looks = ${looks}, finding = ${finding},
      due_at = case when due_at = ${taken} then ${dueAt ?? Number.MAX_SAFE_INTEGER}::bigint else due_at end
    where run_id = ${runId}`.execute(db)
}

/** Of these operations, what of their sealed readings is not as it was sealed. */
export async function listFindings(db: Connection, runs: readonly RunId[]): Promise<string[]> {
  const { rows } = await sql<{ finding: string }>`
    select finding from traceability.reading_look where run_id = any(${[...runs]}::uuid[]) and finding <> ''
    order by run_id`.execute(db)
  return rows.map(({ finding }) => finding)
}
