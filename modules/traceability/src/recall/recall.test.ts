import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Lot, OperationRun } from '@throughline/model'
import {
  endRecallDrill,
  exportRecallDrill,
  getRecallDrill,
  listAuditEntries,
  listRecallDrills,
  setLotStatus,
  startRecallDrill,
} from '@throughline/model'
import { findHead, Ledger } from '@throughline/platform'
import { actorWith, readPdf } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchOnce } from '../testing/fetch-once.ts'
import type { StartedTraceability } from '../testing/start-traceability.ts'
import { startTraceability } from '../testing/start-traceability.ts'

let plant: StartedTraceability
let resin: Lot
let run: OperationRun

beforeAll(async () => {
  plant = await startTraceability()
  resin = await plant.lot('R-1')
  ;({ run } = await plant.cure(3, plant.anybody, resin))
})
afterAll(() => plant.close())

const reason = 'yearly drill'
const start = (from: object, by = plant.anybody) => plant.platform.run(startRecallDrill, by, { from, reason } as never)

test('[AS-8.5.2-3] a recall drill lists every piece with its place, status and distance, and how long it took', async () => {
  const { version } = await plant.lotById(run.subjects[0] as Id<'Lot'>)
  await plant.platform.run(setLotStatus, plant.anybody, {
    ...{ lotId: run.subjects[0] as Id<'Lot'>, version, status: 'blocked', reason: 'scratched' },
  })
  const drill = await start({ lots: ['r-1'] })
  expect(drill).toMatchObject({ subject: 'lot R-1', begunBy: 'ada', reason, endedAt: null, conclusion: '' })
  expect(drill.affected.map(({ code, depth }) => [code, depth])).toEqual([
    ['R-1', 0],
    ...[...run.subjectCodes].sort().map((code) => [code, 1]),
  ])
  expect(drill.affected[0]).toMatchObject({ place: expect.stringMatching(/^works\/north\/cure/i), status: 'available' })
  expect(drill.counts['blocked']).toBe(1)
  expect(drill.elapsedMs).toBeGreaterThan(0)
})

test('[AS-8.5.2-3!] a drill ends once, with its conclusion, and then never changes, not even for a person with SQL', async () => {
  const window = { from: run.startedAt, to: run.completedAt }
  plant.clock.advanceMs(1000)
  const drill = await start({ node: { kind: 'equipment', id: run.nodeId }, window })
  expect(drill.affected.map(({ code }) => code)).toEqual([...run.subjectCodes].sort())
  const end = () =>
    plant.platform.run(endRecallDrill, plant.anybody, { drillId: drill.id, conclusion: 'all were found' })
  expect(await end()).toMatchObject({ conclusion: 'all were found', endedAt: plant.clock.now() })
  await expect(end()).rejects.toMatchObject({ code: 'traceability.recall-ended' })
  const [newest] = await plant.platform.run(listRecallDrills, plant.anybody, {})
  expect(newest).toMatchObject({ id: drill.id, conclusion: 'all were found', affected: drill.affected })
  const [brief] = await plant.platform.run(listRecallDrills, plant.anybody, { withAffected: false })
  expect(brief).toEqual({ ...newest, affected: [] })
  expect(await plant.platform.run(getRecallDrill, plant.anybody, { drillId: drill.id })).toEqual(newest)
  for (const change of [
    sql`update traceability.recall_drill set reason = 'none' where id = ${drill.id}`,
    sql`delete from traceability.recall_reach where drill_id = ${drill.id}`,
  ]) {
    await expect(change.execute(plant.database.owner)).rejects.toMatchObject({ code: '23001' })
  }
})

test('[AS-8.5.2-3!] what the graph has not heard of is not missed: the book of material is asked too', async () => {
  await sql`delete from traceability.edge where run_id = ${run.id}`.execute(plant.database.owner)
  const { affected } = await start({ lots: [resin.id] })
  expect(affected.map(({ code }) => code)).toEqual(['R-1', ...[...run.subjectCodes].sort()])
})

test('[AS-8.5.2-3] the report of a drill tells timing, what was found by level, who ran it and what proves it; its making is entered', async () => {
  const { platform, anybody, database, clock } = plant
  const folder = await mkdtemp(join(tmpdir(), 'throughline-recall-'))
  const ledger = await Ledger.open(database.db, clock, {
    ...{ keyDir: folder, plant: 'Works', software: '0.1.0', sealEveryMs: 2 ** 31 - 1 },
    ...{ clockStatus: () => 'synchronised', log: pino({ level: 'silent' }) },
  })
  platform.proveWith(ledger)
  try {
    const drill = await start({ lots: ['R-1'] })
    clock.advanceMs(7_200_000)
    const grace = { ...actorWith(['traceability.recall']), name: 'grace' }
    await platform.run(endRecallDrill, grace, { drillId: drill.id, conclusion: 'one was scratched' })
    const reading = actorWith(['traceability.read'])
    const { path, fileName } = await platform.run(exportRecallDrill, reading, { drillId: drill.id })
    const { content } = await fetchOnce(platform, path)
    const { pages, attachments, metadata } = readPdf(content)
    expect(metadata).toContain('<pdfaid:part>3</pdfaid:part>')
    const text = pages.join(' ')
    for (const words of ['Recall drill: lot R-1', reason, 'ada', 'grace', 'one was scratched', '2 h 0 min']) {
      expect(text).toContain(words)
    }
    expect(text).toMatch(/All found after [\d.]+ m?s: 4 lots and serials/)
    expect(text).toMatch(/0 1 1 RESIN 1 available 1 3 3 BRK/)
    const head = await findHead(platform.db, { kind: 'traceability.recall_drill', id: drill.id })
    expect(head?.version).toBe(2)
    const root = (await ledger.status()).checkpoint?.note.split('\n')[2]
    const tight = pages.join('').replaceAll(' ', '')
    for (const proof of [head?.hash, root]) expect(tight).toContain(proof)
    expect(attachments.map(({ name }) => name)).toEqual(['recall-drill.json'])
    expect(fileName).toBe(`recall-drill-${drill.id}.pdf`)
    const [entry] = await platform.run(listAuditEntries, anybody, { operation: exportRecallDrill.name })
    expect(entry).toMatchObject({ outcome: 'done', input: { drillId: drill.id } })
    await expect(platform.run(exportRecallDrill, actorWith([]), { drillId: drill.id })).rejects.toMatchObject({
      kind: 'forbidden',
    })
  } finally {
    await ledger.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('a recall without the permission, for part of the plant, or of a lot that is not there is refused', async () => {
  const north = actorWith(['traceability.recall', 'traceability.read'], plant.nodeId('Works/North'))
  const lots = { lots: ['R-1'] }
  await expect(start(lots, actorWith(['traceability.read']))).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(start(lots, north)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(start({ lots: ['R-1', 'R-9'] })).rejects.toMatchObject({ code: 'traceability.lot-unknown' })
  await expect(start({ lots: [] })).rejects.toMatchObject({ kind: 'invalid' })
  const unknown = { drillId: newId<'RecallDrill'>(plant.clock.now()) }
  await expect(plant.platform.run(getRecallDrill, plant.anybody, unknown)).rejects.toMatchObject({
    code: 'traceability.recall-unknown',
  })
})
