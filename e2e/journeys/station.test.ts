import type { OperationRun } from '@throughline/model'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  closeSession,
  createOrder,
  endOrderHold,
  getCurrentSession,
  getOrder,
  getRun,
  holdOrder,
  issueBadge,
  listDeviations,
  listOrderRuns,
  openSession,
  receiveLot,
  registerStation,
  releaseOrder,
  setPin,
} from '@throughline/model'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { chromiumOptions } from '../browser.ts'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { password, signedIn } from '../signed-in.ts'
import { Clients } from './clients.ts'
import type { Watched } from './page.ts'
import { expectAccessible, expectNoFault, expectReflow, openWindowIn, scan, tellScreens } from './page.ts'

let plant: RunningPlant
let browser: Browser
let tablet: BrowserContext
let window: Watched
const clients = new Clients()
const { as, idOf } = clients

const site = 'aurora/aero'
const cutting = 'aurora/aero/composites/cutting'
const pins: Readonly<Record<string, string>> = { operator: '271904', supervisor: '405162' }
const badgeOf = (name: string): string => `04B2${name.toUpperCase()}55`

beforeAll(async () => {
  plant = await startPlant({ machines: false })
  for (const name of ['operator', 'supervisor', 'quality', 'admin']) clients.add(name, await signedIn(plant, name))
  await clients.readPlaces('supervisor')
  for (const [name, pin] of Object.entries(pins)) {
    const { personId } = await as(name)(getCurrentSession, {})
    await as('admin')(issueBadge, { personId, badge: badgeOf(name), reason: 'first badge' })
    await as(name)(setPin, { pin, password })
  }
  await define()
  browser = await chromium.launch(chromiumOptions)
  tablet = await browser.newContext({
    ...{ baseURL: plant.url, viewport: { width: 1280, height: 800 }, hasTouch: true, reducedMotion: 'reduce' },
    locale: 'de-AT',
  })
  await becomeStation()
  window = await openWindowIn(tablet, plant, { width: 1280, height: 800 })
  window.page.setDefaultTimeout(20_000)
})
afterAll(async () => {
  await browser?.close()
  await plant?.stop()
})
afterEach(async ({ task }) => {
  await tellScreens([window], task)
  expectNoFault([window])
})

/** What the tablet asks of the plant, beside its pages. */
async function call(name: string, data: object): Promise<void> {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const answer = await tablet.request.post(`${plant.url}/api/${name}`, { data, headers })
  if (!answer.ok()) throw new Error(`${name}: ${await answer.text()}`)
}

/** An administrator makes the tablet a station of the cutting room, and signs out. */
async function becomeStation(): Promise<void> {
  await call(openSession.name, { name: 'admin', password })
  const station = { name: 'Cutting 1', nodeId: idOf(cutting), idleTimeoutMs: 3_600_000, reason: 'beside the cutter' }
  await call(registerStation.name, station)
  await call(closeSession.name, {})
}

const layUp = [
  { key: 'read', title: { en: 'Read the sheet', de: 'Blatt lesen' }, ask: { type: 'read' } },
  { key: 'mould', title: { en: 'The mould is waxed' }, ask: { type: 'check' } },
  { key: 'roll', title: { en: 'Scan the roll' }, ask: { type: 'scan', expects: 'material', bomPosition: 10 } },
  {
    ...{ key: 'plies', title: { en: 'Plies laid' }, onBreach: 'deviation' },
    ask: { type: 'number', unit: '1', low: 12, high: 12, decimals: 0 },
  },
  {
    ...{ key: 'last', title: { en: 'Direction of the last ply' } },
    ask: {
      type: 'choice',
      options: [
        { value: '0', label: { en: '0°' } },
        { value: '90', label: { en: '90°' }, accepted: false },
      ],
    },
  },
  { key: 'debulk', title: { en: 'Debulk' }, ask: { type: 'timer', seconds: 1 } },
  {
    ...{ key: 'edges', title: { en: 'Edges' } },
    ask: {
      type: 'table',
      rows: 1,
      columns: [{ key: 'width', label: { en: 'Width' }, unit: 'mm', low: 10, high: 12 }],
    },
  },
  {
    ...{ key: 'leak', title: { en: 'Loss of vacuum in 5 min' }, secondPerson: true },
    ask: { type: 'number', unit: 'mbar', low: null, high: 20, decimals: 0 },
  },
  { key: 'remark', title: { en: 'Remarks' }, ask: { type: 'text' }, optional: true },
  { key: 'done', title: { en: 'Laid up as told' }, ask: { type: 'signature', meaning: 'performed' } },
]

const checks = [
  ...['First', 'Second', 'Third'].map((title) => ({
    key: title.toLowerCase(),
    title: { en: title },
    ask: { type: 'check' },
  })),
  { key: 'photo', title: { en: 'Photo of it' }, ask: { type: 'photo' } },
  { key: 'last', title: { en: 'Last' }, ask: { type: 'check' } },
  { key: 'sign', title: { en: 'Done as told' }, ask: { type: 'signature', meaning: 'performed' } },
]

/** A bracket that is laid up in ten steps, a shim in six, two at a time, and the rolls for the bracket: the first one is too short. */
async function define(): Promise<void> {
  const released = { document: 'Release list 9', reason: 'commissioning' }
  const product = { kind: 'product', unit: '1', control: 'lot', quarantineOnReceipt: false } as const
  await as('quality')(adoptMaterialDefinitions, {
    materials: [
      { code: 'BRK-9', name: 'Bracket', ...product },
      { code: 'SHIM-9', name: 'Shim', ...product, control: 'serial' },
      ...['PPG-9', 'PPG-8'].map((code) => ({ ...product, code, name: 'Prepreg', kind: 'raw' as const, unit: 'm' })),
    ],
    boms: [{ product: 'BRK-9', lines: [{ position: 10, material: 'PPG-9', quantity: '2', unit: 'm' }] }],
    ...released,
  })
  const operation = { sequence: 10, at: { path: cutting } }
  await as('quality')(adoptDefinitions, {
    instructions: [
      { code: 'WI-9', title: { en: 'Lay up' }, steps: layUp },
      { code: 'WI-8', title: { en: 'Check' }, steps: checks },
    ],
    workDefinitions: [
      {
        ...{ code: 'R-BRK-9', product: 'BRK-9' },
        operations: [{ ...operation, name: 'Lay up', instruction: 'WI-9', bomPositions: [10] }],
      },
      {
        code: 'R-SHIM-9',
        product: 'SHIM-9',
        operations: [{ ...operation, name: 'Check', instruction: 'WI-8', batchSize: 2 }],
      },
    ],
    ...released,
  })
  for (const [material, code, quantity] of [
    ['PPG-9', 'PP-9000', '3'],
    ['PPG-9', 'PP-9001', '50'],
    ['PPG-8', 'PP-8001', '50'],
  ] as const) {
    await as('supervisor')(receiveLot, {
      ...{ material, code, quantity, nodeId: idOf(cutting), place: 'rack' },
      ...{ supplier: 'Weaver', supplierLot: code, certificate: null },
    })
  }
}

async function ordered(product: string, quantity: string): Promise<{ code: string; run: OperationRun }> {
  const wanted = { product, quantity, siteId: idOf(site), priority: 1 }
  const { id, version } = await as('supervisor')(createOrder, wanted)
  const { code } = await as('supervisor')(releaseOrder, { orderId: id, version })
  const [run] = await as('supervisor')(listOrderRuns, { orderId: id })
  if (run === undefined) throw new Error(`${code} has no operation`)
  return { code, run }
}

/** What nobody touches: digits from the printed sheet, and its key to go on. */
async function scanKeys(page: Page, keys: string): Promise<void> {
  for (const key of keys) await scan(page, `CMD:KEY=${key}`)
  await scan(page, 'CMD:DONE')
}

async function badgeIn(page: Page, name: string): Promise<void> {
  await page.getByText('Hold your badge to the reader').waitFor()
  await scan(page, badgeOf(name))
  for (const digit of pins[name] ?? '') await page.getByRole('button', { name: digit, exact: true }).tap()
  await page.getByRole('button', { name: 'Enter', exact: true }).tap()
}

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).tap()
const stepNow = (page: Page, title: string) =>
  page.getByRole('heading', { level: 3, name: title, exact: true }).waitFor()

async function sign(page: Page, name: string, as: string): Promise<void> {
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Reason').fill('As told')
  await scan(page, badgeOf(name))
  await sheet.getByRole('textbox', { name: 'PIN' }).fill(pins[name] ?? '')
  await sheet.getByRole('button', { name: `Sign as ${as}` }).tap()
  await sheet.waitFor({ state: 'hidden' })
}

async function expectLargeTargets(page: Page): Promise<void> {
  const small = await page.locator('main :is(button, a, select, input:not([type="file"])):visible').evaluateAll((all) =>
    all.flatMap((element) => {
      const { width, height } = element.getBoundingClientRect()
      return width < 72 || height < 72 ? [`${element.outerHTML.slice(0, 120)}: ${width} × ${height}`] : []
    }),
  )
  expect(small).toEqual([])
}

test('an operator badges in, works through ten steps by touch and scanner, breaches a limit, is confirmed by a second person and completes with scrap', async () => {
  const { code, run } = await ordered('BRK-9', '4')
  const { page } = window
  await page.goto('/kiosk')
  await badgeIn(page, 'operator')
  await page.getByRole('heading', { name: 'Work at Cutting' }).waitFor()
  await page.getByRole('button', { name: new RegExp(`${code} · 10`) }).waitFor()
  await expectAccessible(page, 'the list')
  await expectLargeTargets(page)
  await scan(page, code)
  await page.getByRole('heading', { name: `${code} · 10 Lay up` }).waitFor()
  await page.getByText('Every gate is open.').waitFor()
  await expectAccessible(page, 'the gates')
  await scan(page, 'CMD:START')

  await stepNow(page, 'Blatt lesen')
  await press(page, 'Read')
  await stepNow(page, 'The mould is waxed')
  await scan(page, 'CMD:DONE')
  await stepNow(page, 'Scan the roll')
  await scan(page, 'PP-8001')
  await page.getByText(/PP-8001 is PPG-8/).waitFor()
  await scan(page, 'PP-9000')
  await page.getByText(/^3.m of 8.m is scanned: scan the next lot$/).waitFor()
  await scan(page, 'PP-9001')

  await stepNow(page, 'Plies laid')
  for (const key of ['1', '1']) await press(page, key)
  await page.getByText('It is taken with a reason, and a deviation is opened.').waitFor()
  await press(page, 'Record 11')
  await page.getByText('Say why, in 3 characters at least.').waitFor()
  await expectAccessible(page, 'a breach')
  await expectLargeTargets(page)
  await expectReflow(page, 'a breach')
  await page.getByLabel('Why it is outside').fill('One ply was torn')
  await press(page, 'Record 11')

  await stepNow(page, 'Direction of the last ply')
  await scan(page, 'CMD:KEY=1')
  await scan(page, 'CMD:DONE')
  await stepNow(page, 'Debulk')
  await press(page, /^Record 0:0/)
  await stepNow(page, 'Edges')
  await page.getByLabel('Row 1, Width').fill('11.5')
  await press(page, 'Record')

  await stepNow(page, 'Loss of vacuum in 5 min')
  for (const key of ['1', '8']) await scan(page, `CMD:KEY=${key}`)
  await press(page, /^Record 18/)
  await page.getByText('You made this entry: another person confirms it').waitFor()
  await press(page, 'Hand the station over')
  await page.getByText('stays signed in until the next PIN is right').waitFor()
  await expectAccessible(page, 'the hand-over')
  await badgeIn(page, 'operator')
  await page.getByText('You made this entry: another person confirms it').waitFor()
  await press(page, 'Hand the station over')
  await badgeIn(page, 'supervisor')
  await press(page, 'Confirm')
  await page.getByRole('dialog').waitFor()
  await expectAccessible(page, 'the confirmation')
  await sign(page, 'supervisor', 'verified')
  await stepNow(page, 'Remarks')
  await press(page, /^Hand the station back/)
  await badgeIn(page, 'operator')

  await stepNow(page, 'Remarks')
  await press(page, 'Leave it out')
  await stepNow(page, 'Laid up as told')
  await press(page, 'Sign as performed')
  await sign(page, 'operator', 'performed')
  await page.getByText('Every step is done.').waitFor()
  await scan(page, 'CMD:REPORT')
  await press(page, 'One more scrap')
  await page.getByRole('textbox', { name: 'In own words' }).fill('Ply torn')
  await expectAccessible(page, 'good and scrap')
  await press(page, 'Report')
  await page.getByText('0 good, 1 scrap so far').waitFor()
  await press(page, 'Complete')
  await page.getByText(`Completion of ${code} · 10: recorded.`).waitFor()

  const { run: done, entries } = await as('supervisor')(getRun, { runId: run.id })
  expect(done).toMatchObject({ state: 'completed', good: '3', scrap: '1' })
  // Two rolls made up what the bracket takes.
  expect(entries.map(({ step }) => step)).toEqual(
    layUp.flatMap(({ key }) => (key === 'roll' ? [key, key] : [key])).filter((key) => key !== 'remark'),
  )
  expect(entries.find(({ step }) => step === 'plies')).toMatchObject({ within: false, reason: 'One ply was torn' })
  const leak = entries.find(({ step }) => step === 'leak')
  expect(leak?.verified?.by.name).not.toBe(leak?.by.name)
  expect((await as('quality')(listDeviations, {})).deviations).toHaveLength(1)
})

test('by scanner alone some of the pieces are begun with; without a connection steps and a photo are kept, signed by the device, through a reload, and recorded once and in order when it is back; what is refused then says why', async () => {
  const { code, run } = await ordered('SHIM-9', '2')
  const { page } = window
  await call(closeSession.name, {}).catch(() => undefined)
  await page.goto('/kiosk')
  await page.getByText('Hold your badge to the reader').waitFor()
  await scan(page, badgeOf('operator'))
  await page.getByText('Badge read. Now your PIN.').waitFor()
  await scanKeys(page, pins['operator'] ?? '')
  await page.getByRole('button', { name: new RegExp(`${code} · 10`) }).waitFor()
  await scan(page, code)
  await page.getByText('Every gate is open.').waitFor()
  await scan(page, run.subjectCodes[1] ?? '')
  await page.getByRole('button', { name: 'Start with 1 piece' }).waitFor()
  await expectLargeTargets(page)
  await scan(page, 'CMD:START')
  await stepNow(page, 'First')
  await scan(page, 'CMD:DONE')
  await stepNow(page, 'Second')
  await page.waitForFunction(async () => {
    const { active } = await navigator.serviceWorker.ready
    return active?.state === 'activated' && (await caches.match('/')) !== undefined
  })
  // What was answered last is written down a moment later.
  await page.waitForTimeout(1000)

  await tablet.setOffline(true)
  await press(page, 'Done')
  await page.getByText('1 entry is not yet recorded').waitFor()
  await stepNow(page, 'Third')
  await page.reload()
  await stepNow(page, 'Third')
  await page.getByText('1 entry is not yet recorded').waitFor()
  await press(page, 'Done')
  await stepNow(page, 'Photo of it')
  const photo = await page.screenshot({ type: 'jpeg', quality: 10, scale: 'css' })
  await page.locator('input[type="file"]').setInputFiles({ name: 'it.jpg', mimeType: 'image/jpeg', buffer: photo })
  await page.getByRole('img', { name: 'The photo' }).waitFor()
  await press(page, 'Record the photo')
  await page.getByText('3 entries are not yet recorded').waitFor()
  await stepNow(page, 'Last')
  expect(await page.getByText(/^Not yet recorded/).count()).toBe(3)
  await expectAccessible(page, 'offline')
  await press(page, 'Call help')
  await press(page, 'Maintenance')
  await page.getByText('Maintenance: nobody hears of it yet, the call waits on this device').waitFor()
  await page.getByText('4 entries are not yet recorded').waitFor()
  await press(page, 'Back to the work')
  expect((await as('supervisor')(getRun, { runId: run.id })).entries).toHaveLength(1)

  await tablet.setOffline(false)
  await page.getByText('Everything that waited here was delivered.').waitFor()
  await page.locator('.work-waiting').waitFor({ state: 'hidden' })
  expect(await page.getByText(/not yet recorded/i).count()).toBe(0)

  await tablet.setOffline(true)
  await press(page, 'Done')
  await stepNow(page, 'Done as told')
  await press(page, 'Sign as performed')
  await page.getByText(/A signature is checked by the plant at the moment of signing/).waitFor()
  const { id: orderId } = await as('supervisor')(holdOrder, { orderId: run.orderId, reason: 'Wrong drawing' })
  await tablet.setOffline(false)
  const refused = page.getByRole('alert', { name: 'Refused entries' })
  expect(await refused.innerText()).toMatch(/Last.*Wrong drawing/s)
  await expectAccessible(page, 'refused')
  await press(page, 'Seen')
  const [held] = (await as('supervisor')(getOrder, { orderId })).holds
  await as('supervisor')(endOrderHold, { orderId, holdId: held?.id ?? '', reason: 'It was right' })
  await stepNow(page, 'Last')
  await scan(page, 'CMD:DONE')
  await stepNow(page, 'Done as told')
  await scan(page, 'CMD:DONE')
  await page.getByRole('dialog').waitFor()
  expect(await page.getByRole('dialog').innerText()).toContain('have performed: Done as told')
  await scan(page, 'CMD:REASON=As told')
  await scan(page, badgeOf('operator'))
  await scanKeys(page, pins['operator'] ?? '')
  await page.getByText('Every step is done.').waitFor()
  await scan(page, 'CMD:COMPLETE')
  await page.getByText(`Completion of ${code} · 10: recorded.`).waitFor()
  const { entries, pieces } = await as('supervisor')(getRun, { runId: run.id })
  expect(pieces.map((piece) => [piece.code, piece.state])).toEqual([[run.subjectCodes[1], 'good']])
  expect(entries.map(({ step, offline }) => [step, offline?.sequence ?? null])).toEqual([
    ['first', null],
    ['second', 1],
    ['third', 2],
    ['photo', 3],
    ['last', null],
    ['sign', null],
  ])
  const kept = entries.find(({ step }) => step === 'photo')?.value
  const picture = await tablet.request.get(`/api/execution/media/${kept?.type === 'photo' ? kept.blob : ''}`)
  expect(picture.headers()['content-type']).toBe('image/jpeg')
})
