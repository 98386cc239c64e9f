import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import {
  closeDeviation,
  getDeviation,
  listDeviations,
  listInspections,
  noteDeviation,
  openDeviation,
  recordInspection,
  voidDeviation,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedQuality } from './testing/start-quality.ts'
import { startQuality } from './testing/start-quality.ts'

let plant: StartedQuality
let first: Lot
let second: Lot
const hour = 3_600_000

beforeAll(async () => {
  plant = await startQuality()
  first = await plant.lot('L-1')
  second = await plant.lot('L-2')
  plant.clock.advanceMs(hour)
})
afterAll(() => plant.close())

const oven = () => plant.nodeId('Works/North/Cure/OVEN-1')
const breach = (change: object = {}) => ({
  entryId: newId<'StepEntry'>(),
  runId: newId<'OperationRun'>(),
  orderId: plant.order.id,
  nodeId: oven(),
  about: 'Bag leak test: 34 mbar, limit 20 mbar',
  reason: 'seal was creased',
  lots: [first.id],
  by: 'operator',
  at: plant.clock.now(),
  ...change,
})
const byHand = (change: object = {}) =>
  plant.platform.run(openDeviation, plant.anybody, {
    ...{ title: 'Part dropped', description: 'Fell off the bench', severity: 'minor', about: 'handling' },
    ...{ at: plant.clock.now(), lots: ['L-2'], ...change },
  } as never)
const inspect = (change: object = {}) =>
  plant.platform.run(recordInspection, plant.anybody, {
    ...{ kind: 'in-process', piece: 'L-1', gauge: 'CMM-01', at: plant.clock.now() },
    results: [{ characteristic: '1', unit: 'mm', nominal: 10, low: 9.9, high: 10.1, measured: 10, status: 'pass' }],
    ...change,
  } as never)

test('[AS-8.7] what went beyond its limits opens one deviation with its context, however often it is heard', async () => {
  const event = breach()
  await plant.tell('execution.limit-breached', event)
  await plant.tell('execution.limit-breached', event)
  const found = (await plant.open()).filter(({ cause }) => cause.ref === event.entryId)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({
    ...{ code: expect.stringMatching(/^DEV-\d{4}$/), orderCode: 'WO-1', about: event.about, nodeId: oven() },
    lots: [{ lotId: first.id, code: 'L-1' }],
    window: { from: event.at - 900_000_000, to: event.at + 900_000_000 },
  })
  expect(found[0]?.tagIds).toHaveLength(1)
  expect((await plant.lotNow(first)).openDeviations).toEqual([found[0]?.code])
})

test('[AS-8.7!] an override of a gate is a deviation of its own', async () => {
  const overrideId = newId<'GateOverride'>()
  const { entryId: _, ...rest } = breach({ about: 'Torque: TW-1 is out of calibration', lots: [] })
  await plant.tell('execution.gate-overridden', { ...rest, overrideId })
  expect(await plant.open()).toContainEqual(
    expect.objectContaining({ cause: { kind: 'gate-override', ref: overrideId }, nodeId: oven() }),
  )
})

const tooHot = (changes: object = {}) => ({
  ...{ occurrenceId: newId<'AlarmOccurrence'>(), definitionId: newId<'AlarmDefinition'>(), nodeId: oven() },
  ...{ name: 'OVEN-1.Temperature.high', message: 'The oven is too hot', detail: '191 Cel', priority: 1 },
  ...{ qualityCritical: true, hidden: false, at: plant.clock.now() },
  ...changes,
})
const ofAlarm = async () =>
  (await plant.platform.run(listDeviations, plant.anybody, { alarm: 'oven-1.temperature.HIGH' })).deviations

test('[ALM-7-1] an alarm that is critical for quality opens one, with the work that was on; a hidden or another one does not', async () => {
  plant.setWork({ orderId: plant.order.id, orderCode: 'WO-1', runId: null, lots: [second.id] })
  const alarm = tooHot()
  await plant.tell('alarm.occurred', tooHot({ qualityCritical: false }))
  await plant.tell('alarm.occurred', tooHot({ hidden: true }))
  expect(await ofAlarm()).toEqual([])
  await plant.tell('alarm.occurred', alarm)
  const cause = { kind: 'alarm', ref: alarm.occurrenceId }
  expect(await ofAlarm()).toMatchObject([{ cause, severity: 'critical', orderCode: 'WO-1', lots: [{ code: 'L-2' }] }])
})

test('[ALM-7-1!] one that occurs again joins the open deviation of its order, once, however often it is heard', async () => {
  const opened = (await ofAlarm())[0]
  plant.setWork({ orderId: plant.order.id, orderCode: 'WO-1', runId: null, lots: [first.id, second.id] })
  const again = tooHot({ detail: '193 Cel' })
  const heard = { ...again, occurrenceId: opened?.cause.ref } as typeof again
  for (const event of [again, again, heard]) await plant.tell('alarm.occurred', event)
  expect(await ofAlarm()).toMatchObject([
    {
      ...{ id: opened?.id, lots: [{ code: 'L-1' }, { code: 'L-2' }] },
      notes: [{ by: 'alarm', text: 'OVEN-1.Temperature.high occurred again: 193 Cel' }],
    },
  ])
  // Without the order it is another matter.
  plant.setWork(undefined)
  await plant.tell('alarm.occurred', tooHot())
  expect(await ofAlarm()).toHaveLength(2)
})

test('[AS-7.1.5.2!] a gauge found wrong puts in doubt what was measured with it since it was last right, and nothing else', async () => {
  const since = plant.clock.now()
  plant.clock.advanceMs(hour)
  await inspect({ gauge: 'TW-9' })
  await inspect({ gauge: 'TW-8', piece: 'L-2' })
  plant.clock.advanceMs(hour)
  const found = { assetId: newId<'Asset'>(), code: 'tw-9', asFound: 'out-of-tolerance', since, at: plant.clock.now() }
  await plant.tell('equipment.calibration-recorded', found as never)
  const doubts = async () => (await plant.open()).filter(({ cause }) => cause.kind === 'calibration')
  expect(await doubts()).toMatchObject([{ lots: [{ code: 'L-1' }], description: expect.stringContaining('L-1') }])
  // Used at an operation that nobody measured anything of besides.
  plant.uses.push({ gauge: 'TW-7', orderCode: 'WO-1', sequence: 20, name: 'Torque', lots: [second.id] })
  await plant.tell('equipment.calibration-recorded', { ...found, code: 'TW-7', at: plant.clock.now() + 1 } as never)
  expect(await doubts()).toHaveLength(2)
  expect((await doubts()).find(({ title }) => title.startsWith('TW-7'))).toMatchObject({
    ...{ lots: [{ code: 'L-2' }], description: expect.stringContaining('WO-1, operation 20 (Torque), 1 piece') },
  })
})

test('what was measured is judged by its own limits, and a failed piece opens a deviation', async () => {
  const given = { characteristic: '2', unit: 'mm', nominal: 5, low: 4.9, high: 5.1, status: 'pass' }
  const failed = await inspect({ piece: 'L-2', results: [{ ...given, measured: 5.2 }] })
  expect(failed).toMatchObject({ passed: false, lotId: second.id, results: [{ within: false, status: 'pass' }] })
  expect((await plant.open()).some(({ cause }) => cause.ref === failed.id)).toBe(true)
  const unknown = await inspect({ results: [{ ...given, low: null, high: null, measured: 5, status: 'unknown' }] })
  expect(unknown.passed).toBeNull()
})

test('a file that is read twice gives one inspection of a piece', async () => {
  const document = 'a'.repeat(64)
  const [one, two] = [await inspect({ document }), await inspect({ document })]
  expect(two.id).toBe(one.id)
  const listed = await plant.platform.run(listInspections, plant.anybody, { gauge: 'cmm-01', failedOnly: false })
  expect(listed.inspections.filter((each) => each.document === document)).toHaveLength(1)
})

test('a document of a measuring machine gives one inspection of each piece, once, and a deviation for what failed', async () => {
  const one = {
    ...{ part: 'BRK', characteristic: '12', type: 'Diameter', nominal: 10, lowerLimit: 9.9, upperLimit: 10.1 },
    ...{ unit: 'mm', statusText: null, gauge: 'CMM-01', measuredAt: plant.clock.now() },
    ...{ order: null, operation: null, run: null },
  }
  const document = {
    ...{ hash: 'b'.repeat(64), name: 'fair/plate.qif', receivedAt: plant.clock.now() },
    parsed: {
      ...{ curves: [], statistics: [] },
      results: [
        { ...one, serial: 'L-1', value: 10.01, status: 'pass' as const },
        { ...one, serial: 'L-2', value: 10.2, status: 'fail' as const },
        { ...one, serial: null, value: null, status: 'other' as const, unit: 'thou' },
      ],
    },
  }
  const hear = () => plant.platform.act('test', 'test.document.hear', {}, (uow) => plant.hearDocument(uow, document))
  await hear()
  await hear()
  const { inspections } = await plant.platform.run(listInspections, plant.anybody, { failedOnly: false })
  const found = inspections.filter((each) => each.document === document.hash)
  expect(
    found.map(({ piece, passed, gauge }) => ({ piece, passed, gauge })).sort((a, b) => (a.piece < b.piece ? -1 : 1)),
  ).toEqual([
    { piece: 'L-1', passed: true, gauge: 'CMM-01' },
    { piece: 'L-2', passed: false, gauge: 'CMM-01' },
    { piece: 'fair/plate.qif', passed: null, gauge: 'CMM-01' },
  ])
  expect(found.find(({ piece }) => piece === 'fair/plate.qif')?.results[0]?.unit).toBeNull()
  const failed = found.find(({ passed }) => passed === false)
  expect((await plant.open()).filter(({ cause }) => cause.ref === failed?.id)).toHaveLength(1)
})

test('[AS-8.5.2!] what was measured stands with the operation that the source names, never with one that does not hold the piece', async () => {
  const shared = { orderId: plant.order.id, orderCode: 'WO-1', subjects: [first.id], nodeId: oven() }
  const [cure, trim, again] = [30, 50, 50].map((sequence) => ({
    ...{ ...shared, id: newId<'OperationRun'>(), sequence },
  }))
  if (cure === undefined || trim === undefined || again === undefined) throw new Error('three were made')
  plant.runs.push(cure, trim, again)
  const characteristic = { characteristic: '1', type: null, nominal: 10, lowerLimit: 9.9, upperLimit: 10.1, unit: 'mm' }
  const measured = { ...characteristic, part: null, value: 10, status: 'pass' as const, statusText: null, gauge: null }
  const hear = async (name: string, serial: string, work: { run?: string; order?: string; operation?: string }) => {
    const named = { order: null, operation: null, run: null, ...work }
    const results = [{ ...measured, serial, measuredAt: null, ...named }]
    const document = { hash: newId<'Document'>(), name, receivedAt: plant.clock.now() }
    await plant.platform.act('test', 'test.document.hear', {}, (uow) =>
      plant.hearDocument(uow, { ...document, parsed: { results, curves: [], statistics: [] } }),
    )
    const { inspections } = await plant.platform.run(listInspections, plant.anybody, { limit: 5000 })
    return inspections.find((each) => each.document === document.hash)
  }
  expect(await hear('by run', 'L-1', { run: trim.id })).toMatchObject({
    ...{ runId: trim.id, orderId: plant.order.id, nodeId: oven() },
  })
  expect(await hear('by operation', 'L-1', { order: 'wo-1', operation: '30' })).toMatchObject({ runId: cure.id })
  expect(await hear('done twice', 'L-1', { order: 'WO-1', operation: '50' })).toMatchObject({ runId: null })
  expect(await hear('of another piece', 'L-2', { run: trim.id })).toMatchObject({ runId: null })
  expect(await hear('no id', 'L-1', { run: 'the second one' })).toMatchObject({ runId: null })
  expect(await inspect({ runId: again.id })).toMatchObject({ runId: again.id, orderId: plant.order.id })
  await expect(inspect({ runId: again.id, piece: 'L-2' })).rejects.toMatchObject({ code: 'quality.run-without-piece' })
  await expect(inspect({ runId: newId<'OperationRun'>() })).rejects.toMatchObject({ code: 'quality.run-unknown' })
})

test('a deviation by hand names its lots; a note can add another lot', async () => {
  const opened = await byHand()
  expect(opened.lots.map(({ code }) => code)).toEqual(['L-2'])
  const noted = await plant.platform.run(noteDeviation, plant.anybody, {
    ...{ deviationId: opened.id, version: opened.version, text: 'L-1 stood beside it', lots: ['L-1'] },
  })
  expect(noted).toMatchObject({ version: 2, notes: [{ text: 'L-1 stood beside it', by: 'ada' }] })
  await plant.platform.idle()
  expect((await plant.lotNow(first)).openDeviations).toContain(opened.code)
})

test.each([
  ['of an order that is not there', { orderCode: 'WO-9' }, 'quality.order-unknown'],
  ['of a lot that is not there', { lots: ['L-9'] }, 'quality.lot-unknown'],
  ['in the future', { at: 8_000_000_000_000_000 as Instant }, 'quality.time-future'],
])('a deviation %s is refused', async (_words, change, code) => {
  await expect(byHand(change)).rejects.toMatchObject({ code })
})

test('[AS-8.7, P11-50a] quality closes it with a signature and a disposition, and frees or rejects its lots for good', async () => {
  const lot = await plant.lot('L-3')
  const opened = await byHand({ lots: ['L-3'] })
  await plant.platform.idle()
  expect((await plant.lotNow(lot)).openDeviations).toEqual([opened.code])
  const closed = await plant.platform.run(closeDeviation, plant.quality, {
    ...{ deviationId: opened.id, version: opened.version, conclusion: 'cracked in two places', disposition: 'scrap' },
    signature: await plant.signature(opened),
  } as never)
  expect(closed).toMatchObject({ state: 'closed', closed: { by: 'q.reviewer', disposition: 'scrap' } })
  await plant.platform.idle()
  expect(await plant.lotNow(lot)).toMatchObject({ openDeviations: [], status: 'rejected' })
  const touch = sql`update quality.deviation set title = 'nothing' where id = ${opened.id}`
  await expect(touch.execute(plant.database.owner)).rejects.toMatchObject({ code: '23001' })
})

test('[AS-8.7!] nobody closes what was changed meanwhile, what is closed, or without the permission', async () => {
  const opened = await byHand()
  const close = async (by = plant.quality, version = opened.version) =>
    plant.platform.run(closeDeviation, by, {
      ...{ deviationId: opened.id, version, conclusion: 'no harm was done', disposition: 'use-as-is' },
      signature: await plant.signature(opened),
    } as never)
  await expect(close(plant.quality, 7)).rejects.toMatchObject({ code: 'quality.deviation-changed' })
  await expect(close(actorWith(['quality.read']))).rejects.toMatchObject({ kind: 'forbidden' })
  const taken = await plant.platform.run(voidDeviation, plant.quality, {
    ...{ deviationId: opened.id, version: opened.version, reason: 'opened for the wrong lot' },
    signature: await plant.signature(opened),
  } as never)
  expect(taken).toMatchObject({ state: 'void', closed: { disposition: null } })
  await expect(close(plant.quality, taken.version)).rejects.toMatchObject({ code: 'quality.deviation-closed' })
})

test('[SR-2.1!] who works at another site does not learn of it', async () => {
  await plant.tell('execution.limit-breached', breach())
  const south = actorWith(['quality.read'], plant.nodeId('Works/South'))
  const { deviations } = await plant.platform.run(listDeviations, south, {})
  expect(deviations.every(({ nodeId }) => nodeId === null)).toBe(true)
  const there = (await plant.open()).find(({ nodeId }) => nodeId !== null)
  await expect(plant.platform.run(getDeviation, south, { code: there?.code ?? '' })).rejects.toMatchObject({
    kind: 'forbidden',
  })
})
