import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { AuditEntry } from './audit-entry.ts'
import { RecordVersion } from './record.ts'

/**
 * Why a reviewer looks at an entry first: somebody changed a record by hand · it was refused · it tells of something that
 * happened earlier, or corrects it · the clock followed no source or was set · an administrator did it.
 */
export const AuditRisk = z.enum(['manual-change', 'refused', 'late', 'clock', 'administrator'])
export type AuditRisk = z.infer<typeof AuditRisk>

/** Which entries a review is about. */
export const AuditReviewScope = z
  .object({
    /** `from <= at < to`, and over when the review is opened. */
    from: InstantSchema,
    to: InstantSchema,
    /** Names of operations; empty = all. */
    operations: z.array(z.string().min(3).max(120)).max(50).default([]),
    /** Kinds of records that an entry changed; empty = all entries, also those that changed none. */
    recordKinds: z.array(z.string().min(3).max(120)).max(50).default([]),
    /** Only entries with one of these risks; empty = all entries. */
    risks: z.array(AuditRisk).max(5).default([]),
  })
  .refine((scope) => scope.from < scope.to, { error: 'the window must begin before it ends', path: ['to'] })
export type AuditReviewScope = z.infer<typeof AuditReviewScope>

export const AuditReviewFinding = z.object({
  id: idOf<'AuditReviewFinding'>(),
  entryId: idOf<'AuditEntry'>(),
  text: z.string(),
  notedAt: InstantSchema,
  notedBy: z.string(),
})
export type AuditReviewFinding = z.infer<typeof AuditReviewFinding>

/** A review of the audit trail. What it is about is fixed when it is opened: the same entries, whoever looks and when. */
export const AuditReview = z.object({
  id: idOf<'AuditReview'>(),
  title: z.string(),
  scope: AuditReviewScope,
  state: z.enum(['open', 'completed']),
  openedAt: InstantSchema,
  openedBy: z.string(),
  completedAt: InstantSchema.nullable(),
  completedBy: z.string().nullable(),
  conclusion: z.string().nullable(),
  /** How many entries it is about. */
  entries: z.int().nonnegative(),
  /** How many of them have a risk, and how many have each; one entry may have several. */
  attention: z.int().nonnegative(),
  risks: z.object({
    'manual-change': z.int(),
    refused: z.int(),
    late: z.int(),
    clock: z.int(),
    administrator: z.int(),
  }),
  /** Numbers of the first and the last of them; null when there are none. */
  firstNumber: z.int().nullable(),
  lastNumber: z.int().nullable(),
  findings: z.int().nonnegative(),
  /** Its version in the ledger, which a signature is on; null in the answer to the request that makes it. */
  record: RecordVersion.nullable(),
})
export type AuditReview = z.infer<typeof AuditReview>

/** Who reviewed signs by completing; another person may then approve. */
export const auditReviewSignatures = signaturePolicy({
  record: 'platform.audit_review',
  title: 'Audit-trail review “{title}”',
  read: 'platform.audit.read',
  steps: [
    { meaning: 'reviewed', permission: 'platform.audit.review' },
    { meaning: 'approved', permission: 'platform.audit.review' },
  ],
  // Completing changes the review itself; that it is not one's own deeds that one reviews is checked there.
  authorMaySign: true,
})

const reviewing = { permission: 'platform.audit.review', scope: 'plant', mutates: true } as const
const reading = { permission: 'platform.audit.read', scope: 'plant', mutates: false } as const
const reviewId = idOf<'AuditReview'>()

export const openAuditReview = operation({
  name: 'platform.audit-review.open',
  summary: 'Open a review of the audit trail: which entries it is about is fixed from now on',
  ...reviewing,
  input: z.object({ title: z.string().trim().min(3).max(200), scope: AuditReviewScope }),
  output: AuditReview,
})

export const listAuditReviews = operation({
  name: 'platform.audit-review.list',
  summary: 'List the reviews of the audit trail, newest first',
  ...reading,
  input: z.object({
    state: AuditReview.shape.state.optional(),
    limit: z.int().positive().max(200).default(50),
  }),
  output: z.array(AuditReview),
})

export const getAuditReview = operation({
  name: 'platform.audit-review.get',
  summary: 'Show a review of the audit trail with its findings, and whether I may complete it',
  ...reading,
  input: z.object({ reviewId }),
  output: z.object({
    review: AuditReview,
    findings: z.array(AuditReviewFinding),
    /** Why the caller may not complete it, in words; null = they may. */
    refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
})

export const listReviewedEntries = operation({
  name: 'platform.audit-review.list-entries',
  summary: 'List the entries that a review is about, newest first, with why to look at them',
  ...reading,
  input: z.object({
    reviewId,
    /** `attention` = entries with a risk, `routine` = those without. */
    part: z.enum(['attention', 'routine']).optional(),
    /** Only entries before this one: the number of the last entry of the page before. */
    before: z.int().positive().optional(),
    limit: z.int().positive().max(500).default(100),
  }),
  output: z.array(z.object({ entry: AuditEntry, risks: z.array(AuditRisk) })),
})

export const noteAuditReviewFinding = operation({
  name: 'platform.audit-review.note-finding',
  summary: 'Note what is to be said of an entry under review',
  ...reviewing,
  input: z.object({ reviewId, entryId: idOf<'AuditEntry'>(), text: z.string().trim().min(3).max(2000) }),
  output: AuditReviewFinding,
})

export const completeAuditReview = operation({
  name: 'platform.audit-review.complete',
  summary: 'Complete a review of the audit trail with a signature; nobody reviews what they changed themselves',
  ...reviewing,
  signature: ['reviewed'],
  input: z.object({
    reviewId,
    conclusion: z.string().trim().min(3, 'say in at least 3 characters what you conclude').max(2000),
    signature: SignatureInput,
  }),
  output: AuditReview,
})
