import type { Reason, Stop } from '@throughline/model'
import { explainStop, listCurrentStates, listStops, setReason, setStateRule, splitStop } from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packerRule } from '../testing/packer-rule.ts'
import type { StartedPerformance, ToldReading } from '../testing/start-performance.ts'
import { startPerformance } from '../testing/start-performance.ts'

let plant: StartedPerformance
let jam: Reason

beforeAll(async () => {
  plant = await startPerformance()
  await plant.platform.run(setStateRule, plant.system, packerRule)
  await waitFor(
    async () => (await plant.platform.run(listCurrentStates, plant.system, {})).length === 2,
    'the rule to be taken up',
  )
  jam = await plant.platform.run(setReason, plant.system, {
    kind: 'stop',
    nodeId: plant.nodeId('Works/North'),
    parentId: null,
    code: 'jam',
    texts: { en: 'Jam', de: 'Stau' },
    category: 'down',
    insidePlannedTime: true,
    machineCodes: ['17'],
  })
})
afterAll(() => plant.stop())

/** What P-1 tells, a moment after the last of it. */
async function hear(readings: readonly ToldReading[]): Promise<void> {
  const last = plant.at(Math.max(...readings.map(([second]) => second)) + 1)
  if (last > plant.clock.now()) plant.clock.advanceMs((last - plant.clock.now()) / 1000)
  await plant.send('P-1', readings)
}

/** The stops of P-1 once they are as told: seconds from and to, and what each has for a reason. */
async function become(...expected: string[]): Promise<Stop[]> {
  const second = (at: number | null): string => (at === null ? '…' : String((at - plant.begin) / 1e6))
  return await waitFor(async () => {
    const { stops } = await plant.platform.run(listStops, plant.system, {
      nodeId: plant.nodeId('Works/North/Line/P-1'),
      window: { from: plant.at(-600), to: plant.at(6000) },
      includeMinor: true,
    })
    const inOrder = stops.reverse()
    const told = inOrder.map((stop) => `${second(stop.from)}-${second(stop.to)} ${stop.reasonBy ?? 'unexplained'}`)
    return told.join() === expected.join() ? inOrder : undefined
  }, expected.join())
}

test('a machine that comes to a stand has a stop at once, with the order that it worked on and what its code means', async () => {
  await hear([
    [0, 'Order', 'A-1'],
    [0, 'State', 'Execute'],
    [100, 'State', 'Held'],
    [101, 'Reason', '17'],
  ])
  const [open] = await become('100-… machine')
  expect(open).toMatchObject({ state: 'down', label: 'Held', order: 'A-1', reasonId: jam.id, category: 'down' })
  await hear([
    [200, 'State', 'Execute'],
    [200, 'Reason', '0'],
  ])
  const [ended] = await become('100-200 machine')
  expect(ended?.id).toBe(open?.id)
})

test('[AL-Complete!] readings that come late move the bounds of a stop; what people said and where they cut stays', async () => {
  await hear([[300, 'State', 'Stopped']])
  const [, open] = await become('100-200 machine', '300-… unexplained')
  if (open === undefined) return
  const { id: stopId, version } = open
  await plant.platform.run(explainStop, plant.system, { stopId, version, reasonId: jam.id, comment: 'felt torn' })
  await hear([[500, 'State', 'Execute']])
  await become('100-200 machine', '300-500 person')
  await hear([[280, 'State', 'Stopped']])
  const [, moved] = await become('100-200 machine', '280-500 person')
  expect(moved).toMatchObject({ id: stopId, comments: [{ text: 'felt torn' }] })
  await plant.platform.run(splitStop, plant.system, {
    stopId,
    version: 2,
    at: plant.at(400),
    why: 'then it was cleaned',
  })
  await become('100-200 machine', '280-400 person', '400-500 person')
  await hear([[450, 'State', 'Execute']])
  await become('100-200 machine', '280-400 person', '400-450 person')
})

test('after a restart the stops are those that were there', async () => {
  const before = await become('100-200 machine', '280-400 person', '400-450 person')
  await plant.restart()
  await hear([[600, 'State', 'Held']])
  const after = await become('100-200 machine', '280-400 person', '400-450 person', '600-… unexplained')
  expect(after.slice(0, 3)).toEqual(before)
})
