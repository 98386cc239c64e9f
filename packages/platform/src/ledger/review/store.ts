import type { Id, Instant } from '@throughline/kernel'
import type { AuditReview, AuditReviewFinding, AuditReviewScope, AuditRisk } from '@throughline/model'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { AuditEntryRow, Tables } from '../../database/tables.ts'
import { findOldestOpen } from '../store.ts'

type Db = Kysely<Tables>

/** What a review is about: a scope, and the transactions up to which entries belong to it. */
export interface ReviewedSet {
  readonly scope: AuditReviewScope
  readonly horizon: { readonly era: number; readonly xid: string }
}

/** What of a review is counted when it is opened. */
export type Counted = Pick<AuditReview, 'entries' | 'attention' | 'risks' | 'firstNumber' | 'lastNumber'>

export interface ReviewRow extends Omit<AuditReview, 'findings' | 'record' | 'openedBy' | 'completedBy'> {
  readonly horizon: ReviewedSet['horizon']
  readonly openedBy: { readonly id: string; readonly name: string }
  readonly completedBy: { readonly id: string; readonly name: string } | null
}

interface StoredReview {
  id: string
  title: string
  window_from: number
  window_to: number
  operations: string[]
  record_kinds: string[]
  risks: string[]
  horizon_era: number
  horizon_xid: string
  entries: number
  attention: number
  manual_changes: number
  refusals: number
  late: number
  clock: number
  administrators: number
  first_number: number | null
  last_number: number | null
  state: 'open' | 'completed'
  opened_at: number
  opened_by: string
  opened_by_name: string
  completed_at: number | null
  completed_by: string | null
  completed_by_name: string | null
  conclusion: string | null
}

const risksOf = sql`platform.audit_risks(entry.actor_kind, entry.operation, entry.outcome, entry.at, entry.text)`

/** An entry and what it changed stand in one transaction. */
const ofEntry = sql`change.era = entry.era and change.xid = entry.xid and change.entry_id = entry.id`

function matching({ from, to, operations, recordKinds, risks }: AuditReviewScope): RawBuilder<unknown> {
  const parts = [sql`entry.at >= ${from} and entry.at < ${to}`]
  if (operations.length > 0) parts.push(sql`entry.operation = any(${operations}::text[])`)
  if (recordKinds.length > 0) {
    parts.push(sql`exists (select from platform.record_change change
      where ${ofEntry} and change.record_kind = any(${recordKinds}::text[]))`)
  }
  if (risks.length > 0) parts.push(sql`${risksOf} && ${risks}::text[]`)
  return sql.join(parts, sql` and `)
}

const before = ({ era, xid }: ReviewedSet['horizon']) => sql`(entry.era, entry.xid) < (${era}::int, ${xid}::text::xid8)`

const within = ({ scope, horizon }: ReviewedSet) => sql`${matching(scope)} and ${before(horizon)}`

/** Every transaction before it has ended: what they recorded stays the same set for good. */
export async function takeHorizon(db: Db): Promise<ReviewedSet['horizon']> {
  const { era, oldest } = await findOldestOpen(db)
  return { era, xid: oldest }
}

export async function countReviewed(db: Db, set: ReviewedSet): Promise<Counted> {
  const risk = (name: AuditRisk) => sql`count(*) filter (where ${name} = any(risks))::int`
  // Materialized: else each of the counts would read the risks of each entry anew.
  const { rows } = await sql<Record<string, number | null>>`
    with reviewed as materialized (
      select entry.seq, ${risksOf} as risks from platform.audit_entry entry where ${within(set)}
    )
    select count(*)::int as entries, count(*) filter (where cardinality(risks) > 0)::int as attention,
      ${risk('manual-change')} as "manual-change", ${risk('refused')} as refused, ${risk('late')} as late,
      ${risk('clock')} as clock, ${risk('administrator')} as administrator,
      min(seq) as first, max(seq) as last
    from reviewed`.execute(db)
  const counted = rows[0] ?? {}
  const count = (name: string): number => counted[name] ?? 0
  return {
    entries: count('entries'),
    attention: count('attention'),
    risks: {
      'manual-change': count('manual-change'),
      refused: count('refused'),
      late: count('late'),
      clock: count('clock'),
      administrator: count('administrator'),
    },
    firstNumber: counted['first'] ?? null,
    lastNumber: counted['last'] ?? null,
  }
}

/** Entries of the window that a transaction recorded which had not ended when the review was opened. */
export async function countLater(db: Db, { scope, horizon }: ReviewedSet): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from platform.audit_entry entry
    where ${matching(scope)} and not ${before(horizon)}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Newest first. */
export async function listReviewedRows(
  db: Db,
  set: ReviewedSet,
  page: {
    readonly part: 'attention' | 'routine' | undefined
    readonly before: number | undefined
    readonly limit: number
  },
): Promise<(AuditEntryRow & { seq: number; found_risks: AuditRisk[] })[]> {
  const parts = [within(set)]
  if (page.part !== undefined) {
    parts.push(sql`cardinality(${risksOf}) ${page.part === 'attention' ? sql`> 0` : sql`= 0`}`)
  }
  if (page.before !== undefined) parts.push(sql`entry.seq < ${page.before}`)
  const { rows } = await sql<AuditEntryRow & { seq: number; found_risks: AuditRisk[] }>`
    select entry.*, ${risksOf} as found_risks from platform.audit_entry entry
    where ${sql.join(parts, sql` and `)} order by entry.seq desc limit ${page.limit}`.execute(db)
  return rows
}

export async function isReviewed(db: Db, set: ReviewedSet, entryId: string): Promise<boolean> {
  const { rows } = await sql`select from platform.audit_entry entry
    where entry.id = ${entryId}::uuid and ${within(set)}`.execute(db)
  return rows.length > 0
}

/** Signing and reviewing are no deeds that a review is about; everything else that somebody changed is. */
const notOfReviewing = ['identity.signature', 'platform.audit_review']

/** One of the reviewed entries in which this person changed a record; undefined = none. */
export async function findDeedOf(db: Db, set: ReviewedSet, actor: string): Promise<number | undefined> {
  const { rows } = await sql<{ seq: number }>`
    select entry.seq from platform.audit_entry entry
    where entry.actor = ${actor} and entry.outcome = 'done' and ${within(set)}
      and exists (select from platform.record_change change
        where ${ofEntry} and change.record_kind <> all(${notOfReviewing}::text[]))
    order by entry.seq limit 1`.execute(db)
  return rows[0]?.seq
}

export async function insertReview(db: Db, review: ReviewRow): Promise<void> {
  const { scope, horizon, risks } = review
  await sql`
    insert into platform.audit_review (id, title, window_from, window_to, operations, record_kinds, risks, horizon_era,
      horizon_xid, entries, attention, manual_changes, refusals, late, clock, administrators, first_number, last_number,
      state, opened_at, opened_by, opened_by_name)
    values (${review.id}, ${review.title}, ${scope.from}, ${scope.to}, ${scope.operations}, ${scope.recordKinds},
      ${scope.risks}, ${horizon.era}, ${horizon.xid}, ${review.entries}, ${review.attention}, ${risks['manual-change']},
      ${risks.refused}, ${risks.late}, ${risks.clock}, ${risks.administrator}, ${review.firstNumber},
      ${review.lastNumber}, 'open', ${review.openedAt}, ${review.openedBy.id}, ${review.openedBy.name})`.execute(db)
}

export async function completeReview(
  db: Db,
  id: string,
  by: { readonly id: string; readonly name: string },
  at: Instant,
  conclusion: string,
): Promise<void> {
  await sql`update platform.audit_review
    set state = 'completed', completed_at = ${at}, completed_by = ${by.id}, completed_by_name = ${by.name},
      conclusion = ${conclusion}
    where id = ${id}`.execute(db)
}

/** `forUpdate` lets two people who write on one review do so one after the other. */
export async function findReview(db: Db, id: string, forUpdate = false): Promise<ReviewRow | undefined> {
  const { rows } = await sql<StoredReview>`select * from platform.audit_review where id = ${id}::uuid
    ${forUpdate ? sql`for update` : sql``}`.execute(db)
  return rows[0] && reviewFrom(rows[0])
}

/** Newest first. */
export async function listReviewRows(
  db: Db,
  state: AuditReview['state'] | undefined,
  limit: number,
): Promise<ReviewRow[]> {
  const { rows } = await sql<StoredReview>`select * from platform.audit_review
    ${state === undefined ? sql`` : sql`where state = ${state}`}
    order by opened_at desc, id limit ${limit}`.execute(db)
  return rows.map(reviewFrom)
}

export async function insertFinding(
  db: Db,
  reviewId: string,
  finding: AuditReviewFinding,
  notedBy: { readonly id: string; readonly name: string },
): Promise<void> {
  await sql`
    insert into platform.audit_review_finding (id, review_id, entry_id, text, noted_at, noted_by, noted_by_name)
    values (${finding.id}, ${reviewId}, ${finding.entryId}, ${finding.text}, ${finding.notedAt}, ${notedBy.id},
      ${notedBy.name})`.execute(db)
}

/** Oldest first. */
export async function listFindings(db: Db, reviewId: string): Promise<AuditReviewFinding[]> {
  const { rows } = await sql<Record<'id' | 'entry_id' | 'text' | 'noted_by_name', string> & { noted_at: Instant }>`
    select * from platform.audit_review_finding where review_id = ${reviewId}::uuid order by noted_at, id`.execute(db)
  return rows.map((row) => ({
    id: row.id as Id<'AuditReviewFinding'>,
    entryId: row.entry_id as Id<'AuditEntry'>,
    text: row.text,
    notedAt: row.noted_at,
    notedBy: row.noted_by_name,
  }))
}

export async function countFindings(db: Db, reviewIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select review_id as id, count(*)::int as count from platform.audit_review_finding
    where review_id = any(${[...reviewIds]}::uuid[]) group by review_id`.execute(db)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

function reviewFrom(row: StoredReview): ReviewRow {
  const { completed_by: by, completed_by_name: name } = row
  return {
    id: row.id as Id<'AuditReview'>,
    title: row.title,
    scope: {
      from: row.window_from as Instant,
      to: row.window_to as Instant,
      operations: row.operations,
      recordKinds: row.record_kinds,
      risks: row.risks as AuditRisk[],
    },
    horizon: { era: row.horizon_era, xid: row.horizon_xid },
    entries: row.entries,
    attention: row.attention,
    risks: {
      'manual-change': row.manual_changes,
      refused: row.refusals,
      late: row.late,
      clock: row.clock,
      administrator: row.administrators,
    },
    firstNumber: row.first_number,
    lastNumber: row.last_number,
    state: row.state,
    openedAt: row.opened_at as Instant,
    openedBy: { id: row.opened_by, name: row.opened_by_name },
    completedAt: row.completed_at as Instant | null,
    completedBy: by === null || name === null ? null : { id: by, name },
    conclusion: row.conclusion,
  }
}
