import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, toIso } from '@throughline/kernel'
import type { Inspection } from '@throughline/model'
import {
  getAsBuilt,
  getLot,
  listInspections,
  listSamplesInContext,
  listTags,
  listWorkDefinitions,
  traceGenealogy,
} from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentSession } from '../agent-session.ts'
import type { ImportedPlant } from '../open-plant.ts'
import { openPlant } from '../open-plant.ts'
import type { DataSet } from './data-set.ts'
import { readDataSet } from './data-set.ts'
import type { Counts } from './import.ts'
import { importNistSms } from './import.ts'

const folder = join(import.meta.dirname, '../../../../shared/data/nist-sms')
const home = mkdtempSync(join(tmpdir(), 'throughline-nist-'))
interface Expected {
  readonly name: string
  readonly values: readonly number[]
  readonly status: readonly string[]
  readonly lsl: number | null
  readonly usl: number | null
}
const published: unknown = JSON.parse(readFileSync(join(folder, 'fair-expected.json'), 'utf8'))
const expected = (published as { parts: { box: readonly Expected[] } }).parts.box
let data: DataSet
let plant: ImportedPlant
let counts: Counts

beforeAll(async () => {
  data = await readDataSet(folder)
  plant = await openPlant({ folder, home, url: null, mqttUrl: '', account: 'import', apiKey: null })
  const session = await AgentSession.open(plant.agent)
  counts = await importNistSms({ client: plant.client, session, now: () => systemClock.now(), say: () => {} }, data)
  await session.close()
}, 300_000)
afterAll(async () => {
  await plant?.close()
  rmSync(home, { recursive: true, force: true })
})

const inspectionsOf = async (kind: Inspection['kind'], part: string): Promise<Inspection[]> => {
  const { inspections } = await plant.client(listInspections, { limit: 5000 })
  return inspections.filter((each) => each.kind === kind && each.piece.startsWith(`NIST-${part.toUpperCase()}-`))
}

test('the data set becomes 30 orders, 45 operations, 95,204 readings and 99 inspections', () => {
  expect(counts).toEqual({ orders: 30, runs: 45, samples: 95_204, inspections: 99 })
})

test('the first articles of the box are the published ones: each piece with every value, limit and verdict', async () => {
  const byPiece = new Map((await inspectionsOf('first-article', 'box')).map((each) => [each.piece, each]))
  const serials = expected.find(({ name }) => name === 'Part Number')?.values ?? []
  expect([byPiece.size, serials.length]).toEqual([19, 19])
  for (const [index, serial] of serials.entries()) {
    const found = byPiece.get(`NIST-BOX-${String(serial).padStart(2, '0')}`)
    expect(found?.lotId, `serial ${serial}`).toBeTypeOf('string')
    const told = found?.results.map(({ characteristic, measured, status, low, high }) => {
      return { name: characteristic, value: measured, status: status.toUpperCase(), lsl: low, usl: high }
    })
    const wanted = expected.map(({ name, values, status, lsl, usl }) => {
      return { name, value: values[index], status: status[index], lsl, usl }
    })
    expect(told).toEqual(wanted)
  }
})

test.each([
  { kind: 'first-article', part: 'cover', pieces: 20, results: 20 * 28, failed: 1 },
  { kind: 'first-article', part: 'plate', pieces: 20, results: 20 * 38, failed: 19 },
  { kind: 'incoming', part: 'cover', pieces: 19, results: 541 - 27, failed: 0 },
  { kind: 'incoming', part: 'plate', pieces: 19, results: 19 * 31, failed: 19 },
] as const)('the $kind inspection of the $part is there for each piece that it names', async (about) => {
  const found = await inspectionsOf(about.kind, about.part)
  expect(found).toHaveLength(about.pieces)
  expect(found.every(({ lotId }) => lotId !== null)).toBe(true)
  expect(found.flatMap(({ results }) => results)).toHaveLength(about.results)
  expect(found.filter(({ passed }) => passed === false)).toHaveLength(about.failed)
})

test('every reading of the machine during an operation is found by the serial that it worked on', async () => {
  const { tags } = await plant.client(listTags, { search: 'nist' })
  const tagId = tags.find(({ name }) => name === 'Feed_Rate')?.id ?? ''
  const { samples, intervals } = await plant.client(listSamplesInContext, {
    ...{ tagId, kind: 'lot', label: 'NIST-COVER-01', limit: 200_000 },
  })
  const lasted = data.traces.filter(({ part, serial }) => part === 'cover' && serial === 1)
  expect(intervals.map(({ from, to }) => [from, to])).toEqual(lasted.map(({ from, to }) => [from, to]))
  const published = lasted.flatMap(({ observations, from, to }) =>
    observations.flatMap(({ at, tag, value }) =>
      tag.name === 'Feed_Rate' && at >= from && at < to ? [[at, value]] : [],
    ),
  )
  expect(samples.map(({ at, value }) => [at, value])).toEqual(published)
})

test('the MTConnect stream of the first cover holds what its three traces hold, value by value', () => {
  const stream = readFileSync(join(folder, 'mtconnect-Cover-Hurco04-01of20.xml'), 'utf8')
  const told = [...stream.matchAll(/timestamp="([^"]+)" name="(\w+)"[^>]*>([^<]*)</g)].map(
    ([, at = '', name, value = '']) => `${at} ${name} ${rounded(value)}`,
  )
  const traced = data.traces
    .filter(({ part, serial }) => part === 'cover' && serial === 1)
    .flatMap(({ observations }) =>
      observations.map(({ at, tag, value }) => `${toIso(at)} ${tag.name} ${rounded(String(value))}`),
    )
  const stood = new Set(told)
  expect(traced.filter((each) => !stood.has(each))).toEqual([])
  // Three second values at one instant.
  expect(told).toHaveLength(traced.length + 3)
})

/** The stream tells seven digits of a number. */
const rounded = (value: string): string => {
  const number = Number(value)
  return Number.isNaN(number) ? value : String(Math.abs(number) < 1e7 ? Number(number.toPrecision(7)) : number)
}

test('from the finished box the thread leads to the program, the trace and the measurements of each part', async () => {
  const { client } = plant
  const box = await client(getAsBuilt, { code: 'NIST-ASSEMBLY-05' })
  expect(box.genealogy.lots.map(({ code }) => code).sort()).toEqual([
    ...['NIST-ASSEMBLY-05', 'NIST-BOX-05', 'NIST-COVER-05', 'NIST-PLATE-05'],
  ])
  const cover = await client(getAsBuilt, { code: 'NIST-COVER-05' })
  expect(cover.runs.map(({ sequence, state, place }) => `${sequence} ${state} ${place}`)).toEqual([
    ...['10', '20', '30'].map((sequence) => `${sequence} completed nist/gaithersburg/machining/hurco-04`),
  ])
  expect(cover.inspections.map(({ kind }) => kind).sort()).toEqual(['first-article', 'incoming'])
  const [routing] = await client(listWorkDefinitions, { product: 'NIST-COVER' })
  expect(routing?.operations.map(({ sequence, program }) => [sequence, program?.name ?? null])).toEqual([
    [10, null],
    [20, null],
    [30, 'NIST_MTC_CRADA_COVER_REV-A.NC'],
  ])
  const { sha256 = '' } = routing?.operations[2]?.program ?? {}
  const headers = { authorization: `Bearer ${plant.agent.apiKey}` }
  const program = await fetch(`${plant.url}/api/document/${sha256}`, { headers })
  expect(await program.text()).toBe(readFileSync(join(folder, 'NIST_MTC_CRADA_COVER_REV-A.NC'), 'utf8'))
  const lot = await client(getLot, { code: 'NIST-ASSEMBLY-05' })
  const { nodes } = await client(traceGenealogy, {
    ...{ from: { kind: 'lot', id: lot.id }, direction: 'backward', show: 'all' },
  })
  const count = Map.groupBy(nodes, ({ kind }) => kind)
  expect(count.get('run')).toHaveLength(6)
  expect(count.get('process-data')).toHaveLength(5)
  expect(count.get('inspection')).toHaveLength(5)
})
