import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import {
  confirmWeighing,
  getLot,
  listWeighings,
  permissions,
  reconcileMaterial,
  recordCalibration,
  registerAsset,
  setLotStatus,
  weigh,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { afterAll, expect, test } from 'vitest'
import { startMaterial } from '../testing/start-material.ts'

const plant = await startMaterial()
const { platform, system, clock, receive, content } = plant
afterAll(() => plant.stop())

await plant.adopt([content('SALT')])
const [ada, bob] = [actorWith(permissions), { ...actorWith(permissions), name: 'bob' }]
const asset = { kind: 'scale' as const, type: 'bench-scale', nodeId: null, needsCalibration: true, intervalDays: 30 }
const scale = await platform.run(registerAsset, system, { ...asset, code: 'SCL-1' })
await platform.run(registerAsset, system, { ...asset, code: 'SCL-2' })
await platform.run(registerAsset, system, { ...asset, kind: 'gauge', code: 'CAL-1' })
await platform.run(recordCalibration, system, {
  ...{
    assetId: scale.id,
    at: clock.now(),
    asFound: 'in-tolerance',
    asLeft: 'in-tolerance',
    certificate: 'K-1',
    dueAt: null,
  },
})
const orderId = newId<'Order'>()
const put = (lot: Pick<Lot, 'id'>, tare: string, gross: string, changes: object = {}) =>
  platform.run(weigh, ada, {
    ...{
      lotId: lot.id,
      orderId,
      scale: 'SCL-1',
      target: '2.5',
      below: '0.01',
      above: '0.02',
      tare,
      gross,
      source: 'scale' as const,
    },
    ...changes,
  })
const confirm = (weighingId: Id<'Weighing'>, actor = bob) => platform.run(confirmWeighing, actor, { weighingId })

test('[211.101d-1] what one person weighed and another confirmed is taken from the lot, exactly gross less tare', async () => {
  const lot = await receive('SALT', '10')
  const weighed = await put(lot, '0.1', '2.607')
  expect(weighed).toMatchObject({ net: '2.507', within: true, weighedBy: 'ada', confirmedBy: null, unit: 'kg' })
  expect((await platform.run(getLot, ada, { lotId: lot.id })).quantity).toBe('10')
  const confirmed = await confirm(weighed.id)
  expect(confirmed).toMatchObject({ confirmedBy: 'bob', dispensedLotId: expect.any(String) })
  const dispensed = await platform.run(getLot, ada, { lotId: confirmed.dispensedLotId as Id<'Lot'> })
  expect(dispensed).toMatchObject({ material: 'SALT', quantity: '2.507', supplierLot: 'F-77', status: 'available' })
  expect((await platform.run(getLot, ada, { lotId: lot.id })).quantity).toBe('7.493')
  expect(await platform.run(listWeighings, ada, { orderId })).toEqual([confirmed])
  const [balance] = await platform.run(reconcileMaterial, ada, { orderId })
  expect(balance).toMatchObject({ material: 'SALT', transferredIn: '2.507', remaining: '2.507', unaccounted: '0' })
})

test('[211.101d-1!, A11-6!] who weighed cannot confirm, and nothing is confirmed twice', async () => {
  const lot = await receive('SALT', '10')
  const weighed = await put(lot, '0', '2.5', { source: 'typed' })
  await expect(confirm(weighed.id, ada)).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'material.second-person-needed',
  })
  const both = await Promise.allSettled([confirm(weighed.id), confirm(weighed.id)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await platform.run(getLot, ada, { lotId: lot.id })).quantity).toBe('7.5')
})

test('[211.101d-1!] a lot that quality stopped after the weighing is not taken from', async () => {
  const lot = await receive('SALT', '10')
  const weighed = await put(lot, '0', '2.5')
  await platform.run(setLotStatus, system, { lotId: lot.id, version: 1, status: 'blocked', reason: 'found damp' })
  await expect(confirm(weighed.id)).rejects.toThrow(/is blocked \(found damp\)/)
})

test.each([
  ['the least that may be', '2.49', {}, undefined],
  ['the most that may be', '2.52', {}, undefined],
  ['a hair below', '2.489999', {}, 'material.weighing-out-of-tolerance'],
  ['a hair above', '2.520001', {}, 'material.weighing-out-of-tolerance'],
  ['gross not above the tare', '2.5', { tare: '2.5' }, 'material.weighing-invalid'],
  ['a tare below 0', '2.4', { tare: '-0.1' }, 'material.weighing-invalid'],
  ['a tolerance below 0', '2.5', { below: '-1' }, 'material.weighing-invalid'],
  ['a scale that nobody registered', '2.5', { scale: 'SCL-9' }, 'material.asset-unknown'],
  ['a scale that was never calibrated', '2.5', { scale: 'SCL-2' }, 'material.scale-not-usable'],
  ['a caliper', '2.5', { scale: 'CAL-1' }, 'material.no-scale'],
  ['more than there is', '20', { target: '20' }, 'material.lot-too-little'],
])('[211.101d-1!, 211.68b!] a weighing with %s', async (_words, gross, changes, code) => {
  const asked = put(await receive('SALT', '10'), '0', gross, changes)
  if (code === undefined) expect((await asked).net).toBe(gross)
  else await expect(asked).rejects.toMatchObject({ code })
})

test('[AS-7.1.5.2!, P11-10h-1!] a scale whose calibration ran out is refused', async () => {
  clock.advanceMs(30 * 86_400_000)
  await expect(put(await receive('SALT', '10'), '0', '2.5')).rejects.toThrow(/The calibration of SCL-1 ran out/)
})
