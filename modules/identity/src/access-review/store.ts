import type { Id, Instant } from '@throughline/kernel'
import type { AccessDecision } from '@throughline/model'
import { AccessReview, AccessReviewLine, AccountAccess } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { listAccounts } from '../machine-account/store.ts'
import { listGrantTimes, listPersonAccounts } from '../person/store.ts'
import { inIdentity } from '../tables.ts'
import { isDormant } from './rules.ts'

type Db = Kysely<Tables>

interface Reviewer {
  readonly id: string
  readonly name: string
}

/** Every account with what it may do and since when: people by name, then machine accounts by name. */
export async function listAccess(db: Db, now: Instant): Promise<AccountAccess[]> {
  const grantTimes = await listGrantTimes(db)
  const people = (await listPersonAccounts(db)).map((person) => ({
    accountId: person.id,
    kind: 'person' as const,
    name: person.name,
    printedName: person.printedName,
    state: person.state,
    grants: grantTimes.get(person.id) ?? [],
    lastSeenAt: person.lastSignInAt,
    dormant: isDormant({ ...person, lastSeenAt: person.lastSignInAt }, now),
  }))
  const machines = (await listAccounts(db)).map((account) => ({
    accountId: account.id,
    kind: 'machine' as const,
    name: account.name,
    printedName: null,
    state: account.state,
    // The roles of a key are given when it is made and never change.
    grants: account.grants.map((grant) => ({ ...grant, grantedAt: account.createdAt })),
    lastSeenAt: account.lastUsedAt,
    dormant: isDormant({ ...account, lastSeenAt: account.lastUsedAt }, now),
  }))
  return [...people, ...machines].map((account) => AccountAccess.parse(account))
}

/** Opens a review of these accounts; false when one is open. */
export async function insertReview(
  db: Db,
  id: Id<'AccessReview'>,
  by: Reviewer,
  at: Instant,
  accounts: readonly AccountAccess[],
): Promise<boolean> {
  const inserted = await inIdentity(db)
    .insertInto('identity.access_review')
    .values({
      id,
      state: 'open',
      opened_at: at,
      opened_by: by.id,
      opened_by_name: by.name,
      completed_at: null,
      completed_by: null,
      completed_by_name: null,
      conclusion: null,
    })
    .onConflict((conflict) => conflict.column('state').where('state', '=', 'open').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false
  const lines = accounts.map((account) => ({
    review_id: id,
    account_id: account.accountId,
    account_kind: account.kind,
    name: account.name,
    printed_name: account.printedName,
    state: account.state,
    grants: JSON.stringify(account.grants),
    last_seen_at: account.lastSeenAt,
    dormant: account.dormant,
    decision: null,
    comment: null,
    decided_at: null,
    decided_by: null,
    decided_by_name: null,
  }))
  // A statement holds 65,535 values at most.
  for (let from = 0; from < lines.length; from += 1000) {
    await inIdentity(db)
      .insertInto('identity.access_review_line')
      .values(lines.slice(from, from + 1000))
      .execute()
  }
  return true
}

/** Newest first. */
export async function listReviews(db: Db): Promise<AccessReview[]> {
  const rows = await reviews(db).orderBy('opened_at', 'desc').execute()
  return rows.map(toReview)
}

/** The review, which stays as it is until this transaction ends. */
export async function lockReview(db: Db, id: string): Promise<AccessReview | undefined> {
  await inIdentity(db).selectFrom('identity.access_review').select('id').where('id', '=', id).forUpdate().execute()
  return await findReview(db, id)
}

export async function findReview(db: Db, id: string): Promise<AccessReview | undefined> {
  const row = await reviews(db).where('review.id', '=', id).executeTakeFirst()
  return row && toReview(row)
}

const reviews = (db: Db) =>
  inIdentity(db)
    .selectFrom('identity.access_review as review')
    .selectAll('review')
    .select((eb) => [
      eb
        .selectFrom('identity.access_review_line as line')
        .whereRef('line.review_id', '=', 'review.id')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('accounts'),
      eb
        .selectFrom('identity.access_review_line as line')
        .whereRef('line.review_id', '=', 'review.id')
        .where('line.decision', 'is not', null)
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('decided'),
    ])

const toReview = (row: Awaited<ReturnType<ReturnType<typeof reviews>['execute']>>[number]): AccessReview =>
  AccessReview.parse({
    id: row.id,
    state: row.state,
    openedAt: row.opened_at,
    openedBy: row.opened_by_name,
    completedAt: row.completed_at,
    completedBy: row.completed_by_name,
    conclusion: row.conclusion,
    accounts: Number(row.accounts),
    decided: Number(row.decided),
  })

/** People by name, then machine accounts by name. */
export async function listLines(db: Db, reviewId: string): Promise<AccessReviewLine[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.access_review_line')
    .selectAll()
    .where('review_id', '=', reviewId)
    .orderBy('account_kind', 'desc')
    .orderBy('name')
    .orderBy('account_id')
    .execute()
  return rows.map((row) =>
    AccessReviewLine.parse({
      accountId: row.account_id,
      kind: row.account_kind,
      name: row.name,
      printedName: row.printed_name,
      state: row.state,
      grants: row.grants,
      lastSeenAt: row.last_seen_at,
      dormant: row.dormant,
      decision: row.decision,
      comment: row.comment,
      decidedAt: row.decided_at,
      decidedBy: row.decided_by_name,
    }),
  )
}

export async function setDecision(
  db: Db,
  reviewId: string,
  decision: AccessDecision,
  by: Reviewer,
  at: Instant,
): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.access_review_line')
    .set({
      decision: decision.decision,
      comment: decision.comment === '' ? null : decision.comment,
      decided_at: at,
      decided_by: by.id,
      decided_by_name: by.name,
    })
    .where('review_id', '=', reviewId)
    .where('account_id', '=', decision.accountId)
    .execute()
}

export async function setCompleted(
  db: Db,
  reviewId: string,
  conclusion: string,
  by: Reviewer,
  at: Instant,
): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.access_review')
    .set({ state: 'completed', completed_at: at, completed_by: by.id, completed_by_name: by.name, conclusion })
    .where('id', '=', reviewId)
    .execute()
}
