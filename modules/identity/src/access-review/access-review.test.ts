import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AccountAccess } from '@throughline/model'
import {
  completeAccessReview,
  createMachineAccount,
  decideAccess,
  disablePerson,
  getAccessReport,
  getAccessReview,
  listAccessReviews,
  listRecordChanges,
  openAccessReview,
  prepareSignature,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { People } from '../testing/people.ts'
import { plantWide, reason, startPeople } from '../testing/people.ts'

const day = 24 * 3_600_000
const reviewer = actorWith(['identity.access-review.read', 'identity.access-review.write'])

let people: People
beforeAll(async () => {
  people = await startPeople()
})
afterAll(() => people.close())

const report = async (): Promise<Map<string, AccountAccess>> => {
  const { accounts } = await people.platform.run(getAccessReport, reviewer, {})
  return new Map(accounts.map((account) => [account.name, account]))
}

test('[A11-12-3] the report says who holds what since when, who was last seen when, and which accounts are dormant', async () => {
  await people.active('seldom-here')
  const since = people.clock.now()
  await people.signIn('seldom-here')
  const { apiKey } = await people.platform.run(createMachineAccount, people.inviter, {
    name: 'reader',
    grants: [plantWide('operator')],
  })
  people.clock.advanceMs(90 * day)
  await people.platform.authenticate({ apiKey }, null)
  expect((await report()).get('seldom-here')).toMatchObject({
    grants: [{ role: 'operator', nodeId: null, grantedAt: since }],
    lastSeenAt: since,
    dormant: false,
  })
  people.clock.advanceMs(1)
  const accounts = await report()
  expect(accounts.get('seldom-here')?.dormant).toBe(true)
  expect(accounts.get('reader')).toMatchObject({ kind: 'machine', dormant: false })
})

test('[A11-12-3] an account that was never used is dormant 90 days after it was made; a disabled one is not', async () => {
  const never = await people.active('never-came')
  people.clock.advanceMs(91 * day)
  expect((await report()).get('never-came')).toMatchObject({ lastSeenAt: null, dormant: true })
  await people.platform.run(disablePerson, people.inviter, { personId: never.id, reason })
  expect((await report()).get('never-came')).toMatchObject({ state: 'disabled', dormant: false })
})

test('[A11-12-3] a review is completed once every account is decided, and keeps what was decided', async () => {
  const before = await people.active('under-review')
  const review = await people.platform.run(openAccessReview, reviewer, {})
  const second = people.platform.run(openAccessReview, reviewer, {})
  await expect(second).rejects.toMatchObject({ kind: 'conflict', code: 'identity.access-review-open' })
  const { lines } = await people.platform.run(getAccessReview, reviewer, { reviewId: review.id })
  const early = people.platform.run(completeAccessReview, reviewer, { reviewId: review.id, conclusion: 'all in order' })
  await expect(early).rejects.toMatchObject({ kind: 'conflict', code: 'identity.access-review-undecided' })
  const decisions = lines.map(({ accountId, name }) =>
    name === 'under-review'
      ? { accountId, decision: 'change' as const, comment: 'works elsewhere now' }
      : { accountId, decision: 'keep' as const },
  )
  // Disabled after the review was opened: the review shows what it was about.
  await people.platform.run(disablePerson, people.inviter, { personId: before.id, reason })
  const decided = await people.platform.run(decideAccess, reviewer, { reviewId: review.id, decisions })
  expect(decided.decided).toBe(decided.accounts)
  const completed = await people.platform.run(completeAccessReview, reviewer, {
    reviewId: review.id,
    conclusion: 'one account to be changed',
  })
  expect(completed).toMatchObject({ state: 'completed', completedBy: reviewer.name, completedAt: people.clock.now() })
  const kept = await people.platform.run(getAccessReview, reviewer, { reviewId: review.id })
  expect(kept.lines.find(({ name }) => name === 'under-review')).toMatchObject({
    state: 'active',
    decision: 'change',
    comment: 'works elsewhere now',
  })
  const completedCode = { kind: 'conflict', code: 'identity.access-review-completed' }
  const decideLate = people.platform.run(decideAccess, reviewer, { reviewId: review.id, decisions })
  await expect(decideLate).rejects.toMatchObject(completedCode)
  const completeLate = people.platform.run(completeAccessReview, reviewer, { reviewId: review.id, conclusion: 'again' })
  await expect(completeLate).rejects.toMatchObject(completedCode)
  const versions = await people.platform.run(listRecordChanges, actorWith(['platform.audit.read']), {
    record: { kind: 'identity.access_review', id: review.id },
  })
  expect(versions.map(({ change }) => change.version)).toEqual([3, 2, 1])
  const record = { kind: 'identity.access_review', id: review.id }
  const { title, steps } = await people.platform.run(prepareSignature, reviewer, { record })
  expect(title).toBe('Access review with the conclusion “one account to be changed”')
  expect(steps.map(({ meaning, state }) => `${meaning}: ${state}`)).toEqual(['reviewed: next', 'approved: later'])
  people.clock.advanceMs(day)
  await people.platform.run(openAccessReview, reviewer, {})
  expect((await people.platform.run(listAccessReviews, reviewer, {})).map(({ state }) => state)).toEqual([
    'open',
    'completed',
  ])
})

const openReview = async () => {
  const [open] = await people.platform.run(listAccessReviews, reviewer, {})
  const reviewId = open?.id ?? ('' as Id<'AccessReview'>)
  return await people.platform.run(getAccessReview, reviewer, { reviewId })
}

test('[A11-12-3!, P11-10g-1!] nobody decides on their own access', async () => {
  const { review, lines } = await openReview()
  const [own] = lines
  const self = { ...reviewer, id: own?.accountId ?? '' }
  const decisions = [{ accountId: own?.accountId ?? '', decision: 'keep' as const }]
  await expect(people.platform.run(decideAccess, self, { reviewId: review.id, decisions })).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'identity.access-review-own',
  })
})

test('[A11-12-3!] a change says what is to be changed, of an account that is under review, in a review that there is', async () => {
  const { review, lines } = await openReview()
  const accountId = lines[0]?.accountId ?? ''
  const decide = (
    decisions: { accountId: string; decision: 'keep' | 'change'; comment?: string }[],
    reviewId = review.id,
  ) => people.platform.run(decideAccess, reviewer, { reviewId, decisions })
  await expect(decide([{ accountId, decision: 'change' }])).rejects.toMatchObject({
    code: 'identity.access-review-comment-missing',
  })
  await expect(decide([{ accountId: newId<'Person'>(), decision: 'keep' }])).rejects.toMatchObject({
    code: 'identity.access-review-account-unknown',
  })
  await expect(decide([{ accountId, decision: 'keep' }], newId<'AccessReview'>())).rejects.toMatchObject({
    kind: 'not-found',
    code: 'identity.access-review-unknown',
  })
  expect((await openReview()).review.decided).toBe(0)
})

test('[A11-12!] software reviews nobody', async () => {
  const machine = { ...reviewer, kind: 'machine' as const }
  await expect(people.platform.run(openAccessReview, machine, {})).rejects.toMatchObject({
    code: 'identity.person-needed',
  })
})
