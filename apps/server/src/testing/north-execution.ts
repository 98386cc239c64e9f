import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  createOrder,
  holdOrder,
  listOrderRuns,
  recordStep,
  releaseOrder,
  setLogbook,
  startRun,
  writeLogbook,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { North } from './north.ts'

const system = systemActor('test')
const reason = 'to be seen in this test'

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
): Promise<Pick<North, 'logbook' | 'logbookEntry' | 'stepEntry'>> {
  const product = { code: 'JIG', name: 'Jig', kind: 'product', unit: 'kg', control: 'lot' } as const
  await platform.run(adoptMaterialDefinitions, system, { materials: [product], document: 'MAT-3', reason })
  const steps = [{ key: 'look', title: { en: 'Look' }, ask: { type: 'check' } }]
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
  return { logbook, stepEntry, logbookEntry: (await platform.run(writeLogbook, system, entry)).id }
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
