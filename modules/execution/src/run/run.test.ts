import { completeRun, startRun } from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedExecution } from '../testing/start-execution.ts'
import { bracketRoute, startExecution } from '../testing/start-execution.ts'

let plant: StartedExecution
beforeAll(async () => {
  plant = await startExecution()
  await plant.route('R-BRK', 'BRK', bracketRoute)
})
afterAll(() => plant?.close())

test('a piece goes through its operations in their order', async () => {
  const order = await plant.released('BRK', 2)
  const runs = await plant.runsOf(order)
  expect(runs.map(({ sequence, state, quantity }) => [sequence, state, quantity])).toEqual([
    [10, 'ready', '1'],
    [10, 'ready', '1'],
    [20, 'waiting', '2'],
    [30, 'waiting', '1'],
    [30, 'waiting', '1'],
  ])
  const [first] = runs
  if (first === undefined) throw new Error('no run')
  const begun = await plant.platform.run(startRun, plant.anybody, {
    runId: first.id,
    nodeId: plant.node('Aurora/AERO/Layup/T-01'),
  })
  expect(begun).toMatchObject({ state: 'running', heldBy: { name: 'ada' } })
  const done = await plant.platform.run(completeRun, plant.anybody, { runId: first.id, version: begun.version })
  expect(done).toMatchObject({ state: 'completed', good: '1' })
})
