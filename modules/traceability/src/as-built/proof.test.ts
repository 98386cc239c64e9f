import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  closeDeviation,
  completeRun,
  correctSample,
  createOrder,
  draftConformity,
  exportConformity,
  getAsBuilt,
  listConformity,
  listOrderRuns,
  openDeviation,
  proveAsBuilt,
  recordStep,
  releaseConformity,
  releaseOrder,
  startRun,
  storeMedia,
  traceGenealogy,
} from '@throughline/model'
import { Ledger, systemActor } from '@throughline/platform'
import { actorWith, readPdf } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookAtReadings } from '../readings/looking.ts'
import { fetchOnce } from '../testing/fetch-once.ts'
import { signatureOn, signedIn, tellTemperatures } from '../testing/frame.ts'
import type { StartedTraceability } from '../testing/start-traceability.ts'
import { startTraceability } from '../testing/start-traceability.ts'

const checker = fileURLToPath(new URL('../../../../apps/verify/src/main.ts', import.meta.url))

let folder: string
let plant: StartedTraceability
let ledger: Ledger

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-proof-'))
  plant = await startTraceability(folder)
  ledger = await Ledger.open(plant.database.db, plant.clock, {
    ...{ keyDir: join(folder, 'keys'), plant: 'Works', software: '0.1.0', sealEveryMs: 2 ** 31 - 1 },
    ...{ clockStatus: () => 'synchronised', log: pino({ level: 'silent' }) },
  })
  plant.platform.proveWith(ledger)
})
afterAll(async () => {
  await ledger?.stop()
  await plant?.close()
  await rm(folder, { recursive: true, force: true })
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
    1,
  )
  expect((await sealed()).unknown).toContainEqual(expect.stringContaining('readings of Temperature are not sealed yet'))
  await look(11)
  const first = { version: 1, cause: 'completed', samples: 2, min: 120, max: 160, mean: 140 }
  await expect.poll(async () => versions((await sealed()).seals)).toEqual([first])
  await tellTemperatures(plant, run.startedAt as Instant, [[45, 200]], 2)
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
  // What an agent that was cut off delivers is told by the past of its machine, and found before the next look is due.
  await tellTemperatures(plant, run.startedAt as Instant, [[50, 90]], 3)
  await look(11)
  expect((await sealed()).seals).toHaveLength(3)
  await plant.tell('performance.past-changed', { nodeId: run.nodeId as never, from: at, to: at, cause: 'late data' })
  await platform.idle()
  await look(11)
  await expect.poll(async () => (await sealed()).seals.map(({ cause }) => cause)).toHaveLength(4)
  expect((await sealed()).seals[3]).toMatchObject({ version: 4, cause: 'late', samples: 4, min: 90 })
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
    3,
  )
  await platform.run(proveAsBuilt, anybody, { lotId })
  await tellTemperatures(plant, run.startedAt as Instant, [[50, 155]], 4)
  const { path, fileName, readings } = await platform.run(proveAsBuilt, anybody, { lotId })
  if (readings === null) throw new Error('no readings are sealed')
  const bundle = join(folder, fileName)
  await writeFile(bundle, (await fetchOnce(plant.platform, path)).content)
  const told = (await fetchOnce(plant.platform, readings.path)).content.toString()
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
    5,
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

/** A plate that was milled by a program, and photographed. */
async function milled(program: { readonly name: string; readonly sha256: string }, picture: Buffer) {
  const { platform, anybody, nodeId } = plant
  const released = { document: 'release list 3', reason: 'set up' }
  const plate = { code: 'PLATE', name: 'Plate', kind: 'product', unit: '1', control: 'serial' } as const
  await platform.run(adoptMaterialDefinitions, systemActor('test'), {
    ...{ materials: [{ ...plate, quarantineOnReceipt: false }], ...released },
  })
  const look = { key: 'look', title: { en: 'Show the surface' }, per: 'piece', ask: { type: 'photo' } } as const
  const mill = { sequence: 10, name: 'Mill', at: { path: 'Works/North/Cure' }, instruction: 'WI-3', program } as const
  await platform.run(adoptDefinitions, systemActor('test'), {
    instructions: [{ code: 'WI-3', title: { en: 'Mill' }, steps: [look] }],
    workDefinitions: [{ code: 'R-3', product: 'PLATE', operations: [mill] }],
    ...released,
  })
  const wanted = { product: 'PLATE', quantity: decimalOf(1), siteId: nodeId('Works/North') }
  const { id: orderId, version } = await platform.run(createOrder, anybody, wanted)
  await platform.run(releaseOrder, anybody, { orderId, version })
  const [ready] = await platform.run(listOrderRuns, anybody, { orderId })
  if (ready === undefined) throw new Error('the order has no operation')
  const run = await platform.run(startRun, anybody, { runId: ready.id, nodeId: nodeId('Works/North/Cure') })
  const content = picture.toString('base64')
  const { blob } = await platform.run(storeMedia, anybody, { content, contentType: 'image/jpeg' })
  const [subject] = run.subjects
  if (subject === undefined) throw new Error('there is no plate')
  await platform.run(recordStep, anybody, { runId: run.id, step: 'look', subject, value: { type: 'photo', blob } })
  await platform.run(completeRun, anybody, { runId: run.id, version: run.version })
  await platform.idle()
  return { lotId: subject, run, blob }
}

test('[AS-8.5.2, P11-10b!] photos stand in the record by their hash, and a stranger knows the photo from a retouched one; so does what the gate found of the program', async () => {
  const { platform, anybody, machine, clock } = plant
  const program = { name: 'PLATE.NC', sha256: '7'.repeat(64) }
  machine.program = program
  const picture = Buffer.from([0xff, 0xd8, 0xff, ...Buffer.from('a surface')])
  const { lotId, run, blob } = await milled(program, picture)
  const made = await platform.run(getAsBuilt, anybody, { lotId })
  const check = { occasion: 'start', at: clock.now(), expected: program, loaded: program, verdict: 'same' }
  expect(made.runs[0]?.program).toEqual({ released: program, loaded: null, verdict: null, checks: [check] })
  expect(made.unknown).not.toContainEqual(expect.stringContaining('which program'))
  expect(made.files).toMatchObject([
    {
      sha256: blob,
      kind: 'photo',
      of: 'Photo of "Show the surface", 10 Mill',
      record: { kind: 'execution.step_entry' },
    },
    { sha256: program.sha256, kind: 'program', of: 'Program PLATE.NC of 10 Mill' },
  ])
  expect(made.records).toContainEqual(expect.objectContaining({ kind: 'execution.media', id: blob }))
  const { path, fileName } = await platform.run(proveAsBuilt, anybody, { lotId })
  const [bundle, photo, other] = [fileName, 'photo.jpg', 'other.jpg'].map((name) => join(folder, name)) as [
    ...[string, string, string],
  ]
  await writeFile(bundle, (await fetchOnce(platform, path)).content)
  await writeFile(photo, picture)
  await writeFile(other, Buffer.concat([picture, Buffer.from(' retouched')]))
  const judge = (...files: string[]) => {
    const words = [checker, bundle, ...files.flatMap((file) => ['--file', file])]
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    return { status, says: stdout.slice(stdout.indexOf('FILES')) }
  }
  expect(judge(photo)).toMatchObject({
    status: 0,
    says: expect.stringMatching(/FILES VALID\s+photo\.jpg: byte for byte .*execution\.(media|step_entry)/),
  })
  expect(judge(photo, other)).toMatchObject({
    status: 1,
    says: expect.stringMatching(/FILES UNKNOWN[\s\S]*other\.jpg: no record in the bundle names a file of these bytes/),
  })
  const trace = { from: { kind: 'lot', id: lotId }, direction: 'backward', show: 'all' } as const
  const { nodes, edges } = await platform.run(traceGenealogy, anybody, trace)
  expect(nodes.find(({ kind }) => kind === 'run')?.detail).toMatch(/completed; program PLATE\.NC as released$/)
  expect(nodes).toContainEqual(expect.objectContaining({ id: program.sha256, label: 'Program PLATE.NC' }))
  expect(edges).toContainEqual(
    expect.objectContaining({ from: { kind: 'document', id: program.sha256 }, to: { kind: 'run', id: run.id } }),
  )
})

test('[AS-8.6!] a certificate of conformity is drafted of what is whole, released by signature, and then never changes', async () => {
  const { platform, anybody, database } = plant
  const { order } = await plant.cure(2, anybody)
  const orderId = order.id
  const south = actorWith(['quality.deviation.close', 'traceability.read'], plant.nodeId('Works/South'))
  await expect(platform.run(draftConformity, south, { orderId })).rejects.toMatchObject({ kind: 'forbidden' })
  const early = platform.run(exportConformity, anybody, { orderId, number: 'COC-00001' })
  await expect(early).rejects.toMatchObject({ code: 'traceability.conformity-unknown' })
  const draft = await platform.run(draftConformity, anybody, { orderId })
  expect(draft).toMatchObject({ number: 'COC-00001', state: 'draft', quantity: '2', ordered: '2', concessions: [] })
  expect(draft.pieces).toHaveLength(2)
  const unsigned = platform.run(exportConformity, anybody, { orderId, number: draft.number })
  await expect(unsigned).rejects.toMatchObject({ code: 'traceability.conformity-not-released' })
  const vera = await signedIn(plant, 'quinn', 'quality')
  const release = async () => {
    const signature = await signatureOn(plant, vera, { kind: 'traceability.conformity', id: draft.id }, 'released')
    return platform.run(releaseConformity, vera, { orderId, signature })
  }
  const late = await platform.run(openDeviation, anybody, {
    ...{ title: 'Dent', description: '', severity: 'minor', about: 'a corner', at: plant.clock.now() },
    ...{ lots: [draft.pieces[0]?.code ?? ''], nodeId: plant.nodeId('Works/North/Cure') },
  })
  await platform.idle()
  await expect(release()).rejects.toMatchObject({ message: expect.stringContaining(`Deviation ${late.code} is open`) })
  const { id: deviationId, version } = late
  const approved = await signatureOn(plant, vera, { kind: 'quality.deviation', id: deviationId }, 'approved')
  const decided = { deviationId, version, conclusion: 'it can be used', disposition: 'use-as-is' } as const
  await platform.run(closeDeviation, vera, { ...decided, signature: approved })
  await platform.idle()
  await expect(release()).rejects.toMatchObject({ code: 'traceability.conformity-behind' })
  const anew = await platform.run(draftConformity, anybody, { orderId })
  expect(anew).toMatchObject({ id: draft.id, concessions: [{ code: late.code, disposition: 'use-as-is' }] })
  expect(await release()).toMatchObject({ state: 'released', releasedBy: 'quinn' })
  expect(await platform.run(listConformity, anybody, { orderId })).toMatchObject([
    { number: 'COC-00001', state: 'released' },
  ])
  const { path } = await platform.run(exportConformity, anybody, { orderId, number: draft.number })
  const { pages } = readPdf((await fetchOnce(plant.platform, path)).content)
  for (const words of ['COC-00001', order.code, draft.pieces[1]?.code ?? '', late.code, 'quinn: released']) {
    expect(pages.join(' ')).toContain(words)
  }
  const again = platform.run(draftConformity, anybody, { orderId })
  await expect(again).rejects.toMatchObject({
    message: expect.stringContaining('no good piece that is not on a certificate'),
  })
  const change = sql`update traceability.conformity set quantity = 9`.execute(database.owner)
  await expect(change).rejects.toThrow(/never changes/)
})
