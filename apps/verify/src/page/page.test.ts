import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLedger } from '../testing/make-bundle.ts'
import { batchKind, idOf, makeFirstVersions, makeLeaves } from '../testing/make-leaves.ts'
import type { ReadingLine } from '../testing/make-readings.ts'
import { goodReadings, reading, readingsFile, sealRow } from '../testing/make-readings.ts'
import { buildPage } from './build-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-page-'))
const at = (name: string): string => join(folder, name)
const window = makeLedger({ leaves: 1400, batches: 20, checkpoints: [100, 1400] })
const small = makeLedger({ leaves: 60, checkpoints: [20, 60] })
const record = makeLedger({
  leaves: 200,
  batches: 10,
  checkpoints: [100, 200],
  subject: { kind: 'record', record: { kind: batchKind, id: idOf(1, 2) } },
})
const photo = Buffer.from('a photo of a surface')
const seal = idOf(7, 1)
const proof = makeLedger({
  leaves: [
    ...makeLeaves(20),
    ...makeFirstVersions([
      {
        ...{ kind: 'execution.step_entry', id: idOf(8, 1) },
        row: { id: idOf(8, 1), value: { type: 'photo', blob: createHash('sha256').update(photo).digest('hex') } },
      },
      { kind: 'traceability.reading_seal', id: seal, row: sealRow(seal, goodReadings) },
    ]),
  ],
})
let browser: Browser

beforeAll(async () => {
  writeFileSync(at('page.html'), await buildPage())
  writeFileSync(at('window'), window.lines().join('\n'))
  writeFileSync(at('small'), small.lines().join('\n'))
  writeFileSync(at('record'), record.lines().join('\n'))
  writeFileSync(
    at('altered'),
    small.lines().join('\n').replace('Weighed again', '<img src=x onerror=document.title=1>'),
  )
  writeFileSync(at('cut'), small.lines().join('\n').slice(0, -200))
  writeFileSync(at('proof'), proof.lines().join('\n'))
  writeFileSync(at('photo.jpg'), photo)
  writeFileSync(at('other.jpg'), `${photo} that was retouched`)
  const [first, second] = goodReadings as [ReadingLine, ReadingLine]
  for (const [name, lines] of [
    ['as-sealed', goodReadings],
    ['altered', [first, reading(150, 41)]],
    ['missing', [first]],
    ['added', [first, reading(120, 20), second]],
  ] as const) {
    const file = readingsFile(proof.id, seal, lines).map((line) => JSON.stringify(line))
    writeFileSync(at(`${name}.readings.ndjson`), file.join('\n'))
  }
  writeFileSync(at('kept.checkpoint'), small.checkpoint(20))
  writeFileSync(at('larger.checkpoint'), makeLedger({ leaves: 80 }).checkpoint(80))
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

/** The page from a file, without a network; `strange` gathers what should not happen. */
async function open(colorScheme: 'light' | 'dark' = 'light'): Promise<{ page: Page; strange: string[] }> {
  const context = await browser.newContext({ offline: true, colorScheme })
  const page = await context.newPage()
  const strange: string[] = []
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(at('page.html')).href && !request.url().startsWith('blob:'))
      strange.push(request.url())
  })
  page.on('console', (message) => strange.push(message.text()))
  page.on('pageerror', (error) => strange.push(error.message))
  await page.goto(pathToFileURL(at('page.html')).href)
  return { page, strange }
}

/** What the page says of a bundle; without a name, of the one that is chosen already. */
async function answer(page: Page, name?: string): Promise<string> {
  await page.evaluate(() => document.getElementById('verdict')?.replaceChildren())
  if (name === undefined) await page.click('button[type=submit]')
  else await page.setInputFiles('#bundle', at(name))
  return (await page.locator('#outcome').textContent()) ?? ''
}

test('[P11-10b, AL-L!] from a file and without a network, a valid bundle is told valid for whoever trusts the key', async () => {
  const { page, strange } = await open()
  expect(await answer(page, 'small')).toContain('Valid, if')
  expect(await page.locator('.key').textContent()).toBe(small.verifierKeys[0])
  await page.fill('#key', `the key: ${small.verifierKeys[0]}`)
  expect(await answer(page)).toBe('Valid')
  await page.fill('#key', '')
  await page.setInputFiles('#checkpoints', at('kept.checkpoint'))
  expect(await answer(page)).toBe('Valid')
  expect(await page.locator('.witness').textContent()).toContain('Agrees')
  expect(strange).toEqual([])
})

test('[P11-10a!] an altered leaf is told with place, person and what stands there, and nothing of it is run', async () => {
  const { page, strange } = await open()
  expect(await answer(page, 'altered')).toBe('Altered')
  const found = page.locator('#answer section').first()
  expect(await found.textContent()).toMatch(/Place1.*WhoKim Jensen 0/)
  expect(await found.locator('.flag').textContent()).toBe('Not as sealed')
  expect(await found.textContent()).toContain('<img src=x')
  expect(await page.title()).toBe('Throughline bundle check')
  expect(strange).toEqual([])
})

test('[P11-10a!] a file that was cut off is unreadable, another key is forged, a larger checkpoint means truncated', async () => {
  const { page, strange } = await open()
  expect(await answer(page, 'cut')).toBe('Unreadable')
  await page.fill('#key', makeLedger({ leaves: 1, secret: 'other' }).verifierKeys[0] as string)
  expect(await answer(page, 'small')).toBe('Forged')
  await page.fill('#key', 'no key')
  expect(await answer(page)).toBe('Not checked')
  await page.fill('#key', '')
  await page.setInputFiles('#checkpoints', at('larger.checkpoint'))
  expect(await answer(page)).toBe('Cut off')
  expect(strange).toEqual([])
})

test('[AL-L] what happened is listed with before and after, 500 first, and can be looked through', async () => {
  const { page, strange } = await open()
  await answer(page, 'window')
  const events = page.locator('#rows > li')
  expect(await events.count()).toBe(500)
  await page.click('#more')
  expect(await events.count()).toBeGreaterThan(500)
  expect(await page.locator('#more').isVisible()).toBe(false)
  await page.fill('#filter', 'kim b-1003 quantity":0.375 quantity":2.875')
  expect(await events.count()).toBe(1)
  expect(await events.locator('table').first().textContent()).toMatch(/quantity.*0\.375.*2\.875/)
  await page.fill('#filter', 'nobody did this')
  expect(await page.locator('#count').textContent()).toContain('Shorten the filter')
  expect(strange).toEqual([])
})

test('[P11-10b] a record is shown as it stands, and its document can be saved', async () => {
  const { page, strange } = await open()
  expect(await answer(page, 'record')).toContain('Valid, if')
  expect(await page.locator('#answer').textContent()).toContain('B-1002')
  const download = page.waitForEvent('download')
  await page.click('text=Save B-1001.pdf')
  expect((await download).suggestedFilename()).toBe('B-1001.pdf')
  expect(strange).toEqual([])
})

test('[AS-8.5.2-4!] readings and photos beside a bundle are held against it: each that was altered, left out or added is named', async () => {
  const { page, strange } = await open()
  expect(await answer(page, 'proof')).toContain('Valid, if')
  expect(await page.locator('#answer').textContent()).toContain(
    'It seals 1 window of readings. It names 1 file by hash.',
  )
  const told = async (readings: string, picture: string) => {
    await page.evaluate(() => document.getElementById('verdict')?.replaceChildren())
    await page.setInputFiles('#beside', [at(`${readings}.readings.ndjson`), at(picture)])
    await page.locator('#outcome').waitFor()
    return page.locator('#readings-outcome, #files-outcome, #readings-findings, #files-findings').allTextContents()
  }
  expect(await told('as-sealed', 'photo.jpg')).toEqual([
    ...['Readings valid', 'Files as sealed', expect.stringMatching(/^As sealed photo\.jpg.*step_entry.*value\.blob/)],
  ])
  expect(await told('altered', 'other.jpg')).toEqual([
    ...['Readings altered', 'A file is not as sealed'],
    expect.stringMatching(/^Not as sealed other\.jpgno record in the bundle names a file of these bytes/),
    expect.stringMatching(/^Altered Heat \(oven\/heat\).*reading 2 is not the one that was sealed: here it says 41/),
  ])
  expect((await told('missing', 'photo.jpg')).at(-1)).toMatch(/^Missing Heat.*reading 2 is not here/)
  expect((await told('added', 'photo.jpg')).at(-1)).toMatch(/^Added Heat.*a reading is here that was not sealed: 20/)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  // What an altered bundle seals counts for nothing.
  expect(await answer(page, 'altered')).toBe('Altered')
  expect(await page.locator('#answer').textContent()).toContain('The files were not compared')
  expect(await page.locator('#readings-outcome').count()).toBe(0)
  expect(strange).toEqual([])
})

test('a bundle that is dropped on the page is checked with the checkpoint and the readings that are dropped with it', async () => {
  const { page } = await open()
  const readings = readingsFile(small.id, seal, goodReadings).map((line) => JSON.stringify(line))
  const files = [small.lines().join('\n'), small.checkpoint(20), readings.join('\n')]
  const data = await page.evaluateHandle(([text, kept, told]) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([told ?? ''], 'plant.readings.ndjson'))
    transfer.items.add(new File([text ?? ''], 'plant.bundle'))
    transfer.items.add(new File([kept ?? ''], 'kept.checkpoint'))
    return transfer
  }, files)
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
  expect(await page.locator('#outcome').textContent()).toBe('Valid')
  expect(await page.locator('#readings-outcome').textContent()).toBe('Readings added')
})

test.each(['light', 'dark'] as const)('the page is accessible in %s, before and after each answer', async (scheme) => {
  const { page } = await open(scheme)
  const violations = async () =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html])
  expect(await violations()).toEqual([])
  for (const name of ['record', 'altered', 'cut']) {
    await answer(page, name)
    await page.fill('#filter', 'kim b-1003')
    expect(await violations()).toEqual([])
  }
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
})
