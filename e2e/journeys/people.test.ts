import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureAdministrator, ensurePerson } from '@throughline/identity'
import { systemClock } from '@throughline/kernel'
import { activatePerson, createMachineAccount, listMachineAccounts } from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../apps/server/src/config.ts'
import type { Plant } from '../../apps/server/src/plant.ts'
import { startPlant } from '../../apps/server/src/plant.ts'
import { buildPagesIfStale, pagesDir } from '../../scripts/start/build-pages.ts'
import { chromiumOptions } from '../browser.ts'
import { password } from '../signed-in.ts'
import type { Watched } from './page.ts'
import { closeClean, expectAccessible, expectReflow, openWindow, signIn } from './page.ts'

/** An empty plant: accounts need no machines. */
const home = mkdtempSync(join(tmpdir(), 'throughline-people-'))
let plant: Plant
let browser: Browser
let window: Watched

beforeAll(async () => {
  await buildPagesIfStale()
  const environment = { THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }
  const config = readConfig({ ...environment, THROUGHLINE_WEB: pagesDir })
  plant = await startPlant(config, '0.0.0', systemClock, pino({ level: 'silent' }))
  await withPassword((await ensureAdministrator(plant.platform))?.path)
  for (const role of ['quality', 'auditor', 'operator'] as const) {
    const link = await ensurePerson(plant.platform, { name: role, printedName: `The ${role}`, role })
    await withPassword(link?.path)
  }
  browser = await chromium.launch(chromiumOptions)
})
afterAll(async () => {
  await browser?.close()
  await plant?.stop()
  rmSync(home, { recursive: true, force: true })
})
beforeEach(async () => {
  window = await openWindow(browser, plant)
})
afterEach(({ task }) => closeClean([window], task))

async function withPassword(path: string | undefined): Promise<void> {
  const token = path?.split('#')[1] ?? ''
  await plant.platform.run(activatePerson, nobody(null), { token, password })
}

async function as(name: string, path: string, page: Page = window.page): Promise<Page> {
  await page.goto(path)
  await signIn(page, name)
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  return page
}

/** What a dialog shows this once. */
const shownOnce = async (page: Page, label: string): Promise<string> =>
  (await page.getByRole('status', { name: label }).textContent()) ?? ''

test('[P11-100b, P11-10g!] one person invites, the same one cannot approve, another does, and the link lets the new person in', async () => {
  const page = await as('admin', '/people')
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByText('Say how the person was checked.').waitFor()
  await page.getByLabel('Printed name').fill('Vega Lyra')
  await page.getByLabel('Sign-in name').fill('vega')
  await page.getByLabel('How you know that it is them').fill('badge office, passport seen')
  await page.getByLabel('Role 1', { exact: true }).selectOption('supervisor')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByText('The account awaits approval by another person').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('link', { name: /Vega Lyra/ }).click()
  const approve = page.getByRole('button', { name: /^Approve/ })
  expect(await approve.getAttribute('aria-disabled')).toBe('true')
  await page.getByText('You invited this person: somebody else has to approve.').waitFor()

  const other = await openWindow(browser, plant)
  const quality = await as('quality', '/people', other.page)
  await quality.getByText('1 awaits approval').waitFor()
  await quality.getByRole('link', { name: /Vega Lyra/ }).click()
  await quality.getByRole('button', { name: 'Approve' }).click()
  const dialog = quality.getByRole('dialog')
  await dialog.getByText('badge office, passport seen').waitFor()
  await dialog.getByRole('button', { name: 'Approve' }).click()
  const link = await shownOnce(quality, 'One-time link')
  expect(link).toMatch(/\/activate#[A-Za-z0-9_-]{43}$/)
  await other.context.close()

  const theirs = await openWindow(browser, plant)
  await theirs.page.goto(link)
  await theirs.page.getByLabel('Password', { exact: true }).fill(password)
  await theirs.page.getByLabel('The same again').fill(password)
  await theirs.page.getByRole('button', { name: 'Set password' }).click()
  await theirs.page.waitForURL('**/sign-in**')
  await signIn(theirs.page, 'vega')
  await theirs.page.getByRole('heading', { name: 'Plant overview' }).waitFor()
  await theirs.context.close()
})

test('[P11-300b, SR-1.3] who is disabled is out at once, also on the page that is open', async () => {
  const theirs = await openWindow(browser, plant)
  await as('operator', '/', theirs.page)
  const page = await as('admin', '/people')
  await page.getByRole('link', { name: /The operator/ }).click()
  await page.getByRole('button', { name: 'Disable' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await dialog.getByText('Say why, in 3 characters at least.').waitFor()
  await dialog.getByLabel('Reason').fill('left the company')
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await page.getByText('Disabled').waitFor()
  await theirs.page.getByText('Your session has ended.').waitFor()
  await theirs.context.close()
  await page.getByRole('button', { name: 'Enable' }).click()
  await dialog.getByLabel('Reason').fill('came back')
  await dialog.getByRole('button', { name: 'Enable' }).click()
  await page.getByText('Active').waitFor()
})

test('[P11-10g!] roles of others are changed with a reason, one’s own are not', async () => {
  const page = await as('admin', '/people')
  await page.getByRole('link', { name: /The operator/ }).click()
  await page.getByRole('button', { name: 'Change roles' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Add a role' }).click()
  await dialog.getByLabel('Role 2', { exact: true }).selectOption('engineer')
  await dialog.getByLabel('Reason').fill('stands in for a colleague')
  await dialog.getByRole('button', { name: 'Change roles' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('listitem').filter({ hasText: 'engineer' }).waitFor()
  await page.goto('/people?search=administrator')
  await page
    .getByRole('table')
    .getByRole('link', { name: /Administrator/ })
    .click()
  const own = page.getByRole('button', { name: /^Change roles/ })
  expect(await own.getAttribute('aria-disabled')).toBe('true')
  expect(await own.textContent()).toContain('Nobody changes their own roles')
})

test('[SR-1.2] a machine account’s key is shown once, works, and stops when it is revoked', async () => {
  const page = await as('admin', '/machine-accounts')
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('lims-reader')
  await page.getByLabel('Role 1', { exact: true }).selectOption('operator')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const apiKey = await shownOnce(page, 'API key')
  expect((await plant.platform.authenticate({ apiKey }, null)).name).toBe('lims-reader')
  await page.getByRole('button', { name: 'Done' }).click()
  expect(await page.content()).not.toContain(apiKey)
  await page.getByRole('button', { name: 'Revoke lims-reader' }).click()
  await page.getByLabel('Reason').fill('no longer needed')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('Revoked').waitFor()
  expect((await plant.platform.authenticate({ apiKey }, null)).kind).toBe('nobody')
})

test('[SR-2.6] a person sees where they are signed in and ends the other one', async () => {
  const elsewhere = await openWindow(browser, plant)
  await as('auditor', '/', elsewhere.page)
  const page = await as('auditor', '/sessions')
  await page.getByText('You are signed in at 2 places').waitFor()
  await page.getByRole('button', { name: /End your session on/ }).click()
  await page.getByText('You are signed in here and nowhere else').waitFor()
  await elsewhere.page.getByText('Your session has ended.').waitFor()
  await elsewhere.context.close()
  const others = page.getByRole('button', { name: /^End the session of|ask an administrator/ }).first()
  expect(await others.getAttribute('aria-disabled')).toBe('true')
})

test('[SR-2.6] the administrator ends somebody’s session, with a reason', async () => {
  const theirs = await openWindow(browser, plant)
  await as('quality', '/', theirs.page)
  const page = await as('admin', '/sessions')
  await page.getByRole('button', { name: 'End the session of The quality' }).first().click()
  await page.getByLabel('Reason').fill('the laptop is lost')
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click()
  await theirs.page.getByText('Your session has ended.').waitFor()
  await theirs.context.close()
})

test('[SR-2.5] a locked screen shows nothing until its person proves who they are, and is then as it was', async () => {
  const page = await as('admin', '/sessions')
  await page.getByRole('button', { name: 'Lock this screen' }).click()
  await page.getByRole('heading', { name: 'Locked', exact: true }).waitFor()
  await page.reload()
  const dialog = page.getByRole('dialog', { name: 'This session is locked' })
  await dialog.getByLabel('Password', { exact: true }).fill('not the password at all')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('heading', { name: 'Locked', exact: true }).waitFor({ state: 'hidden' })
  await page.getByText('this one').first().waitFor()
})

test('[A11-12] access is reviewed account by account, and completed when all are decided', async () => {
  const page = await as('quality', '/access-review')
  await page.getByRole('button', { name: 'Open a review' }).click()
  await page.getByRole('heading', { name: /^Review of/ }).waitFor()
  expect(
    await page.getByRole('button', { name: /^The quality keeps|^quality keeps/ }).getAttribute('aria-disabled'),
  ).toBe('true')
  await page.getByRole('button', { name: 'admin keeps what it holds' }).click()
  await page.getByText('Keeps it · ').first().waitFor()
  await page.getByRole('button', { name: 'Something has to change for operator' }).click()
  await page.getByLabel('What has to change for operator').fill('engineer no longer needed')
  await page.getByRole('button', { name: 'Keep the decision' }).click()
  await page.getByText('To be changed: engineer no longer needed').waitFor()
  await page.getByText(/^Decide on the other \d+ accounts first/).waitFor()
  expect(await page.getByRole('button', { name: 'Complete the review' }).getAttribute('aria-disabled')).toBe('true')
})

test('who may not see people is told so, and has no way there', async () => {
  const page = await as('operator', '/')
  await page.getByRole('heading', { name: 'Plant overview' }).waitFor()
  expect(await page.getByRole('navigation', { name: 'Main' }).getByText('People').count()).toBe(0)
  await page.goto('/people')
  await page.getByText('The people could not be listed').waitFor()
})

const everyPage = ['/people', '/machine-accounts', '/sessions', '/access-review']

test('axe finds nothing on the pages about accounts, and none scrolls sideways on a narrow screen', async () => {
  const system = systemActor('test')
  if ((await plant.platform.run(listMachineAccounts, system, {})).every(({ state }) => state !== 'active')) {
    const grants = [{ role: 'edge-agent' as const, nodeId: null }]
    await plant.platform.run(createMachineAccount, system, { name: 'edge-1', grants })
  }
  const { page } = window
  await as('admin', '/people')
  for (const path of everyPage) {
    await page.goto(path)
    await page.locator('.tl-table td').first().waitFor()
    await expectAccessible(page, path)
    await expectReflow(page, path)
  }
  await page.goto('/people')
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByRole('dialog').getByLabel('Printed name').waitFor()
  await expectAccessible(page, 'inviting')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: /The auditor/ }).click()
  await page.getByRole('heading', { name: 'The auditor' }).waitFor()
  await expectAccessible(page, 'a person')
})
