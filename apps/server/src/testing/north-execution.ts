import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Id } from '@throughline/kernel'
import { decimalOf, fromMs } from '@throughline/kernel'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  createOrder,
  holdOrder,
  listOrderRuns,
  permissions,
  recordStep,
  registerDeviceKey,
  releaseOrder,
  setLogbook,
  startRun,
  storeMedia,
  submitQueue,
  writeLogbook,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { canonicalJson, systemActor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import type { North } from './north.ts'

const system = systemActor('test')
const reason = 'to be seen in this test'
/** The smallest PNG there is. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What an order says beside its site. */
export const orderContent = { product: 'KIT', quantity: decimalOf(3) }

/** What a logbook says beside its place. */
export const logbookContent = {
  kind: 'shift' as const,
  name: 'northern shift',
  templates: [{ key: 'hand-over', title: { en: 'Hand-over' }, fields: [] }],
}

/** An entry of a logbook in the north, and one of a step of an operation that goes on there. */
export async function placeEntries(
  platform: Platform,
  nodeId: Id<'EquipmentNode'>,
  siteId: Id<'EquipmentNode'>,
): Promise<Pick<North, 'logbook' | 'logbookEntry' | 'stepEntry' | 'media'>> {
  const product = { code: 'JIG', name: 'Jig', kind: 'product', unit: 'kg', control: 'lot' } as const
  await platform.run(adoptMaterialDefinitions, system, { materials: [product], document: 'MAT-3', reason })
  const { blob: media } = await platform.run(storeMedia, system, { contentType: 'image/png', content: picture })
  const shown = [{ kind: 'picture', blob: media, alt: { en: 'Jig' } }]
  const steps = [{ key: 'look', title: { en: 'Look' }, ask: { type: 'check' }, media: shown }]
  const instructions = [{ code: 'WI-JIG', title: { en: 'Jig' }, steps }]
  const operations = [
    { sequence: 10, name: 'Fit', at: { path: 'acme/north/utilities/packing' }, instruction: 'WI-JIG' },
  ]
  const workDefinitions = [{ code: 'R-JIG', product: 'JIG', operations }]
  await platform.run(adoptDefinitions, system, { instructions, workDefinitions, document: 'WD-2', reason })
  const quantity = decimalOf(1)
  const { id: orderId, version } = await platform.run(createOrder, system, { product: 'JIG', quantity, siteId })
  await platform.run(releaseOrder, system, { orderId, version })
  const [run] = await platform.run(listOrderRuns, system, { orderId })
  const runId = run?.id as Id<'OperationRun'>
  await platform.run(startRun, system, { runId, nodeId })
  const value = { type: 'check', done: true } as const
  const { id: stepEntry } = await platform.run(recordStep, system, { runId, step: 'look', value })
  const { id: logbook } = await platform.run(setLogbook, system, { ...logbookContent, nodeId: siteId, reason })
  const entry = { logbookId: logbook, template: 'hand-over', values: {}, text: 'all is well', order: null }
  await deliverNonsense(platform, logbook)
  return { logbook, stepEntry, media, logbookEntry: (await platform.run(writeLogbook, system, entry)).id }
}

/** Something that a station in the north made without a connection, and that is refused: nobody knows its maker. */
async function deliverNonsense(platform: Platform, logbookId: Id<'Logbook'>): Promise<void> {
  const worker = actorWith(permissions)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const device = randomUUID()
  await platform.run(registerDeviceKey, worker, { device, publicKey: { ...publicKey.export({ format: 'jwk' }) } })
  const deviceNow = fromMs(Date.now())
  const content = {
    ...{ id: randomUUID(), sequence: 1, operation: 'execution.logbook.write' as const },
    input: { logbookId, template: 'none', values: {}, text: '', order: null },
    ...{ personId: randomUUID() as Id<'Person'>, deviceAt: deviceNow, previous: '0'.repeat(64) },
  }
  const text = Buffer.from(canonicalJson(content))
  const signature = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64')
  await platform.run(submitQueue, worker, { device, deviceNow, entries: [{ ...content, signature }] })
}

/** An order in the north whose one operation is ready, and another one that is held. */
export async function placeOrders(
  platform: Platform,
  siteId: Id<'EquipmentNode'>,
): Promise<Pick<North, 'order' | 'run' | 'hold'>> {
  const kit = { code: 'KIT', name: 'Kit', kind: 'product', unit: 'kg', control: 'lot' } as const
  await platform.run(adoptMaterialDefinitions, system, { materials: [kit], document: 'MAT-2', reason })
  const operations = [{ sequence: 10, name: 'Mix', at: { path: 'acme/north/utilities/p-01' } }]
  const workDefinitions = [{ code: 'R-KIT', product: 'KIT', operations }]
  await platform.run(adoptDefinitions, system, { workDefinitions, document: 'WD-1', reason })
  const { id: orderId, version } = await platform.run(createOrder, system, { ...orderContent, siteId })
  await platform.run(releaseOrder, system, { orderId, version })
  const [run] = await platform.run(listOrderRuns, system, { orderId })
  const other = await platform.run(createOrder, system, { ...orderContent, siteId })
  const { holds } = await platform.run(holdOrder, system, { orderId: other.id, reason })
  return { order: orderId, run: run?.id as Id<'OperationRun'>, hold: holds[0]?.id as Id<'OrderHold'> }
}
