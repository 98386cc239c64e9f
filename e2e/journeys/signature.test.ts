import type { Client } from '@throughline/model'
import { draftClass, listClasses, listSignatures } from '@throughline/model'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chromiumOptions } from '../browser.ts'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { addDouble, password, signedIn } from '../signed-in.ts'
import type { Watched } from './page.ts'
import { closeClean, expectAccessible, live, openWindow, signIn } from './page.ts'

let plant: RunningPlant
let browser: Browser
let engineer: Client
const windows: Watched[] = []

beforeAll(async () => {
  plant = await startPlant({ machines: false })
  engineer = await signedIn(plant, 'engineer')
  await signedIn(plant, 'quality')
  await addDouble(plant)
  browser = await chromium.launch(chromiumOptions)
})
afterAll(async () => {
  await browser?.close()
  await plant?.stop()
})
beforeEach(() => {
  windows.length = 0
})
afterEach(({ task }) => closeClean(windows, task))

const recordOf = async (name: string, version = 1) => {
  const found = (await engineer(listClasses, {})).find((each) => each.name === name && each.version === version)
  return { kind: 'equipment.class_version', id: found?.id ?? '' }
}

/** A window of this person on one version of a class. */
async function at(name: string, record: { id: string }, size?: { width: number; height: number }): Promise<Page> {
  const window = await openWindow(browser, plant, size)
  windows.push(window)
  await window.page.goto(`/classes/${record.id}`)
  await signIn(window.page, name)
  await window.page.getByRole('heading', { name: 'Signatures', exact: true }).waitFor()
  return window.page
}

async function sign(page: Page, given: { name?: string; password: string; reason: string; as: string }): Promise<void> {
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Reason').fill(given.reason)
  if (given.name !== undefined) await sheet.getByLabel('Name').fill(given.name)
  await sheet.getByLabel('Password', { exact: true }).fill(given.password)
  await sheet.getByRole('button', { name: `Sign as ${given.as}` }).click()
}

const openSheet = (page: Page): Promise<void> => page.getByRole('button', { name: 'Sign', exact: true }).click()
const onVersion = (page: Page) => page.getByRole('list', { name: 'Signatures on this version' }).getByRole('listitem')

test('[P11-50a, P11-50b, P11-200a1!, P11-10g-1] two people sign a class: one approves it, another releases it', async () => {
  const record = await recordOf('Freezer')
  const page = await at('engineer', record)
  await page.getByText('This version is not released yet').waitFor()
  await openSheet(page)
  const sheet = page.getByRole('dialog')
  await sheet.getByText(/^I, Demo engineer, have approved Equipment class Freezer, version 1, as it stands/).waitFor()
  await sheet.getByRole('button', { name: 'Sign as approved' }).click()
  await sheet.getByText('Give your password').waitFor()
  expect(await engineer(listSignatures, { record })).toEqual([])

  await sign(page, { name: 'engineer', password: 'not the password', reason: 'As on the data sheet', as: 'approved' })
  await sheet.getByText('What you gave does not prove that you are who is signed in').waitFor()
  expect(await sheet.getByLabel('Reason').inputValue()).toBe('As on the data sheet')
  expect(await sheet.getByLabel('Password', { exact: true }).inputValue()).toBe('')
  await expectAccessible(page, 'the sheet after a refusal')
  await sign(page, { name: 'engineer', password, reason: 'As on the data sheet', as: 'approved' })
  await sheet.waitFor({ state: 'hidden' })

  const [signature] = await engineer(listSignatures, { record })
  const [line] = await onVersion(page).allInnerTexts()
  for (const words of ['Approved', 'Demo engineer', 'As on the data sheet']) expect(line).toContain(words)
  expect(line).toMatch(/\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d UTC[+-]\d\d:\d\d/)
  expect(signature).toMatchObject({ meaning: 'approved', printedName: 'Demo engineer', state: 'valid' })
  await page.getByText('must be released by somebody with the role quality').waitFor()
  expect(await page.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true)

  const second = await at('quality', record)
  await openSheet(second)
  await sign(second, { name: 'quality', password, reason: 'Released for use', as: 'released' })
  await second.getByText('Approved, released', { exact: true }).waitFor()
  expect(await second.getByRole('button', { name: 'Sign', exact: true }).count()).toBe(0)
  expect(await second.getByText('This version is not released yet').count()).toBe(0)
})

test('[P11-10g-1!, P11-200a1i] whoever has approved a class does not release it too, and goes on signing with the password alone', async () => {
  const page = await at('double', await recordOf('Autoclave'))
  await openSheet(page)
  await sign(page, { name: 'double', password, reason: 'As on the data sheet', as: 'approved' })
  await page
    .getByText("You have signed Equipment class Autoclave, version 1 already: each signature is another person's")
    .waitFor()
  expect(await page.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true)

  await page.getByRole('link', { name: 'Equipment classes' }).click()
  await page.getByRole('link', { name: 'Bioreactor' }).click()
  await page.getByRole('heading', { name: 'Bioreactor, version 1' }).waitFor()
  await openSheet(page)
  await page.getByText('You go on signing in the same session: your password is enough.').waitFor()
  expect(await page.getByRole('dialog').getByLabel('Name').count()).toBe(0)
  await sign(page, { password, reason: 'As on the data sheet', as: 'approved' })
  await page.getByText(/in a series begun with name and password/).waitFor()
})

test('[P11-70!, A11-14!] a draft that is changed after it was approved shows its signature struck through, with who and when', async () => {
  await engineer(draftClass, { name: 'Freezer', description: 'A second version', tags: [] })
  const record = await recordOf('Freezer', 2)
  const page = await at('double', record)
  await openSheet(page)
  await sign(page, { name: 'double', password, reason: 'Seems right', as: 'approved' })
  await page.getByText('Approved, not released', { exact: true }).waitFor()
  await engineer(draftClass, { name: 'Freezer', description: 'Changed behind the signature', tags: [] })
  await page.reload()
  await page.getByRole('heading', { name: 'No longer valid' }).waitFor()
  await page.getByText(/engineer changed the record afterwards, on .* UTC[+-]\d\d:\d\d/).waitFor()
  expect(await page.locator('s', { hasText: 'Demo double' }).count()).toBe(1)
  expect(await page.getByText('Not signed yet: next to sign').count()).toBe(1)
  await expectAccessible(page, 'a class with a void signature')
})

test('[P11-70!] a draft that somebody changes while the sheet is open is not signed unseen', async () => {
  await engineer(draftClass, { name: 'Vehicle', description: 'A second version', tags: [] })
  const record = await recordOf('Vehicle', 2)
  const page = await at('double', record)
  await openSheet(page)
  await page.getByRole('dialog').waitFor()
  await engineer(draftClass, { name: 'Vehicle', description: 'Changed under the pen', tags: [] })
  await sign(page, { name: 'double', password, reason: 'Seems right', as: 'approved' })
  await page.getByText(/was shown at version 1: look at it again, then sign/).waitFor()
  expect(await engineer(listSignatures, { record })).toEqual([])
})

test('[P11-200a1!] nothing is signed offline, and what was entered stays', async () => {
  const record = await recordOf('WaterLoop')
  const page = await at('double', record)
  await live(page)
  await openSheet(page)
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Reason').fill('Before the line was cut')
  await page.context().setOffline(true)
  await sheet.getByText('A signature is checked by the plant at the moment of signing').waitFor()
  await sign(page, { name: 'double', password, reason: 'Before the line was cut', as: 'approved' })
  expect(await sheet.isVisible()).toBe(true)
  expect(await engineer(listSignatures, { record })).toEqual([])
  await page.context().setOffline(false)
  await sheet.getByText('A signature is checked by the plant at the moment of signing').waitFor({ state: 'hidden' })
  await sheet.getByRole('button', { name: 'Sign as approved' }).click()
  await sheet.waitFor({ state: 'hidden' })
  expect(await engineer(listSignatures, { record })).toHaveLength(1)
})

test.each([
  ['office', { width: 400, height: 800 }],
  ['floor', { width: 1280, height: 800 }],
] as const)('classes and sheet are accessible: %s', async (density, size) => {
  const page = await at('double', await recordOf('FillLine'), size)
  await page.evaluate((dense) => localStorage.setItem('throughline-density', dense), density)
  await page.goto('/classes')
  await page.getByText('Not approved, not released').first().waitFor()
  await expectAccessible(page, `the classes, ${density}`)
  await page.getByRole('link', { name: 'FillLine' }).click()
  await page.getByRole('heading', { name: 'Signatures', exact: true }).waitFor()
  await expectAccessible(page, `a class, ${density}`)
  await openSheet(page)
  const button = page.getByRole('button', { name: 'Sign as approved' })
  await button.waitFor()
  await expectAccessible(page, `the sheet, ${density}`)
  if (density === 'floor') expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(72)
})
