import type { Browser, BrowserContext, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { RunnerTestCase as TestCase } from 'vitest'
import { chromiumOptions } from '../browser.ts'
import type { RunningPlant } from '../plant.ts'
import type { Watched, WindowSize } from './page.ts'
import { expectNoFault, openContext, openWindowIn, signIn, tellScreens } from './page.ts'

type Served = Pick<RunningPlant, 'url'>

/**
 * The windows of one file of journeys. Each person signs in once and keeps what their browser has loaded: one that knows
 * nothing of the plant yet costs twice the processor time of a further window.
 */
export class Windows {
  readonly #own = new Map<string, BrowserContext>()
  readonly #open: Watched[] = []
  #begun: { readonly browser: Browser; readonly plant: Served } | undefined

  async begin(plant: Served): Promise<void> {
    this.#begun = { plant, browser: await chromium.launch(chromiumOptions) }
  }

  async end(): Promise<void> {
    await this.#begun?.browser.close()
  }

  /** A window of this person, who is signed in. */
  async at(name: string, path: string, size?: WindowSize): Promise<Page> {
    const known = this.#own.get(name)
    const page = await this.#openIn(known, size)
    await page.goto(path)
    if (known !== undefined) return page
    await signIn(page, name)
    await page.waitForURL(({ pathname }) => pathname !== '/sign-in')
    this.#own.set(name, page.context())
    return page
  }

  /** A window of a browser that knows nothing of the plant. */
  async fresh(size?: WindowSize): Promise<Page> {
    return await this.#openIn(undefined, size)
  }

  /** Closes the windows of a test, and holds that none of them met what must never happen. */
  async settle(task: Readonly<TestCase>): Promise<void> {
    const windows = this.#open.splice(0)
    await tellScreens(windows, task)
    const kept = new Set(this.#own.values())
    for (const { page, context } of windows) {
      if (!kept.has(context)) {
        await context.close()
        continue
      }
      // What a test chose on a page is not the next one's.
      if (!page.isClosed() && page.url().startsWith('http')) await page.evaluate(() => localStorage.clear())
      await page.close()
    }
    expectNoFault(windows)
  }

  async #openIn(known: BrowserContext | undefined, size?: WindowSize): Promise<Page> {
    if (this.#begun === undefined) throw new TypeError('begin the windows on a plant first')
    const { browser, plant } = this.#begun
    const window = await openWindowIn(known ?? (await openContext(browser, plant)), plant, size)
    this.#open.push(window)
    return window.page
  }
}
