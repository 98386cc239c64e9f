import type { Id } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import {
  cancelPlannedStop,
  listCalendars,
  listLines,
  listPlannedStops,
  listShifts,
  listStandards,
  listStateRules,
  planStop,
  setCalendar,
  setLine,
  setStandard,
  setStateRule,
} from '@throughline/model'
import { listRecordSteps } from '@throughline/platform'
import { actorWith, waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { benchRule, packerRule } from './packer-rule.ts'
import type { StartedPerformance } from './start-performance.ts'
import { startPerformance } from './start-performance.ts'

let plant: StartedPerformance
let line: Id<'EquipmentNode'>
let first: Id<'EquipmentNode'>
let second: Id<'EquipmentNode'>
let bench: Id<'EquipmentNode'>

const standard = { className: 'Packer', nodeId: null, product: 'BRK-100', idealCycleSeconds: 2, reason: 'measured' }

beforeAll(async () => {
  plant = await startPerformance()
  line = plant.nodeId('Works/North/Line')
  first = plant.nodeId('Works/North/Line/P-1')
  second = plant.nodeId('Works/North/Line/P-2')
  bench = plant.nodeId('Works/North/Bench/B-1')
  await plant.platform.run(setStateRule, plant.system, packerRule)
  await plant.platform.run(setStateRule, plant.system, benchRule)
  await waitFor(
    () =>
      plant.platform.run(setStandard, plant.system, { ...standard, nodeId: first }).then(
        () => true,
        () => false,
      ),
    'the rules to be taken up',
  )
})
afterAll(() => plant.stop())

const calendar = () => ({
  ...{ nodeId: line, validFrom: '2026-12-01', timeZone: 'Europe/Zurich', exceptions: [], reason: 'agreed' },
  shifts: [{ name: 'early', days: [1, 2, 3, 4, 5], start: '06:00', end: '14:00', breaks: [] }],
})
const plan = () => ({
  nodeId: line,
  kind: 'maintenance' as const,
  label: 'Oil',
  from: plant.at(3600),
  to: plant.at(7200),
})
const order = () => ({
  ...{ lineId: line, keyNodeId: null, reason: 'as the parts run' },
  machines: [first, second].map((nodeId) => ({ nodeId, bufferSeconds: 0 })),
})

const run = (operation: Operation, input: unknown, actor = plant.system) =>
  plant.platform.run(operation, actor, input as never) as Promise<never>

test('a rule has versions, and each says from when it holds', async () => {
  const next = await plant.platform.run(setStateRule, plant.system, {
    ...packerRule,
    ...{ effectiveFrom: plant.at(1000), silenceSeconds: 60, reason: 'the new firmware tells more often' },
  })
  expect([next.version, next.effectiveFrom]).toEqual([2, plant.at(1000)])
  const versions = await plant.platform.run(listStateRules, plant.system, { className: 'Packer' })
  expect(versions.map(({ version, silenceSeconds }) => [version, silenceSeconds])).toEqual([
    [1, 300],
    [2, 60],
  ])
})

test.each<[string, object, string, string]>([
  ['of a class that does not exist', { className: 'Robot' }, 'performance.class-unknown', 'Robot'],
  [
    'by a tag that the class does not have',
    { signal: { kind: 'packml', tag: 'Status' } },
    'performance.state-rule-tag-unknown',
    'Status',
  ],
  ['with an order tag that the class does not have', { orderTag: 'Lot' }, 'performance.state-rule-tag-unknown', 'Lot'],
  [
    'with a counter that is a text',
    { good: { tag: 'State', modulus: null } },
    'performance.state-rule-counter-no-number',
    'State',
  ],
  [
    'by counts without an ideal cycle',
    { signal: { kind: 'counts', tag: 'Good', cycles: 5 }, idealCycleSeconds: null },
    'performance.state-rule-cycle-missing',
    'Packer',
  ],
])('a rule %s is refused, and the thing is named', async (_what, over, code, named) => {
  await expect(run(setStateRule, { ...packerRule, ...over })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(named),
  })
})

test('[P11-10e-2] the standard of a product is set anew in its place; the ledger keeps what it was', async () => {
  const before = await plant.platform.run(setStandard, plant.system, standard)
  const after = await plant.platform.run(setStandard, plant.system, { ...standard, idealCycleSeconds: 1.5 })
  expect(after.id).toBe(before.id)
  const listed = await plant.platform.run(listStandards, plant.system, { className: 'Packer' })
  expect(listed.map(({ nodeId, idealCycleSeconds }) => [nodeId, idealCycleSeconds])).toEqual([
    [null, 1.5],
    [first, 2],
  ])
  const steps = await listRecordSteps(plant.platform.db, { kind: 'performance.product_standard', id: before.id }, 0)
  expect(steps.length).toBe(2)
})

test.each<[string, () => object, string]>([
  ['of an unknown class', () => ({ className: 'Robot' }), 'performance.class-unknown'],
  ['for a machine of another class', () => ({ nodeId: bench }), 'performance.standard-class-misfit'],
  ['for a node that is no machine', () => ({ nodeId: line }), 'performance.machine-unknown'],
])('a standard %s is refused', async (_what, over, code) => {
  await expect(run(setStandard, { ...standard, ...over() })).rejects.toMatchObject({ code })
})

test('a calendar holds for what is below its node, from its first day on', async () => {
  const set = await plant.platform.run(setCalendar, plant.system, calendar())
  expect(set.version).toBe(1)
  expect(
    (await plant.platform.run(listCalendars, plant.system, {})).map(({ id, validFrom }) => [id, validFrom]),
  ).toEqual([[set.id, '2026-12-01']])
  const day = 86_400
  const window = { from: plant.at(8 * day), to: plant.at(10 * day) }
  const shifts = await plant.platform.run(listShifts, plant.system, { nodeId: first, window })
  expect(shifts.map(({ name, date }) => [name, date])).toEqual([
    ['day', '2026-11-30'],
    ['early', '2026-12-01'],
    ['early', '2026-12-02'],
  ])
})

test('a planned stop is listed for what is below its node, and cancelled with a reason once', async () => {
  const planned = await plant.platform.run(planStop, plant.system, plan())
  const list = () =>
    plant.platform.run(listPlannedStops, plant.system, {
      nodeId: first,
      window: { from: plant.at(0), to: plant.at(9000) },
    })
  expect((await list()).map(({ id }) => id)).toEqual([planned.id])
  const cancel = { plannedStopId: planned.id, reason: 'the fitter is ill' }
  await plant.platform.run(cancelPlannedStop, plant.system, cancel)
  expect((await list())[0]?.cancelledReason).toBe('the fitter is ill')
  await expect(plant.platform.run(cancelPlannedStop, plant.system, cancel)).rejects.toMatchObject({
    ...{ code: 'performance.planned-stop-cancelled', message: expect.stringContaining('the fitter is ill') },
  })
})

test.each<[string, () => object, string]>([
  ['that ends before it begins', () => ({ to: plant.at(10) }), 'performance.planned-stop-empty'],
  ['of more than a year', () => ({ to: plant.at(367 * 86_400) }), 'performance.planned-stop-too-long'],
  ['at a node that does not exist', () => ({ nodeId: crypto.randomUUID() }), 'performance.node-unknown'],
])('a planned stop %s is refused', async (_what, over, code) => {
  await expect(run(planStop, { ...plan(), ...over() })).rejects.toMatchObject({ code })
})

test('a line lists its machines in their order, the newest version of it', async () => {
  await plant.platform.run(setLine, plant.system, order())
  const set = await plant.platform.run(setLine, plant.system, { ...order(), keyNodeId: second, basedOn: 1 })
  expect(set.version).toBe(2)
  // Whoever saw another version than the one in force does not overwrite it unseen.
  for (const basedOn of [0, 1, 3]) {
    await expect(run(setLine, { ...order(), basedOn })).rejects.toMatchObject({
      ...{ code: 'performance.line-changed', kind: 'conflict' },
      message: expect.stringContaining(`${set.recordedBy} set version 2`),
    })
  }
  expect(await plant.platform.run(listLines, plant.system, {})).toEqual([set])
  expect(await plant.platform.run(listLines, actorWith(['performance.read'], plant.nodeId('Works/South')), {})).toEqual(
    [],
  )
})

test.each<[string, () => object, string]>([
  [
    'with a machine from elsewhere',
    () => ({ machines: [first, bench].map((nodeId) => ({ nodeId, bufferSeconds: 0 })) }),
    'performance.line-machine-elsewhere',
  ],
  [
    'with one machine twice',
    () => ({ machines: [first, first].map((nodeId) => ({ nodeId, bufferSeconds: 0 })) }),
    'performance.line-machine-twice',
  ],
  ['with a key machine that is none of it', () => ({ keyNodeId: bench }), 'performance.line-key-elsewhere'],
  [
    'of machines that stand in another line',
    () => ({ lineId: plant.nodeId('Works/North') }),
    'performance.line-machine-in-two',
  ],
  ['at a node that does not exist', () => ({ lineId: crypto.randomUUID() }), 'performance.node-unknown'],
])('a line %s is refused', async (_what, over, code) => {
  await expect(run(setLine, { ...order(), ...over() })).rejects.toMatchObject({ code })
})

const changes: readonly [string, Operation, () => object, 'performance.model.write' | 'performance.calendar.write'][] =
  [
    ['the rule of a class', setStateRule, () => packerRule, 'performance.model.write'],
    ['a standard', setStandard, () => standard, 'performance.model.write'],
    ['a line', setLine, order, 'performance.model.write'],
    ['a calendar', setCalendar, calendar, 'performance.calendar.write'],
    ['a planned stop', planStop, plan, 'performance.calendar.write'],
  ]

test.each(changes)(
  '[P11-10g!] %s is set by those who may, where they may',
  async (_what, operation, input, permission) => {
    const reader = actorWith(['performance.read'])
    await expect(run(operation, input(), reader)).rejects.toMatchObject({ kind: 'forbidden' })
    const elsewhere = actorWith([permission], plant.nodeId('Works/South'))
    await expect(run(operation, input(), elsewhere)).rejects.toMatchObject({ kind: 'forbidden' })
  },
)

test('[P11-10g!] a planned stop is cancelled only by those who may at its node', async () => {
  const planned = await plant.platform.run(planStop, plant.system, plan())
  const elsewhere = actorWith(['performance.calendar.write'], plant.nodeId('Works/South'))
  const cancel = { plannedStopId: planned.id, reason: 'not needed' }
  await expect(plant.platform.run(cancelPlannedStop, elsewhere, cancel)).rejects.toMatchObject({ kind: 'forbidden' })
})

test('[SR-4.1!] calendars and standards are listed to those whose machines they are about, and to nobody else', async () => {
  await plant.platform.run(setCalendar, plant.system, calendar())
  await plant.platform.run(setStandard, plant.system, { ...standard, nodeId: first })
  const listed = async (nodeId: Id<'EquipmentNode'>) => {
    const reader = actorWith(['performance.read'], nodeId)
    const calendars = await plant.platform.run(listCalendars, reader, {})
    const standards = await plant.platform.run(listStandards, reader, {})
    return {
      calendars: [...new Set(calendars.map((each) => each.nodeId))],
      machines: standards.flatMap((each) => each.nodeId ?? []),
    }
  }
  expect(await listed(first)).toEqual({ calendars: [line], machines: [first] })
  expect(await listed(second)).toEqual({ calendars: [line], machines: [] })
  expect(await listed(plant.nodeId('Works/South'))).toEqual({ calendars: [], machines: [] })
})

test('whoever may not look at performance reads no settings', async () => {
  const nobody = actorWith(['equipment.model.read'])
  for (const operation of [listStateRules, listStandards, listCalendars, listLines] as Operation[]) {
    await expect(run(operation, {}, nobody)).rejects.toMatchObject({ kind: 'forbidden' })
  }
})
