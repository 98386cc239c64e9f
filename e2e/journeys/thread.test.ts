import type { Lot, Order } from '@throughline/model'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  completeRun,
  createOrder,
  getOrder,
  listOrderRuns,
  listRecallDrills,
  receiveLot,
  recordInspection,
  recordStep,
  releaseOrder,
  startRun,
} from '@throughline/model'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { signedIn } from '../signed-in.ts'
import { Clients } from './clients.ts'
import { expectAccessible, expectReflow, live, signSheet } from './page.ts'
import { Windows } from './windows.ts'

let plant: RunningPlant
const clients = new Clients()
const { as, idOf } = clients
const windows = new Windows()

const site = 'aurora/aero'
const cutting = 'aurora/aero/composites/cutting'
const program = { name: 'COVER-8.NC', sha256: '8'.repeat(64) }
let bar: Lot
/** Covers that are done, the box that one of them is in, and an order that has only begun with the same bar. */
let covers: readonly Lot['code'][]
let box: Lot['code']
let begun: Order

beforeAll(async () => {
  plant = await startPlant({ machines: false })
  for (const name of ['operator', 'supervisor', 'quality']) clients.add(name, await signedIn(plant, name))
  await clients.readPlaces('supervisor')
  await defineBox()
  bar = await receiveBar('BAR-8001')
  covers = (await made('COVER-8', '3', bar.code)).codes
  box = (await made('BOX-8', '1', covers[0] ?? '')).codes[0] ?? ''
  begun = (await made('COVER-8', '2', bar.code, 'begun')).order
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await plant?.stop()
})
afterEach(({ task }) => windows.settle(task))

/** A box of a cover, and a cover of a bar: each part is scanned as it goes in. */
async function defineBox(): Promise<void> {
  const released = { document: 'Release list 8', reason: 'commissioning' }
  const product = { kind: 'product', unit: '1', control: 'serial', quarantineOnReceipt: false } as const
  const goesIn = { position: 10, quantity: '1', unit: '1' }
  await as('quality')(adoptMaterialDefinitions, {
    materials: [
      { code: 'BAR-8', name: 'Bar', kind: 'raw', unit: '1', control: 'lot', quarantineOnReceipt: false },
      { ...product, code: 'COVER-8', name: 'Cover' },
      { ...product, code: 'BOX-8', name: 'Box' },
    ],
    boms: [
      { product: 'COVER-8', lines: [{ ...goesIn, material: 'BAR-8' }] },
      { product: 'BOX-8', lines: [{ ...goesIn, material: 'COVER-8' }] },
    ],
    ...released,
  })
  const ask = { type: 'scan', expects: 'material', bomPosition: 10 }
  const operation = { sequence: 10, at: { path: cutting }, bomPositions: [10], batchSize: 10, instruction: 'WI-8' }
  await as('quality')(adoptDefinitions, {
    instructions: [
      {
        code: 'WI-8',
        title: { en: 'Put it in' },
        steps: [{ key: 'part', title: { en: 'Scan the part' }, per: 'piece', ask }],
      },
    ],
    workDefinitions: [
      { code: 'R-COVER-8', product: 'COVER-8', operations: [{ ...operation, name: 'Mill', program }] },
      { code: 'R-BOX-8', product: 'BOX-8', operations: [{ ...operation, name: 'Assemble' }] },
    ],
    ...released,
  })
}

const receiveBar = (code: string): Promise<Lot> =>
  as('supervisor')(receiveLot, {
    ...{ material: 'BAR-8', code, quantity: '50', nodeId: idOf(cutting), place: 'rack 2' },
    ...{ supplier: 'Rolling mill', supplierLot: `H-${code}`, certificate: { number: 'C-8' } },
  })

/** Makes so many of a product, each with one of a lot in it; `begun` = and goes no further. */
async function made(product: string, quantity: string, from: string, until: 'begun' | 'done' = 'done') {
  const created = await as('supervisor')(createOrder, { product, quantity, siteId: idOf(site) })
  const order = await as('supervisor')(releaseOrder, { orderId: created.id, version: created.version })
  const [ready] = await as('operator')(listOrderRuns, { orderId: order.id })
  if (ready === undefined) throw new Error(`${order.code} has no operation`)
  const runId = ready.id
  await as('operator')(startRun, { runId, nodeId: idOf(cutting) })
  for (const subject of ready.subjects) {
    await as('operator')(recordStep, { runId, step: 'part', subject, value: { type: 'scan', code: from } })
  }
  const [run] = await as('operator')(listOrderRuns, { orderId: order.id })
  if (until === 'done') await as('operator')(completeRun, { runId, version: run?.version ?? 0 })
  return { order, codes: ready.subjectCodes }
}

const at = windows.at.bind(windows)

test('[AS-8.5.2] the genealogy of a serial is drawn both ways, walked by arrow keys, and told as a table', async () => {
  const page = await at('quality', '/genealogy')
  await page.getByLabel('Trace', { exact: true }).fill(covers[0] ?? '')
  await page.getByRole('button', { name: 'Trace' }).click()
  await page.getByText('1 lot went in').waitFor()
  await page.getByText('1 lot came of it').waitFor()
  const drawing = page.getByRole('group', { name: /^Drawing/ })
  const box1 = (name: string) => drawing.getByRole('button', { name: new RegExp(`^${name}`) })
  const focused = (): Promise<string | null> => page.locator(':focus > title').textContent()
  await box1(covers[0] ?? '').focus()
  await page.keyboard.press('ArrowLeft')
  expect(await focused()).toContain('BAR-8001')
  await page.keyboard.press('Enter')
  const facts = page.getByRole('region', { name: 'Lot BAR-8001' })
  await facts.getByRole('link', { name: 'Recall drill' }).waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toContain(box)
  await page.getByLabel('Find in it').fill('bar')
  await page.getByText('1 found').waitFor()
  const rows = page.getByRole('table', { name: 'Everything in the drawing' }).getByRole('row')
  expect(await rows.nth(1).innerText()).toContain('1 step back')
  await page.getByLabel('Find in it').fill('')
  await page.getByText('Everything', { exact: true }).click()
  await box1('Mill').waitFor()
  await box1('operator').waitFor()
  await expectAccessible(page, 'a genealogy')
  await expectReflow(page, 'a genealogy')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^genealogy-.*-(backward|forward)\.csv$/)
})

test('[AS-8.5.2] one page walks from the finished box to the program, the entry and the measurement of the part in it', async () => {
  await as('quality')(recordInspection, {
    ...{ kind: 'final', piece: covers[0] ?? '', gauge: null, at: Date.now() * 1000 },
    results: [
      {
        ...{ characteristic: 'BORE-1.DIA', unit: 'mm', nominal: 12, low: 11.9, high: 12.1, measured: 12.04 },
        status: 'pass',
      },
    ],
  })
  const page = await at('quality', `/lots/${box}`)
  await page.getByRole('link', { name: 'How it was made' }).click()
  await page.getByRole('heading', { name: `How ${box} was made` }).waitFor()
  await page
    .getByRole('region', { name: `Operations of ${box}` })
    .getByText('10 Assemble', { exact: true })
    .waitFor()
  await page.getByText(`${covers[0]}: COVER-8`).click()
  const operations = page.getByRole('region', { name: `Operations of ${covers[0]}` })
  await operations.getByText('COVER-8.NC, SHA-256').waitFor()
  await operations.getByText('Gate at the start: which program was loaded is not known').waitFor()
  await page
    .getByRole('region', { name: `Inspections of ${covers[0]}` })
    .getByText('11.9 to 12.1')
    .waitFor()
  await page
    .getByRole('table', { name: `Lots that ${box} goes back to` })
    .getByText('H-BAR-8001')
    .waitFor()
  await operations.getByText(/1 entry at 1 of 1 steps/).click()
  await operations.getByRole('cell', { name: 'BAR-8001' }).waitFor()
  for (const [name, file] of [
    ['PDF', /\.pdf$/],
    ['Bundle with proofs', /\.bundle$/],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
    expect(download.suggestedFilename()).toMatch(file)
  }
  await expectAccessible(page, 'an as-built record')
  await expectReflow(page, 'an as-built record')
})

test('[AS-8.6] quality is told what blocks a certificate, and issues one by signature where nothing does', async () => {
  const [unfinished] = await as('operator')(listOrderRuns, { orderId: begun.id })
  const page = await at('quality', `/lots/${unfinished?.subjectCodes[0]}/as-built`)
  const certificate = page.getByRole('region', { name: 'Certificate of conformity' })
  await certificate.getByRole('button', { name: 'Show what would stand on it' }).click()
  await certificate.getByText(`${begun.code} operation 10 Mill is not done: it is running`).waitFor()
  expect(await certificate.getByRole('button', { name: 'Sign', exact: true }).count()).toBe(0)

  await page.goto(`/lots/${box}/as-built`)
  await certificate.getByText(`${box} stands on no certificate yet.`).waitFor()
  await certificate.getByRole('button', { name: 'Show what would stand on it' }).click()
  const draft = certificate.getByRole('region', { name: 'Draft of COC-00001' })
  await draft.getByText('We state that the pieces listed here were made').waitFor()
  await expectAccessible(page, 'a drafted certificate')
  await expectReflow(page, 'a drafted certificate')
  await draft.getByRole('button', { name: 'Sign', exact: true }).click()
  await signSheet(page, 'quality', 'Everything is in order')
  await certificate.getByText(`${box} stands on COC-00001.`).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    certificate.getByRole('button', { name: 'PDF of COC-00001' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('certificate-of-conformity-COC-00001.pdf')
})

test('[AS-8.5.2-3] quality quarantines a raw lot, sees the work that it holds, and drills its recall with the time that it took', async () => {
  const order = await at('supervisor', `/orders/${begun.code}`)
  await live(order)
  const page = await at('quality', '/')
  await page.keyboard.press('/')
  await page.getByLabel('Search').fill('cover')
  await page.getByRole('option', { name: /^COVER-8\s*Cover/ }).waitFor()
  await page.getByLabel('Search').fill('bar-80')
  await page.getByRole('option', { name: /BAR-8001/ }).click()
  await page.getByRole('button', { name: 'Set the status' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New status').selectOption({ label: 'Quarantine' })
  await dialog.getByLabel('Reason').fill('The mill reports inclusions')
  await dialog.getByRole('button', { name: 'Set the status' }).click()
  // Nobody touches the supervisor's page: it hears of the hold.
  await order.getByText('Running, held').waitFor()
  const blocks = order.getByRole('region', { name: 'What blocks this?' })
  await blocks
    .getByText(/BAR-8001/)
    .first()
    .waitFor()
  expect(await as('supervisor')(getOrder, { code: begun.code })).toMatchObject({ holds: [{ cause: 'material' }] })

  await page.getByRole('link', { name: 'Genealogy', exact: true }).first().click()
  await page.getByRole('link', { name: 'Recall drills' }).click()
  await page.getByText('No drill yet.').waitFor()
  await page.getByRole('button', { name: 'Start a drill' }).click()
  await dialog.getByRole('button', { name: 'Find the pieces' }).click()
  await dialog.getByText('Give at least one lot or serial.').waitFor()
  await dialog.getByLabel('Lots or serials').fill('BAR-8001\n')
  await dialog.getByLabel('Reason').fill('Yearly drill')
  await dialog.getByRole('button', { name: 'Find the pieces' }).click()
  await page.getByText(/^7 lots and serials affected, found in \d+ ms$/).waitFor()
  const affected = page.getByRole('table', { name: 'Affected lots and serials, nearest first' })
  await affected.getByRole('row', { name: new RegExp(`^${box}.*BOX-8`) }).waitFor()
  await expectAccessible(page, 'a recall drill')
  await expectReflow(page, 'a recall drill')
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Report as PDF' }).click(),
  ])
  expect(report.suggestedFilename()).toMatch(/^recall-drill-.+\.pdf$/)
  await page.getByRole('button', { name: 'End the drill' }).click()
  await dialog.getByLabel('Conclusion').fill('All seven were found where they should be.')
  await dialog.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByText('All seven were found where they should be.').waitFor()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Genealogy' }).click()
  await page.getByRole('link', { name: 'Recall drills' }).click()
  await page.getByText('None is open').waitFor()
  await expectAccessible(page, 'recall drills')
  await expectReflow(page, 'recall drills')
  const [drill] = await as('quality')(listRecallDrills, {})
  expect(drill).toMatchObject({ subject: 'lot BAR-8001', conclusion: 'All seven were found where they should be.' })
  expect(drill?.affected).toHaveLength(7)
})
