import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { LogbookKind, LogbookReview, Window } from '@throughline/model'
import { Logbook, LogbookEntry } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { z } from 'zod'

type Db = Kysely<Tables>
type LogbookId = Id<'Logbook'>

const bookColumns = sql`id, node_id as "nodeId", kind, name, templates, version, state`

/** By place and name. */
export async function listBooks(db: Db, kind: LogbookKind | undefined): Promise<Logbook[]> {
  const { rows } = await sql`
    select ${bookColumns} from execution.logbook
    where ${kind ?? null}::text is null or kind = ${kind ?? null} order by lower(name), id`.execute(db)
  return z.array(Logbook).parse(rows)
}

/** @throws DomainError `not-found` */
export async function getBook(db: Db, id: LogbookId): Promise<Logbook> {
  return found(id, (await sql`select ${bookColumns} from execution.logbook where id = ${id}`.execute(db)).rows[0])
}

/** Nobody else writes into it until the transaction ends. @throws DomainError `not-found` */
export async function lockBook(db: Db, id: LogbookId): Promise<Logbook> {
  const { rows } = await sql`select ${bookColumns} from execution.logbook where id = ${id} for update`.execute(db)
  return found(id, rows[0])
}

function found(id: LogbookId, row: unknown): Logbook {
  if (row !== undefined) return Logbook.parse(row)
  throw new DomainError('not-found', 'execution.logbook-unknown', `There is no logbook ${id}`, { id })
}

/** Opens a book, or changes the forms of the one of this place, kind and name. */
export async function putBook(
  db: Db,
  { id, nodeId, kind, name, templates }: Pick<Logbook, 'id' | 'nodeId' | 'kind' | 'name' | 'templates'>,
  reason: string,
): Promise<Logbook> {
  const { rows } = await sql`
    insert into execution.logbook (id, node_id, kind, name, templates, version, state, reason)
    values (${id}, ${nodeId}, ${kind}, ${name}, ${JSON.stringify(templates)}::jsonb, 1, 'open', ${reason})
    on conflict (node_id, kind, lower(name)) do update set templates = excluded.templates, reason = excluded.reason,
      version = logbook.version + 1 where logbook.state = 'open'
    returning ${bookColumns}`.execute(db)
  if (rows[0] !== undefined) return found(id, rows[0])
  throw new DomainError(
    'conflict',
    'execution.logbook-closed',
    `${name} is closed for good: open another one under a name of its own`,
  )
}

/** Nothing is written into it from now on. */
export async function closeBook(db: Db, id: LogbookId, reason: string): Promise<Logbook> {
  const { rows } = await sql`
    update execution.logbook set state = 'closed', reason = ${reason}, version = version + 1
    where id = ${id} returning ${bookColumns}`.execute(db)
  return found(id, rows[0])
}

const entryColumns = sql`
  e.id, e.logbook_id as "logbookId", e.number, e.template, e.form, e."values", e.text, e.order_code as "order", e.at,
  e.recorded_at as "recordedAt", jsonb_build_object('id', e.by_id, 'name', e.by_name) as "by", e.corrects, e.reason,
  later.recorded_at as "replacedAt"
  from execution.logbook_entry e left join execution.logbook_entry later on later.corrects = e.id`

export interface EntryQuestion {
  readonly logbookId: LogbookId
  readonly window?: Window | undefined
  readonly includeReplaced: boolean
  readonly limit: number
}

/** The newest first, and how many there are. */
export async function listBookEntries(
  db: Db,
  { logbookId, window, includeReplaced, limit }: EntryQuestion,
): Promise<{ entries: LogbookEntry[]; total: number }> {
  const { rows } = await sql<{ total: number }>`
    select ${sql`count(*) over ()::integer as total,`} ${entryColumns}
    where e.logbook_id = ${logbookId} and (${includeReplaced} or later.id is null)
      and (${window?.from ?? null}::bigint is null or e.at >= ${window?.from ?? null})
      and (${window?.to ?? null}::bigint is null or e.at < ${window?.to ?? null})
    order by e.at desc, e.number desc limit ${limit}`.execute(db)
  return { entries: z.array(LogbookEntry).parse(rows), total: rows[0]?.total ?? 0 }
}

/** @throws DomainError `not-found` */
export async function getBookEntry(db: Db, id: LogbookEntry['id']): Promise<LogbookEntry> {
  const { rows } = await sql`select ${entryColumns} where e.id = ${id}`.execute(db)
  if (rows[0] !== undefined) return LogbookEntry.parse(rows[0])
  throw new DomainError('not-found', 'execution.logbook-entry-unknown', `There is no entry ${id} of a logbook`, { id })
}

/** Takes the next number of a book that is locked. */
export async function insertBookEntry(db: Db, entry: Omit<LogbookEntry, 'number' | 'replacedAt'>): Promise<void> {
  const { id, logbookId, template, form, values, text, order, at, recordedAt, by, corrects, reason } = entry
  await sql`
    insert into execution.logbook_entry (id, logbook_id, number, template, form, "values", text, order_code, at,
      recorded_at, by_id, by_name, corrects, reason)
    select ${id}, ${logbookId}, coalesce(max(number), 0) + 1, ${template}, ${JSON.stringify(form)}::jsonb,
      ${JSON.stringify(values)}::jsonb, ${text}, ${order}, ${at}, ${recordedAt}, ${by.id}, ${by.name}, ${corrects},
      ${reason}
    from execution.logbook_entry where logbook_id = ${logbookId}`.execute(db)
}

export async function insertReview(db: Db, review: LogbookReview, covers: string): Promise<void> {
  const { id, logbookId, window, entries, comment, reviewedBy, reviewedAt } = review
  await sql`
    insert into execution.logbook_review (id, logbook_id, from_at, to_at, entries, covers, comment, reviewed_by,
      reviewed_at)
    values (${id}, ${logbookId}, ${window.from}, ${window.to}, ${entries}, ${covers}, ${comment}, ${reviewedBy},
      ${reviewedAt})`.execute(db)
}

const reviewColumns = sql`id, logbook_id as "logbookId", jsonb_build_object('from', from_at, 'to', to_at) as window, entries,
  comment, reviewed_by as "reviewedBy", reviewed_at as "reviewedAt"`

export async function findReview(db: Db, id: string): Promise<LogbookReview | undefined> {
  const { rows } = await sql<LogbookReview>`
    select ${reviewColumns} from execution.logbook_review where id = ${id}`.execute(db)
  return rows[0]
}

/** Reviews that touch a window, the newest first. */
export async function listReviews(
  db: Db,
  { logbookId, window }: Pick<EntryQuestion, 'logbookId' | 'window'>,
): Promise<LogbookReview[]> {
  const { rows } = await sql<LogbookReview>`
    select ${reviewColumns} from execution.logbook_review
    where logbook_id = ${logbookId}
      and (${window?.from ?? null}::bigint is null or to_at > ${window?.from ?? null})
      and (${window?.to ?? null}::bigint is null or from_at < ${window?.to ?? null})
    order by reviewed_at desc, id desc limit 1000`.execute(db)
  return rows
}
