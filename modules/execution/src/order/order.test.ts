import type { Instant } from '@throughline/kernel'
import { decimalOf, plusMs } from '@throughline/kernel'
import type { OperationRun, Order } from '@throughline/model'
import {
  adoptDefinitions,
  cancelOrder,
  closeOrder,
  completeRun,
  createOrder,
  draftInstruction,
  draftWorkDefinition,
  holdOrder,
  importOrders,
  listAuditEntries,
  listLots,
  listOrders,
  listWorkDefinitions,
  permissions,
  recordStep,
  releaseOrder,
  reportRun,
  retireWorkDefinition,
  setOrderPriority,
  splitOrder,
  startRun,
} from '@throughline/model'
import { findHead } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('[AS-8.3-3!] an order keeps the versions that it was released with, whatever is released while it is worked on', async () => {
  const instruction = (title: string) => ({
    code: 'WI-MIX',
    title: { en: title },
    steps: [{ key: 'look', title: { en: 'Look' }, ask: { type: 'read' as const } }],
  })
  const document = 'list 2'
  const reason = 'set up'
  const { platform, anybody } = plant
  await platform.run(adoptDefinitions, anybody, { instructions: [instruction('first')], document, reason })
  await plant.route('R-MIX', 'MIX', [{ ...oneStep[0], instruction: 'WI-MIX' } as Operation], {
    underPercent: 5,
    overPercent: 5,
  })
  const order = await plant.released('MIX', '10')
  const [first] = await plant.runsOf(order)
  const draft = await platform.run(draftInstruction, anybody, { ...instruction('second'), changeReason: 'clearer' })
  await plant.sign('execution.instruction', draft.id, true)
  await plant.route('R-MIX', 'MIX', oneStep, { underPercent: 5, overPercent: 5 })
  const [effective] = await platform.run(listWorkDefinitions, anybody, { code: 'R-MIX', state: 'effective' })
  const begun = await start({ id: first?.id as never }, bench.path)
  expect(begun.instructionId).toBe(first?.instructionId)
  expect(begun.instructionId).not.toBe(draft.id)
  const kept = await plant.again(order)
  expect(kept.workDefinitionId).not.toBe(effective?.id)
  expect(kept.instructions).toEqual({ 'WI-MIX': first?.instructionId })
  const later = await plant.released('MIX', '10')
  expect(later.workDefinitionId).toBe(effective?.id)
  await expect(complete(begun)).rejects.toEqual(refused('execution.steps-outstanding', 'Look'))
  await platform.run(recordStep, anybody, { runId: begun.id, step: 'look', value: { type: 'read' } })
  await complete(begun)
})

test('an order is released with everything in force that it needs, and every lack is said', async () => {
  const { platform, anybody } = plant
  await expect(plant.order('NONE', 1)).rejects.toEqual(refused('execution.order-invalid', 'no effective material NONE'))
  await expect(plant.order('BRK', '1.5')).rejects.toEqual(refused('execution.order-invalid', 'whole pieces'))
  await expect(plant.order('BRK', 1, { siteId: plant.node(bench.path) })).rejects.toEqual(
    refused('execution.order-site-wrong'),
  )
  await expect(release(await plant.order('RIVET', 1))).rejects.toEqual(
    refused('execution.order-not-releasable', 'no effective work definition for RIVET'),
  )
  const lacks: [object, string][] = [
    [{ instruction: 'WI-NONE' }, 'no effective work instruction WI-NONE'],
    [{ bomPositions: [10] }, 'builds in position 10, and there is no effective bill of material'],
    [{ at: { equipmentClass: 'Press' } }, 'equipment of the class Press at this site, which there is not'],
  ]
  for (const [lack, message] of lacks) {
    await plant.route('R-RIVET', 'RIVET', [{ ...oneStep[0], ...lack } as Operation])
    await expect(release(await plant.order('RIVET', 1))).rejects.toEqual(
      refused('execution.order-not-releasable', message),
    )
  }
  const [rivets] = await platform.run(listWorkDefinitions, anybody, { product: 'RIVET', state: 'effective' })
  await platform.run(retireWorkDefinition, anybody, { definitionId: rivets?.id as never, reason: 'not made here' })
  await expect(release(await plant.order('RIVET', 1))).rejects.toEqual(refused('execution.order-not-releasable'))
})

test('serials are made at the release: those that are given, also some more within the rules, or the next of the plant', async () => {
  const order = await plant.order('BRK', 2)
  await expect(release(order, ['S-1'])).rejects.toEqual(
    refused('execution.release-codes', 'needs 2 serial numbers, at most 3'),
  )
  await expect(release(order, ['S-1', 'S-2', 'S-3', 'S-4'])).rejects.toEqual(refused('execution.release-codes'))
  const released = await release(order, ['S-1', 'S-2', 'S-3'])
  const { lots } = await plant.platform.run(listLots, plant.anybody, { orderId: order.id })
  expect(lots.map(({ code, quantity }) => [code, quantity]).sort()).toEqual([
    ['S-1', '1'],
    ['S-2', '1'],
    ['S-3', '1'],
  ])
  expect(released.subjects).toHaveLength(3)
  await expect(release(released)).rejects.toEqual(refused('execution.order-state', 'is released'))
  const next = await plant.released('BRK', 2)
  expect(next.subjects).toHaveLength(2)
  expect(Number(next.code.slice(3))).toBe(Number(order.code.slice(3)) + 1)
})

test('an order that is entered later than it was made and released keeps those times, and begins no earlier', async () => {
  const { platform, anybody } = plant
  const [made, released] = [plusMs(plant.clock.now(), -7_200_000), plusMs(plant.clock.now(), -3_600_000)]
  const content = { product: 'BRK', quantity: decimalOf('1'), siteId: plant.node('Aurora/AERO') }
  const order = await platform.run(createOrder, anybody, { ...content, at: made })
  const give = (at: Instant) => platform.run(releaseOrder, anybody, { orderId: order.id, version: 1, at })
  await expect(give(plusMs(made, -1))).rejects.toThrow(refused('execution.order-time', 'was made at'))
  await expect(give(plusMs(plant.clock.now(), 1))).rejects.toThrow(refused('execution.order-time', 'future'))
  const given = await give(released)
  expect(given).toMatchObject({ createdAt: made, releasedAt: released })
  const [run] = await plant.runsOf(given)
  const begin = (at: Instant) =>
    platform.run(startRun, anybody, { runId: run?.id ?? '', nodeId: plant.node('Aurora/AERO/Layup/T-01'), at })
  await expect(begin(plusMs(released, -1))).rejects.toThrow(refused('execution.time-before'))
  expect(await begin(released)).toMatchObject({ startedAt: released })
})

test('[EXE-2!] what was made must lie within the rules of the order, or it is closed with a reason; then it takes no more', async () => {
  const order = await plant.released('MIX', '100')
  const [run] = await plant.runsOf(order)
  const begun = await start({ id: run?.id as never }, bench.path)
  const scrap = [{ quantity: decimalOf('5.01'), reasonId: null, reason: 'spilled' }]
  const told = { runId: begun.id, version: begun.version, good: decimalOf(0), scrap }
  await complete(await plant.platform.run(reportRun, plant.anybody, told))
  const done = await plant.again(order)
  expect(done).toMatchObject({ state: 'completed', good: '94.99' })
  const close = { orderId: order.id, version: done.version }
  await expect(plant.platform.run(closeOrder, plant.anybody, close)).rejects.toEqual(
    refused('execution.order-outside-rules', 'allowed are 95 to 105'),
  )
  const closed = await plant.platform.run(closeOrder, plant.anybody, { ...close, reason: 'customer takes it' })
  expect(closed.state).toBe('closed')
  await expect(plant.platform.run(holdOrder, plant.anybody, { orderId: order.id, reason: 'too late' })).rejects.toEqual(
    refused('execution.order-state'),
  )
  const exact = await workAll(plant, await plant.released('MIX', '20'))
  const within = { orderId: exact.id, version: exact.version }
  expect(await plant.platform.run(closeOrder, plant.anybody, within)).toMatchObject({ state: 'closed', good: '20' })
})

test('pieces that were not begun, or that somebody names, become an order of their own with the versions and holds of the first', async () => {
  const order = await plant.released('BRK', 4)
  const runs = await plant.runsOf(order)
  await complete(await start({ id: runs[0]?.id as never }, 'Aurora/AERO/Layup/T-01'))
  const { platform, anybody } = plant
  await platform.run(holdOrder, anybody, { orderId: order.id, reason: 'drawing in doubt' })
  const split = async (quantity: number, subjects: readonly string[] = []) => {
    const { version } = await plant.again(order)
    const asked = {
      orderId: order.id,
      version,
      quantity: decimalOf(quantity),
      subjects: [...subjects],
      reason: 'urgent',
    }
    return platform.run(splitOrder, anybody, asked)
  }
  await expect(split(4)).rejects.toEqual(refused('execution.order-not-splittable', 'not less than'))
  const first = await split(1)
  expect(first.split).toMatchObject({
    quantity: '1',
    splitFrom: order.id,
    state: 'released',
    workDefinitionId: order.workDefinitionId,
  })
  expect(first.split.subjects).toEqual([order.subjects[3]])
  expect(first.split.holds).toMatchObject([{ reason: 'drawing in doubt', ended: null }])
  expect(first.rest).toMatchObject({ quantity: '3', subjects: order.subjects.slice(0, 3) })
  const { lots: given } = await platform.run(listLots, anybody, { orderId: first.split.id })
  expect(given.map(({ id }) => id)).toEqual(first.split.subjects)
  // The begun piece goes when it is named, and its history is read with it.
  const second = await split(1, [order.subjects[0] ?? ''])
  const moved = await plant.runsOf(second.split)
  expect(moved.map(({ sequence, state, orderCode }) => [sequence, state, orderCode])).toEqual([
    [10, 'completed', order.code],
    [20, 'ready', second.split.code],
    [30, 'waiting', second.split.code],
  ])
  expect((await plant.runsOf(order)).filter(({ subjects }) => subjects.includes(order.subjects[3] as never))).toEqual(
    [],
  )
  const mix = await plant.released('MIX', '10')
  const amount = { orderId: mix.id, version: mix.version, quantity: '4', reason: 'second tank' }
  const parts = await platform.run(splitOrder, anybody, amount)
  expect(parts).toMatchObject({ rest: { quantity: '6' }, split: { quantity: '4' } })
  expect((await plant.runsOf(parts.split)).map(({ state, quantity }) => [state, quantity])).toEqual([['ready', '4']])
  expect((await plant.runsOf(parts.rest)).map(({ state, quantity }) => [state, quantity])).toEqual([['ready', '6']])
})

test('an order that was not begun is cancelled, and what it would have made is no stock', async () => {
  const order = await plant.released('BRK', 1)
  const cancelled = await plant.platform.run(cancelOrder, plant.anybody, {
    orderId: order.id,
    version: order.version,
    reason: 'ordered twice',
  })
  expect(cancelled.state).toBe('cancelled')
  expect((await plant.runsOf(order)).every(({ state }) => state === 'skipped')).toBe(true)
  const { lots } = await plant.platform.run(listLots, plant.anybody, { orderId: order.id })
  expect(lots).toMatchObject([{ status: 'rejected' }])
  await plant.platform.idle()
  expect((await plant.again(order)).holds).toEqual([])
  const begun = await plant.released('BRK', 1)
  await start({ id: (await plant.runsOf(begun))[0]?.id as never }, 'Aurora/AERO/Layup/T-01')
  const { version } = await plant.again(begun)
  const late = { orderId: begun.id, version, reason: 'ordered twice' }
  await expect(plant.platform.run(cancelOrder, plant.anybody, late)).rejects.toEqual(refused('execution.order-state'))
})

test('[EXE-5] a change of priority stands in the trail with who, why and what it was before', async () => {
  const order = await plant.order('BRK', 1)
  const change = { orderId: order.id, version: order.version, priority: 1, dueAt: null, reason: 'line stands still' }
  const changed = await plant.platform.run(setOrderPriority, plant.anybody, change)
  expect(changed).toMatchObject({ priority: 1, version: order.version + 1 })
  await expect(plant.platform.run(setOrderPriority, plant.anybody, change)).rejects.toEqual(
    refused('execution.version-conflict'),
  )
  const record = { kind: 'execution.order', id: order.id }
  const entries = await plant.platform.run(listAuditEntries, actorWith(permissions), { record })
  expect(entries[0]).toMatchObject({ operation: 'execution.order.set-priority', reason: 'line stands still' })
  expect(JSON.stringify(entries[0])).toContain('"priority"')
  await expect(
    sql`update execution.order set priority = 9 where id = ${order.id}`.execute(plant.database.db),
  ).rejects.toThrow()
})

test('[EXE-5] orders come from a file all at once, or not at all with every bad line named', async () => {
  const { platform, anybody } = plant
  const file = (...lines: string[]) => ['code,product,quantity,site,priority,due,reference', ...lines].join('\n')
  const run = (csv: string, dryRun = false) => platform.run(importOrders, anybody, { csv, dryRun })
  const good = file('IMP-1,BRK,2,Aurora/AERO,1,2026-12-01T14:00:00+01:00,C-77', ',MIX,12.5,aurora/aero,,,')
  expect(await run(good, true)).toMatchObject({ created: [], wouldCreate: 2, known: [] })
  const { created } = await run(good)
  expect(created).toMatchObject([
    { code: 'IMP-1', quantity: '2', priority: 1, reference: 'C-77', dueAt: Date.UTC(2026, 11, 1, 13) * 1000 },
    { code: expect.stringMatching(/^WO-\d{5}$/), quantity: '12.5', unit: 'kg', priority: 5 },
  ])
  expect(await run(file('imp-1,BRK,2,Aurora/AERO,,,'))).toMatchObject({ created: [], known: ['imp-1'] })
  const bad = file('IMP-2,BRK,2,Aurora/AERO,,,', 'IMP-3,NONE,2,Aurora/AERO,,,', 'IMP-4,BRK,1.5,Aurora/XX,0,tomorrow,')
  await expect(run(bad)).rejects.toMatchObject({
    code: 'execution.import-invalid',
    details: {
      lines: [
        { line: 3, column: 'product' },
        { line: 4, column: 'site' },
        { line: 4, column: 'priority' },
        { line: 4, column: 'due' },
      ],
    },
  })
  const { total } = await platform.run(listOrders, anybody, { search: 'IMP-2' })
  expect(total).toBe(0)
})

test('[AS-8.3-4, 211.186!] a draft becomes a version in review at its first signature and effective with its last; the one before is retired', async () => {
  const { platform, anybody } = plant
  const content = { code: 'R-X', product: 'RIVET', operations: oneStep }
  const draft = (changeReason: string) => platform.run(draftWorkDefinition, anybody, { ...content, changeReason })
  const states = async () =>
    (await platform.run(listWorkDefinitions, anybody, { code: 'r-x' })).map(
      ({ version, state }) => `${version} ${state}`,
    )
  const first = await draft('first')
  expect((await draft('wording')).id).toBe(first.id)
  await plant.sign('execution.work_definition', first.id, false)
  expect(await states()).toEqual(['1 in-review'])
  // Signed once, it is nothing to work by yet.
  await expect(release(await plant.order('RIVET', 1))).rejects.toEqual(
    refused('execution.order-not-releasable', 'no effective work definition for RIVET'),
  )
  // Signed, it stays as it is: what is written now is the next version.
  const second = await draft('more')
  expect(await states()).toEqual(['2 draft', '1 in-review'])
  await plant.sign('execution.work_definition', first.id, true)
  await plant.sign('execution.work_definition', first.id, true)
  expect(await states()).toEqual(['2 draft', '1 effective'])
  await plant.sign('execution.work_definition', second.id, true)
  expect(await states()).toEqual(['2 effective', '1 retired'])
  await expect(
    sql`update execution.work_definition set product = 'BRK' where id = ${first.id}`.execute(plant.database.owner),
  ).rejects.toThrow(/never changes/)
  await expect(platform.run(retireWorkDefinition, anybody, { definitionId: first.id, reason: 'old' })).rejects.toEqual(
    refused('execution.version-not-effective'),
  )
})

test('[AS-8.3-4] a version that was overtaken while it was in review never comes into force', async () => {
  const { platform, anybody } = plant
  const content = { code: 'R-Z', product: 'RIVET', operations: oneStep }
  const first = await platform.run(draftWorkDefinition, anybody, { ...content, changeReason: 'first' })
  await plant.sign('execution.work_definition', first.id, false)
  const second = await platform.run(draftWorkDefinition, anybody, { ...content, changeReason: 'second' })
  await plant.sign('execution.work_definition', second.id, true)
  await plant.sign('execution.work_definition', first.id, true)
  const versions = await platform.run(listWorkDefinitions, anybody, { code: 'R-Z' })
  expect(versions.map(({ version, state, effectiveAt }) => [version, state, effectiveAt === null])).toEqual([
    [2, 'effective', false],
    [1, 'retired', true],
  ])
})

test('[AS-8.3-4!] what was written anew after somebody signed it does not come into force by those signatures', async () => {
  const { platform, anybody } = plant
  const content = { code: 'R-Y', product: 'RIVET', operations: oneStep }
  const first = await platform.run(draftWorkDefinition, anybody, { ...content, changeReason: 'first' })

  const record = { kind: 'execution.work_definition', id: first.id }
  const shown = await findHead(platform.db, record)
  await platform.run(draftWorkDefinition, anybody, { ...content, changeReason: 'second' })
  await platform.act('test', 'identity.signature.sign', {}, async (uow) => {
    if (shown !== undefined) uow.emit('identity.record-signatures-complete', { record, ...shown })
  })
  await platform.idle()
  expect(await platform.run(listWorkDefinitions, anybody, { code: 'R-Y' })).toMatchObject([{ state: 'draft' }])
})

test.each(['work definition', 'instruction'])(
  'the draft of a %s says from which version it was drawn, and which one became effective since',
  async (words) => {
    const { platform, anybody } = plant
    const isInstruction = words === 'instruction'
    const look = { key: 'look', title: { en: 'Look' }, ask: { type: 'read' as const } }
    const draft = (drawnFrom?: number) => {
      const more = { changeReason: 'as told', ...(drawnFrom === undefined ? {} : { drawnFrom }) }
      return isInstruction
        ? platform.run(draftInstruction, anybody, { code: 'WI-D', title: { en: 'Look' }, steps: [look], ...more })
        : platform.run(draftWorkDefinition, anybody, { code: 'R-D', product: 'RIVET', operations: oneStep, ...more })
    }
    const release = ({ id }: { id: string }) =>
      plant.sign(isInstruction ? 'execution.instruction' : 'execution.work_definition', id, true)
    const first = await draft()
    expect(first).toMatchObject({ version: 1, drawnFrom: null, overtakenBy: null })
    await release(first)
    const second = await draft(1)
    expect(second).toMatchObject({ version: 2, drawnFrom: 1, overtakenBy: null })
    await release(second)
    // Somebody else had begun from version 1 as well.
    expect(await draft(1)).toMatchObject({ version: 3, drawnFrom: 1, overtakenBy: 2 })
    expect(await draft(3)).toMatchObject({ version: 3, drawnFrom: 1, overtakenBy: 2 })
    expect(await draft(2)).toMatchObject({ version: 3, drawnFrom: 2, overtakenBy: null })
    expect(await draft()).toMatchObject({ version: 3, drawnFrom: null, overtakenBy: null })
    await expect(draft(9)).rejects.toMatchObject({ kind: 'invalid', code: 'execution.draft-base-unknown' })
    if (isInstruction) return
    const [, effective] = await platform.run(listWorkDefinitions, anybody, { code: 'R-D' })
    expect(effective).toMatchObject({ version: 2, state: 'effective', drawnFrom: 1, overtakenBy: null })
    await platform.run(retireWorkDefinition, anybody, { definitionId: second.id as never, reason: 'only a test' })
  },
)

test('what was released elsewhere is taken over whole, or every wrong field is named and nothing is', async () => {
  const { platform, anybody } = plant
  const given = { document: 'list 7', reason: 'commissioning' }
  const good = { code: 'R-A', product: 'RIVET', operations: oneStep }
  const adopt = (workDefinitions: unknown[], instructions: unknown[] = []) =>
    platform.run(adoptDefinitions, anybody, { ...given, workDefinitions, instructions })
  await expect(adopt([good, { code: 'R-B' }], ['nonsense'])).rejects.toMatchObject({
    code: 'execution.adoption-invalid',
    details: { fields: expect.arrayContaining([expect.objectContaining({ path: 'workDefinitions.1.product' })]) },
  })
  expect(await platform.run(listWorkDefinitions, anybody, { code: 'R-A' })).toEqual([])
  expect(await adopt([good])).toEqual({ adopted: ['R-A'], known: [] })
  expect(await adopt([{ ...good, product: 'BRK' }])).toEqual({ adopted: [], known: ['R-A'] })
  const [kept] = await platform.run(listWorkDefinitions, anybody, { code: 'R-A' })
  expect(kept).toMatchObject({ product: 'RIVET', state: 'effective', version: 1 })
  await platform.run(retireWorkDefinition, anybody, { definitionId: kept?.id as never, reason: 'only a test' })
})

test('[P11-10a] whatever was done with orders here, their records are what the ledger tells', async () => {
  expect(await plant.differences()).toEqual([])
})
