import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import { returnConsumed, scrapLot } from '@throughline/material'
import type { AsBuilt } from '@throughline/model'
import {
  draftInstruction,
  exportAsBuilt,
  getAsBuilt,
  getInstruction,
  makeContainer,
  openDeviation,
  packContainer,
  proveAsBuilt,
  rebuildGraph,
  receiveLot,
  splitLot,
  traceGenealogy,
} from '@throughline/model'
import { findHead, Ledger } from '@throughline/platform'
import { actorWith, readPdf } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeGraphWhenEmpty } from '../graph/rebuild.ts'
import { fetchOnce } from '../testing/fetch-once.ts'
import type { Frames } from '../testing/frame.ts'
import { inspectFrame, makeFrames, tellTemperatures } from '../testing/frame.ts'
import type { StartedTraceability } from '../testing/start-traceability.ts'
import { qualityRecords, startTraceability } from '../testing/start-traceability.ts'

const checker = fileURLToPath(new URL('../../../../apps/verify/src/main.ts', import.meta.url))

let folder: string
let plant: StartedTraceability
let ledger: Ledger
let frames: Frames
let found: AsBuilt

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-as-built-'))
  plant = await startTraceability(folder)
  ledger = await Ledger.open(plant.database.db, plant.clock, {
    ...{ keyDir: join(folder, 'keys'), plant: 'Works', software: '0.1.0', sealEveryMs: 2 ** 31 - 1 },
    ...{ clockStatus: () => 'synchronised', log: pino({ level: 'silent' }) },
  })
  plant.platform.proveWith(ledger)
  frames = await makeFrames(plant)
  await tellTemperatures(plant, frames.run.startedAt as Instant, [
    [-5, 120],
    [2, 150],
    [4, null],
    [6, 180],
  ])
  plant.clock.advanceMs(480_000)
  await inspectFrame(plant, frames)
  await plant.platform.idle()
  found = await plant.platform.run(getAsBuilt, plant.anybody, { code: frames.codes[0].toLowerCase() })
})
afterAll(async () => {
  await ledger?.stop()
  await plant?.close()
  await rm(folder, { recursive: true, force: true })
})

const run = () => found.runs[0] as AsBuilt['runs'][number]

test('[AS-8.5.2] the record of a piece names product and drawing, order, versions, and all it was made of down to the raw lot', () => {
  expect(found).toMatchObject({
    lot: { code: frames.codes[0], openDeviations: ['DEV-0001'] },
    product: { code: 'FRAME', name: 'Frame', drawing: { number: 'D-7', revision: 'C' } },
    order: { code: frames.order.code, reference: 'project 4', site: 'works/north' },
    bom: { version: 1, lines: [{ position: 10, material: 'FILM', quantity: '2' }] },
    genealogy: { truncated: false, hidden: 0 },
  })
  expect(found.versions.map(({ kind, code, version }) => `${kind} ${code} ${version}`)).toEqual([
    ...['material FRAME 1', 'bill-of-material FRAME 1', 'work-definition R-2 1', 'instruction WI-2 1'],
  ])
  expect(found.genealogy.lots).toMatchObject([
    { code: frames.codes[0], depth: 0, orderCode: frames.order.code, isRaw: false },
    {
      code: 'F-1',
      depth: 1,
      isRaw: true,
      supplier: 'Supplier',
      supplierLot: 'S-77',
      certificate: { number: 'CERT-9' },
    },
  ])
  expect(found.genealogy.edges).toMatchObject([{ from: frames.film.id, kind: 'built-into', quantity: '2' }])
})

test('[AS-8.5.2, AL-Traceable] each operation tells who, when and where, every entry with limits, replaced ones too, and its signatures', () => {
  expect(run()).toMatchObject({
    ...{ sequence: 10, name: 'Cure', attempt: 1, state: 'running', pieces: 2, place: 'works/north/cure/oven-1' },
    people: [
      {
        name: 'otto',
        did: 'performed',
        skills: [{ skill: 'CURING', held: true }],
        qualifications: [{ evidence: 'course 12' }],
      },
      { name: 'vera', did: 'verified', skills: [] },
    ],
  })
  const [film, gap, look] = run().steps
  expect(film?.entries).toMatchObject([{ value: { type: 'scan', code: 'F-1', quantity: '2' }, by: { name: 'otto' } }])
  expect(gap?.entries).toMatchObject([
    { value: { value: 10.1 }, within: true, limits: { low: 9, high: 11, unit: 'mm' }, verified: null, signatures: [] },
    {
      ...{ value: { value: 10.5, gauge: 'CAL-1' }, reason: 'read wrong', replacedAt: null },
      ...{
        verified: { by: { name: 'vera' } },
        signatures: [{ meaning: 'verified', printedName: 'vera', state: 'valid' }],
      },
    },
  ])
  expect(gap?.entries[0]?.replacedAt).not.toBeNull()
  expect(look?.entries).toEqual([])
})

test('[AS-8.5.2, AL-Traceable] parameters tell least, mean and most of the readings, what held before the start too, and the gaps', () => {
  const from = run().startedAt as number
  expect(run().parameters).toMatchObject([
    {
      ...{ name: 'Temperature', low: 100, high: 200, critical: true, min: 120, max: 180, within: true, samples: 2 },
      gaps: [{ from: from + 240_000_000, to: from + 360_000_000 }],
      ...{ coverage: 0.9, about: 'parameter', seals: [] },
    },
    { name: 'Humidity', about: 'environment', tag: 'works/north/cure/humidity', samples: 0, coverage: 0, within: null },
  ])
  // 2 min of 120, 2 of 150, and 14 of 180.
  expect(run().parameters[0]?.mean).toBeCloseTo((2 * 120 + 2 * 150 + 14 * 180) / 18, 6)
  expect(run().readings).toMatchObject({ window: { from, to: found.at } })
})

test('[AS-8.5.2, AL-Ac, AL-Traceable] gauges stand with their calibration at the time, inspections with results, and what is not known is said', () => {
  const tool = { code: 'CAL-1', inCalibration: true, doubtedBy: null, calibration: { certificate: 'K-1' } }
  expect(run().toolsUsed).toMatchObject([tool])
  expect(found.inspections).toMatchObject([
    { kind: 'final', passed: true, results: [{ measured: 10.4, within: true }], tool },
  ])
  expect(found.deviations).toMatchObject([{ code: 'DEV-0001', title: 'Scratch', state: 'open' }])
  expect(found.movements.map(({ kind, place }) => `${kind} ${place}`)).toEqual([
    ...['produce works/north', 'consume works/north/cure/oven-1'],
  ])
  const cure = `${frames.order.code} operation 10 Cure`
  expect(found.unknown).toEqual([
    `${cure} is not done: it is running`,
    `${cure}: of Temperature nothing usable was read for 120 s of 1200 s`,
    `${cure}: no usable reading of Humidity is there`,
    `${frames.order.code} operation 20 Trim is not done: it is waiting`,
    'Deviation DEV-0001 is open',
  ])
})

test('[SR-2.1!] who works at another site sees nothing of it', async () => {
  const asked = { code: frames.codes[0] }
  const south = actorWith(['traceability.read'], plant.nodeId('Works/South'))
  await expect(plant.platform.run(getAsBuilt, south, asked)).rejects.toMatchObject({ kind: 'forbidden' })
  const [lotId] = frames.subjects
  const exported = plant.platform.run(exportAsBuilt, south, { lotId, format: 'pdf' })
  await expect(exported).rejects.toMatchObject({ kind: 'forbidden' })
  const reader = actorWith(['traceability.read'])
  await expect(plant.platform.run(proveAsBuilt, reader, { lotId })).rejects.toMatchObject({ kind: 'forbidden' })
  const lost = plant.platform.run(getAsBuilt, reader, { code: 'NOBODY' })
  await expect(lost).rejects.toMatchObject({ message: expect.stringContaining('NOBODY') })
})

test('[SR-2.1!] a lot that went in and lies at another site is counted, and told to those alone who may see it', async () => {
  const { platform, anybody, nodeId } = plant
  const film = await platform.run(receiveLot, anybody, {
    ...{ material: 'RESIN', code: 'R-S', quantity: decimalOf(10), nodeId: nodeId('Works/South') },
    ...{ supplier: 'supplier', supplierLot: 'S-S', certificate: null },
  })
  const [, lotId] = frames.subjects
  await plant.into(film, '1', [{ id: lotId }])
  const north = actorWith(['traceability.read'], nodeId('Works/North'))
  const [all, some] = [anybody, north].map((by) => platform.run(getAsBuilt, by, { lotId }))
  expect((await all)?.genealogy).toMatchObject({ hidden: 0, lots: [{ depth: 0 }, { code: 'F-1' }, { code: 'R-S' }] })
  const told = await some
  expect(told?.genealogy).toMatchObject({ hidden: 1, lots: [{ depth: 0 }, { code: 'F-1' }] })
  expect(told?.unknown).toContain(
    '1 of the lots that it is made of lie at places that you may not see: they are not told',
  )
  expect(JSON.stringify(told)).not.toContain('R-S')
})

test('of a part that was split off, what was done before stands in its record, and the container that it is in', async () => {
  const { platform, anybody, nodeId } = plant
  const lot = await plant.lot('R-7')
  const split = await platform.run(splitLot, anybody, {
    lotId: lot.id,
    parts: [{ code: 'R-7A', quantity: decimalOf(2) }],
  })
  const box = await platform.run(makeContainer, anybody, { kind: 'box', nodeId: nodeId('Works/North/Cure') })
  const part = split.parts[0]
  if (part === undefined) throw new Error('nothing was split off')
  await platform.run(packContainer, anybody, { containerId: box.id, putIn: [part.id] })
  const built = await platform.run(getAsBuilt, anybody, { lotId: part.id })
  expect(built).toMatchObject({ order: null, runs: [], containers: [{ sscc: box.sscc, kind: 'box' }] })
  expect(built.genealogy.lots.map(({ code, isRaw }) => [code, isRaw])).toEqual([
    ['R-7A', false],
    ['R-7', true],
  ])
  expect(built.unknown).toEqual(['By which order R-7A was made is not known'])
  await plant.act(async (uow) => {
    const work = { nodeId: nodeId('Works/North/Cure'), orderId: null, runId: null, at: uow.at }
    await scrapLot(uow, { ...work, lotId: part.id, quantity: decimalOf(2), reason: 'torn' })
  })
  expect(await platform.run(getAsBuilt, anybody, { lotId: part.id })).toMatchObject({ lot: { status: 'rejected' } })
})

test('[P11-10b, A11-8.2, A11-14-2] the record is had as a document for people and as data, once for each asking', async () => {
  const [lotId] = frames.subjects
  const asked = (format: 'pdf' | 'json') => plant.platform.run(exportAsBuilt, plant.anybody, { lotId, format })
  const pdf = await asked('pdf')
  expect(pdf.fileName).toBe(`as-built-${frames.codes[0]}.pdf`)
  const { content, headers } = await fetchOnce(plant.platform, pdf.path)
  expect(headers).toMatchObject({ 'content-type': 'application/pdf' })
  await expect(fetchOnce(plant.platform, pdf.path)).rejects.toMatchObject({ code: 'platform.bundle-unknown' })
  const { pages, attachments, metadata } = readPdf(content)
  expect(metadata).toContain('<pdfaid:part>3</pdfaid:part>')
  for (const words of [
    'D-7, revision C',
    'CERT-9',
    'Measure the gap',
    'read wrong',
    'vera: verified',
    'course 12',
    'K-1',
    'DEV-0001',
  ]) {
    expect(pages.join(' ')).toContain(words)
  }
  // What was changed since it was entered stands there as changed, with what it was before.
  expect(pages.join(' ')).toMatch(/10\.1 mm, with CAL-1.* replaced 22 Nov 2026/)
  // By its hash a sheet of paper is tied to the records that it shows.
  const tight = pages.join('').replaceAll(' ', '')
  for (const { hash } of found.records) expect(tight).toContain(hash)
  const json = await fetchOnce(plant.platform, (await asked('json')).path)
  expect(attachments.map(({ name }) => name)).toEqual(['as-built.json'])
  const data = JSON.parse(json.content.toString()) as { format: string; asBuilt: AsBuilt; proof: { keys: string[] } }
  expect(data).toMatchObject({ format: 'throughline-as-built/1', plant: 'Works', proof: { ledger: ledger.id } })
  expect(data.asBuilt).toEqual(JSON.parse(JSON.stringify(found)))
})

test('[P11-10b!, AS-8.5.2] a stranger proves every record behind it from one bundle, and one that was altered is found', async () => {
  const [lotId] = frames.subjects
  const { path, fileName } = await plant.platform.run(proveAsBuilt, plant.anybody, { lotId })
  const { content } = await fetchOnce(plant.platform, path)
  const key = (await ledger.status()).keys[0] ?? ''
  const judge = async (bundle: string): Promise<{ code: number; says: string }> => {
    const file = join(folder, fileName)
    await writeFile(file, bundle)
    try {
      return { code: 0, says: execFileSync(process.execPath, [checker, file, '--key', key], { encoding: 'utf8' }) }
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string }
      return { code: status, says: stdout }
    }
  }
  const bundle = content.toString()
  const judged = await judge(bundle)
  expect(judged).toMatchObject({ code: 0, says: expect.stringContaining(`Bundle of ${found.records.length} records`) })
  for (const { id } of [frames.gap, frames.run, frames.film, frames.order]) {
    expect(found.records.map((record) => record.id)).toContain(id)
  }
  expect(await judge(bundle.replace('\\"value\\":10.5', '\\"value\\":10.9'))).toMatchObject({ code: 1 })
})

test('[AS-8.5.2] made anew from the records, the graph says what it said when it was heard', async () => {
  const { platform, anybody, nodeId, database, clock } = plant
  const at = { nodeId: nodeId('Works/North/Cure') }
  const pallet = await platform.run(makeContainer, anybody, { kind: 'pallet', ...at })
  const box = await platform.run(makeContainer, anybody, { kind: 'box', ...at })
  await platform.run(packContainer, anybody, { containerId: box.id, putIn: [(await plant.lot('R-8')).id] })
  await platform.run(packContainer, anybody, { containerId: pallet.id, putInContainers: [box.id] })
  await platform.run(openDeviation, anybody, {
    ...{ title: 'Late', description: '', severity: 'minor', about: 'the order', at: clock.now() },
    ...{ orderCode: frames.order.code, ...at },
  })
  const wrong = await plant.lot('R-9')
  const [piece] = frames.subjects
  await plant.into(wrong, '1', [{ id: piece }])
  const work = { ...at, orderId: null, runId: null, at: clock.now() }
  await plant.act(async (uow) => {
    await returnConsumed(uow, { ...work, lotId: wrong.id, quantity: decimalOf(1), from: [piece], reason: 'wrong lot' })
  })
  await platform.idle()
  const graph = async () => {
    const edges = await sql`
      select f.kind as "from", f.ref, t.kind as "to", t.ref as into, e.kind, e.cause, e.at, e.until_at, e.quantity::text,
        e.shared, e.run_id, e.material, e.taken_back
      from traceability.edge e join traceability.node f on f.id = e.from_id join traceability.node t on t.id = e.to_id
      order by 1, 2, 3, 4, 5, 6, 7`.execute(database.db)
    const nodes = await sql`
      select kind, ref, label, detail, at, place from traceability.node order by kind, ref`.execute(database.db)
    return { edges: edges.rows as { kind: string; taken_back: boolean }[], nodes: nodes.rows }
  }
  const heard = await graph()
  const kinds = new Set(heard.edges.map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual([
    ...['built-into', 'concerned-by', 'documented-by', 'done-by', 'followed', 'made-on', 'measured-by', 'packed-in'],
    ...['part-of', 'split-into', 'used-tool', 'verified-by', 'worked-in'],
  ])
  expect(heard.edges.filter((edge) => edge.taken_back)).toHaveLength(1)
  await sql`update traceability.edge set taken_back = not taken_back`.execute(database.owner)
  await expect(platform.run(rebuildGraph, actorWith(['traceability.read']), {})).rejects.toMatchObject({
    kind: 'forbidden',
  })
  const counts = await platform.run(rebuildGraph, anybody, {})
  expect(counts).toMatchObject({ nodes: heard.nodes.length, edges: heard.edges.length })
  expect(await graph()).toEqual(heard)
  const inside = { from: { code: pallet.sscc }, direction: 'forward' } as const
  const found = await platform.run(traceGenealogy, anybody, inside)
  expect(found.nodes.flatMap(({ kind, label }) => (kind === 'lot' ? [label] : []))).toEqual(['R-8'])
})

test('a plant that has records and no graph makes it when it starts, and one that has a graph leaves it', async () => {
  const { platform, directory, database } = plant
  const names = async () =>
    (await sql<{ ref: string }>`select ref from traceability.node order by kind, ref`.execute(database.db)).rows
  const before = await names()
  await sql`delete from traceability.node where kind = 'tool'`.execute(database.owner)
  await makeGraphWhenEmpty(platform, directory, qualityRecords)
  expect((await names()).length).toBeLessThan(before.length)
  await sql`delete from traceability.node`.execute(database.owner)
  await makeGraphWhenEmpty(platform, directory, qualityRecords)
  expect(await names()).toEqual(before)
})

test('[AL-L-2] an entry is shown by the name and unit that its step had then, whatever the instruction says since', async () => {
  const { platform, anybody } = plant
  const ask = { type: 'number', unit: 'cm', low: 0.8, high: 1.2, gauge: 'caliper' } as const
  const changed = { code: 'WI-2', title: { en: 'Cure a frame' }, changeReason: 'in centimetres' }
  const steps = [{ key: 'gap', title: { en: 'Measure the slit' }, ask }]
  const { id, version } = await platform.run(draftInstruction, anybody, { ...changed, steps } as never)
  const record = { kind: 'execution.instruction', id }
  const head = await findHead(platform.db, record)
  await plant.act(async (uow) => {
    if (head !== undefined) uow.emit('identity.record-signatures-complete', { record, ...head })
  })
  expect((await platform.run(getInstruction, anybody, { instructionId: id })).state).toBe('effective')
  expect(version).toBe(2)
  const [again] = (await platform.run(getAsBuilt, anybody, { code: frames.codes[0] })).runs
  const gap = again?.steps.find(({ key }) => key === 'gap')
  expect(gap).toMatchObject({ title: 'Measure the gap', ask: { unit: 'mm' } })
  expect(gap?.entries.map(({ limits }) => limits?.unit)).toEqual(['mm', 'mm'])
})
