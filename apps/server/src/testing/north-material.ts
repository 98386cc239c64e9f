import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import { adoptMaterialDefinitions, makeContainer, receiveLot, registerAsset, weigh } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { North } from './north.ts'

const system = systemActor('test')
const reason = 'to be seen in this test'

/** The code of a lot of the north, whose name tells of no place. */
export const lotCode = 'RESIN-7'

/** What a receipt says beside its place. */
export const receipt = {
  ...{ material: 'RESIN', quantity: decimalOf(10), supplier: 'Fibre Works', supplierLot: 'F-7', certificate: null },
}

/** Lots, a container and a weighing in the north. */
export async function placeMaterial(
  platform: Platform,
  nodeId: Id<'EquipmentNode'>,
): Promise<Pick<North, 'lots' | 'container' | 'weighing'>> {
  const resin = {
    code: 'RESIN',
    name: 'Resin',
    kind: 'raw',
    unit: 'kg',
    control: 'lot',
    quarantineOnReceipt: false,
  } as const
  await platform.run(adoptMaterialDefinitions, system, { materials: [resin], document: 'MAT-1', reason })
  const lot = await platform.run(receiveLot, system, { ...receipt, code: lotCode, nodeId })
  const second = await platform.run(receiveLot, system, { ...receipt, nodeId })
  const box = await platform.run(makeContainer, system, { kind: 'box', nodeId })
  const asset = { code: 'SC-N', kind: 'scale', type: 'bench-scale', nodeId, needsCalibration: false } as const
  await platform.run(registerAsset, system, { ...asset, intervalDays: null })
  const amounts = { target: '1', below: '0.1', above: '0.1', tare: '0', gross: '1' }
  const weighed = await platform.run(weigh, system, { lotId: lot.id, scale: 'SC-N', source: 'scale', ...amounts })
  return { lots: [lot.id, second.id], container: box.id, weighing: weighed.id }
}
