import type { Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { AuditReview, AuditReviewFinding } from '@throughline/model'
import {
  completeAuditReview,
  getAuditReview,
  listAuditReviews,
  listReviewedEntries,
  noteAuditReviewFinding,
  openAuditReview,
} from '@throughline/model'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../../database/tables.ts'
import type { Actor } from '../../door/actor.ts'
import { nodesWith } from '../../door/authorise.ts'
import type { Platform } from '../../platform.ts'
import { entryOf } from '../audit-trail.ts'
import { findHead } from '../capture.ts'
import type { ReviewRow } from './store.ts'
import {
  completeReview,
  countFindings,
  countLater,
  countReviewed,
  findDeedOf,
  findReview,
  insertFinding,
  insertReview,
  isReviewed,
  listFindings,
  listReviewedRows,
  listReviewRows,
  takeHorizon,
} from './store.ts'

const kind = 'platform.audit_review'

/** Mounts the review of the audit trail as an activity of its own, that ends with a signature. */
export function mountReviewOperations(platform: Platform): void {
  platform.handle(openAuditReview, async (uow, { title, scope }) => {
    assertOver(scope.to, uow.at)
    // A hundred thousand entries are counted in three seconds; a review of a year may take longer than statements may.
    await sql`set local statement_timeout = '10min'`.execute(uow.trx)
    const horizon = await takeHorizon(uow.trx)
    const counted = await countReviewed(uow.trx, { scope, horizon })
    const review: ReviewRow = {
      id: newId<'AuditReview'>(uow.at),
      title,
      scope,
      horizon,
      ...counted,
      state: 'open',
      openedAt: uow.at,
      openedBy: { id: uow.actor.id, name: uow.actor.name },
      completedAt: null,
      completedBy: null,
      conclusion: null,
    }
    await insertReview(uow.trx, review)
    return (await shown(uow.trx, [review]))[0] ?? unknown(review.id)
  })

  platform.handle(listAuditReviews, async (uow, { state, limit }) =>
    shown(uow.trx, await listReviewRows(uow.trx, state, limit)),
  )

  platform.handle(getAuditReview, async (uow, { reviewId }) => {
    const review = await getReview(uow.trx, reviewId)
    const refusal = await refusalOf(uow.trx, review, uow.actor)
    return {
      review: (await shown(uow.trx, [review]))[0] ?? unknown(reviewId),
      findings: await listFindings(uow.trx, reviewId),
      refusal: refusal === undefined ? null : { code: refusal.code, message: refusal.message },
    }
  })

  platform.handle(listReviewedEntries, async (uow, { reviewId, part, before, limit }) => {
    const review = await getReview(uow.trx, reviewId)
    const rows = await listReviewedRows(uow.trx, review, { part, before, limit })
    return rows.map((row) => ({ entry: entryOf(row), risks: row.found_risks }))
  })

  platform.handle(noteAuditReviewFinding, async (uow, { reviewId, entryId, text }) => {
    const review = await getReview(uow.trx, reviewId, true)
    assertOpen(review)
    if (!(await isReviewed(uow.trx, review, entryId))) throw notReviewed(review, entryId)
    const { id, name } = uow.actor
    const made = { id: newId<'AuditReviewFinding'>(uow.at), entryId, text, notedAt: uow.at, notedBy: name }
    const finding: AuditReviewFinding = made
    await insertFinding(uow.trx, reviewId, finding, { id, name })
    return finding
  })

  platform.handle(completeAuditReview, async (uow, { reviewId, conclusion }) => {
    const review = await getReview(uow.trx, reviewId, true)
    const refusal = await refusalOf(uow.trx, review, uow.actor)
    if (refusal !== undefined) throw refusal
    const later = await countLater(uow.trx, review)
    if (later > 0) throw grown(review, later)
    await completeReview(uow.trx, reviewId, { id: uow.actor.id, name: uow.actor.name }, uow.at, conclusion)
    await uow.sign({ kind, id: reviewId })
    return (await shown(uow.trx, [await getReview(uow.trx, reviewId)]))[0] ?? unknown(reviewId)
  })
}

async function shown(db: Kysely<Tables>, reviews: readonly ReviewRow[]): Promise<AuditReview[]> {
  const findings = await countFindings(
    db,
    reviews.map(({ id }) => id),
  )
  return await Promise.all(
    reviews.map(async ({ horizon: _, ...review }) => ({
      ...review,
      openedBy: review.openedBy.name,
      completedBy: review.completedBy?.name ?? null,
      findings: findings.get(review.id) ?? 0,
      record: (await findHead(db, { kind, id: review.id })) ?? null,
    })),
  )
}

async function getReview(db: Kysely<Tables>, id: string, forUpdate = false): Promise<ReviewRow> {
  return (await findReview(db, id, forUpdate)) ?? unknown(id)
}

/** Why this person may not complete the review; undefined = they may. Nobody judges what they did themselves. */
async function refusalOf(db: Kysely<Tables>, review: ReviewRow, actor: Actor): Promise<DomainError | undefined> {
  if (review.state !== 'open') return completed(review)
  if (nodesWith(actor, completeAuditReview.permission as 'platform.audit.review') !== null) {
    return new DomainError(
      'forbidden',
      'platform.permission-missing',
      `“${review.title}” is completed by somebody who may review the trail of the whole plant: quality`,
    )
  }
  const deed = await findDeedOf(db, review, actor.id)
  if (deed === undefined) return undefined
  return new DomainError(
    'forbidden',
    'platform.audit-review-own-deeds',
    `You changed records that “${review.title}” is about (entry ${deed}): somebody who did not must complete it`,
    { entry: deed },
  )
}

function assertOver(to: Instant, now: Instant): void {
  if (to <= now) return
  throw new DomainError(
    'invalid',
    'platform.audit-review-window-open',
    'The window of a review must be over: entries could still come into it',
  )
}

function assertOpen(review: ReviewRow): void {
  if (review.state !== 'open') throw completed(review)
}

const completed = (review: ReviewRow): DomainError =>
  new DomainError(
    'conflict',
    'platform.audit-review-completed',
    `“${review.title}” was completed by ${review.completedBy?.name ?? 'somebody'}: open another review to say more`,
  )

const grown = (review: ReviewRow, count: number): DomainError =>
  new DomainError(
    'conflict',
    'platform.audit-review-grown',
    `${count} entries of this window were still being recorded when “${review.title}” was opened: open the review anew`,
    { count },
  )

const notReviewed = (review: ReviewRow, entryId: string): DomainError =>
  new DomainError(
    'invalid',
    'platform.audit-review-entry-outside',
    `Entry ${entryId} is not among those that “${review.title}” is about`,
  )

function unknown(id: string): never {
  throw new DomainError('not-found', 'platform.audit-review-unknown', `There is no audit-trail review ${id}`)
}
