import type { AndonCall, Stop } from '@throughline/model'
import { acknowledgeCall, callHelp, listCalls, resolveCall } from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedStops } from '../stop/testing/start-stops.ts'
import { startStops } from '../stop/testing/start-stops.ts'

const may = ['performance.read', 'performance.andon.call', 'performance.andon.respond'] as const
let plant: StartedStops
beforeAll(async () => {
  plant = await startStops()
})
afterAll(() => plant.stop())

const filler = () => plant.node('north/fill/FIL-01')
const olive = () => plant.person('olive', may, plant.node('north'))
const milo = () => plant.person('milo', may, plant.node('north'))
const call = (kind: AndonCall['kind'], more: { nodeId?: AndonCall['nodeId']; stopId?: Stop['id'] | null } = {}) =>
  plant.platform.run(callHelp, olive(), { nodeId: filler(), kind, text: 'nozzle 7 drips', ...more })
const acknowledge = ({ id: callId }: AndonCall, who = milo()) => plant.platform.run(acknowledgeCall, who, { callId })
const resolve = ({ id: callId }: AndonCall, who = milo()) =>
  plant.platform.run(resolveCall, who, { callId, resolution: 'nozzle changed' })
const list = (onlyOpen = false, from = -600) =>
  plant.platform.run(listCalls, olive(), { window: { from: plant.at(from), to: plant.at(600) }, onlyOpen })

test('somebody calls, somebody comes, it is resolved: each with its name and its time', async () => {
  const [followed] = await plant.states(filler(), [['down', -10, null]])
  const calledAt = plant.clock.now()
  const called = await call('maintenance', { stopId: followed?.id ?? null })
  expect(called).toMatchObject({ state: 'called', calledAt, calledBy: 'olive', stopId: followed?.id })
  const acknowledgedAt = plant.clock.advanceMs(90_000)
  expect(await acknowledge(called)).toMatchObject({ state: 'acknowledged', acknowledgedAt, acknowledgedBy: 'milo' })
  const resolvedAt = plant.clock.advanceMs(600_000)
  const resolved = await resolve(called)
  expect(resolved).toMatchObject({ state: 'resolved', resolvedAt, resolvedBy: 'milo', resolution: 'nozzle changed' })
  expect(await list()).toContainEqual(resolved)
  expect(await list(true)).toEqual([])
})

test('each step is taken once: the second hears who was before', async () => {
  const called = await call('quality')
  await expect(resolve(called)).rejects.toMatchObject({ kind: 'conflict', code: 'performance.andon-unanswered' })
  const both = await Promise.allSettled([acknowledge(called), acknowledge(called, olive())])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(acknowledge(called)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'performance.andon-acknowledged',
    message: expect.stringMatching(/^(milo|olive) said at 2026/),
  })
  await resolve(called)
  for (const again of [acknowledge, resolve]) {
    await expect(again(called)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'performance.andon-resolved',
      message: expect.stringMatching(/^milo resolved this call at 2026.*: nozzle changed$/),
    })
  }
})

test('two open calls of one kind at one machine are one, also from two at the same moment', async () => {
  const [first, second] = await Promise.all([call('material'), call('material')])
  expect(second.id).toBe(first.id)
  expect((await call('material', { nodeId: plant.node('north/fill/FIL-02') })).id).not.toBe(first.id)
  expect((await call('safety')).id).not.toBe(first.id)
  await acknowledge(first)
  expect((await call('material')).id).toBe(first.id)
  await resolve(first)
  expect((await call('material')).id).not.toBe(first.id)
})

test('open calls come first, and stay in the list however long ago they were made', async () => {
  const old = await call('supervisor')
  plant.clock.advanceMs(60_000)
  const minute = (plant.clock.now() - plant.at(0)) / 60e6
  const done = await call('supervisor', { nodeId: plant.node('north/pack/PAK-01') })
  await acknowledge(done)
  await resolve(done)
  const ids = (await list(false, minute)).map(({ id }) => id)
  expect(ids).toContain(old.id)
  expect(ids.at(-1)).toBe(done.id)
})

test('a call for a stop of another machine, at no machine at all, or that does not exist is refused', async () => {
  const [other] = await plant.states(plant.node('north/fill/FIL-02'), [['down', -10, null]])
  await expect(call('safety', { stopId: other?.id ?? null })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'performance.andon-stop-elsewhere',
  })
  const nowhere = other?.id as unknown as AndonCall['nodeId']
  await expect(plant.platform.run(callHelp, plant.system, { nodeId: nowhere, kind: 'safety' })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'performance.node-unknown',
  })
  const unknown = { id: other?.id as unknown as AndonCall['id'] } as AndonCall
  await expect(acknowledge(unknown)).rejects.toMatchObject({ kind: 'not-found', code: 'performance.andon-unknown' })
  await expect(
    plant.platform.runByName(callHelp.name, olive(), { nodeId: filler(), kind: 'coffee' }),
  ).rejects.toMatchObject({ code: 'platform.input-invalid' })
})

test('[SR-2.1!, SR-2.1-RE2!] who lacks the permission, or holds it elsewhere, calls, answers and sees nothing', async () => {
  const called = await call('maintenance')
  const window = { from: plant.at(-600), to: plant.at(600) }
  for (const who of [plant.person('nina', []), plant.person('eve', may, plant.node('south'))]) {
    const refused = { kind: 'forbidden' }
    await expect(plant.platform.run(callHelp, who, { nodeId: filler(), kind: 'safety' })).rejects.toMatchObject(refused)
    await expect(acknowledge(called, who)).rejects.toMatchObject(refused)
    await expect(resolve(called, who)).rejects.toMatchObject(refused)
    await expect(plant.platform.run(listCalls, who, { nodeId: filler(), window })).rejects.toMatchObject(refused)
  }
  expect(await plant.platform.run(listCalls, plant.person('eve', may, plant.node('south')), { window })).toEqual([])
})
