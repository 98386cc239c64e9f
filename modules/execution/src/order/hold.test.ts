import { decimalOf, newId } from '@throughline/kernel'
import { consume, startShelfLife } from '@throughline/material'
import type { OperationRun, Order } from '@throughline/model'
import {
  beginOutage,
  closeContainer,
  completeRun,
  endOrderHold,
  endOutage,
  getLot,
  getReadiness,
  holdOrder,
  listOrders,
  makeContainer,
  packContainer,
  registerAsset,
  releaseOrder,
  reportRun,
  splitLot,
  startRun,
} from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listGaugeUses } from '../step-entry/gauge-use.ts'
import type { Operation, StartedExecution } from '../testing/start-execution.ts'
import { bracketRoute, startExecution } from '../testing/start-execution.ts'
import { workAll } from '../testing/work-all.ts'

let plant: StartedExecution
const bench = { path: 'Aurora/AERO/Bench' }
const oneStep: Operation[] = [{ sequence: 10, name: 'Mix', at: bench }]

beforeAll(async () => {
  plant = await startExecution()
  await plant.route('R-BRK', 'BRK', bracketRoute, { overPercent: 50 })
  await plant.route('R-MIX', 'MIX', oneStep, { underPercent: 5, overPercent: 5 })
})
afterAll(() => plant?.close())

const release = ({ id: orderId, version }: Order, codes: string[] = []) =>
  plant.platform.run(releaseOrder, plant.anybody, { orderId, version, codes })
const start = (run: Pick<OperationRun, 'id'>, path: string) =>
  plant.platform.run(startRun, plant.anybody, { runId: run.id, nodeId: plant.node(path) })
const complete = ({ id: runId, version }: OperationRun) =>
  plant.platform.run(completeRun, plant.anybody, { runId, version })
const refused = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) })

test('[EXE-1!] a held order neither begins nor goes on, and says why, until the hold ends with a reason', async () => {
  const order = await plant.released('BRK', 1)
  const [run] = await plant.runsOf(order)
  if (run === undefined) throw new Error('no run')
  const begun = await start(run, 'Aurora/AERO/Layup/T-01')
  const { platform, anybody } = plant
  const held = await platform.run(holdOrder, anybody, { orderId: order.id, reason: 'drawing in doubt' })
  expect(held.holds).toMatchObject([{ cause: 'person', by: 'ada', reason: 'drawing in doubt', ended: null }])
  await expect(complete(begun)).rejects.toEqual(refused('execution.order-held', 'held by ada: drawing in doubt'))
  const [ready] = await platform.run(getReadiness, anybody, { orderId: order.id })
  expect(ready?.gates.filter(({ open }) => !open)).toMatchObject([{ kind: 'order-held', overridable: false }])
  const { orders } = await platform.run(listOrders, anybody, { held: true })
  expect(orders.map(({ id }) => id)).toEqual([order.id])
  const [hold] = held.holds
  const end = { orderId: order.id, holdId: hold?.id as never, reason: 'drawing is right' }
  expect((await platform.run(endOrderHold, anybody, end)).holds).toMatchObject([
    { ended: { reason: 'drawing is right' } },
  ])
  await expect(platform.run(endOrderHold, anybody, end)).rejects.toEqual(refused('execution.hold-ended'))
  expect(await complete(begun)).toMatchObject({ state: 'completed' })
  const created = await plant.order('BRK', 1)
  const stopped = await platform.run(holdOrder, anybody, { orderId: created.id, reason: 'waits for money' })
  await expect(release(stopped)).rejects.toEqual(refused('execution.order-not-releasable', 'waits for money'))
})

test('[AS-8.7-2!] a quarantined lot holds every order that it went into at any depth at once, and gives them free again once', async () => {
  const roll = await plant.receive('PREPREG', 'PP-1', '50')
  const other = await plant.receive('PREPREG', 'PP-2', '50')
  const [one, two, clear] = [
    await plant.released('BRK', 1),
    await plant.released('BRK', 1),
    await plant.released('BRK', 1),
  ]
  const work = { orderId: null, runId: null, nodeId: plant.node('Aurora/AERO'), at: plant.clock.now() }
  const into = (lotId: never, lots: readonly string[]) =>
    plant.platform.act('test', 'test.consume', {}, async (uow) => {
      await consume(uow, { ...work, lotId, quantity: decimalOf(1), into: lots as never })
    })
  await into(roll.id as never, one.subjects)
  // The second one got it through the first, once that was made.
  await plant.platform.act('test', 'test.made', {}, async (uow) => {
    await startShelfLife(uow, { lotIds: one.subjects, at: uow.at })
  })
  await into(one.subjects[0] as never, two.subjects)
  await into(other.id as never, clear.subjects)
  await plant.setStatus(roll, 'quarantine')
  const holdsOf = async (order: Order) =>
    (await plant.again(order)).holds.map(({ cause, subject, ended }) => [cause, subject, ended === null])
  expect(await holdsOf(two)).toEqual([['material', 'PP-1', true]])
  expect(await holdsOf(clear)).toEqual([])
  const [run] = await plant.runsOf(two)
  await expect(start({ id: run?.id as never }, 'Aurora/AERO/Layup/T-01')).rejects.toMatchObject({
    details: { gates: [{ kind: 'order-held' }, { kind: 'material-status', subject: 'PP-1' }] },
  })
  const { holds } = await plant.again(two)
  const end = { orderId: two.id, holdId: holds[0]?.id as never, reason: 'I want it' }
  await expect(plant.platform.run(endOrderHold, plant.anybody, end)).rejects.toEqual(
    refused('execution.hold-has-cause', 'PP-1'),
  )
  // Told twice, it holds once; told late, what the lot is now counts.
  const tellAgain = (status: string) =>
    plant.platform.act('test', 'test.tell', {}, async (uow) => {
      uow.emit('material.lot-status-changed', {
        lotId: roll.id,
        code: 'PP-1',
        status,
        reason: '',
        descendants: [],
        at: uow.at,
      })
    })
  await tellAgain('quarantine')
  await tellAgain('available')
  await plant.platform.idle()
  expect(await holdsOf(two)).toEqual([['material', 'PP-1', true]])
  await plant.setStatus(roll, 'available')
  await tellAgain('available')
  await plant.platform.idle()
  expect(await holdsOf(two)).toEqual([['material', 'PP-1', false]])
  expect(await start({ id: run?.id as never }, 'Aurora/AERO/Layup/T-01')).toMatchObject({ state: 'running' })
})

test('[AS-8.7-2] a critical deviation holds the orders of its pieces until it is closed, told once more or not; a lesser one does not', async () => {
  const { platform } = plant
  const [order, other] = [await plant.released('BRK', 1), await plant.released('BRK', 1)]
  const at = plant.clock.now()
  const told = { deviationId: newId<'Deviation'>(at), orderId: null, runId: null, lots: order.subjects, at }
  const opened = { title: 'Delaminated', nodeId: null, cause: 'person' }
  const hear = async (name: 'quality.deviation-opened' | 'quality.deviation-closed', body: object) => {
    await platform.act('quality', 'test.tell', {}, async (uow) => uow.emit(name, body as never))
    await platform.idle()
  }
  await hear('quality.deviation-opened', { ...told, code: 'DEV-1', opened: { ...opened, severity: 'major' } })
  expect((await plant.again(order)).holds).toEqual([])
  const critical = { ...told, code: 'DEV-2', opened: { ...opened, severity: 'critical' } }
  await hear('quality.deviation-opened', critical)
  await hear('quality.deviation-opened', critical)
  expect((await plant.again(order)).holds).toMatchObject([
    { cause: 'deviation', subject: 'DEV-2', reason: 'DEV-2 is critical: Delaminated', ended: null },
  ])
  expect((await plant.again(other)).holds).toEqual([])
  await hear('quality.deviation-closed', { ...told, code: 'DEV-2', disposition: 'repair' })
  await hear('quality.deviation-opened', critical)
  expect((await plant.again(order)).holds).toMatchObject([{ ended: { reason: 'DEV-2 is closed: repair' } }])
})

test('[EXE-1!] equipment that is taken out of service holds what is in hand there until it is back, told once more or not', async () => {
  const { platform, anybody } = plant
  const [here, beside] = [await plant.released('BRK', 1), await plant.released('BRK', 1)]
  const runOf = async (order: Order) => ({ id: (await plant.runsOf(order))[0]?.id as never })
  const begun = await start(await runOf(here), 'Aurora/AERO/Layup/T-01')
  await start(await runOf(beside), 'Aurora/AERO/Layup/T-02')
  const nodeId = plant.node('Aurora/AERO/Layup/T-01')
  const path = 'aurora/aero/layup/t-01'
  await platform.run(beginOutage, anybody, { nodeId, reason: 'the table is bent' })
  const tellAgain = () =>
    platform.act('test', 'test.tell', {}, async (uow) =>
      uow.emit('equipment.outage-changed', { nodeId, path, inService: true, reason: '', at: uow.at }),
    )
  await tellAgain()
  await platform.idle()
  const { holds } = await plant.again(here)
  expect(holds).toMatchObject([
    { cause: 'equipment', subject: path, reason: `${path} is out of service: the table is bent`, ended: null },
  ])
  expect((await plant.again(beside)).holds).toEqual([])
  await expect(complete(begun)).rejects.toEqual(refused('execution.order-held', 'the table is bent'))
  const end = { orderId: here.id, holdId: holds[0]?.id as never, reason: 'I want it' }
  await expect(platform.run(endOrderHold, anybody, end)).rejects.toEqual(refused('execution.hold-has-cause', path))
  const third = await runOf(await plant.released('BRK', 1))
  await expect(start(third, 'Aurora/AERO/Layup/T-01')).rejects.toEqual(
    refused('execution.gate-closed', `${path} is out of service since`),
  )
  await expect(platform.run(beginOutage, anybody, { nodeId, reason: 'again' })).rejects.toEqual(
    refused('equipment.outage-open'),
  )
  await platform.run(endOutage, anybody, { nodeId, reason: 'straightened' })
  await platform.idle()
  expect((await plant.again(here)).holds).toMatchObject([{ ended: { reason: `${path} is in service again` } }])
  await expect(platform.run(endOutage, anybody, { nodeId, reason: 'again' })).rejects.toEqual(
    refused('equipment.outage-none'),
  )
  expect(await start(third, 'Aurora/AERO/Layup/T-01')).toMatchObject({ state: 'running' })
})

test('[AS-7.1.5.2!] a gauge that was found wrong holds the orders that it was used for until the deviation about it is closed', async () => {
  const { platform, anybody } = plant
  const wanted = { kind: 'tool', type: 'knife', nodeId: null, needsCalibration: false, intervalDays: null } as const
  const { id: assetId } = await platform.run(registerAsset, anybody, { ...wanted, code: 'KN-1' })
  const since = plant.clock.now()
  plant.clock.advanceMs(60_000)
  const [used, other, before] = [
    await plant.released('BRK', 1),
    await plant.released('BRK', 1),
    await plant.released('BRK', 1),
  ]
  const begin = async (order: Order, tools: string[]) => {
    const [run] = await plant.runsOf(order)
    const nodeId = plant.node('Aurora/AERO/Layup/T-02')
    return platform.run(startRun, anybody, { runId: run?.id as never, nodeId, tools })
  }
  const run = await begin(used, ['kn-1'])
  await begin(other, [])
  const at = plant.clock.now()
  plant.clock.advanceMs(60_000)
  await begin(before, ['KN-1'])
  const told = { assetId, code: 'KN-1', nodeId: null, since, leftOut: true, at }
  const hear = async (name: 'quality.gauge-doubted' | 'quality.deviation-closed', body: object) => {
    await platform.act('quality', 'test.tell', {}, async (uow) => uow.emit(name, body as never))
    await platform.idle()
  }
  const doubt = { ...told, deviationId: newId<'Deviation'>(at), deviation: 'DEV-7' }
  await hear('quality.gauge-doubted', { ...told, deviationId: null, deviation: null })
  await hear('quality.gauge-doubted', doubt)
  await hear('quality.gauge-doubted', doubt)
  expect(await listGaugeUses(platform.db, 'KN-1', since, at)).toMatchObject([
    { orderCode: used.code, runId: run.id, sequence: 10, lots: used.subjects },
  ])
  expect((await plant.again(used)).holds).toMatchObject([{ cause: 'equipment', subject: 'KN-1, DEV-7', ended: null }])
  for (const each of [other, before]) expect((await plant.again(each)).holds).toEqual([])
  await hear('quality.deviation-closed', { ...doubt, code: 'DEV-7', disposition: 'use-as-is', lots: [] })
  await hear('quality.gauge-doubted', doubt)
  expect((await plant.again(used)).holds).toMatchObject([{ ended: { reason: 'DEV-7 is closed: use-as-is' } }])
})

test('[AS-8.7-2] once its bad pieces are scrap, the lot that went into them holds the order no longer', async () => {
  const roll = await plant.receive('PREPREG', 'PP-3', '50')
  const order = await plant.released('BRK', 2)
  const [run] = await plant.runsOf(order)
  const begun = await start({ id: run?.id as never }, 'Aurora/AERO/Layup/T-01')
  await plant.platform.act('test', 'test.consume', {}, async (uow) => {
    const work = { orderId: order.id, runId: begun.id, nodeId: plant.node('Aurora/AERO'), at: uow.at }
    await consume(uow, { ...work, lotId: roll.id, quantity: decimalOf(1), into: begun.subjects })
  })
  await plant.setStatus(roll, 'quarantine')
  await plant.setStatus(roll, 'rejected')
  expect((await plant.again(order)).holds).toMatchObject([{ subject: 'PP-3', ended: null }])
  const scrap = [{ quantity: decimalOf(1), reasonId: null, reason: 'bad prepreg' }]
  await plant.platform.run(reportRun, plant.anybody, {
    runId: begun.id,
    version: begun.version,
    good: decimalOf(0),
    scrap,
  })
  await plant.platform.idle()
  expect((await plant.again(order)).holds).toMatchObject([
    { subject: 'PP-3', ended: { reason: expect.stringContaining('PP-3') } },
  ])
})

test('what an order is still making is neither shipped nor divided; once it is done its shelf life begins', async () => {
  const { platform, anybody } = plant
  const order = await plant.released('MIX', '10')
  const lotId = order.subjects[0] as never
  const box = await platform.run(makeContainer, anybody, { kind: 'tote', nodeId: plant.node(bench.path) })
  await platform.run(packContainer, anybody, { containerId: box.id, putIn: [lotId] })
  const become = (state: 'closed' | 'shipped') =>
    platform.run(closeContainer, anybody, { containerId: box.id, state, reason: 'to the customer' })
  const ship = () => become('shipped')
  await expect(ship()).rejects.toEqual(refused('execution.piece-in-work', `${order.code} is still making it`))
  const divide = platform.run(splitLot, anybody, { lotId, parts: [{ quantity: decimalOf(1) }] })
  await expect(divide).rejects.toEqual(refused('execution.piece-in-work', 'cannot be split'))
  expect(await platform.run(getLot, anybody, { lotId })).toMatchObject({ expiresAt: null })
  const { completedAt } = await workAll(plant, order)
  const held = await platform.run(holdOrder, anybody, { orderId: order.id, reason: 'assay in doubt' })
  await expect(ship()).rejects.toEqual(refused('execution.piece-in-work', `${order.code} is held`))
  await platform.run(endOrderHold, anybody, {
    ...{ orderId: order.id, holdId: held.holds[0]?.id as never, reason: 'assay is right' },
  })
  await become('closed')
  await ship()
  expect(await platform.run(getLot, anybody, { lotId })).toMatchObject({
    status: 'shipped',
    expiresAt: (completedAt ?? 0) + 30 * 86_400e6,
  })
})
