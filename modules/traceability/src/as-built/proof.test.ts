import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Instant } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import {
  closeDeviation,
  correctSample,
  draftConformity,
  exportConformity,
  getAsBuilt,
  listConformity,
  openDeviation,
  proveAsBuilt,
  releaseConformity,
} from '@throughline/model'
import { Ledger } from '@throughline/platform'
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
