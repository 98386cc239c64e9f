import { setCleaning } from '@throughline/equipment'
import { newId } from '@throughline/kernel'
import type { OperationRun } from '@throughline/model'
import {
  completeRun,
  getOrder,
  getRun,
  joinRun,
  listCleaning,
  listContexts,
  listDispatch,
  listLots,
  pauseRun,
  reportRun,
  resumeRun,
  setCleaningRule,
  setOrderPriority,
  skipRun,
  startRun,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operation, StartedExecution } from '../testing/start-execution.ts'
import { bracketRoute, startExecution } from '../testing/start-execution.ts'
import { workAt } from './store.ts'

let plant: StartedExecution
const bench = { path: 'Aurora/AERO/Bench' }
const mixRoute: Operation[] = [
  { sequence: 10, name: 'Weigh', at: bench },
  { sequence: 20, name: 'Mix', at: bench, reworkTo: 10, needsCleaning: true },
]
const ben: Actor = { ...actorWith(['execution.run.perform', 'execution.read']), name: 'ben' }

beforeAll(async () => {
  plant = await startExecution()
  await plant.route('R-BRK', 'BRK', bracketRoute)
  await plant.route('R-MIX', 'MIX', mixRoute, { overPercent: 5 })
  await cleaned()
})
afterAll(() => plant?.close())

const cleaned = () =>
  plant.platform.act('test', 'test.clean', {}, (uow) => setCleaning(uow, plant.node(bench.path), 'clean', uow.at, null))

const table = () => plant.node('Aurora/AERO/Layup/T-01')
const start = (run: Pick<OperationRun, 'id'>, more: object = {}, by: Actor = plant.anybody) =>
  plant.platform.run(startRun, by, { runId: run.id, nodeId: table(), ...more })
const complete = ({ id: runId, version }: Pick<OperationRun, 'id' | 'version'>, at?: number) =>
  plant.platform.run(completeRun, plant.anybody, { runId, version, ...(at === undefined ? {} : { at }) })
/** Starts and completes. */
const done = async (run: OperationRun, node: string): Promise<OperationRun> =>
  complete(await start(run, { nodeId: plant.node(node) }))
const nth = (runs: readonly OperationRun[], sequence: number, index = 0): OperationRun => {
  const found = runs.filter((run) => run.sequence === sequence)[index]
  if (found === undefined) throw new Error(`no run ${index} of operation ${sequence}`)
  return found
}
const statesOf = (runs: readonly OperationRun[]) =>
  runs.map(({ sequence, attempt, state, quantity }) => `${sequence}/${attempt} ${state} ${quantity}`)

test('[P11-10f, EXE-2] an operation becomes ready once all of its pieces have come, and the order is completed with the last one', async () => {
  const order = await plant.released('BRK', 2)
  const runs = await plant.runsOf(order)
  expect(statesOf(runs)).toEqual(['10/1 ready 1', '10/1 ready 1', '20/1 waiting 2', '30/1 waiting 1', '30/1 waiting 1'])
  await done(nth(runs, 10), 'Aurora/AERO/Layup/T-01')
  expect(await plant.again(order)).toMatchObject({ state: 'running', good: '0' })
  expect(nth(await plant.runsOf(order), 20).state).toBe('waiting')
  await done(nth(runs, 10, 1), 'Aurora/AERO/Layup/T-02')
  expect(nth(await plant.runsOf(order), 20).state).toBe('ready')
  await done(nth(runs, 20), 'Aurora/AERO/Cure/OVEN-1')
  await done(nth(runs, 30), bench.path)
  expect(await plant.again(order)).toMatchObject({ state: 'running', good: '1' })
  await done(nth(runs, 30, 1), bench.path)
  expect(await plant.again(order)).toMatchObject({ state: 'completed', good: '2', scrap: '0' })
})

test('[EXE-2!] two people who start the same operation at one moment: one has it in hand, the other hears who is first', async () => {
  const order = await plant.released('BRK', 1)
  const run = nth(await plant.runsOf(order), 10)
  const both = await Promise.allSettled([start(run), start(run, {}, { ...plant.anybody, id: newId(), name: 'ben' })])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const refused = both.find((each) => each.status === 'rejected')
  expect(refused).toMatchObject({ reason: { kind: 'conflict', code: 'execution.run-state' } })
  expect(nth(await plant.runsOf(order), 10).labour).toHaveLength(1)
})

test('[P11-10f!] some pieces begin without the others, which stay behind as an operation of their own', async () => {
  const order = await plant.released('BRK', 2)
  const runs = await plant.runsOf(order)
  await done(nth(runs, 10), 'Aurora/AERO/Layup/T-01')
  const cure = nth(await plant.runsOf(order), 20)
  const [first, second] = cure.subjects
  await expect(start(cure, { nodeId: plant.node('Aurora/AERO/Cure') })).rejects.toMatchObject({
    code: 'execution.gate-closed',
    message: expect.stringContaining('must first go through operation 10 (Lay up)'),
  })
  const begun = await start(cure, { nodeId: plant.node('Aurora/AERO/Cure/OVEN-1'), subjects: [first] })
  expect(begun).toMatchObject({ id: cure.id, state: 'running', subjects: [first], quantity: '1' })
  expect((await plant.runsOf(order)).filter(({ sequence }) => sequence === 20)).toMatchObject([
    { state: 'running', subjects: [first] },
    { state: 'waiting', subjects: [second], attempt: 1 },
  ])
})

test('[EXE-4] somebody pauses, somebody else goes on: who worked when stands in the record', async () => {
  const order = await plant.released('BRK', 1)
  const run = nth(await plant.runsOf(order), 10)
  const begun = await start(run)
  expect(begun.heldBy).toMatchObject({ name: 'ada' })
  plant.clock.advanceMs(1000)
  const joined = await plant.platform.run(joinRun, ben, { runId: run.id, join: true })
  expect(joined.labour.map(({ name }) => name)).toEqual(['ada', 'ben'])
  // Who leaves hands over; who is alone pauses.
  const left = await plant.platform.run(joinRun, plant.anybody, { runId: run.id, join: false })
  expect(left.heldBy).toMatchObject({ name: 'ben' })
  await expect(plant.platform.run(joinRun, ben, { runId: run.id, join: false })).rejects.toMatchObject({
    code: 'execution.run-left-alone',
  })
  plant.clock.advanceMs(60_000)
  const paused = await plant.platform.run(pauseRun, ben, { runId: run.id, version: left.version, reason: 'shift ends' })
  expect(paused).toMatchObject({ state: 'paused', heldBy: null, pauseReason: 'shift ends' })
  expect(paused.labour.every(({ to }) => to !== null)).toBe(true)
  await expect(
    plant.platform.run(resumeRun, plant.anybody, { runId: run.id, version: left.version }),
  ).rejects.toMatchObject({ kind: 'conflict', code: 'execution.version-conflict' })
  const { anybody } = plant
  const resumed = await plant.platform.run(resumeRun, anybody, {
    runId: run.id,
    version: paused.version,
    note: 'took over',
  })
  expect(resumed).toMatchObject({ state: 'running', heldBy: { name: 'ada' } })
  expect(resumed.labour).toHaveLength(3)
})

test('[EXE-4] process data is found by serial, order, person and phase while a piece is at the equipment, and no longer', async () => {
  const order = await plant.released('BRK', 2)
  const [one, two] = (await plant.runsOf(order)).filter(({ sequence }) => sequence === 10)
  if (one === undefined || two === undefined) throw new Error('two runs')
  const nodeId = plant.node('Aurora/AERO/Layup/T-02')
  const from = plant.clock.now()
  const open = async () => {
    const asked = { nodeId, from, to: plant.clock.now() + 1 }
    const found = await plant.platform.run(listContexts, plant.anybody, asked)
    return found.filter(({ to }) => to === null).map(({ kind, label }) => `${kind} ${label}`)
  }
  const begun = await start(one, { nodeId })
  plant.clock.advanceMs(1000)
  const beside = await start(two, { nodeId })
  expect((await open()).sort()).toEqual(
    [
      `lot ${one.subjectCodes[0]}`,
      `lot ${two.subjectCodes[0]}`,
      `order ${order.code}`,
      'person ada',
      'phase 10 Lay up',
    ].sort(),
  )
  plant.clock.advanceMs(1000)
  await complete(begun)
  expect(await workAt(plant.platform.db, nodeId, plant.clock.now())).toEqual({
    orderId: order.id,
    orderCode: order.code,
    runId: two.id,
    lots: two.subjects,
  })
  // The other piece is still there, and so are its order and person.
  expect((await open()).sort()).toEqual(
    [`lot ${two.subjectCodes[0]}`, `order ${order.code}`, 'person ada', 'phase 10 Lay up'].sort(),
  )
  plant.clock.advanceMs(1000)
  await complete(beside)
  expect(await open()).toEqual([])
  expect(await workAt(plant.platform.db, nodeId, plant.clock.now())).toBeUndefined()
  expect(await workAt(plant.platform.db, nodeId, from)).toMatchObject({ runId: one.id })
})

test('[EXE-2] scrap is rejected at once and goes nowhere; rework goes back and comes again as the second attempt', async () => {
  const order = await plant.released('BRK', 2)
  const runs = await plant.runsOf(order)
  await done(nth(runs, 10), 'Aurora/AERO/Layup/T-01')
  await done(nth(runs, 10, 1), 'Aurora/AERO/Layup/T-01')
  await done(nth(runs, 20), 'Aurora/AERO/Cure')
  const trim = await start(nth(runs, 30), { nodeId: plant.node(bench.path) })
  const [lotId] = trim.subjects
  const { platform, anybody } = plant
  const sent = await platform.run(reportRun, anybody, {
    runId: trim.id,
    version: trim.version,
    good: '0',
    scrap: [],
    rework: [{ quantity: '1', reason: 'edge too long', lotId: lotId ?? null }],
  })
  expect(sent).toMatchObject({ rework: '1', good: '0' })
  const layUp = { sequence: 10, name: 'Lay up' }
  expect(await platform.run(getRun, anybody, { runId: trim.id })).toMatchObject({ reworkTo: layUp, sentBack: [] })
  await complete(sent)
  const after = (await plant.runsOf(order)).filter(({ subjects }) => subjects.includes(lotId as never))
  expect(statesOf(after)).toEqual([
    '10/1 completed 1',
    '10/2 ready 1',
    '20/1 completed 2',
    '20/2 waiting 1',
    '30/1 completed 1',
    '30/2 waiting 1',
  ])
  const again = await start(nth(after, 10, 1))
  const sentBack = [{ lotId, reason: 'edge too long', by: { sequence: 30, name: 'Trim' } }]
  expect(await platform.run(getRun, anybody, { runId: again.id })).toMatchObject({ reworkTo: null, sentBack })
  const scrapped = await platform.run(reportRun, anybody, {
    runId: again.id,
    version: again.version,
    good: '0',
    scrap: [{ quantity: '1', reasonId: null, reason: 'delaminated', lotId: lotId ?? null }],
  })
  expect(scrapped.scrap).toBe('1')
  const { lots } = await platform.run(listLots, anybody, { orderId: order.id })
  expect(lots.find(({ id }) => id === lotId)).toMatchObject({ status: 'rejected', statusReason: 'delaminated' })
  await complete(scrapped)
  const gone = (await plant.runsOf(order)).filter(({ attempt }) => attempt === 2)
  expect(statesOf(gone)).toEqual(['10/2 completed 1', '20/2 skipped 1', '30/2 skipped 1'])
  await done(nth(await plant.runsOf(order), 30, 1), bench.path)
  await platform.idle()
  // A piece that became scrap holds nobody.
  expect(await plant.again(order)).toMatchObject({ state: 'completed', good: '1', scrap: '1', holds: [] })
})

test('[EXE-2!] an amount is divided: scrap and rework leave as lots of their own, more than planned only within the rules', async () => {
  const order = await plant.released('MIX', '100')
  const weigh = nth(await plant.runsOf(order), 10)
  const begun = await start(weigh, { nodeId: plant.node(bench.path) })
  const { platform, anybody } = plant
  const report = (version: number, told: object) =>
    platform.run(reportRun, anybody, { runId: weigh.id, version, good: '0', scrap: [], ...told })
  await expect(report(begun.version, { good: '106' })).rejects.toMatchObject({
    code: 'execution.report-too-much',
    message: expect.stringContaining('at most 105'),
  })
  const more = await report(begun.version, {
    good: '104',
    scrap: [{ quantity: '0.5', reasonId: null, reason: 'spilled' }],
  })
  expect(more).toMatchObject({ good: '104', scrap: '0.5', quantity: '104.5' })
  await expect(report(more.version, { rework: [{ quantity: '1', reason: 'lumps' }] })).rejects.toMatchObject({
    code: 'execution.rework-not-planned',
  })
  await complete(more)
  const mix = nth(await plant.runsOf(order), 20)
  expect(mix).toMatchObject({ state: 'ready', quantity: '104' })
  const mixing = await start(mix, { nodeId: plant.node(bench.path) })
  const split = await platform.run(reportRun, anybody, {
    runId: mix.id,
    version: mixing.version,
    good: '0',
    scrap: [],
    rework: [{ quantity: '4', reason: 'lumps' }],
  })
  expect(split.subjects).toHaveLength(2)
  await complete(split)
  const runs = await plant.runsOf(order)
  expect(statesOf(runs)).toEqual(['10/1 completed 104.5', '10/2 ready 4', '20/1 completed 104', '20/2 waiting 4'])
  expect(await plant.again(order)).toMatchObject({ state: 'running', good: '100', scrap: '0.5' })
})

test('[EXE-1!] equipment that must be clean is in use from the start and dirty after the end: the next start waits for cleaning', async () => {
  const nodeId = plant.node(bench.path)
  const [status] = await plant.platform.run(listCleaning, plant.anybody, { nodeId })
  expect(status).toMatchObject({ status: 'dirty' })
  const order = await plant.released('MIX', '5')
  await done(nth(await plant.runsOf(order), 10), bench.path)
  const mix = nth(await plant.runsOf(order), 20)
  await expect(start(mix, { nodeId })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'execution.gate-closed',
    details: { gates: [{ kind: 'cleaning', open: false }] },
  })
  plant.clock.advanceMs(1000)
  await cleaned()
  const rule = { nodeId, cleanHoldSeconds: 60, dirtyHoldSeconds: null, reason: 'cleaning validation' }
  await plant.platform.run(setCleaningRule, plant.anybody, rule)
  plant.clock.advanceMs(60_000)
  await expect(start(mix, { nodeId })).rejects.toMatchObject({ message: expect.stringContaining('clean it again') })
  await cleaned()
  const begun = await start(mix, { nodeId })
  const inUse = await plant.platform.run(listCleaning, plant.anybody, { nodeId })
  expect(inUse).toMatchObject([{ status: 'in-use', lastUse: order.code }])
  const { id: runId } = mix
  const { version } = await plant.platform.run(pauseRun, plant.anybody, {
    runId,
    version: begun.version,
    reason: 'break',
  })
  // It goes on where it was used all the time.
  await complete(await plant.platform.run(resumeRun, plant.anybody, { runId, version }))
})

test('[EXE-4!] a device that was offline says when it happened: not in the future, and not before what is recorded already', async () => {
  const order = await plant.released('BRK', 1)
  const run = nth(await plant.runsOf(order), 10)
  plant.clock.advanceMs(600_000)
  const now = plant.clock.now()
  await expect(start(run, { at: now + 1 })).rejects.toMatchObject({ code: 'execution.time-future' })
  const at = now - 300_000_000
  const begun = await start(run, { at })
  expect(begun).toMatchObject({ startedAt: at, labour: [{ from: at }] })
  await expect(complete(begun, at - 1)).rejects.toMatchObject({ code: 'execution.time-before' })
  const completed = await complete(begun, at + 60_000_000)
  expect(completed).toMatchObject({ completedAt: at + 60_000_000, labour: [{ from: at, to: at + 60_000_000 }] })
  // The next operation may have begun, on that device, before anybody here heard of the first.
  const next = nth(await plant.runsOf(order), 20)
  const cure = { nodeId: plant.node('Aurora/AERO/Cure'), at: at + 61_000_000 }
  expect(await start(next, cure)).toMatchObject({ state: 'running' })
})

test('an operation that is not needed is skipped with a reason, and the next one is ready', async () => {
  const order = await plant.released('BRK', 1)
  const run = nth(await plant.runsOf(order), 10)
  const skipped = await plant.platform.run(skipRun, plant.anybody, {
    runId: run.id,
    version: run.version,
    reason: 'delivered laid up',
  })
  expect(skipped).toMatchObject({ state: 'skipped', pauseReason: 'delivered laid up' })
  expect(nth(await plant.runsOf(order), 20).state).toBe('ready')
  const cure = await start(nth(await plant.runsOf(order), 20), { nodeId: plant.node('Aurora/AERO/Cure') })
  const again = { runId: cure.id, version: cure.version, reason: 'too late' }
  await expect(plant.platform.run(skipRun, plant.anybody, again)).rejects.toMatchObject({ code: 'execution.run-state' })
})

test('a work center sees what is in hand there, then what is most urgent, whatever waits elsewhere', async () => {
  const slow = await plant.released('BRK', 1)
  const due = await plant.released('BRK', 1)
  const { version, id: orderId } = await plant.again(due)

  await plant.platform.run(setOrderPriority, plant.anybody, {
    orderId,
    version,
    priority: 1,
    dueAt: null,
    reason: 'line stands',
  })
  const nodeId = plant.node('Aurora/AERO/Layup')
  const list = (state?: OperationRun['state'][]) =>
    plant.platform.run(listDispatch, plant.anybody, { nodeId, limit: 1000, ...(state === undefined ? {} : { state }) })
  const begun = await start(nth(await plant.runsOf(slow), 10))
  const shown = (await list()).filter(({ orderCode }) => orderCode === slow.code || orderCode === due.code)
  expect(shown.map(({ orderCode, state, priority, held }) => [orderCode, state, priority, held])).toEqual([
    [slow.code, 'running', 5, false],
    [due.code, 'ready', 1, false],
  ])
  expect((await list()).every(({ sequence }) => sequence === 10)).toBe(true)
  expect(shown[1]?.candidates).toEqual([plant.node('Aurora/AERO/Layup/T-01'), plant.node('Aurora/AERO/Layup/T-02')])
  // Another site has a table of this class, and nothing of it to do.
  const bio = { nodeId: plant.node('Aurora/BIO/Layup/T-09') }
  expect(await plant.platform.run(listDispatch, plant.anybody, bio)).toEqual([])
  await expect(start(nth(await plant.runsOf(due), 10), bio)).rejects.toMatchObject({ code: 'execution.place-wrong' })
  await complete(begun)
})

test('somebody of another site neither sees the work nor touches it', async () => {
  const order = await plant.released('BRK', 1)
  const run = nth(await plant.runsOf(order), 10)
  const begun = await start(run)
  const stranger = actorWith(['execution.read', 'execution.run.perform'], plant.node('Aurora/BIO'))
  const { platform } = plant
  await expect(platform.run(getRun, stranger, { runId: run.id })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(platform.run(getOrder, stranger, { orderId: order.id })).rejects.toMatchObject({ kind: 'forbidden' })
  const ended = { runId: run.id, version: begun.version }
  await expect(platform.run(completeRun, stranger, ended)).rejects.toMatchObject({ kind: 'forbidden' })
  // Who works at one table of the site sees its orders, and works there.
  const local = actorWith(['execution.read', 'execution.run.perform'], table())
  expect(await platform.run(getRun, local, { runId: run.id })).toMatchObject({ run: { id: run.id }, entries: [] })
  expect(await platform.run(completeRun, local, ended)).toMatchObject({ state: 'completed' })
})
