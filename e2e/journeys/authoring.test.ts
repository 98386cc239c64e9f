import { crc32, deflateSync } from 'node:zlib'
import type { Order } from '@throughline/model'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  createOrder,
  listBoms,
  listInstructions,
  listOrderRuns,
  releaseOrder,
  setLogbook,
  startRun,
} from '@throughline/model'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { addDouble, signedIn } from '../signed-in.ts'
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
  await addDouble(plant)
  await clients.readPlaces('supervisor')
  const released = { document: 'Release list 8', reason: 'commissioning' }
  await as('quality')(adoptMaterialDefinitions, {
    materials: [
      { code: 'RESIN-8', name: 'Resin', kind: 'product', unit: 'kg', control: 'lot', quarantineOnReceipt: false },
      { code: 'HARDENER-8', name: 'Hardener', kind: 'raw', unit: 'kg', control: 'lot' },
    ],
    boms: [{ product: 'RESIN-8', lines: [{ position: 10, material: 'HARDENER-8', quantity: '0.2', unit: 'kg' }] }],
    ...released,
  })
  await as('quality')(adoptDefinitions, {
    instructions: [
      {
        ...{ code: 'WI-8', title: { en: 'Mix the resin' } },
        steps: [
          { key: 'vessel', title: { en: 'The vessel is clean' }, ask: { type: 'check' } },
          {
            ...{ key: 'temperature', title: { en: 'Temperature' }, onBreach: 'deviation' },
            ask: { type: 'number', unit: 'Cel', low: 18, high: 25, decimals: 1 },
          },
        ],
      },
    ],
    workDefinitions: [
      {
        ...{ code: 'R-RESIN-8', product: 'RESIN-8' },
        operations: [{ sequence: 10, name: 'Mix', at: { path: cutting }, instruction: 'WI-8' }],
      },
    ],
    ...released,
  })
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await plant?.stop()
})
afterEach(({ task }) => windows.settle(task))

async function releasedOrder(): Promise<Order> {
  const order = await as('supervisor')(createOrder, { product: 'RESIN-8', quantity: '2', siteId: idOf(site) })
  return await as('supervisor')(releaseOrder, { orderId: order.id, version: order.version })
}

/** Signs what is next to sign on the page, by name and password in the sheet. */
async function signAs(page: Page, name: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await signSheet(page, name, reason)
  await page.getByRole('list', { name: 'Signatures on this version' }).getByText(reason).waitFor()
}

/** A part of a PNG: its length, its type and data, and their check value. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.byteLength)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A grey picture that is wider than any page. */
function widePicture(): Buffer {
  const [width, height] = [2400, 40]
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  // Eight bits of grey for each point, and one byte before each line.
  size.writeUInt8(8, 8)
  const points = Buffer.alloc((width + 1) * height, 0).map((_, index) => (index % (width + 1) === 0 ? 0 : 128))
  const parts = [chunk('IHDR', size), chunk('IDAT', deflateSync(points)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts])
}

test('[AS-8.3-3] an engineer writes version 2 while an order runs on version 1; reviewed and released by two others, it is for new orders alone', async () => {
  const running = await releasedOrder()
  const [mix] = await as('supervisor')(listOrderRuns, { orderId: running.id })
  await as('operator')(startRun, { runId: mix?.id ?? '', nodeId: idOf(cutting) })

  const author = await windows.at('engineer', '/instructions')
  await author.getByRole('link', { name: 'WI-8' }).click()
  await author.getByText('Version 1 is effective', { exact: true }).waitFor()
  await author.getByRole('button', { name: 'Write the next version' }).click()
  await author.getByLabel('Another language').fill('de')
  await author.getByRole('button', { name: 'Add', exact: true }).click()
  await author.getByRole('button', { name: 'Add a step' }).click()
  await author.getByLabel('Title, German').fill('Entgasen')
  await author.getByLabel('Type', { exact: true }).selectOption({ label: 'Timer' })
  await author.getByLabel('Why it is changed').fill('Air was left in the resin')
  await author.getByRole('button', { name: 'Save the draft' }).click()
  // What is missing is named at its step, and what was typed stays.
  await author.getByRole('heading', { name: 'Step 2' }).waitFor()
  const wrong = author.getByRole('region', { name: 'Step 2' }).getByRole('alert')
  expect(await wrong.innerText()).toContain('title › en: the English text is missing')
  expect(await wrong.innerText()).toContain('seconds: give a number')
  await author.getByLabel('Title, English').fill('Degas')
  await author.getByLabel('At least').fill('120')
  await author
    .getByLabel('Add a picture')
    .setInputFiles({ name: 'pump.png', mimeType: 'image/png', buffer: widePicture() })
  await author.getByLabel('What file 1 shows, English').fill('The vacuum pump')
  await author.getByRole('region', { name: 'As the operator sees it' }).getByAltText('The vacuum pump').waitFor()
  await author.getByRole('button', { name: /^2\. Degas/ }).press('Alt+ArrowDown')
  await author.getByRole('button', { name: /^3\. Degas/ }).waitFor()
  await author.getByLabel('Language of the preview').selectOption('de')
  await author.getByRole('region', { name: 'As the operator sees it' }).getByText('Entgasen').waitFor()
  await expectAccessible(author, 'writing an instruction')
  await expectReflow(author, 'writing an instruction')
  await author.getByRole('button', { name: 'Save the draft' }).click()
  await author.getByText('Version 1 is effective; version 2 is a draft').waitFor()
  await author.getByRole('heading', { name: 'Step step-3: added' }).waitFor()
  // Who wrote it does not sign it.
  expect(await author.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true)

  const reviewer = await windows.at('double', '/instructions/WI-8')
  await signAs(reviewer, 'double', 'Tried at the bench')
  await reviewer.getByText('Version 1 is effective; version 2 is in review').waitFor()
  const releaser = await windows.at('quality', '/instructions/WI-8')
  await signAs(releaser, 'quality', 'Released for use')
  await releaser.getByText('Version 2 is effective', { exact: true }).waitFor()

  const fresh = await releasedOrder()
  const uses = releaser.getByRole('table', { name: 'Open orders that follow it' })
  const followed = async (order: Order) =>
    await uses.getByRole('row', { name: order.code }).getByRole('cell').last().innerText()
  await uses.getByRole('link', { name: fresh.code }).waitFor()
  expect(await followed(running)).toBe('1')
  expect(await followed(fresh)).toBe('2')
  await expectAccessible(releaser, 'an instruction')
  await expectReflow(releaser, 'an instruction')
  await releaser.goto(`/orders/${running.code}`)
  await releaser.getByRole('link', { name: 'WI-8, version 1' }).waitFor()
  await releaser.goto(`/orders/${fresh.code}`)
  await releaser.getByRole('link', { name: 'WI-8, version 2' }).waitFor()
  const versions = await as('engineer')(listInstructions, { code: 'WI-8' })
  expect(versions.map(({ version, state }) => `${version} ${state}`).toSorted()).toEqual(['1 retired', '2 effective'])
})

test('who uses a bill of material is said before quality retires it; a logbook that is closed by signature takes nothing more', async () => {
  const order = await releasedOrder()
  const page = await windows.at('quality', '/bills-of-material/RESIN-8')
  await page.getByRole('link', { name: order.code }).waitFor()
  await expectAccessible(page, 'a bill of material')
  await page.getByRole('button', { name: 'Retire' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(new RegExp(`${order.code}.* made by it, and keep`)).waitFor()
  await dialog.getByLabel('Reason').fill('The hardener is no longer made')
  await dialog.getByRole('button', { name: 'Retire' }).click()
  await page.getByText('No version is effective').waitFor()
  expect(await as('quality')(listBoms, { product: 'RESIN-8' })).toMatchObject([{ state: 'retired' }])

  const forms = [{ key: 'use', title: { en: 'Use' }, fields: [] }]
  const book = await as('engineer')(setLogbook, {
    ...{ nodeId: idOf(cutting), kind: 'equipment', name: 'Old mixer', templates: forms, reason: 'A trial' },
  })
  await page.goto(`/logbooks/${book.id}`)
  await page.getByRole('button', { name: 'Close it for good' }).click()
  await signSheet(page, 'quality', 'The mixer was sold')
  await page.getByText(/Closed by .*: The mixer was sold/).waitFor()
  expect(await page.getByRole('button', { name: 'Write an entry' }).count()).toBe(0)
  await expectAccessible(page, 'a closed logbook')
  await expectReflow(page, 'a closed logbook')
})
