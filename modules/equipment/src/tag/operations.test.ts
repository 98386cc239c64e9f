import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import {
  applyModel,
  exportModel,
  getAgentConfiguration,
  getTag,
  listConnections,
  listNodes,
  listTags,
  planModel,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startPlant } from '../testing/start-plant.ts'
import { twoSites } from '../testing/two-sites.ts'

const plant = await startPlant(pino({ level: 'silent' }))
const { platform, system, db, owner } = plant
afterAll(() => plant.close())
await platform.run(applyModel, system, { format: 'yaml', text: twoSites })

const nodes = new Map((await platform.run(listNodes, system, {})).map((node) => [node.path, node.id]))
const nodeAt = (path: string): Id<'EquipmentNode'> => nodes.get(path) ?? newId()
const tags = (await platform.run(listTags, system, {})).tags
const tagAt = (path: string): Id<'Tag'> => tags.find((tag) => tag.path === path)?.id ?? newId()
const paths = async (actor = system, filter: object = {}) =>
  (await platform.run(listTags, actor, filter)).tags.map((tag) => tag.path)

const ofBio = [
  'aurora/bio/up/br-01/running',
  'aurora/bio/up/br-01/temperature',
  'aurora/bio/up/br-02/running',
  'aurora/bio/up/br-02/temperature',
]
const ofAero = ['aurora/aero/cure/aut-01/running', 'aurora/aero/cure/aut-01/temperature']

test('tags are listed by path with all that is known of them', async () => {
  expect(await paths()).toEqual([...ofAero, ...ofBio])
  expect(await platform.run(getTag, system, { tagId: tagAt('aurora/bio/up/br-01/temperature') })).toEqual({
    id: tagAt('aurora/bio/up/br-01/temperature'),
    nodeId: nodeAt('aurora/bio/up/br-01'),
    name: 'Temperature',
    path: 'aurora/bio/up/br-01/temperature',
    description: 'Inner wall',
    dataType: 'double',
    unit: 'Cel',
    rangeLow: 0,
    rangeHigh: 60,
    normalLow: 36.5,
    normalHigh: null,
    deadband: 0.05,
    decimals: 1,
    writable: false,
    source: {
      connection: 'bio-opc',
      address: 'ns=2;s=BR-01.T',
      scale: 0.1,
      offset: -40,
      sampleMs: 500,
      staleAfterMs: 5000,
    },
  })
})

test('[SR-2.1!, SR-4.1!] an operator of one site sees and gets nothing of the other', async () => {
  const operator = actorWith(['equipment.model.read'], nodeAt('aurora/aero'))
  expect(await paths(operator)).toEqual(ofAero)
  expect(await platform.run(listTags, operator, { nodeId: nodeAt('aurora/bio') })).toEqual({ tags: [], total: 0 })
  expect(await paths(operator, { nodeId: nodeAt('aurora') })).toEqual(ofAero)
  expect((await platform.run(listNodes, operator, {})).map((node) => node.path)).toEqual([
    'aurora/aero',
    'aurora/aero/cure',
    'aurora/aero/cure/aut-01',
  ])
  expect((await platform.run(listConnections, operator, {})).map((each) => each.name)).toEqual(['aero-opc'])
  const mine = await platform.run(getTag, operator, { tagId: tagAt('aurora/aero/cure/aut-01/running') })
  expect(mine.name).toBe('Running')
  await expect(platform.run(getTag, operator, { tagId: tagAt('aurora/bio/up/br-01/running') })).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'platform.out-of-scope',
  })
})

test('[SR-2.1!, SR-4.1!] for every pair of scopes the lists hold exactly what the door would let through one by one', async () => {
  const [all, ids] = [await platform.run(listNodes, system, {}), [...nodes.values()]]
  const held = new Set(['equipment.model.read'] as const)
  for (const [first, second] of ids.flatMap((one) => ids.map((other) => [one, other] as const))) {
    const actor = { ...actorWith([]), grants: [first, second].map((nodeId) => ({ permissions: held, nodeId })) }
    const allowed = new Map<string, boolean>()
    for (const id of ids) allowed.set(id, await platform.allows(actor, 'equipment.model.read', id))
    expect(await platform.run(listNodes, actor, {})).toEqual(all.filter((node) => allowed.get(node.id)))
    expect((await platform.run(listTags, actor, {})).tags).toEqual(tags.filter((tag) => allowed.get(tag.nodeId)))
  }
})

test('the whole model is read and changed only by those who may for the whole plant', async () => {
  const engineer = actorWith(['equipment.model.read', 'equipment.model.write'], nodeAt('aurora/bio'))
  const document = { format: 'yaml' as const, text: twoSites }
  for (const attempt of [
    () => platform.run(exportModel, engineer, { format: 'csv' }),
    () => platform.run(planModel, engineer, document),
    () => platform.run(applyModel, engineer, document),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'platform.out-of-scope' })
  }
})

test('connections that feed no tag are seen by those who see the whole plant', async () => {
  const names = (await platform.run(listConnections, system, {})).map((each) => each.name)
  expect(names).toEqual(['aero-opc', 'bio-opc', 'spare'])
})

test.each([
  { search: 'br-01', found: ['aurora/bio/up/br-01/running', 'aurora/bio/up/br-01/temperature'] },
  { search: 'TEMP  Br-02', found: ['aurora/bio/up/br-02/temperature'] },
  { search: 'inner', found: [...ofAero, ...ofBio].filter((path) => path.endsWith('temperature')) },
  { search: '%', found: [] },
  { search: '   ', found: [...ofAero, ...ofBio] },
  { search: "'; drop table equipment.tag --", found: [] },
])('searching for "$search" finds the tags that hold every word', async ({ search, found }) => {
  expect(await paths(system, { search })).toEqual(found)
})

test('a page of the list knows how many there are in all, also behind the end', async () => {
  const page = await platform.run(listTags, system, { offset: 2, limit: 2 })
  expect(page.total).toBe(6)
  expect(page.tags.map((tag) => tag.path)).toEqual(ofBio.slice(0, 2))
  expect(await platform.run(listTags, system, { offset: 99 })).toEqual({ tags: [], total: 6 })
})

test('a search that no database could take is refused by name', async () => {
  await expect(platform.run(listTags, system, { search: 'a\u0000' })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'platform.text-unstorable',
  })
})

test('an unknown tag and an unknown node are named', async () => {
  await expect(platform.run(getTag, system, { tagId: newId<'Tag'>() })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'equipment.tag-unknown',
  })
  await expect(platform.run(listTags, system, { nodeId: newId<'EquipmentNode'>() })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'equipment.node-unknown',
  })
})

const machine = (name: string, nodeId: Id<'EquipmentNode'> | null = null) => ({
  ...actorWith(['equipment.agent.configure'], nodeId),
  kind: 'machine' as const,
  name,
})

test('an edge agent gets its own connections and the tags that they feed', async () => {
  const answer = await platform.run(getAgentConfiguration, machine('edge-bio'), { agent: 'edge-bio' })
  expect(answer.configuration).toMatchObject({
    version: answer.version,
    connections: [{ name: 'bio-opc', driver: 'opcua', options: { securityMode: 'None', publishMs: 250 } }],
    tags: [
      { id: tagAt('aurora/bio/up/br-01/temperature'), deadband: 0.05, source: { address: 'ns=2;s=BR-01.T' } },
      { id: tagAt('aurora/bio/up/br-02/temperature') },
    ],
  })
  expect(answer.configuration?.tags).toHaveLength(2)
})

test('an agent that knows the version is told so, and gets the content once something changes', async () => {
  const agent = machine('edge-aero')
  const first = await platform.run(getAgentConfiguration, agent, { agent: 'edge-aero' })
  const again = await platform.run(getAgentConfiguration, agent, { agent: 'edge-aero', known: first.version })
  expect(again).toEqual({ version: first.version, configuration: null })
  const change = (text: string) => platform.run(applyModel, system, { format: 'yaml', text })
  const source = '{ connection: aero-opc, address: "ns=2;s=AUT-01.T"'
  const node = (more: string) =>
    `nodes:\n  - { path: Aurora/AERO/Cure/AUT-01, level: work-unit, sources: { Temperature: ${source}${more} } } }\n`
  await change(node(', sampleMs: 50'))
  const changed = await platform.run(getAgentConfiguration, agent, { agent: 'edge-aero', known: first.version })
  expect(changed.version).not.toBe(first.version)
  expect(changed.configuration?.tags[0]?.source.sampleMs).toBe(50)
  await change(node(''))
  const back = await platform.run(getAgentConfiguration, agent, { agent: 'edge-aero', known: changed.version })
  expect(back).toEqual({ version: first.version, configuration: first.configuration })
})

test("a change of somebody else's tags is no news to an agent", async () => {
  const before = await platform.run(getAgentConfiguration, machine('edge-bio'), { agent: 'edge-bio' })
  const spare = `connections:\n  - { name: spare, agent: edge-x, driver: modbus, endpoint: "tcp://127.0.0.1:503", options: {} }\n`
  expect((await platform.run(applyModel, system, { format: 'yaml', text: spare })).changes).toHaveLength(1)
  const after = await platform.run(getAgentConfiguration, machine('edge-bio'), {
    agent: 'edge-bio',
    known: before.version,
  })
  expect(after.configuration).toBeNull()
})

test('[SR-2.1-RE1!] an agent gets no other agent’s configuration; a person who may configure agents gets any', async () => {
  await expect(platform.run(getAgentConfiguration, machine('edge-aero'), { agent: 'edge-bio' })).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'equipment.agent-not-yours',
  })
  const person = actorWith(['equipment.agent.configure'])
  const answer = await platform.run(getAgentConfiguration, person, { agent: 'edge-bio' })
  expect(answer.configuration?.tags).toHaveLength(2)
})

test('[SR-2.1-RE1!] an agent that may serve one site only gets no tag of another, also after a wider one asked', async () => {
  await platform.run(getAgentConfiguration, machine('edge-bio'), { agent: 'edge-bio' })
  const narrow = machine('edge-bio', nodeAt('aurora/aero'))
  expect((await platform.run(getAgentConfiguration, narrow, { agent: 'edge-bio' })).configuration?.tags).toEqual([])
})

test('an agent that no connection names gets an empty configuration, which has a version too', async () => {
  const { configuration } = await platform.run(getAgentConfiguration, machine('new'), { agent: 'new' })
  expect(configuration).toMatchObject({ connections: [], tags: [], version: expect.stringMatching(/^[0-9a-f]{64}$/) })
})

test.each([
  { what: 'given another unit', change: sql`update equipment.tag set unit = 'K'` },
  { what: 'given another data type', change: sql`update equipment.tag set data_type = 'string'` },
  { what: 'moved', change: sql`update equipment.tag set node_id = ${nodeAt('aurora/bio')}` },
  { what: 'deleted', change: sql`delete from equipment.tag` },
])('even with SQL a tag is not $what', async ({ what, change }) => {
  const refusal = /part of its identity/
  await expect(change.execute(owner)).rejects.toThrow(refusal)
  await expect(change.execute(db)).rejects.toThrow(what === 'deleted' ? /permission denied/ : refusal)
})
