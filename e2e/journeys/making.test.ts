import { fromMs } from '@throughline/kernel'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  createOrder,
  getDeviation,
  getLot,
  getOrder,
  listOrderRuns,
  openDeviation,
  receiveLot,
  registerAsset,
  releaseOrder,
  setLotStatus,
  startRun,
} from '@throughline/model'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { signedIn } from '../signed-in.ts'
import { Clients } from './clients.ts'
import { expectAccessible, expectReflow, signSheet } from './page.ts'
import { Windows } from './windows.ts'

let plant: RunningPlant
const clients = new Clients()
const { as, idOf } = clients
const windows = new Windows()

const site = 'aurora/aero'
const cutting = 'aurora/aero/composites/cutting'

beforeAll(async () => {
  plant = await startPlant({ machines: false })
  for (const name of ['operator', 'supervisor', 'engineer', 'quality']) clients.add(name, await signedIn(plant, name))
  await clients.readPlaces('supervisor')
  await defineBracket()
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await plant?.stop()
})
afterEach(({ task }) => windows.settle(task))

/** A bracket by the piece and a resin by the kilogram, each in two operations; prepreg that ages outside its freezer. */
async function defineBracket(): Promise<void> {
  const released = { document: 'Release list 7', reason: 'commissioning' }
  await as('quality')(adoptMaterialDefinitions, {
    materials: [
      { code: 'BRK-7', name: 'Bracket', kind: 'product', unit: '1', control: 'serial', quarantineOnReceipt: false },
      { code: 'RESIN-7', name: 'Resin', kind: 'product', unit: 'kg', control: 'lot', quarantineOnReceipt: false },
      {
        ...{ code: 'PREPREG-7', name: 'Prepreg', kind: 'raw', unit: 'm', control: 'lot' },
        ...{ outLifeSeconds: 864_000, needsCertificate: true },
      },
    ],
    ...released,
  })
  const operations = ['Cut plies', 'Trim'].map((name, index) => ({
    ...{ sequence: 10 * (index + 1), name, at: { path: cutting } },
  }))
  await as('quality')(adoptDefinitions, {
    workDefinitions: ['BRK-7', 'RESIN-7'].map((product) => ({ code: `R-${product}`, product, operations })),
    ...released,
  })
}

const receive = (code: string) =>
  as('supervisor')(receiveLot, {
    ...{ material: 'PREPREG-7', code, quantity: '25', nodeId: idOf(cutting), place: 'freezer 1' },
    ...{ supplier: 'Weaver', supplierLot: `W-${code}`, certificate: { number: 'C-17' } },
  })

const at = windows.at.bind(windows)

test('a supervisor imports orders after a preview, releases one, holds it with a reason, and sees in words what blocks it', async () => {
  const page = await at('supervisor', '/orders')
  await page.getByRole('button', { name: 'Import CSV' }).click()
  const dialog = page.getByRole('dialog')
  const choose = (csv: string) =>
    dialog.getByLabel('File').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await choose(`code,product,quantity,site\nWO-7001,BRK-7,none,${site}`)
  await dialog.getByRole('button', { name: 'Show what it would create' }).click()
  await dialog.getByRole('cell', { name: '"none" is no amount above 0: write it like 12.5' }).waitFor()
  await choose(`code,product,quantity,site,priority\nWO-7001,BRK-7,2,${site},3\nWO-7002,BRK-7,1,${site},1`)
  await dialog.getByRole('button', { name: 'Show what it would create' }).click()
  await dialog.getByText('2 orders would be created').waitFor()
  await dialog.getByRole('button', { name: 'Create 2' }).click()
  const first = page.getByRole('table', { name: 'Orders' }).getByRole('row').nth(1)
  await first.getByRole('link', { name: 'WO-7002' }).waitFor()
  await expectAccessible(page, 'orders')
  await expectReflow(page, 'orders')

  await page.getByRole('link', { name: 'WO-7001' }).click()
  await page.getByText('It is not released').waitFor()
  await page.getByRole('button', { name: 'Release', exact: true }).click()
  await dialog.getByRole('button', { name: 'Release' }).click()
  await page.getByText('Nothing blocks it.').waitFor()
  await page.getByRole('button', { name: 'Hold', exact: true }).click()
  await dialog.getByRole('button', { name: 'Hold' }).click()
  await dialog.getByText('Say why, in 3 characters at least.').waitFor()
  await dialog.getByLabel('Reason').fill('The drawing is being changed')
  await dialog.getByRole('button', { name: 'Hold' }).click()
  await page
    .getByRole('region', { name: 'What blocks this?' })
    .getByText('The drawing is being changed')
    .first()
    .waitFor()
  await expectAccessible(page, 'an order')
  await expectReflow(page, 'an order')
  const order = await as('supervisor')(getOrder, { code: 'WO-7001' })
  expect(order).toMatchObject({ state: 'released', holds: [{ reason: 'The drawing is being changed', ended: null }] })
})

test('an operator starts an operation, reports scrap with its reason and completes it', async () => {
  const created = await as('supervisor')(createOrder, {
    product: 'RESIN-7',
    quantity: '2',
    siteId: idOf(site),
    priority: 1,
  })
  const order = await as('supervisor')(releaseOrder, { orderId: created.id, version: created.version })
  const page = await at('operator', `/work/${idOf(cutting)}`, { width: 1280, height: 800 })
  await page.getByRole('button', { name: new RegExp(`${order.code} · 10`) }).click()
  await page.getByRole('heading', { name: `${order.code} · 10 Cut plies` }).waitFor()
  await expectAccessible(page, 'work')
  await expectReflow(page, 'work')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('button', { name: 'Report good and scrap' }).click()
  await page.getByLabel('Good', { exact: true }).fill('1')
  await page.getByLabel('Scrap', { exact: true }).fill('1')
  await page.getByRole('button', { name: 'Report' }).click()
  await page.getByText('Say why it is scrap.').waitFor()
  await page.getByRole('textbox', { name: 'In own words' }).fill('Ply torn')
  await page.getByRole('button', { name: 'Report' }).click()
  await page.getByText('1 good, 1 scrap so far').waitFor()
  await page.getByRole('button', { name: 'Complete' }).click()
  await page.getByRole('button', { name: new RegExp(`${order.code} · 20`) }).waitFor()
  const runs = await as('supervisor')(listOrderRuns, { orderId: order.id })
  expect(runs[0]).toMatchObject({ sequence: 10, state: 'completed', good: '1', scrap: '1' })
})

test('quality finds a lot by its label, makes it available with a reason, and reads its clock and movements', async () => {
  await receive('PP-7001')
  const page = await at('quality', '/lots')
  await page.getByLabel('Scan').fill('PP-7001')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByRole('heading', { name: 'PP-7001: PREPREG-7' }).waitFor()
  await page.getByText(/used of 240 h 00 min/).waitFor()
  await page.getByRole('button', { name: 'Set the status' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Inspected on receipt')
  await dialog.getByRole('button', { name: 'Set the status' }).click()
  await page.getByRole('cell', { name: 'Status changed' }).waitFor()
  const movements = page.getByRole('table', { name: 'Movements, newest first' }).getByRole('row')
  expect(await movements.nth(1).innerText()).toContain('Status changed')
  expect(await movements.last().innerText()).toContain('Received')
  await page.getByRole('button', { name: 'Show the label' }).click()
  await page.getByText(/The symbol says .*PP-7001/).waitFor()
  await expectAccessible(page, 'a lot')
  await expectReflow(page, 'a lot')
  expect(await as('quality')(getLot, { code: 'PP-7001' })).toMatchObject({ status: 'available' })
  await page.goto('/lots')
  await page.getByRole('link', { name: 'PP-7001' }).waitFor()
  await expectAccessible(page, 'lots')
  await expectReflow(page, 'lots')
})

test('quality closes a deviation by signature, with its context at hand', async () => {
  const lot = await receive('PP-7002')
  const { code } = await as('operator')(openDeviation, {
    ...{ title: 'Freezer door open', description: 'The door stood open over night.', severity: 'major' },
    ...{ at: fromMs(Date.now() - 60_000), about: 'Storage', nodeId: idOf(cutting), lots: [lot.code] },
  })
  const page = await at('quality', '/deviations')
  await page.getByText('1 open').waitFor()
  await expectAccessible(page, 'deviations')
  await expectReflow(page, 'deviations')
  await page.getByRole('link', { name: code }).click()
  await page.getByRole('region', { name: 'Context' }).getByRole('link', { name: lot.code }).waitFor()
  await expectAccessible(page, 'a deviation')
  await expectReflow(page, 'a deviation')
  await page.getByRole('button', { name: 'Add a note' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Note', { exact: true }).fill('The recorder shows −12 °C at most.')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await page.getByText('The recorder shows −12 °C at most.').waitFor()
  await page.getByLabel('What becomes of the product').selectOption({ label: 'Use as is' })
  await page.getByLabel('Conclusion').fill('The limit of −10 °C was never passed.')
  await page.getByRole('button', { name: 'Sign and close' }).click()
  await signSheet(page, 'quality', 'Closed after review')
  await page.getByText('The limit of −10 °C was never passed.').waitFor()
  await page.getByRole('list', { name: 'Signatures on this version' }).getByText('Closed after review').waitFor()
  expect(await as('quality')(getDeviation, { code })).toMatchObject({ state: 'closed' })
})

test('an engineer takes equipment out of service; the order in hand there is held, and named until it is back', async () => {
  const created = await as('supervisor')(createOrder, { product: 'RESIN-7', quantity: '1', siteId: idOf(site) })
  const order = await as('supervisor')(releaseOrder, { orderId: created.id, version: created.version })
  const [run] = await as('supervisor')(listOrderRuns, { orderId: order.id })
  await as('operator')(startRun, { runId: run?.id ?? '', nodeId: idOf(cutting) })
  const page = await at('engineer', `/equipment/${cutting}`)
  await page.getByRole('button', { name: 'Take out of service' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill('The blade is being changed')
  await dialog.getByRole('button', { name: 'Take out of service' }).click()
  const out = page.getByRole('region', { name: 'Out of service' })
  await out.getByText('The blade is being changed').waitFor()
  await out.getByRole('link', { name: order.code }).waitFor()
  await page.getByRole('link', { name: 'Gauges and tools' }).click()
  await page.getByRole('link', { name: 'Out of service' }).click()
  const listed = page.getByRole('region', { name: 'Equipment out of service' })
  await listed.getByRole('link', { name: order.code }).waitFor()
  await expectAccessible(page, 'out of service')
  await expectReflow(page, 'out of service')
  await listed.getByRole('button', { name: /^Put back into service/ }).click()
  await dialog.getByLabel('What was done').fill('New blade, tried')
  await dialog.getByRole('button', { name: 'Put back into service' }).click()
  await page.getByText('All equipment is in service').waitFor()
  await page.getByText('New blade, tried').waitFor()
  await page.goto(`/orders/${order.code}`)
  await page.getByRole('heading', { name: 'Holds that have ended' }).waitFor()
})

test('quality qualifies equipment for a special process by signature, until a day, and withdraws it with a reason', async () => {
  const page = await at('quality', '/special-processes')
  await page.getByText('No equipment is qualified for a special process yet.').waitFor()
  await page.getByRole('button', { name: 'Qualify equipment' }).click()
  await page.getByRole('textbox', { name: 'Equipment', exact: true }).fill('cutting')
  await page.getByRole('option', { name: cutting, exact: true }).click()
  await page.getByLabel('Process', { exact: true }).fill('CURE-7')
  await page.getByLabel('Evidence').fill('Survey 17')
  await page.getByLabel('Valid until').fill('2020-01-01 00:00')
  await page.getByRole('button', { name: 'Sign and qualify' }).click()
  await page.getByText('Set the end after the beginning.').waitFor()
  await page.getByLabel('Valid until').fill('2099-12-31 00:00')
  await expectAccessible(page, 'qualifying equipment')
  await expectReflow(page, 'qualifying equipment')
  await page.getByRole('button', { name: 'Sign and qualify' }).click()
  const dialog = page.getByRole('dialog')
  await signSheet(page, 'quality', 'Survey passed')
  await page.getByText('1 in force').waitFor()
  await page.getByRole('button', { name: `Withdraw CURE-7 of ${cutting}` }).click()
  await dialog.getByLabel('Reason').fill('The survey was wrong')
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await page.getByText('0 in force').waitFor()
  await page.getByLabel('Which').selectOption('all')
  await page.getByText('The survey was wrong').waitFor()
})

test('one person weighs out, a net outside the tolerance is refused in words, and another one confirms', async () => {
  const lot = await receive('PP-7005')
  await as('quality')(setLotStatus, { lotId: lot.id, version: lot.version, status: 'available', reason: 'Inspected' })
  const scale = { code: 'SCL-7', kind: 'scale', type: 'bench-scale', nodeId: null } as const
  await as('engineer')(registerAsset, { ...scale, needsCalibration: false, intervalDays: null })
  const page = await at('operator', `/lots/${lot.code}`, { width: 1280, height: 800 })
  await page.getByRole('button', { name: 'Weigh out' }).click()
  await page.getByRole('button', { name: 'SCL-7' }).click()
  const figures = { target: '2', below: '0.01', above: '0.01', tare: '0.1', gross: '2.2' }
  for (const [name, typed] of Object.entries(figures)) await page.locator(`#weigh-${name}`).fill(typed)
  const form = page.getByRole('form', { name: 'Figures' })
  await form.getByRole('button', { name: 'Weigh out' }).click()
  await form.getByText('Nothing was weighed out: correct the amount and weigh again.').waitFor()
  await expectAccessible(page, 'weighing')
  await expectReflow(page, 'weighing')
  await page.locator('#weigh-gross').fill('2,105')
  await form.getByRole('button', { name: 'Weigh out' }).click()
  await page.getByText('You weighed it: another person looks at the scale and confirms.').waitFor()
  const second = await at('supervisor', '/weigh?view=confirm', { width: 1280, height: 800 })
  await second.getByRole('button', { name: /^I looked at the scale/ }).click()
  await second.getByText('Dispensed as lot').getByRole('link').click()
  await second.getByRole('region', { name: 'Weighings, newest first' }).getByText('confirmed by supervisor').waitFor()
  expect(await as('quality')(getLot, { code: lot.code })).toMatchObject({ quantity: '22.995' })
})

test('an inspection that is typed by hand is judged at once, and leads to its deviation where it failed', async () => {
  const lot = await receive('PP-7006')
  const page = await at('supervisor', `/lots/${lot.code}`)
  await page.getByRole('button', { name: 'Record an inspection' }).click()
  await page.getByRole('button', { name: 'Add a characteristic' }).click()
  await page.getByRole('textbox', { name: 'Characteristic' }).fill('Resin content')
  await page.getByLabel('Unit').fill('%')
  await page.getByLabel('Low limit').fill('32')
  await page.getByLabel('High limit').fill('38')
  await page.getByLabel('Measured in %').fill('39,5')
  await page.getByText('OUTSIDE its limits').waitFor()
  await expectAccessible(page, 'an inspection')
  await expectReflow(page, 'an inspection')
  await page.getByRole('button', { name: 'Record the inspection' }).click()
  await page.getByRole('heading', { name: 'FAILED' }).waitFor()
  await page.getByRole('link', { name: /^DEV-/ }).click()
  await page.getByRole('heading', { name: /failed its incoming inspection/ }).waitFor()
})
