import type { Instant } from '@throughline/kernel'
import { newId, plusMs } from '@throughline/kernel'
import type { Asset } from '@throughline/model'
import {
  createNode,
  listAssets,
  listCalibrations,
  listCleaning,
  recordCalibration,
  registerAsset,
  setAssetState,
  setCleaningRule,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { getCleaning, setCleaning } from '../cleaning/operations.ts'
import { cleaningProblem } from '../cleaning/rules.ts'
import { startPlant } from '../testing/start-plant.ts'
import { usageProblem } from './rules.ts'
import { findAsset } from './store.ts'

const plant = await startPlant(pino({ level: 'silent' }))
const { platform, system, clock, db } = plant
afterAll(() => plant.close())
const day = 86_400_000

const node = (parentId: string | null, level: 'enterprise' | 'site' | 'work-center', name: string) =>
  platform.run(createNode, system, { parentId, level, name, ...(level === 'site' ? { timeZone: 'UTC' } : {}) })
const works = await node(null, 'enterprise', 'Works')
const [north, south] = [await node(works.id, 'site', 'North'), await node(works.id, 'site', 'South')]
const press = await node(north.id, 'work-center', 'PRESS-1')

const wrench = { kind: 'gauge' as const, type: 'torque-wrench', needsCalibration: true, intervalDays: 180 }
const register = (code: string, change: object = {}) =>
  platform.run(registerAsset, system, { ...wrench, code, nodeId: null, ...change })
const calibrate = (asset: Asset, change: object = {}) =>
  platform.run(recordCalibration, system, {
    assetId: asset.id,
    at: clock.now(),
    asFound: 'in-tolerance' as const,
    asLeft: 'in-tolerance' as const,
    certificate: 'C-1',
    dueAt: null,
    ...change,
  })
const problem = async (code: string, at: Instant = clock.now()) => {
  const asset = await findAsset(db, code)
  return asset && usageProblem(asset, at, String)
}

test('[AS-7.1.5.2] a gauge may be used from its calibration until that runs out', async () => {
  const asset = await register('TW-1')
  expect(await problem('tw-1')).toMatch(/never calibrated/)
  const { asset: done } = await calibrate(asset)
  expect(done.calibrationDueAt).toBe(plusMs(clock.now(), 180 * day))
  expect(await problem('TW-1')).toBeUndefined()
  expect(await problem('TW-1', plusMs(clock.now(), 180 * day))).toMatch(/ran out/)
})

test('[AS-7.1.5.2!] found out of tolerance, it says since when what it measured is in doubt, and may not be used', async () => {
  const asset = await register('TW-2')
  const { calibration: good } = await calibrate(asset)
  const told: unknown[] = []
  platform.on('equipment.calibration-recorded', 'test.calibration', async (_uow, event) => {
    if (event.code === 'TW-2' && event.asFound === 'out-of-tolerance') told.push(event)
  })
  clock.advanceMs(day)
  await calibrate(asset, { asFound: 'out-of-tolerance', asLeft: 'out-of-tolerance' })
  await platform.idle()
  expect(told).toMatchObject([{ asFound: 'out-of-tolerance', since: good.at }])
  expect(await problem('TW-2')).toMatch(/out of tolerance/)
  clock.advanceMs(day)
  await calibrate(asset, { asFound: 'out-of-tolerance' })
  expect(await problem('TW-2')).toBeUndefined()
  expect(await platform.run(listCalibrations, system, { assetId: asset.id })).toHaveLength(3)
})

test('what needs no calibration may be used, but not when it is out of service; retired is for good', async () => {
  const asset = await register('FIX-1', { kind: 'fixture', needsCalibration: false, intervalDays: null })
  expect(await problem('FIX-1')).toBeUndefined()
  const set = (state: Asset['state']) =>
    platform.run(setAssetState, system, { assetId: asset.id, state, reason: 'a pin is bent' })
  await set('out-of-service')
  expect(await problem('FIX-1')).toMatch(/out of service/)
  await set('retired')
  await expect(set('in-service')).rejects.toMatchObject({ kind: 'conflict', code: 'equipment.asset-retired' })
})

test.each([
  ['in the future', { at: plusMs(clock.now(), 10 * day) }, 'equipment.calibration-future'],
  ['due before it was done', { dueAt: 1 as Instant }, 'equipment.calibration-due'],
  ['of nothing', { assetId: newId<'Asset'>() }, 'equipment.asset-unknown'],
])('a calibration %s is refused', async (_words, change, code) => {
  const asset = (await findAsset(db, 'TW-1')) ?? (await register('TW-1'))
  await expect(calibrate(asset, change)).rejects.toMatchObject({ code })
})

test('a number is given once, whatever its case; a calibration never changes, not even with SQL', async () => {
  await register('TW-3')
  await expect(register('tw-3')).rejects.toMatchObject({ kind: 'conflict', code: 'equipment.asset-known' })
  await expect(sql`update equipment.calibration set as_found = 'in-tolerance'`.execute(plant.owner)).rejects.toThrow()
})

test('[SR-2.1!] who works at one site sees and changes the gauges there, and those that stand nowhere', async () => {
  const [here, there] = [await register('N-1', { nodeId: press.id }), await register('S-1', { nodeId: south.id })]
  const engineer = actorWith(['equipment.model.read', 'equipment.asset.write'], north.id)
  const seen = (await platform.run(listAssets, engineer, {})).map(({ code }) => code)
  expect(seen).toEqual(expect.arrayContaining(['N-1', 'TW-3']))
  expect(seen).not.toContain('S-1')
  const stop = { state: 'out-of-service' as const, reason: 'dropped' }
  expect(await platform.run(setAssetState, engineer, { assetId: here.id, ...stop })).toMatchObject({ code: 'N-1' })
  await expect(platform.run(setAssetState, engineer, { assetId: there.id, ...stop })).rejects.toMatchObject({
    code: 'platform.out-of-scope',
  })
})

test('equipment is unknown until somebody cleans it, clean for its hold time, in use, then dirty', async () => {
  const say = (status: 'clean' | 'in-use' | 'dirty', use: string | null = null) =>
    platform.act('test', 'equipment.cleaning.say', {}, (uow) => setCleaning(uow, press.id, status, uow.at, use))
  const why = async () => cleaningProblem('PRESS-1', await getCleaning({ trx: db }, press.id), clock.now(), String)
  expect(await why()).toMatch(/Nobody recorded/)
  const holds = { cleanHoldSeconds: 3600, dirtyHoldSeconds: 7200, reason: 'validated hold times' }
  await platform.run(setCleaningRule, system, { nodeId: press.id, ...holds })
  await say('clean')
  expect(await why()).toBeUndefined()
  const [shown] = await platform.run(listCleaning, actorWith(['equipment.model.read'], north.id), {})
  expect(shown).toMatchObject({ nodeId: press.id, status: 'clean', cleanUntil: plusMs(clock.now(), 3_600_000) })
  expect(await platform.run(listCleaning, actorWith(['equipment.model.read'], south.id), {})).toEqual([])
  clock.advanceMs(3_600_000)
  expect(await why()).toMatch(/clean until/)
  await say('in-use', 'WO-1')
  expect(await why()).toMatch(/in use for WO-1/)
  await say('dirty')
  expect(await why()).toMatch(/dirty after WO-1/)
  expect((await getCleaning({ trx: db }, press.id)).cleanBy).toBe(plusMs(clock.now(), 7_200_000))
})

test('what came before what is known of cleaning is refused: its logbook corrects it', async () => {
  const early = (clock.now() - 10_000_000) as Instant
  const late = platform.act('test', 'equipment.cleaning.say', {}, (uow) =>
    setCleaning(uow, press.id, 'clean', early, null),
  )
  await expect(late).rejects.toMatchObject({ kind: 'conflict', code: 'equipment.cleaning-late' })
})
