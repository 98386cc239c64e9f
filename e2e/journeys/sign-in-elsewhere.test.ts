import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@throughline/model'
import { getCurrentSession, issueBadge, listNodes, setPin } from '@throughline/model'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Slapd } from '../../modules/identity/src/directory/testing/slapd.ts'
import { slapdPassword, starPassword, startSlapd } from '../../modules/identity/src/directory/testing/slapd.ts'
import type { Account, OpenProvider } from '../../modules/identity/src/single-sign-on/testing/open-provider.ts'
import { startOpenProvider } from '../../modules/identity/src/single-sign-on/testing/open-provider.ts'
import { chromiumOptions } from '../browser.ts'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { password, signedIn } from '../signed-in.ts'
import type { Watched } from './page.ts'
import { closeClean, expectAccessible, openWindow, scan, signIn } from './page.ts'

const pin = '271904'
const badgeOf = (name: string): string => `04A1${name.toUpperCase()}77`
const vega: Account = { sub: 's-1', name: 'Vega Lyrae', preferred_username: 'vega', groups: ['engineers'] }
const landscape = { width: 1280, height: 800 }
const portrait = { width: 800, height: 1280 }
/** Pictures for people who look at how the pages have become. */

let folder: string
let plant: RunningPlant
let provider: OpenProvider
let slapd: Slapd
let admin: Client
let browser: Browser
let window: Watched

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-elsewhere-'))
  slapd = await startSlapd()
  provider = await startOpenProvider(() => plant.url, 'company', vega)
  plant = await startPlant({
    machines: false,
    settings: { THROUGHLINE_SINGLE_SIGN_ON: singleSignOnFile(), THROUGHLINE_DIRECTORY: directoryFile() },
  })
  admin = await signedIn(plant, 'admin')
  for (const name of ['operator', 'engineer']) {
    const call = await signedIn(plant, name)
    const { personId } = await call(getCurrentSession, {})
    await admin(issueBadge, { personId, badge: badgeOf(name), reason: 'first badge' })
    await call(setPin, { pin, password })
  }
  browser = await chromium.launch(chromiumOptions)
})
afterAll(async () => {
  await browser?.close()
  await plant?.stop()
  await Promise.all([provider?.close(), slapd?.close()])
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  window = await openWindow(browser, plant, landscape)
  window.page.setDefaultTimeout(20_000)
  provider.account = vega
})
afterEach(({ task }) => {
  const foreign = window.foreign.filter((url) => !url.startsWith(provider.issuer))
  return closeClean([{ ...window, foreign }], task)
})

function write(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function singleSignOnFile(): string {
  const roles = [{ value: 'engineers', role: 'engineer' }]
  const { issuer, clientId, clientSecret } = provider
  const clientSecretFile = write('client-secret', clientSecret)
  const company = {
    name: 'company',
    label: 'Company account',
    issuer,
    clientId,
    clientSecretFile,
    rolesClaim: 'groups',
    roles,
  }
  return write('single-sign-on.json', { providers: [company] })
}

function directoryFile(): string {
  return write('directory.json', {
    name: 'plant',
    label: 'Plant directory',
    url: `ldap://127.0.0.1:${slapd.port}`,
    bindDn: slapd.bindDn,
    bindPasswordFile: write('bind-password', slapdPassword),
    base: slapd.base,
    groups: { by: 'memberOf' },
    roles: [{ value: `cn=operators,ou=groups,${slapd.base}`, role: 'operator', node: 'aurora' }],
  })
}

const overview = (page: Page) => page.getByRole('heading', { name: 'Plant overview' })

async function tapPin(page: Page, digits = pin): Promise<void> {
  for (const digit of digits) await page.getByRole('button', { name: digit, exact: true }).click()
  await page.getByRole('button', { name: 'Enter', exact: true }).click()
}

/** Every target of a station is large enough for a gloved finger. */
async function expectLargeTargets(page: Page): Promise<void> {
  const sizes = await page.locator('button:visible, a:visible, input:visible').evaluateAll((elements) =>
    elements.map((element) => {
      const { width, height } = element.getBoundingClientRect()
      return { what: element.textContent, width, height }
    }),
  )
  expect(sizes.length).toBeGreaterThan(0)
  expect(sizes.filter(({ width, height }) => width < 72 || height < 72)).toEqual([])
}

test('[SR-1.1] a company account signs in, and signing out ends the sign-in at the company too', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Company account' }).waitFor()
  await expectAccessible(page, 'sign-in')
  await page.getByRole('link', { name: 'Company account' }).click()
  await overview(page).waitFor()
  await page.goto('/me')
  await page.getByRole('heading', { name: 'Vega Lyrae' }).waitFor()
  await page.getByText('single sign-on').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${provider.issuer}/**`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in**')
  await page.goto('/me')
  await page.waitForURL('**/sign-in**')
})

test('[SR-2.1!] a company account without a role is told why it is not let in', async () => {
  const { page } = window
  provider.account = { ...vega, sub: 's-none', groups: [] }
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Company account' }).click()
  await page.getByText('gives you no role in this plant').waitFor()
  await expectAccessible(page, 'sign-in-refused')
})

test('[SR-1.1] a name and password of the directory sign in', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await signIn(page, 'sirius', starPassword('sirius'))
  await overview(page).waitFor()
})

test('[P11-10h, SR-1.2, SR-2.5, A11-12-2] a device becomes a station, people sign in with badge and PIN, hand over and sign out', async () => {
  const { page } = window
  await page.goto('/kiosk')
  await page.getByRole('heading', { name: 'This device is no station' }).waitFor()
  await expectAccessible(page, 'kiosk-no-station')
  await page.getByRole('link', { name: 'Go to the stations' }).click()
  await signIn(page, 'admin')
  await page.getByRole('button', { name: 'Make this device a station' }).click()
  await page.getByLabel('Name').fill('Bioreactor 1')
  const unit = (await admin(listNodes, {})).find(({ path }) => path.endsWith('/br-01'))?.path ?? ''
  await page.getByRole('combobox', { name: 'Equipment' }).fill(unit)
  await page.getByLabel('Reason').fill('terminal at the reactor')
  await page.getByRole('button', { name: 'Make it a station' }).click()
  await page.getByText('this device is Bioreactor 1').waitFor()
  await expectAccessible(page, 'stations')
  await page.goto('/badges')
  await page
    .getByRole('button', { name: /^Revoke the badge/ })
    .first()
    .waitFor()
  await expectAccessible(page, 'badges')
  await page.goto('/me')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in**')

  await page.goto('/kiosk')
  await page.getByText('Nobody is signed in').waitFor()
  await page.getByText('Hold your badge to the reader').waitFor()
  await expectLargeTargets(page)
  await expectAccessible(page, 'kiosk-badge')
  await scan(page, badgeOf('operator'))
  await page.getByText('Badge read. Now your PIN.').waitFor()
  await expectLargeTargets(page)
  await expectAccessible(page, 'kiosk-pin')
  await tapPin(page, '918273')
  await page.getByText('You are not signed in').waitFor()
  await expectAccessible(page, 'kiosk-refused')
  await scan(page, badgeOf('operator'))
  await tapPin(page)
  await page.getByRole('heading', { name: 'BR-01' }).waitFor()
  const first = (await page.locator('.kiosk-name').textContent()) ?? ''
  await page.locator('.kiosk-values .tag-value').first().waitFor()
  await expectLargeTargets(page)
  await expectAccessible(page, 'kiosk-working')
  await page.setViewportSize(portrait)
  await expectAccessible(page, 'kiosk-working-portrait')

  await scan(page, badgeOf('engineer'))
  await page.getByText(`${first} stays signed in until the next PIN is right.`).waitFor()
  await expectAccessible(page, 'kiosk-hand-over-portrait')
  await page.keyboard.type(pin, { delay: 90 })
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Hand over' }).waitFor()
  expect(await page.locator('.kiosk-name').textContent()).not.toBe(first)
  await page.getByRole('heading', { name: 'BR-01' }).waitFor()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('Nobody is signed in').waitFor()
  await expectAccessible(page, 'kiosk-badge-portrait')
  await page.goto('/me')
  await page.waitForURL('**/sign-in**')
})
