import type { Id } from '@throughline/kernel'
import type { StateInterval } from '@throughline/model'
import {
  correctSample,
  listCurrentStates,
  listStates,
  listStops,
  recordState,
  setCalendar,
  setLine,
  setStateRule,
} from '@throughline/model'
import { actorWith, waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCounterNotes, listCountSteps } from '../counter/store.ts'
import { listRuns } from '../run/store.ts'
import { benchRule, packerRule } from '../testing/packer-rule.ts'
import type { StartedPerformance } from '../testing/start-performance.ts'
import { startPerformance } from '../testing/start-performance.ts'
import { listSignalIntervals } from './store.ts'

let plant: StartedPerformance
let first: Id<'EquipmentNode'>
let second: Id<'EquipmentNode'>
let bench: Id<'EquipmentNode'>
const faults: string[] = []

beforeAll(async () => {
  plant = await startPerformance({ onFault: ({ path, words }) => faults.push(`${path}: ${words}`) })
  first = plant.nodeId('Works/North/Line/P-1')
  second = plant.nodeId('Works/North/Line/P-2')
  bench = plant.nodeId('Works/North/Bench/B-1')
  await plant.platform.run(setStateRule, plant.system, packerRule)
  await plant.platform.run(setStateRule, plant.system, benchRule)
  await waitFor(async () => (await current()).length === 3, 'the rules to be taken up')
})
afterAll(() => plant.stop())

const current = () => plant.platform.run(listCurrentStates, plant.system, {})

/** `state label` with seconds since the beginning, over a window. */
async function states(nodeId: Id<'EquipmentNode'>, from: number, to: number): Promise<string[]> {
  const window = { from: plant.at(from), to: plant.at(to) }
  const answer = await plant.platform.run(listStates, plant.system, { nodeIds: [nodeId], window })
  return (answer[0]?.intervals ?? []).map(told)
}

const told = ({ from, to, state, source }: StateInterval): string => {
  const second = (at: number | null): string => (at === null ? '…' : String((at - plant.begin) / 1e6))
  return `${second(from)}-${second(to)} ${state}${source === 'rule' ? '' : ` by ${source}`}`
}

const becomes = (nodeId: Id<'EquipmentNode'>, from: number, to: number, expected: string[]) =>
  waitFor(async () => {
    const found = await states(nodeId, from, to)
    return found.join() === expected.join() ? found : undefined
  }, `${expected.join()}`).catch(async (error: unknown) => {
    expect(await states(nodeId, from, to)).toEqual(expected)
    throw error
  })

test('[KPI-1] states follow the readings, fill the window, and what was never heard is no data', async () => {
  plant.clock.advanceMs(60_000)
  await plant.send('P-1', [
    [0, 'Order', 'A-1'],
    [0, 'Product', 'BRK-100'],
    [0, 'Good', 990n],
    [0, 'Scrap', 3n],
    [0, 'State', 'Execute'],
    [10, 'Good', 998n],
    [20, 'State', 'Held'],
    [20, 'Reason', '17'],
    [40, 'State', 'Execute'],
    [50, 'Good', 6n],
    [50, 'Scrap', 4n],
  ])
  await becomes(first, -10, 60, ['-10-0 no-data', '0-20 running', '20-40 down', '40-60 running'])
  const [now] = (await current()).filter((each) => each.nodeId === first)
  expect(now).toMatchObject({ state: 'running', label: 'Execute', order: 'A-1', product: 'BRK-100', openStopId: null })
  expect(now?.heardAt).toBe(plant.at(50))
})

test('counters that roll over and parts of a run are counted by minute and run, late ones and the reset with a note', async () => {
  const steps = () => listCountSteps(plant.platform.db, [first], plant.at(-60), plant.at(600))
  const good = await waitFor(async () => {
    const found = await steps()
    return found.reduce((sum, step) => sum + (step.good ?? 0), 0) === 16 ? found : undefined
  }, 'the counts to be written')
  expect(good.map(({ at, ...counts }) => counts)).toEqual([
    { nodeId: first, total: 17, good: 16, scrap: 1, rework: null },
  ])
  const runs = await listRuns(plant.platform.db, [first], plant.at(0), plant.at(60))
  expect(runs).toEqual([{ nodeId: first, order: 'A-1', product: 'BRK-100', from: plant.at(0), to: null }])

  plant.clock.advanceMs(60_000)
  await plant.send('P-1', [
    [70, 'Order', 'A-2'],
    [80, 'Scrap', 1n],
  ])
  const notes = await waitFor(async () => {
    const found = await listCounterNotes(plant.platform.db, [first], plant.at(0), plant.at(600))
    return found.length > 0 ? found : undefined
  }, 'the note')
  expect(notes).toEqual([{ nodeId: first, at: plant.at(80), tag: 'Scrap', before: 4, after: 1 }])
  const ofSecond = await listCountSteps(plant.platform.db, [first], plant.at(61), plant.at(600))
  expect(ofSecond.map(({ at, scrap }) => ({ at, scrap }))).toEqual([{ at: plant.at(70), scrap: 1 }])
  const [before, after] = await listRuns(plant.platform.db, [first], plant.at(0), plant.at(100))
  expect([before?.to, after?.order]).toEqual([plant.at(70), 'A-2'])
})

test('[KPI-1!] silence and bad quality are no data from the last reading on, never idle', async () => {
  plant.clock.advanceMs(1_000_000)
  await becomes(first, 60, 1000, ['60-80 running', '80-1000 no-data'])
  await plant.send('P-1', [[1060, 'State', 'Execute']])
  await becomes(first, 1000, 1100, ['1000-1060 no-data', '1060-1100 running'])
  await plant.send('P-1', [[1110, 'State', null, 0x8031_0000]])
  await becomes(first, 1100, 1120, ['1100-1110 running', '1110-1120 no-data'])
  await plant.send('P-1', [[1115, 'State', 'Execute']])
  await becomes(first, 1100, 1120, ['1100-1110 running', '1110-1115 no-data', '1115-1120 running'])
})

test('[KPI-3] what comes late restates the past, and whoever recorded it is told', async () => {
  const heard: { from: number; cause: string }[] = []
  plant.platform.on('performance.past-changed', 'test.past', async (_uow, { nodeId, from, cause }) => {
    if (nodeId === first) heard.push({ from, cause })
  })
  await plant.send('P-1', [
    [300, 'State', 'Execute'],
    [400, 'State', 'Aborted'],
    [450, 'State', 'Idle'],
    [700, 'State', 'Idle'],
  ])
  await becomes(first, 60, 1100, [
    '60-400 running',
    '400-450 down',
    '450-700 idle',
    '700-1060 no-data',
    '1060-1100 running',
  ])
  await waitFor(() => heard.length > 0, 'the event')
  expect(heard[0]).toEqual({ from: plant.at(80), cause: 'late data' })
  const stops = await plant.platform.run(listStops, plant.system, {
    nodeId: first,
    window: { from: plant.at(0), to: plant.at(1100) },
    includeMinor: true,
  })
  expect(
    stops.stops
      .map((stop) => [(stop.from - plant.begin) / 1e6, stop.state])
      .sort((a, b) => Number(a[0]) - Number(b[0])),
  ).toEqual([
    [20, 'down'],
    [400, 'down'],
    [450, 'idle'],
  ])
})

test('a sample that a person corrects restates the states that followed from it', async () => {
  const tagId = plant.tagId('P-1', 'State')
  await plant.platform.run(correctSample, plant.system, {
    ...{ tagId, at: plant.at(400), value: 'Execute', reason: 'the controller was mistaken' },
  })
  await becomes(first, 60, 800, ['60-450 running', '450-700 idle', '700-800 no-data'])
})

test('an agent that is silent makes the state unknown at once, and what it kept makes it known again', async () => {
  plant.clock.advanceMs(10_000)
  await plant.send('P-1', [[1125, 'State', 'Execute']])
  await becomes(first, 1116, 1130, ['1116-1130 running'])
  plant.performance.watch.setAgentSilent([plant.tagId('P-1', 'State')], true)
  await becomes(first, 1116, 1130, ['1116-1125 running', '1125-1130 no-data'])
  plant.performance.watch.setAgentSilent([plant.tagId('P-1', 'State')], false)
  await plant.send('P-1', [[1128, 'State', 'Held']])
  await becomes(first, 1116, 1130, ['1116-1128 running', '1128-1130 down'])
})

test('[AL-O-1] a person beats the rule, whose own word stays readable; the stop follows', async () => {
  const changed = await plant.platform.run(recordState, plant.system, {
    ...{ nodeId: first, state: 'changeover', from: plant.at(500), to: plant.at(600), comment: 'tool change' },
  })
  expect(changed).toMatchObject({ state: 'changeover', label: 'tool change', source: 'manual' })
  expect(changed.stopId).not.toBeNull()
  expect(await states(first, 450, 700)).toEqual(['450-500 idle', '500-600 changeover by manual', '600-700 idle'])
  const byRule = await listSignalIntervals(plant.platform.db, [first], plant.at(500), plant.at(501))
  expect(byRule.map(told)).toEqual(['450-700 idle'])
})

test('where a machine has no signal people tell, until they tell something else', async () => {
  await plant.platform.run(recordState, plant.system, { nodeId: bench, state: 'running', from: plant.at(0), to: null })
  await plant.platform.run(recordState, plant.system, { nodeId: bench, state: 'down', from: plant.at(100), to: null })
  expect(await states(bench, 0, 200)).toEqual(['0-100 running by manual', '100-200 down by manual'])
  const [now] = (await current()).filter((each) => each.nodeId === bench)
  expect(now).toMatchObject({ state: 'down', since: plant.at(100) })
  expect(now?.openStopId).not.toBeNull()
})

test.each([
  ['ends before it begins', { from: 100, to: 50 }, 'performance.state-empty'],
  ['lies in the future', { from: 100, to: 90_000 }, 'performance.state-in-future'],
])('a state by hand that %s is refused', async (_what, { from, to }, code) => {
  const input = { nodeId: bench, state: 'running' as const, from: plant.at(from), to: plant.at(to) }
  await expect(plant.platform.run(recordState, plant.system, input)).rejects.toMatchObject({ code })
})

test('[P11-10g!] nobody records or reads states of machines outside of their scopes', async () => {
  const south = plant.nodeId('Works/South')
  const stranger = actorWith(['performance.read', 'performance.stop.explain'], south)
  const input = { nodeId: bench, state: 'running' as const, from: plant.at(0), to: null }
  await expect(plant.platform.run(recordState, stranger, input)).rejects.toMatchObject({ kind: 'forbidden' })
  const window = { from: plant.at(0), to: plant.at(10) }
  await expect(plant.platform.run(listStates, stranger, { nodeIds: [first], window })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  expect(await plant.platform.run(listCurrentStates, stranger, {})).toEqual([])
  await expect(plant.platform.run(listCurrentStates, stranger, { nodeId: first })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  const reader = actorWith(['performance.read'])
  await expect(plant.platform.run(recordState, reader, input)).rejects.toMatchObject({ kind: 'forbidden' })
})

test('a machine without a rule is named, with what to do', async () => {
  const window = { from: plant.at(0), to: plant.at(10) }
  await expect(
    plant.platform.run(listStates, plant.system, { nodeIds: [plant.nodeId('Works/North/Line')], window }),
  ).rejects.toMatchObject({ code: 'performance.machine-unknown', message: expect.stringContaining('works/north/line') })
})

test('in a line, who waits for a machine that stands is told with the first cause', async () => {
  await plant.platform.run(setLine, plant.system, {
    ...{ lineId: plant.nodeId('Works/North/Line'), keyNodeId: null, reason: 'as the parts run' },
    machines: [
      { nodeId: first, bufferSeconds: 5 },
      { nodeId: second, bufferSeconds: 0 },
    ],
  })
  await plant.send('P-2', [
    [1126, 'State', 'Execute'],
    [1129, 'State', 'Idle'],
  ])
  await becomes(second, 1126, 1130, ['1126-1129 running', '1129-1130 starved by line'])
  const { stops } = await plant.platform.run(listStops, plant.system, {
    ...{ nodeId: second, window: { from: plant.at(1000), to: plant.at(1130) }, includeMinor: true },
  })
  expect(stops[0]).toMatchObject({ state: 'starved', causedBy: first, to: null })
})

test('a break takes the time whatever the machine says, and ends its stop', async () => {
  // The clock stands at 09:18:50 in Zurich; the break began a quarter past.
  await plant.platform.run(setCalendar, plant.system, {
    ...{ nodeId: first, validFrom: '2026-11-01', timeZone: 'Europe/Zurich', exceptions: [], reason: 'two shifts' },
    shifts: [
      {
        ...{ name: 'early', days: [1, 2, 3, 4, 5, 6, 7], start: '06:00', end: '14:00' },
        breaks: [{ name: 'coffee', start: '09:15', end: '09:45' }],
      },
    ],
  })
  await becomes(first, 600, 1130, ['600-700 idle', '700-900 no-data', '900-1130 planned-stop by calendar'])
  const { stops } = await waitFor(async () => {
    const window = { from: plant.at(1000), to: plant.at(1130) }
    const found = await plant.platform.run(listStops, plant.system, { nodeId: first, window, includeMinor: true })
    return found.stops.length === 0 ? found : undefined
  }, 'the stop in the break to go')
  expect(stops).toEqual([])
})

test('after a restart all is as it was, and what only the historian heard is made up for', async () => {
  const before = await states(first, -10, 1130)
  await plant.send('P-2', [[1129.5, 'State', 'Execute']], false)
  await plant.restart()
  await becomes(second, 1129, 1130, ['1129-1129.5 starved by line', '1129.5-1130 running'])
  expect(await states(first, -10, 1130)).toEqual(before)
})

test('what came late just before the end is owed, and worked in after the next start', async () => {
  await plant.send('P-1', [
    [-3600, 'State', 'Idle'],
    [-3500, 'State', null, 0x8031_0000],
  ])
  await plant.restart()
  await becomes(first, -3610, -3400, ['-3610--3600 no-data', '-3600--3500 idle', '-3500--3400 no-data'])
})

test('another rule from an instant on tells the time after it anew, and leaves the time before as it was', async () => {
  const before = await states(first, 0, 60)
  await plant.platform.run(setStateRule, plant.system, {
    ...packerRule,
    ...{ effectiveFrom: plant.at(470), reason: 'an idle packer is being set up' },
    signal: { kind: 'values', tag: 'State', states: { Execute: 'running', Idle: 'changeover' }, otherwise: 'down' },
  })
  await becomes(first, 440, 800, [
    ...['440-450 running', '450-470 idle', '470-500 changeover', '500-600 changeover by manual'],
    ...['600-700 changeover', '700-800 no-data'],
  ])
  expect(await states(first, 0, 60)).toEqual(before)
})

test('[PKM-1-3!] a machine that tells a state which cannot follow is told as faulty, once each time', async () => {
  await plant.platform.run(setStateRule, plant.system, packerRule)
  let from = Math.round((plant.clock.now() - plant.begin) / 1e6)
  // The rule is taken up within a moment; nothing is judged before.
  await waitFor(async () => {
    from += 10
    plant.clock.advanceMs(10_000)
    faults.length = 0
    const told = ['Aborted', 'Stopped', 'Execute', 'Complete', 'Aborted']
    await plant.send(
      'P-1',
      told.map((value, index) => [from + index, 'State', value]),
    )
    return faults.length > 0
  }, 'the fault to be told')
  expect(faults.map((each) => each.toLowerCase())).toEqual([
    'works/north/line/p-1: stopped → execute: packml permits resetting, aborting after stopped',
  ])
})
