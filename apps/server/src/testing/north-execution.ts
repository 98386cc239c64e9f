import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  createOrder,
  holdOrder,
  listOrderRuns,
  releaseOrder,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { North } from './north.ts'

const system = systemActor('test')
const reason = 'to be seen in this test'

/** What an order says beside its site. */
export const orderContent = { product: 'KIT', quantity: decimalOf(3) }

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
