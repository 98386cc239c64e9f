import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { RunnerTestCase as TestCase } from 'vitest'
import { expect } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { password } from '../signed-in.ts'

/** A window of the browser that notes what must never happen on any page. */
export interface Watched {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of scripts and refusals of the content security policy. */
  readonly faults: string[]
  /** Addresses outside the plant that a page tried to load. */
  readonly foreign: string[]
}

type Served = Pick<RunningPlant, 'url'>
export type WindowSize = { readonly width: number; readonly height: number }
const office: WindowSize = { width: 1440, height: 900 }

/** A browser that knows nothing of the plant yet. */
export const openContext = (browser: Browser, plant: Served): Promise<BrowserContext> =>
  browser.newContext({
    baseURL: plant.url,
    acceptDownloads: true,
    // Colours on their way from one theme to the other have no contrast of their own.
    reducedMotion: 'reduce',
  })

export async function openWindowIn(context: BrowserContext, plant: Served, size = office): Promise<Watched> {
  const page = await context.newPage()
  await page.setViewportSize(size)
  const faults: string[] = []
  const foreign: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'blob:' && origin !== new URL(plant.url).origin) foreign.push(request.url())
  })
  return { page, context, faults, foreign }
}

export const openWindow = async (browser: Browser, plant: Served, size = office): Promise<Watched> =>
  openWindowIn(await openContext(browser, plant), plant, size)

/** Closes the windows of a test, and holds that none of them met what must never happen; of a failed one, tells what was on screen. */
export async function closeClean(windows: readonly Watched[], task: Readonly<TestCase>): Promise<void> {
  await tellScreens(windows, task)
  for (const { context } of windows) await context.close()
  expectNoFault(windows)
}

/** Of a test that failed. */
export async function tellScreens(windows: readonly Watched[], { name, result }: Readonly<TestCase>): Promise<void> {
  if (result?.state !== 'fail') return
  for (const { page } of windows) {
    console.error(`${name}: on screen at ${page.url()} was\n${await page.locator('body').innerText()}`)
  }
}

export function expectNoFault(windows: readonly Watched[]): void {
  expect(windows.flatMap(({ faults }) => faults)).toEqual([])
  expect(windows.flatMap(({ foreign }) => foreign)).toEqual([])
}

/** Fills in the sign-in form that is on screen. */
export async function signIn(page: Page, name: string, secret: string = password): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Signs on the sheet that is open: by name and password, or by the password alone where the session has signed before. */
export async function signSheet(page: Page, name: string, reason: string): Promise<void> {
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Reason').fill(reason)
  const asked = sheet.getByLabel('Name')
  if (await asked.isVisible()) await asked.fill(name)
  await sheet.getByLabel('Password', { exact: true }).fill(password)
  await sheet.getByRole('button', { name: /^Sign/ }).click()
}

/** Waits until the page says that its values are live. */
export async function live(page: Page): Promise<void> {
  await page.locator('.connection[data-line="live"]').waitFor({ timeout: 30_000 })
}

/** What axe says of the page: all of it in light, and in dark what colours can break. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // What a scroll left half under the top bar is no target of its full size.
  await page.evaluate(() => scrollTo(0, 0))
  const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  await expectClean(axeOf(page).withTags(all), what)
  await inScheme(page, 'dark', () => expectClean(axeOf(page).withRules('color-contrast'), `${what}, dark`))
}

/** Describes at length only what it finds wrong, and runs in the page alone (no page of ours holds another site's). */
const axeOf = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()

async function expectClean(axe: AxeBuilder, what: string): Promise<void> {
  const { violations } = await axe.analyze()
  expect(
    violations.map(({ id, nodes }) => `${what}: ${id} at ${nodes[0]?.html ?? ''}`),
    what,
  ).toEqual([])
}

/** Does something while the page that is open wears these colours. */
async function inScheme(page: Page, scheme: 'light' | 'dark', run: () => Promise<void>): Promise<void> {
  const wear = (chosen: string): Promise<void> =>
    page.evaluate((name) => document.documentElement.setAttribute('data-mantine-color-scheme', name), chosen)
  await wear(scheme)
  try {
    await run()
  } finally {
    await wear('light')
  }
}

/** The widths at which no page may scroll sideways, by what has them. */
const narrow = {
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
  '200 % zoom': { width: 320, height: 640 },
}

/** Holds that nothing on the open page stands out sideways, on a tablet, on a phone and enlarged. */
export async function expectReflow(page: Page, what: string): Promise<void> {
  const before = page.viewportSize()
  for (const [name, size] of Object.entries(narrow)) {
    await page.setViewportSize(size)
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(`${what} on a ${name}: ${excess}`).toBe(`${what} on a ${name}: 0`)
  }
  if (before !== null) await page.setViewportSize(before)
}

/** A scanner that acts as a keyboard, faster than any person. */
export const scan = (page: Page, text: string): Promise<void> =>
  page.evaluate((keys) => {
    for (const key of [...keys, 'Enter']) {
      const target = document.activeElement ?? document.body
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }
  }, text)
