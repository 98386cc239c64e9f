import { readFileSync } from 'node:fs'
import { listTags } from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { password, signedIn } from '../signed-in.ts'
import { expectAccessible, expectReflow, live, signIn } from './page.ts'
import { Windows } from './windows.ts'

let plant: RunningPlant
const windows = new Windows()
let trendTags: string

const bioreactor = '/equipment/aurora/bio/upstream/cell-culture/br-01'
const indicators = '.tl-indicator'
const trusted = '.tl-indicator[data-quality="good"], .tl-indicator[data-quality="uncertain"]'
const untrusted = '.tl-indicator[data-quality="stale"], .tl-indicator[data-quality="bad"]'

beforeAll(async () => {
  plant = await startPlant()
  const call = await signedIn(plant, 'engineer')
  const { tags } = await call(listTags, { search: 'br-01' })
  trendTags = tags
    .filter(({ name }) => ['Temperature', 'pH', 'DissolvedOxygen'].includes(name))
    .map(({ id }) => id)
    .join()
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await plant?.stop()
})
afterEach(({ task }) => windows.settle(task))

async function asEngineer(path: string): Promise<Page> {
  const page = await windows.at('engineer', path)
  await live(page)
  return page
}

test('a person sets a password with the one-time link, once, and signs in with it', async () => {
  const page = await windows.fresh()
  const link = plant.activationLinks['operator'] ?? ''
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('The same again').fill('something else entirely')
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('The two differ.').waitFor()
  await page.getByLabel('The same again').fill(password)
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.waitForURL('**/sign-in**')
  expect(await page.getByLabel('Name').inputValue()).toBe('operator')
  await signIn(page, 'operator', 'not the password at all')
  await page.getByText('You are not signed in').waitFor()
  await signIn(page, 'operator')
  await page.getByRole('heading', { name: 'Plant overview' }).waitFor()

  await page.goto(link)
  await page.reload()
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('The same again').fill(password)
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('The password was not set').waitFor()
})

test('whoever comes without a session signs in and is where they wanted to be', async () => {
  const page = await windows.fresh()
  await page.goto(`${bioreactor}?`)
  await page.waitForURL('**/sign-in?to=**')
  await signIn(page, 'engineer')
  await page.getByRole('heading', { name: 'BR-01' }).waitFor()
})

test('a way back that leads elsewhere is not taken', async () => {
  const page = await windows.fresh()
  await page.goto('/sign-in?to=//example.org/')
  await signIn(page, 'engineer')
  await page.getByRole('heading', { name: 'Plant overview' }).waitFor()
  expect(new URL(page.url()).origin).toBe(new URL(plant.url).origin)
})

test('the overview shows live values of all three protocols', async () => {
  const page = await asEngineer('/')
  for (const unit of ['FRZ-01', 'AUT-01', 'AGV-01']) {
    const tile = page.locator('.unit-tile', { has: page.getByRole('link', { name: unit, exact: true }) })
    await tile.locator('.tag-value[data-quality="good"]').first().waitFor({ timeout: 60_000 })
  }
})

test('equipment is three clicks from the overview at most, and its values move', async () => {
  const page = await asEngineer('/')
  await page.getByRole('link', { name: 'BR-01', exact: true }).click()
  await page.locator(indicators).first().waitFor()
  const stirrer = page.locator(indicators, { hasText: 'AgitatorSpeed' }).locator('.tl-indicator-figure')
  const before = await stirrer.textContent()
  await waitFor(async () => (await stirrer.textContent()) !== before, 'the stirrer speed to change', 60_000)
  await page.getByRole('navigation', { name: 'Equipment path' }).getByRole('link', { name: 'Upstream' }).click()
  await page.getByRole('heading', { name: 'Upstream' }).waitFor()
})

test('when the OPC UA server dies its values are marked, and they come back by themselves', async () => {
  const page = await asEngineer(bioreactor)
  await page.locator(trusted).first().waitFor()
  await waitFor(async () => (await page.locator(untrusted).count()) === 0, 'all values to be good', 60_000)
  const all = await page.locator(indicators).count()
  expect(all).toBeGreaterThan(5)
  await plant.killOpcUaServer()
  await waitFor(async () => (await page.locator(untrusted).count()) === all, 'every value to be marked', 30_000)
  await waitFor(async () => (await page.locator(trusted).count()) === all, 'all values to be good again', 60_000)
})

test('when the server falls silent the page says so, and no value looks alive', async () => {
  const page = await asEngineer(bioreactor)
  await page.locator(trusted).first().waitFor()
  process.kill(plant.pidOf('server'), 'SIGSTOP')
  try {
    await page.getByText('Offline.', { exact: true }).waitFor({ timeout: 20_000 })
    await waitFor(async () => (await page.locator(trusted).count()) === 0, 'no value to look alive', 5000)
  } finally {
    process.kill(plant.pidOf('server'), 'SIGCONT')
  }
  await live(page)
})

test('a session that ends elsewhere leads to signing in, and back to the same page', async () => {
  const page = await asEngineer(bioreactor)
  const elsewhere = await page.context().newPage()
  await elsewhere.goto('/me')
  await elsewhere.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('Your session has ended.').waitFor({ timeout: 30_000 })
  await signIn(page, 'engineer')
  await page.getByRole('heading', { name: 'BR-01' }).waitFor()
})

test('a trend is found, widened, zoomed and read by keyboard alone, and its address holds all of it', async () => {
  const page = await asEngineer('/')
  await page.keyboard.press('/')
  await page.keyboard.type('br-01 temperature broth')
  await page.getByRole('option', { name: 'br-01/temperature ' }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/trend?tags=**last=1h')
  const chart = page.getByRole('application', { name: 'Trend chart' })
  await chart.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('+')
  await page.waitForURL('**from=**to=**')
  const { from, to } = Object.fromEntries(new URL(page.url()).searchParams)
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBeLessThanOrEqual(1_800_001)

  await page.getByLabel('Add a tag').fill('aut-01 airtemperature')
  await page.getByRole('option').first().click()
  await page.locator('.tl-trend-entry').nth(1).waitFor()
  const address = page.url()
  await page.reload()
  await page.locator('.tl-trend-entry').nth(1).waitFor()
  expect(page.url()).toBe(address)
  await page.getByRole('button', { name: 'Follow live' }).click()
  await page.waitForURL('**last=1h**')
})

test('a trend is a table on request, and a file that holds what is on screen', async () => {
  const page = await asEngineer('/tags?search=br-01')
  await page.getByLabel('Choose aurora/bio/upstream/cell-culture/br-01/ph', { exact: true }).check()
  await page.getByRole('link', { name: 'Trend of 1 tag' }).click()
  await page.getByRole('button', { name: 'Table' }).click()
  await page.getByRole('columnheader', { name: 'BR-01 pH' }).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const [head, first] = readFileSync(await (await download).path(), 'utf8').split('\r\n')
  expect(head).toBe('time,aurora/bio/upstream/cell-culture/br-01/ph [[pH]],gap_begins')
  expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z,/)
})

test('a link that names no tag and no window says what is wrong with it', async () => {
  const page = await asEngineer('/trend?tags=temperature&last=soon')
  await page.getByText('This link cannot be used as it is').waitFor()
})

test('[SR-2.1!] what a person may not open is shown with the reason, and the server refuses it too', async () => {
  const page = await windows.fresh()
  await page.goto('/')
  await signIn(page, 'operator')
  await live(page)
  const entry = page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: /Diagnostics/ })
  expect(await entry.getAttribute('aria-disabled')).toBe('true')
  expect(await entry.textContent()).toContain('ask an administrator')
  await page.goto('/diagnostics')
  await page.getByText('The diagnostics could not be read').waitFor()
})

test('the engineer sees every connection up, the publishing one too', async () => {
  const page = await asEngineer('/diagnostics')
  await page.getByText('7 of 7 connections up').waitFor({ timeout: 60_000 })
})

const everyPage = (): string[] => [
  '/',
  bioreactor,
  '/equipment/aurora/aero',
  `/trend?tags=${trendTags}&last=1h`,
  `/trend?tags=${trendTags}&last=1h&view=table`,
  '/tags',
  '/diagnostics',
  '/me',
]
/** What each page is there for; a page without it is not yet the page. */
const content = [
  ...['.unit-tile', '.tl-indicator', '.tl-trend-lane', '.tag-table tbody tr', '.rates', '.facts', '.tl-table td'],
].join()

test('axe finds nothing on any page of plant and person, and none scrolls sideways on a narrow screen', async () => {
  const page = await windows.fresh()
  await page.goto('/activate#x')
  await page.getByRole('heading', { name: 'Set your password' }).waitFor()
  await expectAccessible(page, 'activate')
  await page.goto('/sign-in')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expectAccessible(page, 'sign in')
  await signIn(page, 'engineer')
  await live(page)
  for (const path of everyPage()) {
    await page.goto(path)
    await live(page)
    await page.locator(content).first().waitFor()
    await expectAccessible(page, path)
    await expectReflow(page, path)
  }
})
