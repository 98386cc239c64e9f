import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { applyOnPaper, emptyPlant, planOnPaper } from '../testing/plant-on-paper.ts'
import type { PlantState } from './blueprint.ts'
import { readCsv, writeCsv } from './csv-file.ts'
import { planTagFile } from './rules.ts'
import { writeYaml } from './yaml-export.ts'

const temperature = '{ name: Temperature, dataType: double, unit: Cel, rangeLow: 0, rangeHigh: 60 }'
const speed = '{ name: Speed, dataType: double, unit: /min }'
const base = `classes:
  - { name: Reactor, tags: [${temperature}, ${speed}] }
connections:
  - { name: opc, agent: edge-1, driver: opcua, endpoint: "opc.tcp://127.0.0.1:4840", options: { b: 1, a: x } }
nodes:
  - { path: Aurora, level: enterprise }
  - { path: Aurora/BIO, level: site, timeZone: Europe/Berlin }
  - { path: Aurora/BIO/Up, level: area }
  - { path: Aurora/BIO/Up/BR-01, level: work-unit, class: Reactor, sources: { Temperature: { connection: opc, address: T1 } } }
  - { path: Aurora/BIO/Up/BR-02, level: work-unit, class: Reactor, sources: { Temperature: { connection: opc, address: T2 } } }
`
const plant = applyOnPaper(emptyPlant, base)
const changesOf = (state: PlantState, text: string) => planOnPaper(state, text).changes
const tagAt = (state: PlantState, path: string) => state.tags.find((tag) => tag.path === path)

test('a document that is applied already changes nothing', () => {
  expect(changesOf(plant, base)).toEqual([])
})

test('an empty plant gets everything that the document names, parents before children', () => {
  const changes = changesOf(emptyPlant, base)
  expect(changes.every((change) => change.action === 'create')).toBe(true)
  expect(changes.map((change) => `${change.kind} ${change.name}`)).toEqual([
    'class Reactor',
    'connection opc',
    'node aurora',
    'node aurora/bio',
    'node aurora/bio/up',
    'node aurora/bio/up/br-01',
    'tag aurora/bio/up/br-01/temperature',
    'tag aurora/bio/up/br-01/speed',
    'node aurora/bio/up/br-02',
    'tag aurora/bio/up/br-02/temperature',
    'tag aurora/bio/up/br-02/speed',
  ])
})

test('a change shows the fields that differ, as they were and as they will be', () => {
  expect(
    changesOf(
      plant,
      `connections:
  - { name: opc, agent: edge-1, driver: opcua, endpoint: "opc.tcp://127.0.0.1:4841", options: { a: x, b: 1 } }
nodes:
  - { path: Aurora/BIO, level: site, timeZone: Europe/Dublin }
  - path: Aurora/BIO/Up/BR-01
    level: work-unit
    sources: { Temperature: { connection: opc, address: T1, scale: 0.1 } }
`,
    ),
  ).toEqual([
    {
      action: 'update',
      kind: 'connection',
      name: 'opc',
      before: { endpoint: 'opc.tcp://127.0.0.1:4840' },
      after: { endpoint: 'opc.tcp://127.0.0.1:4841' },
    },
    {
      action: 'update',
      kind: 'node',
      name: 'aurora/bio',
      before: { timeZone: 'Europe/Berlin' },
      after: { timeZone: 'Europe/Dublin' },
    },
    {
      action: 'update',
      kind: 'tag',
      name: 'aurora/bio/up/br-01/temperature',
      before: { source: { connection: 'opc', address: 'T1', scale: 1, offset: 0, sampleMs: 1000, staleAfterMs: 5000 } },
      after: {
        source: { connection: 'opc', address: 'T1', scale: 0.1, offset: 0, sampleMs: 1000, staleAfterMs: 5000 },
      },
    },
  ])
})

test('what a document does not name stays: sources, class, time zone, other nodes', () => {
  const text = `nodes:
  - { path: aurora/bio, level: site }
  - { path: aurora/bio/up/br-01, level: work-unit }
`
  expect(changesOf(plant, text).map((change) => change.after)).toEqual([{ name: 'bio' }, { name: 'br-01' }])
})

test('a source set to null is taken away, and its address may be used elsewhere in the same document', () => {
  const text = `nodes:
  - { path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Temperature: null } }
  - { path: Aurora/BIO/Up/BR-02, level: work-unit, sources: { Temperature: { connection: opc, address: T1 } } }
`
  const after = applyOnPaper(plant, text)
  expect(tagAt(after, 'aurora/bio/up/br-01/temperature')?.source).toBeNull()
  expect(tagAt(after, 'aurora/bio/up/br-02/temperature')?.source?.address).toBe('T1')
})

test('two tags may swap their addresses', () => {
  const text = `nodes:
  - { path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Temperature: { connection: opc, address: T2 } } }
  - { path: Aurora/BIO/Up/BR-02, level: work-unit, sources: { Temperature: { connection: opc, address: T1 } } }
`
  expect(planOnPaper(plant, text).badRows).toEqual([])
})

const newVersion = `classes:
  - { name: Reactor, tags: [{ name: Temperature, dataType: double, unit: Cel, rangeHigh: 80 }, { name: Level, dataType: double }] }
`

test('new content makes a new class version, and moves only the instances that the document names', () => {
  const text = `${newVersion}nodes:\n  - { path: Aurora/BIO/Up/BR-01, level: work-unit, class: Reactor }\n`
  const after = applyOnPaper(plant, text)
  expect(after.classes.map((each) => each.version)).toEqual([1, 2])
  expect(tagAt(after, 'aurora/bio/up/br-01/temperature')).toMatchObject({
    id: tagAt(plant, 'aurora/bio/up/br-01/temperature')?.id,
    rangeLow: null,
    rangeHigh: 80,
    source: { address: 'T1' },
  })
  expect(tagAt(after, 'aurora/bio/up/br-01/speed')).toMatchObject({ retired: true })
  expect(tagAt(after, 'aurora/bio/up/br-01/level')).toMatchObject({ retired: false })
  expect(tagAt(after, 'aurora/bio/up/br-02/temperature')).toEqual(tagAt(plant, 'aurora/bio/up/br-02/temperature'))
})

test('a tag that a class drops keeps its id for the day when the class has it again', () => {
  const moved = (text: string) => `${text}nodes:\n  - { path: Aurora/BIO/Up/BR-01, level: work-unit, class: Reactor }\n`
  const without = applyOnPaper(plant, moved(newVersion))
  const again = `classes:\n  - { name: Reactor, tags: [${temperature}, ${speed}] }\n`
  expect(changesOf(without, moved(again)).map((change) => [change.name, change.after['retired']])).toContainEqual([
    'aurora/bio/up/br-01/speed',
    false,
  ])
  const back = applyOnPaper(without, moved(again))
  expect(tagAt(back, 'aurora/bio/up/br-01/speed')).toEqual(tagAt(plant, 'aurora/bio/up/br-01/speed'))
})

test('the order of tags and of keys is no difference', () => {
  expect(changesOf(plant, `classes:\n  - { tags: [${speed}, ${temperature}], name: Reactor }\n`)).toEqual([])
})

test.each([
  {
    why: 'an unknown class',
    line: 2,
    row: '{ path: Aurora/BIO/Up/X, level: work-unit, class: Reaktor }',
    problem: 'there is no class Reaktor: add it',
  },
  {
    why: 'a class in another case',
    line: 2,
    row: '{ path: Aurora/BIO/Up/X, level: work-unit, class: reactor }',
    problem: 'the class is called Reactor',
  },
  {
    why: 'an unknown class version',
    line: 2,
    row: '{ path: Aurora/BIO/Up/X, level: work-unit, class: Reactor, classVersion: 7 }',
    problem: 'no published version 7: choose one of 1',
  },
  {
    why: 'a class version without a class',
    line: 2,
    row: '{ path: Aurora/BIO/Up/X, level: work-unit, classVersion: 1 }',
    problem: 'says nothing without class',
  },
  {
    why: 'an unknown connection',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Speed: { connection: opx, address: S } } }',
    problem: 'there is no connection opx',
  },
  {
    why: 'a connection in another case',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Speed: { connection: OPC, address: S } } }',
    problem: 'the connection is called opc',
  },
  {
    why: 'an unknown tag',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Sped: { connection: opc, address: S } } }',
    problem: 'has no tag Sped',
  },
  {
    why: 'a source twice in two cases',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Speed: { connection: opc, address: S }, speed: null } }',
    problem: 'stands on line 2 already',
  },
  {
    why: 'a source at a node without a class',
    line: 2,
    row: '{ path: Aurora/BIO/Up, level: area, sources: { Speed: { connection: opc, address: S } } }',
    problem: 'the node has no class',
  },
  {
    why: 'an address with a control character',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Speed: { connection: opc, address: "a\\tb" } } }',
    problem: 'control character',
  },
  {
    why: 'an address that feeds another tag',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01, level: work-unit, sources: { Speed: { connection: opc, address: T2 } } }',
    problem: 'feeds aurora/bio/up/br-02/temperature already',
  },
  {
    why: 'a node under a node that is nowhere',
    line: 2,
    row: '{ path: Aurora/BIO/Down/X, level: work-unit }',
    problem: 'there is no node aurora/bio/down',
  },
  {
    why: 'a node at a wrong level',
    line: 2,
    row: '{ path: Aurora/X, level: area }',
    problem: 'cannot stand directly below aurora, an enterprise',
  },
  {
    why: 'a level that changes',
    line: 2,
    row: '{ path: Aurora/BIO/Up, level: work-center }',
    problem: 'a level never changes',
  },
  {
    why: 'a site without a time zone',
    line: 2,
    row: '{ path: Aurora/X, level: site }',
    problem: 'a site needs its time zone',
  },
  {
    why: 'a name that is none',
    line: 2,
    row: '{ path: Aurora/B+O, level: site, timeZone: UTC }',
    problem: '"B+O" is no name',
  },
  { why: 'an empty name', line: 2, row: '{ path: Aurora//X, level: site, timeZone: UTC }', problem: '"" is no name' },
  {
    why: 'a node where a tag is',
    line: 2,
    row: '{ path: Aurora/BIO/Up/BR-01/Speed, level: equipment-module }',
    problem: 'a tag has this path already',
  },
])('$why is refused by line with what to do', ({ row, line, problem }) => {
  const { badRows } = planOnPaper(plant, `nodes:\n  - ${row}\n`)
  expect(badRows).toMatchObject([{ line, problem: expect.stringContaining(problem) }])
})

test('a node that moves would take its readings along: the document names both places, and is refused', () => {
  const text = `nodes:
  - { path: Aurora/BIO/Down, level: area }
  - path: Aurora/BIO/Down/BR-01
    level: work-unit
    class: Reactor
    sources:
      Temperature: { connection: opc, address: T1 }
`
  expect(planOnPaper(plant, text).badRows).toMatchObject([
    {
      line: 7,
      where: 'tag aurora/bio/down/br-01/temperature',
      problem: expect.stringContaining('aurora/bio/up/br-01/temperature'),
    },
  ])
})

test('a tag of a class cannot stand where a node is', () => {
  const text = `nodes:
  - { path: Aurora/BIO/Line, level: work-center }
  - { path: Aurora/BIO/Line/U, level: work-unit }
  - { path: Aurora/BIO/Line/U/Speed, level: equipment-module }
  - { path: Aurora/BIO/Line/u, level: work-unit, class: Reactor }
`
  const [doubled] = planOnPaper(plant, text).badRows
  expect(doubled).toMatchObject({ line: 5, problem: expect.stringContaining('stands on line 3 already') })
  const there = applyOnPaper(plant, text.replace(/.*Line\/u,.*\n/, ''))
  const later = 'nodes:\n  - { path: Aurora/BIO/Line/U, level: work-unit, class: Reactor }\n'
  expect(planOnPaper(there, later).badRows).toMatchObject([
    { problem: expect.stringContaining('a node has this path') },
  ])
})

test('parents that stand below their children, or wait for each other, are refused', () => {
  const { badRows } = planOnPaper(
    emptyPlant,
    `nodes:
  - { path: A/B/C, level: area }
  - { path: A/B, level: site, timeZone: UTC }
  - { path: A, level: enterprise }
`,
  )
  expect(badRows).toMatchObject([
    { line: 2, problem: expect.stringContaining('parent a/b stands further down, on line 3') },
    { line: 3, problem: expect.stringContaining('parent a stands further down, on line 4') },
  ])
})

test.each([
  { change: 'unit: K', problem: 'the readings of aurora/bio/up/br-01/temperature are kept in "Cel"' },
  { change: 'dataType: int64', problem: 'kept as double' },
])('a tag keeps the meaning of its readings: $change is refused for an existing one', ({ change, problem }) => {
  const [key = '', value = ''] = change.split(': ')
  const changed = temperature.replace(new RegExp(`${key}: \\w+`), `${key}: ${value}`)
  const text = `classes:\n  - { name: Reactor, tags: [${changed}] }\nnodes:\n  - { path: Aurora/BIO/Up/BR-01, level: work-unit, class: Reactor }\n`
  expect(planOnPaper(plant, text).badRows).toMatchObject([{ line: 4, problem: expect.stringContaining(problem) }])
})

test.each([
  {
    why: 'a class named twice',
    text: `- { name: P, tags: [] }\n  - { name: p, tags: [] }`,
    problem: 'stands on line 2 already',
  },
  {
    why: 'a version that leaves a gap',
    text: `- { name: Reactor, version: 3, tags: [] }`,
    problem: 'the next version is 2',
  },
  {
    why: 'a published version rewritten',
    text: `- { name: Reactor, version: 1, tags: [] }`,
    problem: 'version 1 is published and never changes',
  },
  { why: 'a class in another case', text: `- { name: REACTOR, tags: [] }`, problem: 'the plant has a class Reactor' },
  {
    why: 'tag names that differ in case alone',
    text: `- { name: P, tags: [{ name: a, dataType: double }, { name: A, dataType: double }] }`,
    problem: 'rename or remove "A"',
  },
])('$why is refused', ({ text, problem }) => {
  expect(planOnPaper(plant, `classes:\n  ${text}\n`).badRows).toMatchObject([
    { problem: expect.stringContaining(problem) },
  ])
})

test('a connection named twice, or in another case than the plant has it, is refused', () => {
  const row = (name: string) =>
    `  - { name: ${name}, agent: e, driver: modbus, endpoint: "tcp://x:502", options: {} }\n`
  expect(planOnPaper(plant, `connections:\n${row('a')}${row('A')}${row('OPC')}`).badRows).toMatchObject([
    { line: 3, problem: expect.stringContaining('line 2 already') },
    { line: 4, problem: expect.stringContaining('the plant has a connection opc') },
  ])
})

test('an entry that is named as bad is not named again by those that refer to it', () => {
  const { badRows } = planOnPaper(
    plant,
    `classes:
  - { name: Pump, tags: [{ name: Speed, dataType: double, unit: degC }] }
connections:
  - { name: mod, agent: e, driver: profibus, endpoint: "x", options: {} }
nodes:
  - { path: Aurora/BIO/Pumps, level: area, colour: blue }
  - { path: Aurora/BIO/Pumps/P1, level: work-unit, class: Pump, sources: { Speed: { connection: mod, address: x } } }
  - { path: Aurora/BIO/Up/P2, level: work-unit, class: Pump, sources: { Speed: { connection: mod, address: y } } }
`,
  )
  expect(badRows.map((row) => row.line)).toEqual([2, 4, 6])
})

test("someone else's draft is published when it says the same, and never overwritten when it does not", () => {
  const [reactor] = plant.classes
  if (reactor === undefined) throw new Error('the plant has no class')
  const text = `classes:\n  - { name: Reactor, tags: [${speed}] }\n`
  const drafted = (tags: typeof reactor.tags): PlantState => ({
    ...plant,
    classes: [
      ...plant.classes,
      { ...reactor, id: 'd' as typeof reactor.id, version: 2, state: 'draft', tags, publishedAt: null },
    ],
  })
  expect(planOnPaper(drafted([]), text).badRows).toMatchObject([
    { problem: expect.stringContaining('a different draft') },
  ])
  const same = planOnPaper(drafted(reactor.tags.filter((tag) => tag.name === 'Speed')), text)
  expect(same.badRows).toEqual([])
  expect(same.writes.publishedDrafts).toMatchObject([{ id: 'd', version: 2, state: 'published' }])
  expect(same.writes.newClasses).toEqual([])
})

const csv = (...rows: string[]) => readCsv(['path,connection,address,unit', ...rows, ''].join('\n'))

test('a tag file gives tags their sources, and says nothing of those it does not name', () => {
  const { changes, badRows } = planTagFile(
    plant,
    csv('Aurora/BIO/Up/BR-01/Speed,opc,S1,/min', 'aurora/bio/up/br-02/temperature,,,Cel'),
  )
  expect(badRows).toEqual([])
  expect(changes.map((change) => [change.name, change.after['source']])).toEqual([
    ['aurora/bio/up/br-01/speed', expect.objectContaining({ connection: 'opc', address: 'S1', scale: 1 })],
    ['aurora/bio/up/br-02/temperature', null],
  ])
})

test('every bad row of a tag file is named by its line', () => {
  const { badRows } = planTagFile(
    plant,
    csv(
      'aurora/bio/up/br-01/speed,opc,T2,',
      'aurora/bio/up/br-09/speed,opc,S9,',
      'aurora/bio/up/br-02/speed,opx,S2,',
      'AURORA/bio/up/br-01/speed,opc,S3,',
      'aurora/bio/up/br-01/temperature,opc,T1,K',
      'aurora/bio/up/br-02/temperature,opc,T2,degC',
      'aurora/bio/up/br-01,opc,N,',
    ),
  )
  expect(badRows.toSorted((a, b) => a.line - b.line)).toMatchObject([
    { line: 2, problem: expect.stringContaining('feeds aurora/bio/up/br-02/temperature already') },
    { line: 3, problem: expect.stringContaining('there is no such tag') },
    { line: 4, problem: expect.stringContaining('there is no connection opx') },
    { line: 5, problem: expect.stringContaining('stands on line 2 already') },
    { line: 6, problem: expect.stringContaining('unit is "Cel" by the tag\'s class, not "K"') },
    { line: 7, problem: expect.stringContaining('"degC" is not a UCUM unit code') },
    { line: 8, problem: expect.stringContaining('there is no such tag') },
  ])
})

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/)
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((each) => !each.includes('\0'))
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const template = fc.record({
  name,
  description: text,
  dataType: fc.constantFrom('double', 'int64'),
  unit: fc.constantFrom('1', 'Cel', 'L/min', '%'),
  rangeLow: fc.constantFrom(null, -1, 0),
  rangeHigh: fc.constantFrom(null, 1, 1e21),
  deadband: fc.double({ noNaN: true, min: 0, max: 1e6 }),
  decimals: fc.integer({ min: 0, max: 9 }),
  writable: fc.boolean(),
})
const distinct = { selector: (each: { name: string }) => each.name.toLowerCase() }
const templates = fc.uniqueArray(template, { ...distinct, maxLength: 4 })
const units = fc.uniqueArray(
  fc.record({ name, description: text, upgraded: fc.boolean(), scale: number, sourced: fc.boolean() }),
  { ...distinct, minLength: 1, maxLength: 5 },
)

test('an exported model laid on its own plant changes nothing, and on an empty plant makes the same model', () => {
  fc.assert(
    fc.property(templates, templates, units, text, (first, extra, instances, description) => {
      const known = new Set(first.map((each) => each.name.toLowerCase()))
      const second = [...first.slice(1), ...extra.filter((each) => !known.has(each.name.toLowerCase()))]
      const nodes = instances.map((unit, index) => ({
        ...{ path: `Aurora/BIO/Up/${unit.name}`, level: 'work-unit', description: unit.description, class: 'Made' },
        sources: unit.sourced
          ? Object.fromEntries(
              first.map((tag) => [tag.name, { connection: 'opc', address: `${index}:${tag.name}`, scale: unit.scale }]),
            )
          : {},
      }))
      const frame = base.replace(/ {2}- \{ path: Aurora\/BIO\/Up\/BR.*\n/g, '')
      const started = applyOnPaper(emptyPlant, frame)
      const one = applyOnPaper(started, stringify({ classes: [{ name: 'Made', description, tags: first }], nodes }))
      const moved = nodes.filter((_, index) => instances[index]?.upgraded).map(({ sources: _sources, ...node }) => node)
      const two = applyOnPaper(one, stringify({ classes: [{ name: 'Made', tags: second }], nodes: moved }))
      for (const state of [one, two]) {
        const yaml = writeYaml(state)
        expect(planOnPaper(state, yaml).badRows).toEqual([])
        expect(changesOf(state, yaml)).toEqual([])
        expect(writeYaml(applyOnPaper(emptyPlant, yaml))).toBe(yaml)
        const file = planTagFile(state, readCsv(writeCsv(state)))
        expect(file.badRows).toEqual([])
        expect(file.changes).toEqual([])
      }
    }),
    { numRuns: 200 },
  )
})
