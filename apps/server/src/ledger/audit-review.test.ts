import { equipmentModule } from '@throughline/equipment'
import { identityModule } from '@throughline/identity'
import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { AuditReview, AuditReviewScope, Role } from '@throughline/model'
import {
  activatePerson,
  approvePerson,
  completeAuditReview,
  draftClass,
  getAuditReview,
  invitePerson,
  listAuditEntries,
  listAuditReviews,
  listRecordChanges,
  listReviewedEntries,
  listSignatures,
  noteAuditReviewFinding,
  openAuditReview,
  openSession,
  publishClass,
  signRecord,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { listWatchedTables, nobody, Platform, reconcile } from '@throughline/platform'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const password = 'correct horse battery'
const clock = handClock('2026-11-22T08:00:00Z')
const equipment = equipmentModule()
const modules = [identityModule(), equipment.module]
const inviter = actorWith(['identity.person.write', 'identity.person.read'])
const approver = actorWith(['identity.person.approve'])
const began = clock.now()

let database: TestDatabase
let platform: Platform
/** Quality, who changed nothing; quality, who also wrote a class; the engineer; the inspector. */
let quinn: Actor
let rita: Actor
let ed: Actor
let iris: Actor
let worked: Instant

async function person(name: string, ...roles: Role[]): Promise<Actor> {
  const grants = roles.map((role) => ({ role, nodeId: null }))
  const invitation = { name, printedName: `${name} Example`, grants, identityChecked: 'badge office' }
  const invited = await platform.run(invitePerson, inviter, invitation)
  const approved =
    invited.activation ?? (await platform.run(approvePerson, approver, { personId: invited.person.id })).activation
  await platform.run(activatePerson, nobody(null), { token: approved.path.split('#')[1] ?? '', password })
  let token = ''
  const session = {
    start(given: string) {
      token = given
    },
    end() {},
  }
  await platform.run(openSession, nobody('192.0.2.1'), { name, password }, { session })
  return await platform.authenticate({ session: token }, '192.0.2.1')
}

beforeAll(async () => {
  database = await createTestDatabase({ modules })
  platform = await Platform.start(database.db, modules, clock, pino({ level: 'silent' }))
  quinn = await person('quinn', 'quality')
  rita = await person('rita', 'quality', 'engineer')
  ed = await person('ed', 'engineer')
  iris = await person('iris', 'auditor')
  clock.advanceMs(3_600_000)
  worked = clock.now()
  const pump = await platform.run(draftClass, ed, { name: 'pump', tags: [] })
  await platform.run(draftClass, rita, { name: 'valve', tags: [] })
  await expect(platform.run(publishClass, iris, { classId: pump.id })).rejects.toMatchObject({ kind: 'forbidden' })
  clock.advanceMs(3_600_000)
}, 60_000)
afterAll(async () => {
  await platform?.stop()
  await database?.close()
})

const scopeOf = (change: Partial<AuditReviewScope> = {}) => ({ from: worked, to: plusMs(worked, 1), ...change })
const opened = (scope = scopeOf(), who = quinn): Promise<AuditReview> =>
  platform.run(openAuditReview, who, { title: 'Week 47', scope })

async function complete(review: AuditReview, who: Actor, name: string, given: { password?: string } = {}) {
  const { review: now } = await platform.run(getAuditReview, who, { reviewId: review.id })
  const proof = { method: 'password' as const, name, password: given.password ?? password }
  const signature = { meaning: 'reviewed' as const, reason: 'weekly review', shown: now.record, proof }
  return await platform.run(completeAuditReview, who, {
    reviewId: review.id,
    conclusion: 'nothing to object',
    signature,
  })
}

describe('a review of the audit trail', () => {
  test('[D-12.4-8] is about the entries of its window, fixed at opening, those with a risk first', async () => {
    const review = await opened()
    expect(review).toMatchObject({ entries: 3, attention: 3, state: 'open', openedBy: 'quinn' })
    expect(review.risks).toEqual({ 'manual-change': 2, refused: 1, late: 0, clock: 0, administrator: 0 })
    const entries = await platform.run(listReviewedEntries, quinn, { reviewId: review.id, part: 'attention' })
    expect(entries.map(({ entry, risks }) => [entry.operation, entry.actorName, risks])).toEqual([
      ['equipment.class.publish', 'iris', ['refused']],
      ['equipment.class.draft', 'rita', ['manual-change']],
      ['equipment.class.draft', 'ed', ['manual-change']],
    ])
    expect(entries[0]?.entry.number).toBe(review.lastNumber)
    expect(entries.at(-1)?.entry.number).toBe(review.firstNumber)
    const pages = await platform.run(listReviewedEntries, quinn, {
      reviewId: review.id,
      before: entries[0]?.entry.number,
      limit: 1,
    })
    expect(pages).toEqual([entries[1]])
  })

  test('[D-12.4-8] can be narrowed to operations, kinds of records and risks', async () => {
    const refused = await opened(scopeOf({ risks: ['refused'] }))
    expect(refused).toMatchObject({ entries: 1, attention: 1 })
    expect(await opened(scopeOf({ recordKinds: ['equipment.class_version'] }))).toMatchObject({ entries: 2 })
    expect(await opened(scopeOf({ recordKinds: ['equipment.node'] }))).toMatchObject({
      entries: 0,
      firstNumber: null,
      lastNumber: null,
    })
    const all = { from: began, to: clock.now() }
    const signIns = await opened(scopeOf({ ...all, operations: ['identity.session.open'] }))
    expect(signIns).toMatchObject({ entries: 4, attention: 0 })
    const routine = { reviewId: signIns.id, part: 'routine' as const }
    expect(await platform.run(listReviewedEntries, iris, routine)).toHaveLength(4)
    expect(await platform.run(listReviewedEntries, iris, { ...routine, part: 'attention' })).toEqual([])
  })

  test('[D-12.4-8!, A11-9!] nobody reviews what they changed themselves', async () => {
    const review = await opened(scopeOf(), rita)
    const { refusal } = await platform.run(getAuditReview, rita, { reviewId: review.id })
    expect(refusal).toMatchObject({ code: 'platform.audit-review-own-deeds' })
    expect(refusal?.message).toContain('You changed records that “Week 47” is about')
    await expect(complete(review, rita, 'rita')).rejects.toMatchObject({ code: 'platform.audit-review-own-deeds' })
    expect((await platform.run(getAuditReview, quinn, { reviewId: review.id })).review.state).toBe('open')
    const [entry] = await platform.run(listAuditEntries, iris, { operation: completeAuditReview.name, limit: 1 })
    expect(entry).toMatchObject({ actorName: 'rita', outcome: 'platform.audit-review-own-deeds' })
  })

  test('[D-12.4-8, P11-10e-3] ends with the signature of somebody independent, and another person may approve it', async () => {
    const review = await opened()
    const [about] = await platform.run(listReviewedEntries, quinn, { reviewId: review.id })
    const entryId = about?.entry.id ?? ''
    const finding = { reviewId: review.id, entryId, text: 'asked iris why: she looked for a button' }
    await platform.run(noteAuditReviewFinding, quinn, finding)
    const done = await complete(review, quinn, 'quinn')
    expect(done).toMatchObject({
      state: 'completed',
      completedBy: 'quinn',
      conclusion: 'nothing to object',
      findings: 1,
    })
    const record = { kind: 'platform.audit_review', id: review.id }
    expect(await platform.run(listSignatures, iris, { record })).toMatchObject([
      { meaning: 'reviewed', printedName: 'quinn Example', reason: 'weekly review', state: 'valid' },
    ])
    const signature = { meaning: 'approved' as const, reason: 'agreed', shown: done.record }
    const by = (name: string) => ({ ...signature, proof: { method: 'password' as const, name, password } })
    await expect(platform.run(signRecord, quinn, { record, signature: by('quinn') })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await platform.run(signRecord, rita, { record, signature: by('rita') })
    const signatures = await platform.run(listSignatures, iris, { record })
    expect(signatures.map(({ meaning, state }) => [meaning, state])).toEqual([
      ['reviewed', 'valid'],
      ['approved', 'valid'],
    ])
    const versions = await platform.run(listRecordChanges, iris, { record })
    expect(versions.map(({ entry }) => entry.operation)).toEqual([
      'platform.audit-review.complete',
      'platform.audit-review.note-finding',
      'platform.audit-review.open',
    ])
  })

  test('[D-12.4-8!] is not completed with a wrong password, and then says so to nobody but the trail', async () => {
    const review = await opened()
    await expect(complete(review, quinn, 'quinn', { password: 'not it' })).rejects.toMatchObject({
      kind: 'unauthenticated',
    })
    expect((await platform.run(getAuditReview, quinn, { reviewId: review.id })).review.state).toBe('open')
  })

  test('[D-12.4-8!] once completed it takes no finding, is not completed again, and nobody changes its row', async () => {
    const review = await opened()
    const [about] = await platform.run(listReviewedEntries, quinn, { reviewId: review.id })
    await complete(review, quinn, 'quinn')
    const finding = { reviewId: review.id, entryId: about?.entry.id ?? '', text: 'one more thing' }
    const refused = { code: 'platform.audit-review-completed', kind: 'conflict' }
    await expect(platform.run(noteAuditReviewFinding, quinn, finding)).rejects.toMatchObject(refused)
    await expect(complete(review, quinn, 'quinn')).rejects.toMatchObject(refused)
    const change = sql`update platform.audit_review set conclusion = 'all well' where id = ${review.id}::uuid`
    await expect(change.execute(database.owner)).rejects.toThrow('is completed and never changes')
    const remove = sql`delete from platform.audit_review where id = ${review.id}::uuid`
    await expect(remove.execute(database.db)).rejects.toThrow('permission denied')
  })

  test('[D-12.4-8!] an entry that came into the window after all keeps the review from being completed', async () => {
    const review = await opened()
    await sql`insert into platform.audit_entry (id, at, actor, actor_kind, operation, outcome, text, leaf_hash)
      select gen_random_uuid(), at, actor, actor_kind, operation, outcome, text, leaf_hash
      from platform.audit_entry where seq = ${review.lastNumber}`.execute(database.db)
    await expect(complete(review, quinn, 'quinn')).rejects.toMatchObject({ code: 'platform.audit-review-grown' })
  })

  test('[D-12.4-8!] a window that is not over, a finding on a strange entry, a review that is not there are refused', async () => {
    await expect(opened(scopeOf({ to: plusMs(clock.now(), 1) }))).rejects.toMatchObject({
      code: 'platform.audit-review-window-open',
    })
    await expect(opened({ from: worked, to: worked })).rejects.toMatchObject({ kind: 'invalid' })
    const review = await opened(scopeOf({ risks: ['refused'] }))
    const [draft] = await platform.run(listAuditEntries, iris, { operation: draftClass.name, limit: 1 })
    const finding = { reviewId: review.id, entryId: draft?.id ?? '', text: 'not among them' }
    await expect(platform.run(noteAuditReviewFinding, quinn, finding)).rejects.toMatchObject({
      code: 'platform.audit-review-entry-outside',
    })
    const reviewId = crypto.randomUUID()
    await expect(platform.run(getAuditReview, quinn, { reviewId })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(platform.run(listReviewedEntries, quinn, { reviewId })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('[SR-6.1!, P11-10e-3] an inspector reads reviews and opens none; an engineer does not even read', async () => {
    clock.advanceMs(1)
    const review = await opened()
    expect((await platform.run(listAuditReviews, iris, {}))[0]?.id).toBe(review.id)
    expect(await platform.run(listAuditReviews, iris, { state: 'completed', limit: 1 })).toMatchObject([
      { state: 'completed' },
    ])
    await expect(opened(scopeOf(), iris)).rejects.toMatchObject({ kind: 'forbidden' })
    const { refusal } = await platform.run(getAuditReview, iris, { reviewId: review.id })
    expect(refusal?.code).toBe('platform.permission-missing')
    await expect(platform.run(listAuditReviews, ed, {})).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(platform.run(getAuditReview, ed, { reviewId: review.id })).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test('an input that PostgreSQL’s jsonb refuses is reviewed like any other', async () => {
    const at = clock.advanceMs(1)
    await expect(platform.run(draftClass, ed, { name: '\u0000', tags: [] })).rejects.toMatchObject({ kind: 'invalid' })
    clock.advanceMs(1)
    expect(await opened({ from: at, to: plusMs(at, 1), risks: ['refused'] })).toMatchObject({ entries: 1 })
  })

  test('[P11-10e-1] reviews are records: the ledger tells them, and they agree with it', async () => {
    const tables = await listWatchedTables(database.owner, modules)
    expect(tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['platform.audit_review', 'platform.audit_review_finding']),
    )
    expect(await reconcile(database.db, tables)).toEqual([])
  })
})
