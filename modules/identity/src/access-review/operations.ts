import { DomainError, newId } from '@throughline/kernel'
import type { AccessReview } from '@throughline/model'
import {
  completeAccessReview,
  decideAccess,
  getAccessReport,
  getAccessReview,
  listAccessReviews,
  openAccessReview,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { assertHuman } from '../person/rules.ts'
import { assertAllDecided, assertDecidable, assertOpen } from './rules.ts'
import {
  findReview,
  insertReview,
  listAccess,
  listLines,
  listReviews,
  lockReview,
  setCompleted,
  setDecision,
} from './store.ts'

/** Recurrent review of who may do what (EU GMP Annex 11, 12 and its draft of 2025, 11). */
export function mountAccessReviewOperations(platform: Platform): void {
  platform.handle(getAccessReport, async (uow) => ({ at: uow.at, accounts: await listAccess(uow.trx, uow.at) }))

  platform.handle(listAccessReviews, (uow) => listReviews(uow.trx))

  platform.handle(getAccessReview, async (uow, { reviewId }) => {
    const review = known(await findReview(uow.trx, reviewId), reviewId)
    return { review, lines: await listLines(uow.trx, reviewId) }
  })

  platform.handle(openAccessReview, async (uow) => {
    assertHuman(uow.actor)
    const id = newId<'AccessReview'>(uow.at)
    const accounts = await listAccess(uow.trx, uow.at)
    if (!(await insertReview(uow.trx, id, uow.actor, uow.at, accounts))) {
      throw new DomainError(
        'conflict',
        'identity.access-review-open',
        'An access review is open already: complete it before the next one is opened',
      )
    }
    return known(await findReview(uow.trx, id), id)
  })

  platform.handle(decideAccess, async (uow, { reviewId, decisions }) => {
    await lockOpen(uow, reviewId)
    const lines = await listLines(uow.trx, reviewId)
    for (const decision of decisions) assertDecidable(decision, lines, uow.actor)
    for (const decision of decisions) await setDecision(uow.trx, reviewId, decision, uow.actor, uow.at)
    return known(await findReview(uow.trx, reviewId), reviewId)
  })

  platform.handle(completeAccessReview, async (uow, { reviewId, conclusion }) => {
    await lockOpen(uow, reviewId)
    assertAllDecided(await listLines(uow.trx, reviewId))
    await setCompleted(uow.trx, reviewId, conclusion, uow.actor, uow.at)
    return known(await findReview(uow.trx, reviewId), reviewId)
  })
}

async function lockOpen(uow: UnitOfWork, reviewId: string): Promise<void> {
  assertHuman(uow.actor)
  assertOpen(known(await lockReview(uow.trx, reviewId), reviewId))
}

function known(review: AccessReview | undefined, reviewId: string): AccessReview {
  if (review !== undefined) return review
  throw new DomainError('not-found', 'identity.access-review-unknown', `There is no access review ${reviewId}`)
}
