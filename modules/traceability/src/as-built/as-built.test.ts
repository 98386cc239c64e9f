import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import { returnConsumed, scrapLot } from '@throughline/material'
import type { AsBuilt } from '@throughline/model'
import {
  correctSample,
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
import { lookAtReadings } from '../readings/looking.ts'
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

async function fetchOnce(path: string): Promise<{ content: Buffer; headers: Readonly<Record<string, string>> }> {
  const route = plant.platform.routes().find((each) => each.path === '/api/traceability/as-built/:token')
  if (route === undefined) throw new Error('there is no such route')
  const token = path.split('/').at(-1) ?? ''
  const { body, headers = {} } = await route.answer({ params: { token } } as never)
  const content = body instanceof Readable ? Buffer.from(await text(body)) : (body as Buffer)
  return { content, headers }
}

test('[P11-10b, A11-8.2, A11-14-2] the record is had as a document for people and as data, once for each asking', async () => {
  const [lotId] = frames.subjects
  const asked = (format: 'pdf' | 'json') => plant.platform.run(exportAsBuilt, plant.anybody, { lotId, format })
  const pdf = await asked('pdf')
  expect(pdf.fileName).toBe(`as-built-${frames.codes[0]}.pdf`)
  const { content, headers } = await fetchOnce(pdf.path)
  expect(headers).toMatchObject({ 'content-type': 'application/pdf' })
  await expect(fetchOnce(pdf.path)).rejects.toMatchObject({ code: 'platform.bundle-unknown' })
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
  const json = await fetchOnce((await asked('json')).path)
  expect(attachments.map(({ name }) => name)).toEqual(['as-built.json'])
  const data = JSON.parse(json.content.toString()) as { format: string; asBuilt: AsBuilt; proof: { keys: string[] } }
  expect(data).toMatchObject({ format: 'throughline-as-built/1', plant: 'Works', proof: { ledger: ledger.id } })
  expect(data.asBuilt).toEqual(JSON.parse(JSON.stringify(found)))
})

test('[P11-10b!, AS-8.5.2] a stranger proves every record behind it from one bundle, and one that was altered is found', async () => {
  const [lotId] = frames.subjects
  const { path, fileName } = await plant.platform.run(proveAsBuilt, plant.anybody, { lotId })
  const { content } = await fetchOnce(path)
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

/** A piece that was cured for an hour, with the readings of the oven, and what was sealed of them. */
async function cured(readings: readonly (readonly [number, number | null])[], batch: number) {
  const { run } = await plant.cure(1, plant.anybody)
  await tellTemperatures(plant, run.startedAt as Instant, readings, batch)
  const [lotId] = run.subjects
  if (lotId === undefined) throw new Error('nothing was cured')
  const sealed = async () => {
    const { runs, unknown } = await plant.platform.run(getAsBuilt, plant.anybody, { lotId })
    const [temperature] = runs[0]?.parameters ?? []
    return { seals: temperature?.seals ?? [], unknown }
  }
  return { run, lotId, sealed }
}

/** Time passes, and what is due is looked at. */
async function look(seconds: number): Promise<void> {
  plant.clock.advanceMs(seconds * 1000)
  await lookAtReadings(plant.platform, plant.directory)
}

const versions = (seals: AsBuilt['runs'][number]['parameters'][number]['seals']) =>
  seals.map(({ version, cause, samples, min, max, mean }) => ({ version, cause, samples, min, max, mean }))

test('[AS-8.5.2-4] the readings of an operation are sealed when it is completed; what comes late or is corrected makes another seal, and none is lost', async () => {
  const { platform, anybody, directory, database } = plant
  const { run, sealed } = await cured(
    [
      [-5, 120],
      [30, 160],
      [61, 170],
    ],
    2,
  )
  expect((await sealed()).unknown).toContainEqual(expect.stringContaining('readings of Temperature are not sealed yet'))
  await look(11)
  const first = { version: 1, cause: 'completed', samples: 2, min: 120, max: 160, mean: 140 }
  await expect.poll(async () => versions((await sealed()).seals)).toEqual([first])
  await tellTemperatures(plant, run.startedAt as Instant, [[45, 200]], 3)
  await look(60)
  const second = { ...first, version: 2, cause: 'late', samples: 3, max: 200, mean: 150 }
  await expect.poll(async () => versions((await sealed()).seals)).toEqual([first, second])
  const tagId = directory.list().find(({ name }) => name === 'Temperature')?.id
  if (tagId === undefined) throw new Error('the oven has no temperature')
  const at = ((run.startedAt as number) + 45 * 60e6) as Instant
  await platform.run(correctSample, anybody, { tagId, at, value: 180, reason: 'the sensor was loose' })
  await platform.idle()
  await look(11)
  const third = { ...second, version: 3, cause: 'corrected', max: 180, mean: 145 }
  await expect.poll(async () => versions((await sealed()).seals)).toEqual([first, second, third])
  const [, late, corrected] = (await sealed()).seals
  expect(corrected?.sha256).toBe(late?.sha256)
  await look(600)
  expect((await sealed()).seals).toHaveLength(3)
  const change = sql`update traceability.reading_seal set least = 0`.execute(database.owner)
  await expect(change).rejects.toThrow(/never changes/)
})

test('[AS-8.5.2-4!] a stranger holds each reading against the bundle; one altered, left out or added is named', async () => {
  const { platform, anybody } = plant
  const { run, lotId } = await cured(
    [
      [-5, 120],
      [10, 130.5],
      [20, 140],
      [30, null],
      [40, 160],
      [61, 170],
    ],
    4,
  )
  await platform.run(proveAsBuilt, anybody, { lotId })
  await tellTemperatures(plant, run.startedAt as Instant, [[50, 155]], 5)
  const { path, fileName, readings } = await platform.run(proveAsBuilt, anybody, { lotId })
  if (readings === null) throw new Error('no readings are sealed')
  const bundle = join(folder, fileName)
  await writeFile(bundle, (await fetchOnce(path)).content)
  const told = (await fetchOnce(readings.path)).content.toString()
  const judge = async (text: string): Promise<{ code: number; says: string }> => {
    const file = join(folder, readings.fileName)
    await writeFile(file, text)
    const words = [checker, bundle, '--readings', file]
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    return { code: status ?? -1, says: stdout.slice(stdout.indexOf('READINGS')) }
  }
  expect(await judge(told)).toMatchObject({
    code: 0,
    says: expect.stringMatching(/VALID\s+6 readings in 2 windows.*1 earlier seal held/),
  })
  const lines = told.split('\n')
  const place = lines.findIndex((line) => line.includes('130.5'))
  const altered = await judge(lines.with(place, (lines[place] as string).replace('130.5', '131.5')).join('\n'))
  expect(altered).toMatchObject({
    code: 1,
    says: expect.stringMatching(/altered: Temperature.*reading 2 .*131\.5 at 2026-/),
  })
  const missing = await judge(lines.toSpliced(place, 1).join('\n'))
  expect(missing).toMatchObject({
    code: 1,
    says: expect.stringMatching(/missing: Temperature.*reading 2 is not here, after 2026-.* and before 2026-/),
  })
  const more = (lines[place] as string).replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + 1}`)
  const added = await judge(lines.toSpliced(place + 1, 0, more).join('\n'))
  expect(added).toMatchObject({
    code: 1,
    says: expect.stringMatching(/added: Temperature.*a reading is here that was not sealed: 130\.5/),
  })
})

test('[AS-8.5.2-4!] readings that were altered in the plant are told, and no new seal hides it', async () => {
  const { platform, anybody, database } = plant
  const { lotId, sealed } = await cured(
    [
      [-5, 120],
      [30, 160],
      [61, 170],
    ],
    6,
  )
  await platform.run(proveAsBuilt, anybody, { lotId })
  const { seals } = await sealed()
  const forged = Buffer.alloc(8, 1)
  await sql`
    update traceability.reading_marks set marks = ${forged} where seal_id = ${seals[0]?.id ?? ''}`.execute(
    database.owner,
  )
  // As if the readings were others than at the seal: the seal itself cannot be altered unseen.
  await sql`alter table traceability.reading_seal disable trigger user`.execute(database.owner)
  await sql`update traceability.reading_seal set sha256 = ${'0'.repeat(64)} where id = ${seals[0]?.id ?? ''}`.execute(
    database.owner,
  )
  await platform.run(proveAsBuilt, anybody, { lotId })
  const after = await sealed()
  expect(after.seals).toHaveLength(1)
  expect(after.unknown).toContainEqual(
    expect.stringContaining('2 of 3 sealed readings of Temperature are gone, or are not what was sealed'),
  )
  await sql`alter table traceability.reading_seal enable trigger user`.execute(database.owner)
})
