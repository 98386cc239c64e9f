import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseInstant, systemClock } from '@throughline/kernel'
import type { Inspection } from '@throughline/model'
import { getAsBuilt, getLot, listInspections, listSamplesInContext, listTags, traceGenealogy } from '@throughline/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AgentSession } from '../agent-session.ts'
import type { ImportedPlant } from '../open-plant.ts'
import { openPlant } from '../open-plant.ts'
import type { DataSet } from './data-set.ts'
import { readDataSet } from './data-set.ts'
import type { Counts } from './import.ts'
import { importNistSms } from './import.ts'
import { definitionsOf } from './plant-model.ts'

const folder = join(import.meta.dirname, '../../../../shared/data/nist-sms')
const home = mkdtempSync(join(tmpdir(), 'throughline-nist-'))
const { parts } = JSON.parse(readFileSync(join(folder, 'fair-expected.json'), 'utf8')) as {
  parts: Readonly<
    Record<
      string,
      readonly {
        name: string
        values: number[]
        status: string[]
        nominal: number
        lsl: number | null
        usl: number | null
      }[]
    >
  >
}
let data: DataSet
let plant: ImportedPlant
let counts: Counts

beforeAll(async () => {
  data = await readDataSet(folder)
  plant = await openPlant({ folder, home, url: null, mqttUrl: '', account: 'import', apiKey: null })
  const session = await AgentSession.open(plant.agent)
  counts = await importNistSms({ client: plant.client, session, now: () => systemClock.now(), say: () => {} }, data)
  await session.close()
}, 180_000)
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

describe.each(['box', 'cover', 'plate'])('the first articles of the %s, as the plant has them', (part) => {
  test('are the published ones: each piece with every value, limit and verdict', async () => {
    const serials = parts[part]?.find(({ name }) => name === 'Part Number')?.values ?? []
    const byPiece = new Map((await inspectionsOf('first-article', part)).map((each) => [each.piece, each]))
    expect(byPiece.size).toBe(serials.length)
    for (const [index, serial] of serials.entries()) {
      const found = byPiece.get(`NIST-${part.toUpperCase()}-${String(serial).padStart(2, '0')}`)
      expect(found?.lotId, `serial ${serial}`).not.toBeNull()
      const told = found?.results.map(({ characteristic, measured, status, low, high }) => {
        return { name: characteristic, value: measured, status: status.toUpperCase(), lsl: low, usl: high }
      })
      const expected = parts[part]?.map(({ name, values, status, lsl, usl }) => {
        return { name, value: values[index], status: status[index], lsl, usl }
      })
      expect(told).toEqual(expected)
    }
  })
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
    ([, at = '', name, value]) => `${parseInstant(at)} ${name} ${Number.isNaN(Number(value)) ? value : Number(value)}`,
  )
  const traced = data.traces
    .filter(({ part, serial }) => part === 'cover' && serial === 1)
    .flatMap(({ observations }) =>
      observations.map(
        ({ at, tag, value }) => `${at} ${tag.name} ${typeof value === 'bigint' ? Number(value) : value}`,
      ),
    )
  expect(new Set(told).isSupersetOf(new Set(traced))).toBe(true)
})

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
  const routing = definitionsOf(data).workDefinitions.find(({ product }) => product === 'NIST-COVER')
  expect(routing?.operations.map(({ sequence, program }) => [sequence, program?.name ?? null])).toEqual([
    [10, null],
    [20, null],
    [30, 'NIST_MTC_CRADA_COVER_REV-A.NC'],
  ])
  const lot = await client(getLot, { code: 'NIST-ASSEMBLY-05' })
  const { nodes } = await client(traceGenealogy, {
    ...{ from: { kind: 'lot', id: lot.id }, direction: 'backward', show: 'all' },
  })
  const count = Map.groupBy(nodes, ({ kind }) => kind)
  expect(count.get('run')).toHaveLength(6)
  expect(count.get('process-data')).toHaveLength(5)
  expect(count.get('inspection')).toHaveLength(5)
})
