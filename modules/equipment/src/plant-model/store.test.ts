import type { KyselyPlugin } from 'kysely'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { planOnPaper } from '../testing/plant-on-paper.ts'
import { startPlant } from '../testing/start-plant.ts'
import { loadPlant, writeModel } from './store.ts'

const plant = await startPlant(pino({ level: 'silent' }))
afterAll(() => plant.close())

/** A line of `count` pumps; `deadband` and `scale` differ from one document to the next. */
const documentOf = (name: string, count: number, scale: number) => `classes:
  - { name: Pump, tags: [{ name: Speed, dataType: double, deadband: ${scale} }, { name: State, dataType: int64 }] }
connections:
  - { name: ${name}, agent: edge, driver: opcua, endpoint: "opc.tcp://127.0.0.1:${4840 + scale}", options: {} }
nodes:
  - { path: ${name}, level: enterprise }
  - { path: ${name}/S, level: site, timeZone: UTC, description: "${scale}" }
  - { path: ${name}/S/A, level: area }
${Array.from(
  { length: count },
  (_, index) =>
    `  - { path: ${name}/S/A/P${index}, level: work-unit, class: Pump, sources: { Speed: { connection: ${name}, address: "${index}", scale: ${scale} } } }\n`,
).join('')}`

async function statementsFor(text: string): Promise<number> {
  let statements = 0
  const counter: KyselyPlugin = {
    transformQuery({ node }) {
      statements += 1
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const db = plant.db.withPlugin(counter)
  const { writes, badRows, changes } = planOnPaper(await loadPlant(db), text)
  expect(badRows).toEqual([])
  expect(changes.length).toBeGreaterThan(0)
  await db.transaction().execute(async (trx) => {
    await sql`select set_config('throughline.entry', 'a test of the store alone', true)`.execute(trx)
    await writeModel(trx, writes)
  })
  expect(planOnPaper(await loadPlant(plant.db), text).changes).toEqual([])
  return statements
}

test('a model of two thousand tags is made and changed with as many statements as one of two', async () => {
  const [madeSmall, changedSmall] = [
    await statementsFor(documentOf('Small', 1, 1)),
    await statementsFor(documentOf('Small', 1, 2)),
  ]
  const [madeLarge, changedLarge] = [
    await statementsFor(documentOf('Large', 1000, 3)),
    await statementsFor(documentOf('Large', 1000, 4)),
  ]
  expect(Math.min(madeSmall, changedSmall)).toBeGreaterThan(4)
  expect([madeLarge, changedLarge]).toEqual([madeSmall, changedSmall])
})
