import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chromiumOptions } from '../browser.ts'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { password } from '../signed-in.ts'
import type { Watched } from './page.ts'
import { closeClean, expectAccessible, expectReflow, openWindow, signIn } from './page.ts'

const useNotice = 'For people of the Aurora plant. What you do here is recorded under your name.'
const stolen = 'seven yellow submarines dive'
const fresh = 'nine violet lanterns over water'

let folder: string
let plant: RunningPlant
/** The same plant by the name that passkeys are bound to. */
let atLocalhost: RunningPlant
let browser: Browser
let window: Watched

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-sign-in-'))
  const list = join(folder, 'breached.txt')
  writeFileSync(list, `${createHash('sha1').update(stolen).digest('hex').toUpperCase()}:3\n`)
  plant = await startPlant({
    machines: false,
    settings: { THROUGHLINE_USE_NOTICE: useNotice, THROUGHLINE_BREACHED_PASSWORDS: list },
  })
  atLocalhost = { ...plant, url: plant.url.replace('127.0.0.1', 'localhost') }
  browser = await chromium.launch(chromiumOptions)
})
afterAll(async () => {
  await browser?.close()
  await plant?.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  window = await openWindow(browser, atLocalhost)
  window.page.setDefaultTimeout(15_000)
})
afterEach(({ task }) => closeClean([window], task))

const overview = (page: Page) => page.getByRole('heading', { name: 'Plant overview' })

async function activate(page: Page, name: string, secret = password): Promise<void> {
  await page.goto(`/activate#${plant.activationLinks[name]?.split('#')[1]}`)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByLabel('The same again').fill(secret)
  await page.getByRole('button', { name: 'Set password' }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/me')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  // At the door by one's own will: no word of an ended session, and no page to go back to.
  expect(new URL(page.url()).search).toBe('')
}

/** What an authenticator app shows for the key on screen, some steps from now (RFC 6238). */
function codeOf(key: string, steps = 0): string {
  const bits = [...key.replaceAll(' ', '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** As if everybody had proved themselves ten minutes earlier than they did. */
async function ageProofs(): Promise<void> {
  const connection = {
    host: join(plant.home, 'postgres/socket'),
    port: 5432,
    user: 'throughline',
    database: 'postgres',
  }
  const db = openDatabase(connection, { maxConnections: 1 })
  await sql`update identity.session set proved_at = proved_at - 600000000`.execute(db)
  await db.destroy()
}

test('[SR-1.12, SR-1.7!] first start: the link, a password that is not guessed early, the notice of use, and in', async () => {
  const { page } = window
  await activate(page, 'engineer', 'Throughline2026')
  await page.getByText('Most of it is the name of the plant or the product').waitFor()
  await expectAccessible(page, 'activate-refused')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('The same again').fill(password)
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.getByText('Your password is set.').waitFor()
  await page.getByText(useNotice).waitFor()
  await expectAccessible(page, 'sign-in')
  await signIn(page, 'engineer', 'not the password at all')
  await page.getByText('The name, the password or the code is wrong').waitFor()
  await expectAccessible(page, 'sign-in-refused')
  await signIn(page, 'engineer')
  await overview(page).waitFor()
})

test('[SR-1.1-RE2!] with an authenticator app the password alone is not enough; a recovery code helps once', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await signIn(page, 'engineer')
  await overview(page).waitFor()
  await page.goto('/me')
  await page.getByRole('heading', { name: 'Authenticator app' }).waitFor()
  await expectAccessible(page, 'me')
  await page.getByRole('button', { name: 'Set up' }).click()
  const key = (await page.getByLabel('Key for the app').textContent()) ?? ''
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
  await expectAccessible(page, 'me-enrol')
  await page.getByLabel('Code', { exact: true }).fill('000000')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('The app is not confirmed').waitFor()
  await page.getByLabel('Code', { exact: true }).fill(codeOf(key))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const recovery = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await recovery.first().waitFor()
  const codes = await recovery.allTextContents()
  expect(codes).toHaveLength(8)
  await expectAccessible(page, 'me-recovery-codes')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('8 of 8 recovery codes left').waitFor()
  await page.reload()
  await page.getByText('8 of 8 recovery codes left').waitFor()
  expect(await page.getByText(codes[0] ?? '').count()).toBe(0)

  await signOut(page)
  await signIn(page, 'engineer')
  await page.getByRole('heading', { name: 'Second factor' }).waitFor()
  await expectAccessible(page, 'second-factor')
  await page.getByLabel('Code', { exact: true }).fill('123 456')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('You are not signed in').waitFor()
  await page.getByLabel('Code', { exact: true }).fill(codeOf(key, 1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await overview(page).waitFor()

  await signOut(page)
  await signIn(page, 'engineer')
  await page.getByLabel('Code', { exact: true }).fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await overview(page).waitFor()
  await page.goto('/me')
  await page.getByText('7 of 8 recovery codes left').waitFor()
})

test('[SR-1.1, P11-300c!] a passkey signs in without name and password, and no more once it is reported lost', async () => {
  const { page, context } = window
  const device = await context.newCDPSession(page)
  await device.send('WebAuthn.enable')
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await activate(page, 'operator')
  await signIn(page, 'operator')
  await overview(page).waitFor()
  await page.goto('/me')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name of the passkey').fill('Tablet at BR-01')
  await page.getByRole('button', { name: 'Add passkey' }).click()
  const row = page.getByRole('row', { name: /Tablet at BR-01/ })
  await row.getByText('not yet').waitFor()
  await expectAccessible(page, 'me-passkey')

  await signOut(page)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await overview(page).waitFor()
  await page.goto('/me')
  await page.getByText('passkey', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Remove Tablet at BR-01' }).click()
  await page.getByRole('button', { name: 'It is lost' }).click()
  await page.getByText('None. A passkey').waitFor()
  await signOut(page)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByText('This passkey is not accepted here').waitFor()
})

test('[SR-2.1!] what a session alone is not enough for asks for the password, and then goes on by itself', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await signIn(page, 'operator')
  await overview(page).waitFor()
  await ageProofs()
  await page.goto('/me')
  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Prove once more who you are' })
  await dialog.waitFor()
  const field = dialog.getByLabel('Password', { exact: true })
  await waitFor(() => field.evaluate((input) => input === document.activeElement), 'the field to have the focus')
  await expectAccessible(page, 'step-up')
  await dialog.getByLabel('Password', { exact: true }).fill('a wrong password')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.getByText('This does not prove who you are').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Nothing was changed').waitFor()
  await page.getByRole('button', { name: 'Set up' }).click()
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await page.getByLabel('Key for the app').waitFor()
  expect(await dialog.count()).toBe(0)
})

test('[P11-300b] changing the password ends the session in another browser', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await signIn(page, 'operator')
  await overview(page).waitFor()
  const other = await openWindow(browser, plant)
  await other.page.goto('/sign-in')
  await signIn(other.page, 'operator')
  await overview(other.page).waitFor()
  await page.goto('/me')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expectAccessible(page, 'me-password')
  await page.getByLabel('Old password', { exact: true }).fill(password)
  await page.getByLabel('New password', { exact: true }).fill(fresh)
  await page.getByLabel('The same again', { exact: true }).fill(fresh)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText(/The password is changed\. .*other sessions? ended\./).waitFor()
  await other.page.getByText('Your session has ended.').waitFor({ timeout: 30_000 })
  await other.context.close()
})

test('pages at an address that passkeys are not bound to say where they work', async () => {
  const other = await openWindow(browser, plant)
  await other.page.goto('/sign-in')
  await signIn(other.page, 'operator', fresh)
  await overview(other.page).waitFor()
  await other.page.goto('/me')
  await other.page.getByText(`They work at ${atLocalhost.url}`).waitFor()
  await other.context.close()
})

test('the caps lock is told', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await page.getByLabel('Password', { exact: true }).focus()
  await page.keyboard.press('CapsLock')
  await page.keyboard.press('a')
  await page.evaluate(() => {
    const event = new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock: true })
    document.activeElement?.dispatchEvent(event)
  })
  await page.getByText('Caps lock is on.').waitFor()
})

test('neither the sign-in page nor enrolling scrolls sideways on a narrow screen', async () => {
  const { page } = window
  await page.goto('/sign-in')
  await page.getByText(useNotice).waitFor()
  await expectReflow(page, 'sign in')
  await signIn(page, 'operator', fresh)
  await overview(page).waitFor()
  await page.goto('/me')
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByLabel('Key for the app').waitFor()
  await expectReflow(page, 'enrolling')
})

test('[SR-1.1-RE2] the administrator demands a second factor of a role, with a reason, and its people hear of it', async () => {
  const { page } = window
  await activate(page, 'admin')
  await signIn(page, 'admin')
  await overview(page).waitFor()
  await page.goto('/sign-in-rules')
  await page.getByText('As delivered; nobody has changed them').waitFor()
  await expectAccessible(page, 'sign-in-rules')
  await page.getByLabel('operator').check()
  await page.getByRole('button', { name: 'Change the rules' }).click()
  await page.getByLabel('Reason').fill('second factor for the shop floor')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByText('Version 1, in force since').waitFor()
  await signOut(page)
  await signIn(page, 'operator', fresh)
  await page.getByText('Your role needs a second factor.').waitFor()
})
