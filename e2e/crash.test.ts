import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromMs, plusMs } from '@throughline/kernel'
import type { Client, Tag } from '@throughline/model'
import { getAggregate, getDiagnostics, listSamples, listTags } from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { RunningPlant } from './plant.ts'
import { startPlant } from './plant.ts'
import { signedIn } from './signed-in.ts'

const Backfilled = z.object({
  type: z.literal('backfill'),
  from: z.number(),
  to: z.number(),
  counts: z.record(z.string(), z.int()),
})

let plant: RunningPlant
let call: Client
let tags: Tag[]

beforeAll(async () => {
  plant = await startPlant({ backfillDays: 2 })
  // Before the server is killed: its next start makes new links, the session lives on.
  call = await signedIn(plant, 'admin')
})
afterAll(() => plant?.stop())

async function killAndAwait(name: string): Promise<void> {
  const before = plant.pidOf(name)
  process.kill(before, 'SIGKILL')
  await waitFor(
    () => {
      try {
        return plant.pidOf(name) !== before
      } catch {
        return false
      }
    },
    `${name} to be started again`,
    30_000,
  )
  if (name === 'server') await waitFor(() => isUp(), 'the server to answer again', 60_000)
}

const isUp = (): Promise<boolean> =>
  fetch(`${plant.url}/health`).then(
    (answer) => answer.ok,
    () => false,
  )
const backfilled = () =>
  readFileSync(join(plant.home, 'demo-plant/truth.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"backfill"'))
    .map((line) => Backfilled.parse(JSON.parse(line)))[0]

test('[A11-16-1!, AL-Enduring!, SR-7.4!] kill -9 of server, edge agent and demo plant under load loses no acknowledged sample and doubles none', async () => {
  await waitFor(() => /backfill [1-9]/.test(plant.console()), 'the back-fill to run', 120_000)
  await killAndAwait('server')
  await killAndAwait('demo')
  await killAndAwait('edge')
  await killAndAwait('server')
  const truth = await waitFor(backfilled, 'the back-fill to be committed', 240_000)

  tags = (await call(listTags, {})).tags
  await waitFor(
    async () => {
      const { agents } = await call(getDiagnostics, {})
      return agents.some(
        ({ agent, connections }) => agent === 'edge-1' && connections.every(({ state }) => state === 'up'),
      )
    },
    'all connections to be up',
    60_000,
  )

  const window = { from: fromMs(truth.from), to: fromMs(truth.to) }
  const wrong: string[] = []
  for (const [path, count] of Object.entries(truth.counts)) {
    const tag = tags.find((each) => each.path === path)
    if (tag === undefined) throw new Error(`the plant has no tag ${path}`)
    const stored = (await call(getAggregate, { tagId: tag.id, window })).count
    if (stored !== count) wrong.push(`${path}: ${stored} stored, the simulator sent ${count}`)
  }
  expect(wrong).toEqual([])
}, 400_000)

test('the seconds that a machine counted since its connection came back are all there, each once', async () => {
  const counter = tags.find((tag) => tag.path.endsWith('aut-01/lifecount'))
  if (counter === undefined) throw new Error('the autoclave counts no seconds')
  const from = plusMs(fromMs(Date.now()), 1000)
  const to = plusMs(from, 15_000)
  await waitFor(() => Date.now() * 1000 > to, 'fifteen seconds of live operation', 30_000)
  await killAndAwait('server')
  const stored = async () => (await call(listSamples, { tagId: counter.id, window: { from, to } })).samples
  await waitFor(async () => (await stored()).length >= 14, 'the buffered samples', 30_000)
  const values = (await stored()).map(({ value }) => Number(value))
  const first = values[0] ?? Number.NaN
  expect(values).toEqual(values.map((_, index) => first + index))
}, 180_000)
