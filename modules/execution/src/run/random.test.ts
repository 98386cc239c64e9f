import { compare, decimalOf, sum } from '@throughline/kernel'
import type { OperationRun, Order } from '@throughline/model'
import {
  completeRun,
  listLots,
  pauseRun,
  reconcileMaterial,
  reportRun,
  resumeRun,
  skipRun,
  splitOrder,
  startRun,
} from '@throughline/model'
import { drawsFrom } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowedQuantity } from '../order/rules.ts'
import { listPieces } from '../order/store.ts'
import type { StartedExecution } from '../testing/start-execution.ts'
import { bracketRoute, startExecution } from '../testing/start-execution.ts'
import { isOpen } from './routing.ts'

let plant: StartedExecution
const tolerance = { underPercent: 10, overPercent: 10 }

beforeAll(async () => {
  plant = await startExecution()
  const route = bracketRoute.map((operation) => ({ ...operation, reworkTo: 10 }))
  await plant.route('R-BRK', 'BRK', route, tolerance)
  await plant.route(
    'R-MIX',
    'MIX',
    [
      { sequence: 10, name: 'Weigh', at: { path: 'Aurora/AERO/Bench' }, reworkTo: 10 },
      { sequence: 20, name: 'Mix', at: { path: 'Aurora/AERO/Bench' }, reworkTo: 10 },
      { sequence: 30, name: 'Fill', at: { path: 'Aurora/AERO/Bench' }, reworkTo: 30 },
    ],
    tolerance,
  )
})
afterAll(() => plant?.close())

const fitting: Readonly<Record<string, readonly string[]>> = {
  waiting: ['start', 'skip', 'split'],
  ready: ['start', 'start', 'start', 'start', 'start', 'split'],
  running: ['complete', 'complete', 'scrap', 'rework', 'rework', 'good', 'pause'],
  paused: ['resume'],
}

type Draw = (below: number) => number

/** One thing that somebody may do with an order; a refusal is one that they get. */
async function doSomething(order: Pick<Order, 'id'>, draw: Draw): Promise<string> {
  const runs = (await plant.runsOf(order)).filter(({ state, orderId }) => isOpen(state) && orderId === order.id)
  const near = runs.filter(({ state }) => state !== 'waiting' || draw(6) === 0)
  const run = near[draw(Math.max(1, near.length))]
  if (run === undefined) return 'nothing'
  const { id: runId, version, subjects, quantity } = run
  const { platform, anybody: by } = plant
  plant.clock.advanceMs(1000)
  const nodeId = run.candidates[draw(run.candidates.length)] ?? plant.node('Aurora/AERO')
  const some = draw(2) === 0 ? [] : subjects.filter(() => draw(2) === 0)
  const lotId = subjects[draw(subjects.length)] ?? null
  const share = run.product === 'BRK' ? decimalOf(1) : decimalOf(1 + draw(Math.ceil(Number(quantity) / 2)))
  const entry = { quantity: share, lotId, reason: 'not as drawn' }
  const deeds: Record<string, () => Promise<unknown>> = {
    start: () => platform.run(startRun, by, { runId, nodeId, subjects: some }),
    pause: () => platform.run(pauseRun, by, { runId, version, reason: 'end of the shift' }),
    resume: () => platform.run(resumeRun, by, { runId, version }),
    scrap: () => platform.run(reportRun, by, { runId, version, good: '0', scrap: [{ ...entry, reasonId: null }] }),
    rework: () => platform.run(reportRun, by, { runId, version, good: '0', scrap: [], rework: [entry] }),
    good: () => platform.run(reportRun, by, { runId, version, good: share, scrap: [] }),
    complete: () => platform.run(completeRun, by, { runId, version }),
    skip: () => platform.run(skipRun, by, { runId, version, reason: 'not needed here' }),
    split: async () => {
      const seen = await plant.again(order)
      return platform.run(splitOrder, by, {
        orderId: order.id,
        version: seen.version,
        quantity: '1',
        reason: 'urgent part',
      })
    },
  }
  // Mostly what fits; now and then anything.
  const names = (draw(6) === 0 ? undefined : fitting[run.state]) ?? Object.keys(deeds)
  const name = names[draw(names.length)] ?? 'start'
  try {
    await deeds[name]?.()
    return name
  } catch (error) {
    // What the rules refuse is refused in words, and leaves everything as it was.
    expect(error).toMatchObject({ name: 'DomainError' })
    expect(error).not.toMatchObject({ kind: 'defect' })
    return `${name} refused`
  }
}

/** Everything that must hold of an order, whatever was done with it. */
async function assertSound(order: Pick<Order, 'id'>): Promise<void> {
  const now = await plant.again(order)
  const runs = (await plant.runsOf(order)).filter(({ orderId }) => orderId === order.id)
  const pieces = await listPieces(plant.platform.db, order.id)
  const open = runs.filter(({ state }) => isOpen(state))
  for (const { id, state } of pieces) {
    const ahead = open.filter(
      ({ subjects, state: at }) =>
        subjects.includes(id) && (state !== 'scrapped' || at === 'waiting' || at === 'ready'),
    )
    const here = ahead.filter(({ sequence }) => sequence === Math.min(...ahead.map((each) => each.sequence)))
    expect(here.length, `${state} ${id}`).toBe(state === 'in-work' ? 1 : 0)
    const later = ahead.filter((each) => !here.includes(each))
    expect(later.every((each) => each.state === 'waiting')).toBe(true)
    expect(new Set(ahead.map(({ sequence }) => sequence)).size).toBe(ahead.length)
  }
  for (const run of runs) assertBalanced(run)
  const living = pieces.filter(({ state }) => state !== 'scrapped')
  const total = sum([...living.map(({ quantity }) => quantity)])
  expect(compare(total, allowedQuantity(now.quantity, tolerance).high)).toBeLessThanOrEqual(0)
  expect(now.good).toBe(sum(pieces.filter(({ state }) => state === 'done').map(({ quantity }) => quantity)))
  const isOver = now.state === 'completed'
  expect(open.length === 0).toBe(isOver)
  if (isOver) expect(now.good).toBe(total)
}

/** What the order says that it made lies in stock, what it says is scrap is rejected there, and all came by movements. */
async function assertInStock(order: Pick<Order, 'id'>): Promise<void> {
  const { platform, anybody } = plant
  const { good, scrap } = await plant.again(order)
  const { lots } = await platform.run(listLots, anybody, { orderId: order.id, limit: 5000 })
  const held = (isScrap: boolean) =>
    sum(lots.filter(({ status }) => (status === 'rejected') === isScrap).map(({ quantity }) => quantity))
  expect([held(false), held(true)]).toEqual([good, scrap])
  const balances = await platform.run(reconcileMaterial, anybody, { orderId: order.id })
  expect(balances.map(({ unaccounted }) => unaccounted)).toEqual(balances.map(() => '0'))
}

function assertBalanced({ state, quantity, good, scrap, rework }: OperationRun): void {
  const told = sum([good, scrap, rework])
  if (state === 'completed') expect(told).toBe(quantity)
  else expect(compare(told, quantity)).toBeLessThanOrEqual(0)
}

test.each([
  ['pieces', 'BRK', 4, 11],
  ['pieces, in another order', 'BRK', 3, 12],
  ['an amount', 'MIX', 40, 15],
  ['an amount, in another order', 'MIX', 25, 14],
])(
  '[EXE-2!, KPI-5] whatever is done with %s, each is in one place, good, scrap and rework are all there is, and the stock got no more and no less',
  async (_, product, quantity, seed) => {
    const draw = drawsFrom(seed)
    const order = await plant.released(product, quantity)
    const done = new Set<string>()
    for (let step = 0; step < 28; step += 1) {
      done.add(await doSomething(order, draw))
      await assertSound(order)
    }
    // Then it is finished, as it would be.
    for (let round = 0; round < 200; round += 1) {
      const run = (await plant.runsOf(order)).find(
        ({ state, orderId }) => orderId === order.id && isOpen(state) && state !== 'waiting',
      )
      if (run === undefined) break
      const { id: runId, version } = run
      const nodeId = run.candidates[0] ?? plant.node('Aurora/AERO')
      const { platform, anybody: by } = plant
      if (run.state === 'ready') await platform.run(startRun, by, { runId, nodeId })
      if (run.state === 'paused') await platform.run(resumeRun, by, { runId, version })
      if (run.state === 'running') await platform.run(completeRun, by, { runId, version })
    }
    await assertSound(order)
    expect((await plant.again(order)).state).toBe('completed')
    expect(done.size).toBeGreaterThan(5)
    await assertInStock(order)
    expect(await plant.differences()).toEqual([])
  },
)
