import {
  applyModel,
  draftClass,
  exportModel,
  listAuditEntries,
  listClasses,
  listNodes,
  listTags,
  planModel,
} from '@throughline/model'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestPlant } from '../testing/start-plant.ts'
import { startPlant } from '../testing/start-plant.ts'
import { twoSites } from '../testing/two-sites.ts'

let plant: TestPlant
beforeAll(async () => {
  plant = await startPlant(pino({ level: 'silent' }))
  await apply(twoSites)
})
afterAll(() => plant.close())

const apply = async (text: string, format: 'yaml' | 'csv' = 'yaml') =>
  (await plant.platform.run(applyModel, plant.system, { format, text })).changes
const plan = async (text: string, format: 'yaml' | 'csv' = 'yaml') =>
  (await plant.platform.run(planModel, plant.system, { format, text })).changes
const exported = async (format: 'yaml' | 'csv') =>
  (await plant.platform.run(exportModel, plant.system, { format })).text
const eventsTold = async () => {
  const found = await sql<{ body: { changed: number } }>`
    select body from platform.outbox where name = 'equipment.model-changed' order by seq`.execute(plant.db)
  return found.rows.map((row) => row.body.changed)
}

test('a plan shows what apply then does, and changes nothing itself', async () => {
  const before = await exported('yaml')
  const text = 'nodes:\n  - { path: Aurora/BIO/Down, level: area }\n'
  const planned = await plan(text)
  expect(planned).toMatchObject([{ action: 'create', kind: 'node', name: 'aurora/bio/down' }])
  expect(await exported('yaml')).toBe(before)
  expect(await apply(text)).toEqual(planned)
  expect(await plan(text)).toEqual([])
})

test('one apply tells one event, and one that changes nothing tells none', async () => {
  const before = await eventsTold()
  const text = `nodes:
  - { path: Aurora/BIO/Fill, level: area }
  - { path: Aurora/BIO/Fill/FIL-01, level: work-unit, class: Vessel }
`
  await apply(text)
  await apply(text)
  expect((await eventsTold()).slice(before.length)).toEqual([4])
})

test('tag ids outlive every further apply', async () => {
  const ids = async () => (await plant.platform.run(listTags, plant.system, {})).tags.map((tag) => [tag.path, tag.id])
  const before = await ids()
  await apply(`${twoSites}  - { path: Aurora/AERO/Later, level: work-center }\n`)
  expect(await ids()).toEqual(before)
})

test('the export of a plant in both forms changes nothing in that plant', async () => {
  await apply(`connections:
  - { name: odd, agent: edge-x, driver: sparkplug, endpoint: "mqtt://h:1883", options: { z: 1.5, a: "=x", on: true } }
nodes:
  - path: Aurora/BIO/Up/BR-02
    level: work-unit
    description: "'=SUM(A1) “quoted”, with a comma;\\nand a line ☃"
    sources:
      Running: { connection: odd, address: "=cmd|' /C calc'!A0, ;\\"x\\"", scale: 1.0e-7, offset: -1.5e300 }
`)
  expect(await plan(await exported('yaml'))).toEqual([])
  expect(await plan(await exported('csv'), 'csv')).toEqual([])
  expect(await exported('csv')).toContain(`"'=cmd|' /C calc'!A0, ;""x"""`)
})

test('the export of one plant makes the same plant elsewhere', async () => {
  const other = await startPlant(pino({ level: 'silent' }))
  try {
    const text = await exported('yaml')
    await other.platform.run(applyModel, other.system, { format: 'yaml', text })
    expect((await other.platform.run(exportModel, other.system, { format: 'yaml' })).text).toBe(text)
    expect((await other.platform.run(exportModel, other.system, { format: 'csv' })).text).toBe(await exported('csv'))
  } finally {
    await other.close()
  }
})

test('[A11-9!, SR-3.5!] one bad row refuses the whole document, with every bad row named, and the attempt is on record', async () => {
  const before = await exported('yaml')
  const text = `classes:
  - { name: Fresh, tags: [{ name: T, dataType: double, unit: degC }] }
nodes:
  - { path: Aurora/BIO/Good, level: area }
  - { path: Aurora/BIO/Bad, level: area, class: Nothing }
`
  for (const operation of [planModel, applyModel]) {
    await expect(plant.platform.run(operation, plant.system, { format: 'yaml', text })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'equipment.model-invalid',
      details: {
        rows: [
          { line: 2, where: 'class Fresh: tags.0.unit', problem: '"degC" is not a UCUM unit code' },
          { line: 5, where: 'node Aurora/BIO/Bad', problem: expect.stringContaining('there is no class Nothing') },
        ],
      },
    })
  }
  expect(await exported('yaml')).toBe(before)
  const entries = await plant.platform.run(listAuditEntries, plant.system, {})
  expect(
    entries.some((entry) => entry.operation === applyModel.name && entry.outcome === 'equipment.model-invalid'),
  ).toBe(true)
})

test('a tag file changes sources, swaps included', async () => {
  const csv = await exported('csv')
  const swapped = csv.replace('BR-01.T', 'X').replace('AUT-01.T', 'BR-01.T').replace('ns=2;s=X', 'ns=2;s=AUT-01.T')
  // Both stand on different connections, so give both rows one connection too.
  const text = swapped.replaceAll('aero-opc', 'bio-opc')
  const changes = await apply(text, 'csv')
  expect(changes.map((change) => change.name)).toEqual([
    'aurora/aero/cure/aut-01/temperature',
    'aurora/bio/up/br-01/temperature',
  ])
  expect(await plan(text, 'csv')).toEqual([])
  await apply(csv, 'csv')
  expect(await exported('csv')).toBe(csv)
})

test('an instance moves to a new class version only by a document that names it, and keeps its ids', async () => {
  const list = async () => (await plant.platform.run(listTags, plant.system, { search: 'cool' })).tags
  const draft = `classes:
  - { name: Cooler, tags: [{ name: Flow, dataType: double, unit: L/min }, { name: Alarm, dataType: boolean }] }
nodes:
  - { path: Aurora/BIO/Cooling, level: area }
  - { path: Aurora/BIO/Cooling/C-1, level: work-unit, class: Cooler }
  - { path: Aurora/BIO/Cooling/C-2, level: work-unit, class: Cooler }
`
  await apply(draft)
  const before = await list()
  await apply(`classes:
  - { name: Cooler, tags: [{ name: Flow, dataType: double, unit: L/min, deadband: 2 }] }
nodes:
  - { path: Aurora/BIO/Cooling/C-2, level: work-unit, class: Cooler }
`)
  const after = await list()
  expect(after.map((tag) => [tag.path, tag.deadband])).toEqual([
    ['aurora/bio/cooling/c-1/alarm', 0],
    ['aurora/bio/cooling/c-1/flow', 0],
    ['aurora/bio/cooling/c-2/flow', 2],
  ])
  expect(after.map((tag) => tag.id)).toEqual(
    before.filter((tag) => !tag.path.endsWith('c-2/alarm')).map((tag) => tag.id),
  )
  const retired = before.find((tag) => tag.path.endsWith('c-2/alarm'))
  await plant.platform.idle()
  expect(plant.directory.list().some((tag) => tag.id === retired?.id)).toBe(false)
  expect(await plan(await exported('yaml'))).toEqual([])
  await apply(
    `${draft.split('nodes:')[0]}nodes:\n  - { path: Aurora/BIO/Cooling/C-2, level: work-unit, class: Cooler }\n`,
  )
  expect((await list()).find((tag) => tag.path.endsWith('c-2/alarm'))?.id).toBe(retired?.id)
})

test('a draft stays a draft, and stands in no export', async () => {
  await plant.platform.run(draftClass, plant.system, { name: 'Sketch', tags: [] })
  expect(await exported('yaml')).not.toContain('Sketch')
  await apply('classes:\n  - { name: Sketch, tags: [] }\n')
  const sketches = (await plant.platform.run(listClasses, plant.system, {})).filter((each) => each.name === 'Sketch')
  expect(sketches).toMatchObject([{ version: 1, state: 'published' }])
})

test('two documents applied at once are applied one after the other', async () => {
  const text = 'nodes:\n  - { path: Aurora/AERO/Race, level: work-center }\n'
  const both = await Promise.all([apply(text), apply(text)])
  expect(both.map((changes) => changes.length).sort()).toEqual([0, 1])
  const nodes = await plant.platform.run(listNodes, plant.system, {})
  expect(nodes.filter((node) => node.path === 'aurora/aero/race')).toHaveLength(1)
})

test('the directory follows every change, finds what is retired by id alone, and tells its listeners', async () => {
  const { directory, platform } = plant
  await platform.idle()
  let told = 0
  const stop = directory.onChange(() => {
    told += 1
  })
  await apply(`classes:
  - { name: Probe, tags: [{ name: A, dataType: double }, { name: B, dataType: double }] }
nodes:
  - { path: Aurora/AERO/Probe, level: work-center, class: Probe }
`)
  await platform.idle()
  expect(told).toBe(1)
  const [a, b] = [directory.byPath('Aurora/AERO/Probe/A'), directory.byPath('aurora/aero/probe/b')]
  expect(a).toMatchObject({ name: 'A', path: 'aurora/aero/probe/a' })
  expect(directory.find(a?.id ?? '')).toEqual(a)
  expect(a && directory.node(a.nodeId)?.path).toBe('aurora/aero/probe')
  expect(directory.list().map((tag) => tag.path)).toEqual(
    (await platform.run(listTags, plant.system, {})).tags.map((tag) => tag.path),
  )
  stop()
  await apply(`classes:
  - { name: Probe, tags: [{ name: A, dataType: double }] }
nodes:
  - { path: Aurora/AERO/Probe, level: work-center, class: Probe }
`)
  await platform.idle()
  expect(told).toBe(1)
  expect(directory.byPath('aurora/aero/probe/b')).toBeUndefined()
  expect(directory.list()).not.toContainEqual(b)
  expect(directory.find(b?.id ?? '')?.path).toBe('aurora/aero/probe/b')
  expect(directory.find('no such tag')).toBeUndefined()
})
