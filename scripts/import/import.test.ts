import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@throughline/kernel'
import {
  getAsBuilt,
  listAuditEntries,
  listDeviations,
  listInspections,
  listSamplesInContext,
  listTags,
  traceGenealogy,
} from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentSession } from './agent-session.ts'
import { readDataSet } from './nist-sms/data-set.ts'
import { importNistSms } from './nist-sms/import.ts'
import { folderWith } from './nist-sms/testing/sample-files.ts'
import type { ImportedPlant } from './open-plant.ts'
import { openPlant } from './open-plant.ts'

const home = mkdtempSync(join(tmpdir(), 'throughline-import-'))
const folder = folderWith()
let plant: ImportedPlant

beforeAll(async () => {
  plant = await openPlant({ folder, home, url: null, mqttUrl: '', account: 'import', apiKey: null })
})
afterAll(async () => {
  await plant?.close()
  for (const each of [home, folder]) rmSync(each, { recursive: true, force: true })
})

async function run() {
  const session = await AgentSession.open(plant.agent)
  try {
    const into = { client: plant.client, session, now: () => systemClock.now(), say: () => {} }
    return await importNistSms(into, await readDataSet(folder))
  } finally {
    await session.close()
  }
}

test('[AS-8.5.2] two assemblies of files become orders, operations, readings and inspections that lead to each other', async () => {
  expect(await run()).toEqual({ orders: 3, runs: 4, samples: 16, inspections: 4 })
  const { client } = plant
  const cover = await client(getAsBuilt, { code: 'NIST-COVER-01' })
  expect(
    cover.runs.map(({ sequence, place, startedAt, completedAt }) => ({ sequence, place, startedAt, completedAt })),
  ).toEqual([
    { sequence: 10, place: 'nist/gaithersburg/machining/hurco-04', ...lasted('2017-02-07T16:00:00Z') },
    { sequence: 20, place: 'nist/gaithersburg/machining/hurco-04', ...lasted('2017-02-10T10:00:00Z') },
  ])
  expect(cover.inspections).toMatchObject([
    { kind: 'incoming', passed: true, document: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ])
  const product = await client(getAsBuilt, { code: 'NIST-ASSEMBLY-01' })
  expect(product.genealogy.lots.map(({ code }) => code).sort()).toEqual([
    ...['NIST-ASSEMBLY-01', 'NIST-BOX-01', 'NIST-COVER-01', 'NIST-PLATE-01'],
  ])
  const { tags } = await client(listTags, { search: 'block_number' })
  const found = await client(listSamplesInContext, { tagId: tags[0]?.id ?? '', kind: 'lot', label: 'NIST-COVER-01' })
  expect(found.samples.map(({ value }) => value)).toEqual(['1', '20', '40', '1', '6', '12'])
  const { nodes } = await client(traceGenealogy, {
    ...{ from: { kind: 'lot', id: product.lot.id }, direction: 'backward', show: 'all' },
  })
  expect(nodes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['run', 'inspection', 'process-data']))
  const { deviations } = await client(listDeviations, {})
  expect(deviations.map(({ title }) => title)).toEqual(['NIST-BOX-02 failed its first article inspection'])
})

test('what was imported is not imported again: a second run leaves no entry of a change', async () => {
  const { client } = plant
  const before = await client(listInspections, {})
  const entries = () => client(listAuditEntries, { actorKind: 'machine', limit: 1000 })
  const made = await entries()
  expect(made.length).toBeGreaterThan(20)
  expect(await run()).toEqual({ orders: 3, runs: 4, samples: 16, inspections: 4 })
  expect(await client(listInspections, {})).toEqual(before)
  expect(await entries()).toEqual(made)
})

test('the key that is made for the import lies with the keys of the home, for its owner alone', () => {
  const file = join(home, 'keys/import.key')
  expect(readFileSync(file, 'utf8').trim()).toBe(plant.agent.apiKey)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('an account that is not that of the key is refused in words that say what to check', async () => {
  await expect(AgentSession.open({ ...plant.agent, name: 'somebody' })).rejects.toMatchObject({
    code: 'import.broker-refuses',
    message: expect.stringContaining('--account'),
  })
})

const lasted = (from: string) => {
  const startedAt = Date.parse(from) * 1000
  return { startedAt, completedAt: startedAt + 6_000_000 }
}
