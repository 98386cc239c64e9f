import { readFileSync } from 'node:fs'
import type { Client } from '@throughline/model'
import { draftClass, getAuditReview, listAuditEntries, listAuditReviews, listSignatures } from '@throughline/model'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { addDouble, password, signedIn, signedInAgain } from '../signed-in.ts'
import { expectAccessible, expectReflow } from './page.ts'
import { Windows } from './windows.ts'

let plant: RunningPlant
let auditor: Client
let classId: string
const windows = new Windows()

beforeAll(async () => {
  plant = await startPlant({ machines: false })
  const engineer = await signedIn(plant, 'engineer')
  auditor = await signedIn(plant, 'auditor')
  await signedIn(plant, 'quality')
  await addDouble(plant)
  const double = await signedInAgain(plant, 'double')
  await double(draftClass, { name: 'Sieve', description: 'Sorts', tags: [] })
  classId = (await engineer(draftClass, { name: 'Mixer', description: 'Stirs', tags: [] })).id
  await engineer(draftClass, { name: 'Mixer', description: 'Stirs and heats', tags: [] })
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await plant?.stop()
})
afterEach(({ task }) => windows.settle(task))

const at = windows.at.bind(windows)

const entries = (page: Page) => page.getByRole('list', { name: 'Audit entries, newest first' }).getByRole('listitem')
/** A minute of the browser's clock, as the fields for times take it. */
const minute = (offsetMs: number, page: Page): Promise<string> =>
  page.evaluate((ms) => {
    const at = new Date(Date.now() + ms)
    const two = (part: number): string => String(part).padStart(2, '0')
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
  }, offsetMs)

test('[D-12.4-8, SR-6.1, P11-10e-3] an inspector finds an entry by who and what, and sees what was before and after', async () => {
  const page = await at('auditor', '/audit')
  await entries(page).first().waitFor()
  await page.getByLabel('What was done').selectOption('equipment.class.draft')
  await page.getByLabel('Who', { exact: true }).selectOption({ label: 'Demo engineer (engineer)' })
  await page.waitForURL(/deed=equipment\.class\.draft/)
  await page
    .getByRole('link', { name: /^engineer wrote the draft of the next version of an equipment class: Mixer/ })
    .first()
    .click()
  await page.getByRole('heading', { name: 'What it changed' }).waitFor()
  const change = page.locator('.tl-difference', { hasText: 'equipment class changed' })
  expect(await change.innerText()).toMatch(/was Stirs, is now Stirs and heats/)
  const facts = await page.locator('.facts-list').innerText()
  expect(facts).toMatch(/\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d UTC[+-]\d\d:\d\d/)
  expect(facts).toContain('engineer (engineer)')
  await page.getByRole('link', { name: 'equipment class, version 2' }).click()
  await page.getByRole('heading', { name: 'Trail of equipment class' }).waitFor()
  const versions = page.getByRole('list', { name: 'Versions, newest first' })
  await versions.getByRole('heading', { name: 'Version 1', exact: true }).waitFor()
})

test('[D-12.4-8] the address holds the search, and refused attempts are found and marked in words', async () => {
  const page = await at('auditor', '/audit?outcome=refused')
  await entries(page).first().waitFor()
  expect(await page.getByLabel('Outcome').inputValue()).toBe('refused')
  for (const text of await entries(page).allInnerTexts()) expect(text).toMatch(/and was refused[\s\S]*Refused:/)
  await page.getByLabel('Reason contains').fill('no such words anywhere')
  await page.keyboard.press('Enter')
  await page.getByText('No entry fits').waitFor()
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await page.waitForURL(/\/audit$/)
  await entries(page).first().waitFor()
})

test('[P11-10b] the proof of a record is downloaded where its trail stands, and holds its document', async () => {
  const page = await at('auditor', `/audit/record/equipment.class_version/${classId}`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download proof' }).click()
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\n')
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(parsed[0]).toMatchObject({ line: 'header', format: 'throughline-bundle/1' })
  expect(parsed.at(-1)).toMatchObject({ line: 'end' })
  const record = parsed.find(({ line }) => line === 'record') as { document: { name: string; base64: string } | null }
  expect(record.document?.name).toMatch(/\.pdf$/)
  expect(Buffer.from(record.document?.base64 ?? '', 'base64').toString('latin1', 0, 8)).toBe('%PDF-1.7')
})

test('[D-12.4-8!, A11-9!] whoever did the deeds is told that somebody else must complete the review; somebody else signs it', async () => {
  const page = await at('double', '/audit/reviews')
  await page.getByRole('button', { name: 'Open a review' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Open the review' }).click()
  await dialog.getByText('Give it a title').waitFor()
  await dialog.getByLabel('Title').fill('The first hour')
  // The demo plant's sites do not share a clock, so the fields are in that of the browser.
  await dialog.getByLabel('From').fill(await minute(-3_600_000, page))
  const [newest] = await auditor(listAuditEntries, { operation: draftClass.name, limit: 1 })
  await page.waitForFunction((done) => Math.floor(Date.now() / 60_000) * 60_000 > done, (newest?.at ?? 0) / 1000, {
    timeout: 90_000,
  })
  await dialog.getByLabel('Before').fill(await minute(0, page))
  await dialog.getByLabel('Changed record').selectOption('equipment.class_version')
  await dialog.getByRole('button', { name: 'Open the review' }).click()
  await page.getByRole('heading', { name: 'The first hour' }).waitFor()
  await page.getByText('You changed records that “The first hour” is about').waitFor()
  expect(await page.getByRole('button', { name: 'Sign and complete' }).count()).toBe(0)
  await expectAccessible(page, 'a review that one may not complete')

  const [review] = await auditor(listAuditReviews, { limit: 1 })
  const reviewId = review?.id ?? ''
  const second = await at('quality', `/audit/reviews/${reviewId}`)
  const sieve = second.getByRole('listitem').filter({ hasText: 'Sieve' })
  await sieve.getByText('changed by hand').waitFor()
  await sieve.getByRole('button', { name: /Note a finding/ }).click()
  await second.getByRole('dialog').getByLabel('Finding').fill('Asked why: a new sieve was delivered')
  await second.getByRole('button', { name: 'Note it' }).click()
  await second.getByRole('list', { name: 'Findings' }).getByText('a new sieve was delivered').waitFor()
  await second.getByRole('button', { name: 'Sign and complete' }).click()
  await second.getByText('Say what you conclude').waitFor()
  await second.getByLabel('Conclusion').fill('All changes were as planned')
  await second.getByRole('button', { name: 'Sign and complete' }).click()
  const sheet = second.getByRole('dialog')
  await sheet.getByLabel('Reason').fill('Review of the first hour')
  await sheet.getByLabel('Name').fill('quality')
  await sheet.getByLabel('Password', { exact: true }).fill(password)
  await sheet.getByRole('button', { name: 'Sign as reviewed' }).click()
  await second.getByRole('heading', { name: 'Conclusion' }).waitFor()
  await second.getByRole('list', { name: 'Signatures on this version' }).getByText('Demo quality').waitFor()

  const { review: done } = await auditor(getAuditReview, { reviewId })
  expect(done).toMatchObject({ state: 'completed', completedBy: 'quality', findings: 1 })
  const record = { kind: 'platform.audit_review', id: reviewId }
  expect(await auditor(listSignatures, { record })).toMatchObject([{ meaning: 'reviewed', state: 'valid' }])
})

test('the ledger tells how far it is signed, and says in words what a check found', async () => {
  const page = await at('auditor', '/ledger')
  await page.getByText(/leaves signed, last on/).waitFor({ timeout: 90_000 })
  await page.getByRole('button', { name: 'Check the ledger' }).click()
  await page.getByText('Whole.', { exact: true }).waitFor({ timeout: 60_000 })
})

test('an administrator lets a new key take over, and the ledger stays whole', async () => {
  const page = await at('admin', '/ledger')
  await page.getByText('Key 1, signs now').waitFor()
  await page.getByRole('button', { name: 'Let a new key take over' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('yearly change of the key')
  await dialog.getByRole('button', { name: 'Change the key' }).click()
  await page.getByText('Key 2, signs now').waitFor()
  await page.getByRole('button', { name: 'Check the ledger' }).click()
  await page.getByText('Whole.', { exact: true }).waitFor({ timeout: 60_000 })
})

test('[SR-6.1!] who may not read the trail finds no way to it, and is refused by the server', async () => {
  const page = await at('engineer', '/')
  await page.getByRole('heading', { name: 'Plant overview' }).waitFor()
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' }).count()).toBe(0)
  await page.goto('/audit')
  await page.getByText('The audit trail could not be read').waitFor()
})

const everyPage = async (): Promise<[string, string][]> => {
  const [entry] = await auditor(listAuditEntries, { operation: draftClass.name, limit: 1 })
  const [review] = await auditor(listAuditReviews, { limit: 1 })
  return [
    ['/audit', '.entry-list li'],
    [`/audit/entry/${entry?.id}`, '.tl-difference'],
    [`/audit/record/equipment.class_version/${classId}`, '.tl-difference'],
    ['/audit/reviews', '.tl-table td'],
    [`/audit/reviews/${review?.id}`, '.entry-list li'],
    ['/ledger', '.facts-list'],
  ]
}

test('axe finds nothing on any page of the trail, and none scrolls sideways on a narrow screen', async () => {
  const page = await at('auditor', '/audit')
  await entries(page).first().waitFor()
  for (const [path, content] of await everyPage()) {
    await page.goto(path)
    await page.locator(content).first().waitFor()
    await expectAccessible(page, path)
    await expectReflow(page, path)
  }
})
