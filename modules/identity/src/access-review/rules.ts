import type { Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { AccessDecision, AccessReview, AccessReviewLine } from '@throughline/model'

const dormantAfterMs = 90 * 24 * 3_600_000

/** Whether an account that may act was not seen for more than 90 days; one that was never seen counts from its making. */
export function isDormant(
  account: { readonly state: string; readonly lastSeenAt: Instant | null; readonly createdAt: Instant },
  now: Instant,
): boolean {
  if (account.state !== 'active') return false
  return now > plusMs(account.lastSeenAt ?? account.createdAt, dormantAfterMs)
}

/** @throws DomainError `conflict` once the review is completed: its answers stand */
export function assertOpen(review: Pick<AccessReview, 'state'>): void {
  if (review.state === 'open') return
  throw new DomainError(
    'conflict',
    'identity.access-review-completed',
    'This access review is completed: open a new one',
  )
}

/**
 * @throws DomainError `invalid` for an account that is not under review or a change without a word of it, `forbidden` for
 * the reviewer's own account
 */
export function assertDecidable(
  decision: AccessDecision,
  lines: readonly Pick<AccessReviewLine, 'accountId' | 'name'>[],
  reviewer: { readonly id: string },
): void {
  const line = lines.find(({ accountId }) => accountId === decision.accountId)
  if (line === undefined) {
    throw new DomainError(
      'invalid',
      'identity.access-review-account-unknown',
      `The account ${decision.accountId} is not part of this review`,
      { accountId: decision.accountId },
    )
  }
  if (line.accountId === reviewer.id) {
    throw new DomainError(
      'forbidden',
      'identity.access-review-own',
      'Nobody reviews their own access: another reviewer decides on this account',
      { name: line.name },
    )
  }
  if (decision.decision === 'change' && decision.comment.length < 3) {
    throw new DomainError(
      'invalid',
      'identity.access-review-comment-missing',
      `Say what has to change for ${line.name}, and why`,
      { name: line.name },
    )
  }
}

/** @throws DomainError `conflict` naming accounts on which nobody has decided */
export function assertAllDecided(lines: readonly Pick<AccessReviewLine, 'name' | 'decision'>[]): void {
  const open = lines.filter(({ decision }) => decision === null).map(({ name }) => name)
  if (open.length === 0) return
  const named = open.slice(0, 5).join(', ')
  throw new DomainError(
    'conflict',
    'identity.access-review-undecided',
    `${open.length} of ${lines.length} accounts are not decided yet: ${named}${open.length > 5 ? ' …' : ''}`,
    { undecided: open.length },
  )
}
