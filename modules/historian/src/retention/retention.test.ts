import { getAggregate, getRetention, listSamples, setRetention } from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchOf, reading } from '../testing/batches.ts'
import type { StartedHistorian } from '../testing/start-historian.ts'
import { startHistorian } from '../testing/start-historian.ts'
import { dropBefore } from './rules.ts'

const manager = actorWith(['historian.sample.read', 'historian.retention.write'])
const dayUs = 86_400e6
let started: StartedHistorian

beforeAll(async () => {
  started = await startHistorian()
})
afterAll(() => started.stop())

test('everything is kept until somebody sets otherwise', async () => {
  expect(await started.platform.run(getRetention, manager, {})).toEqual({ rawDays: null, minuteDays: null })
  expect(await started.historian.applyRetention(started.clock.now())).toEqual({ samples: 0 })
})

test('raw samples go after their days, and what they said stays in the rollups', async () => {
  const now = started.clock.now()
  const tag = started.plant.add('old', 'double')
  const old = now - 5 * dayUs
  await started.historian.append(
    batchOf('agent', 1, [reading(tag, old, 4), reading(tag, old + 60e6, 8), reading(tag, now - 60e6, 1)]),
  )
  const reason = 'disk is small'
  await started.platform.run(setRetention, manager, { rawDays: 2, minuteDays: null, reason })
  expect(await started.historian.applyRetention(now)).toEqual({ samples: 2 })
  const window = { from: old - (old % 60e6), to: old + 120e6 }
  const { samples } = await started.platform.run(listSamples, manager, { tagId: tag, window })
  expect(samples).toEqual([])
  expect(await started.platform.run(getAggregate, manager, { tagId: tag, window })).toMatchObject({
    min: 4,
    max: 8,
    count: 2,
  })
  expect(started.historian.last(tag)?.value).toBe(1)
})

test('minutes must outlive raw samples', async () => {
  const set = (rawDays: number | null, minuteDays: number | null) =>
    started.platform.run(setRetention, manager, { rawDays, minuteDays, reason: 'trying' })
  await expect(set(null, 30)).rejects.toMatchObject({ kind: 'invalid', code: 'historian.retention-order' })
  await expect(set(60, 30)).rejects.toMatchObject({ kind: 'invalid', code: 'historian.retention-order' })
  expect(await set(30, 60)).toEqual({ rawDays: 30, minuteDays: 60 })
})

test('[SR-2.1!] only who may, for the whole plant, sets it', async () => {
  const input = { rawDays: 1, minuteDays: null, reason: 'mischief' }
  const local = actorWith(['historian.retention.write'], started.plant.aero)
  await expect(started.platform.run(setRetention, local, input)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(started.platform.run(setRetention, manager, { ...input, rawDays: 0 })).rejects.toMatchObject({
    kind: 'invalid',
  })
  await expect(started.platform.run(getRetention, actorWith([]), {})).rejects.toMatchObject({ kind: 'forbidden' })
})

test('whole days are dropped', () => {
  const now = (10 * dayUs + 5) as never
  expect(dropBefore({ rawDays: 2, minuteDays: null }, now)).toEqual({ raw: 8 * dayUs, minute: null })
})
