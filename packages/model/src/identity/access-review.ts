import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { RoleGrant } from './person.ts'
import { signaturePolicy } from './signature-policy.ts'

/** What one account may do, since when, and whether anybody uses it. */
export const AccountAccess = z.object({
  accountId: z.uuid(),
  kind: z.enum(['person', 'machine']),
  name: z.string(),
  printedName: z.string().nullable(),
  state: z.string(),
  /** `grantedAt` null = not known since when. */
  grants: z.array(RoleGrant.extend({ grantedAt: InstantSchema.nullable() })),
  /** Last sign-in of a person, last use of a key; null = never, or before it was kept. */
  lastSeenAt: InstantSchema.nullable(),
  /** May act, and has not been seen for more than 90 days. */
  dormant: z.boolean(),
})
export type AccountAccess = z.infer<typeof AccountAccess>

/** What the reviewer says of an account: it keeps what it holds, or somebody has to change it. */
export const AccessDecision = z.object({
  accountId: z.uuid(),
  decision: z.enum(['keep', 'change']),
  /** Needed for a change: what, and why. */
  comment: z.string().trim().max(500).default(''),
})
export type AccessDecision = z.infer<typeof AccessDecision>

export const AccessReview = z.object({
  id: idOf<'AccessReview'>(),
  state: z.enum(['open', 'completed']),
  openedAt: InstantSchema,
  openedBy: z.string(),
  completedAt: InstantSchema.nullable(),
  completedBy: z.string().nullable(),
  conclusion: z.string().nullable(),
  accounts: z.int().nonnegative(),
  decided: z.int().nonnegative(),
})
export type AccessReview = z.infer<typeof AccessReview>

/** An account as it stood when the review was opened, with what was decided. */
export const AccessReviewLine = AccountAccess.extend({
  decision: AccessDecision.shape.decision.nullable(),
  comment: z.string().nullable(),
  decidedAt: InstantSchema.nullable(),
  decidedBy: z.string().nullable(),
})
export type AccessReviewLine = z.infer<typeof AccessReviewLine>

const base = { permission: 'identity.access-review.write', scope: 'plant', mutates: true } as const
const reading = { permission: 'identity.access-review.read', scope: 'plant', mutates: false } as const

export const getAccessReport = operation({
  name: 'identity.access-review.report',
  summary: 'Show what every account may do now, since when, and whether it is used',
  ...reading,
  input: z.object({}),
  output: z.object({ at: InstantSchema, accounts: z.array(AccountAccess) }),
})

export const listAccessReviews = operation({
  name: 'identity.access-review.list',
  summary: 'List the access reviews, newest first',
  ...reading,
  input: z.object({}),
  output: z.array(AccessReview),
})

export const getAccessReview = operation({
  name: 'identity.access-review.get',
  summary: 'Show an access review with every account and what was decided',
  ...reading,
  input: z.object({ reviewId: idOf<'AccessReview'>() }),
  output: z.object({ review: AccessReview, lines: z.array(AccessReviewLine) }),
})

/** A review counts when the reviewer has put their name to it, and somebody else has looked at that. */
export const accessReviewSignatures = signaturePolicy({
  record: 'identity.access_review',
  title: 'Access review with the conclusion “{conclusion}”',
  read: 'identity.access-review.read',
  steps: [
    { meaning: 'reviewed', permission: 'identity.access-review.write' },
    { meaning: 'approved', permission: 'identity.access-review.write' },
  ],
  // Deciding changes the review itself; that nobody decides on their own access is checked there.
  authorMaySign: true,
})

export const openAccessReview = operation({
  name: 'identity.access-review.open',
  summary: 'Open an access review of all accounts as they stand now',
  ...base,
  input: z.object({}),
  output: AccessReview,
})

export const decideAccess = operation({
  name: 'identity.access-review.decide',
  summary: 'Say of accounts under review whether they keep what they hold; nobody decides on their own',
  ...base,
  input: z.object({ reviewId: idOf<'AccessReview'>(), decisions: z.array(AccessDecision).min(1).max(1000) }),
  output: AccessReview,
})

export const completeAccessReview = operation({
  name: 'identity.access-review.complete',
  summary: 'Complete an access review in which every account is decided',
  ...base,
  input: z.object({ reviewId: idOf<'AccessReview'>(), conclusion: z.string().trim().min(3).max(2000) }),
  output: AccessReview,
})
