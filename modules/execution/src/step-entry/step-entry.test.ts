import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@throughline/kernel'
import type { DomainEvents, OperationRun, SignatureInput, StepEntry, StepValue } from '@throughline/model'
import {
  adoptDefinitions,
  applyModel,
  completeRun,
  correctStep,
  draftInstruction,
  findMedia,
  getLot,
  getRun,
  listAuditEntries,
  listSignatures,
  pauseRun,
  permissions,
  prepareSignature,
  recordCalibration,
  recordStep,
  registerAsset,
  signStep,
  startRun,
  storeMedia,
  verifyStep,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { createHttpServer, folderBlobStore, systemActor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TagReading } from '../execution.ts'
import type { StartedExecution } from '../testing/start-execution.ts'
import { password, startExecution } from '../testing/start-execution.ts'

let plant: StartedExecution
let folder: string
let operator: Actor
let supervisor: Actor
let reading: TagReading | undefined
const breached: DomainEvents['execution.limit-breached'][] = []
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const press = 'Aurora/AERO/Press'

const instruction = {
  code: 'WI-PRESS',
  title: { en: 'Press' },
  steps: [
    { key: 'place', title: { en: 'Go there' }, ask: { type: 'scan', expects: 'equipment' } },
    { key: 'piece', title: { en: 'Take it' }, ask: { type: 'scan', expects: 'subject' }, per: 'piece' },
    { key: 'ply', title: { en: 'Lay ply' }, ask: { type: 'scan', expects: 'material', bomPosition: 10 }, per: 'piece' },
    {
      key: 'gap',
      title: { en: 'Gap' },
      ask: { type: 'number', unit: 'mm', low: 0, high: 0.5, gauge: 'caliper' },
      onBreach: 'deviation',
      secondPerson: true,
    },
    { key: 'view', title: { en: 'Look' }, ask: { type: 'photo' }, optional: true },
    {
      key: 'heat',
      title: { en: 'Heat' },
      ask: { type: 'tag', tag: 'Temperature', low: 100, high: 120 },
      onBreach: 'refuse',
    },
    { key: 'sign', title: { en: 'Sign' }, ask: { type: 'signature', meaning: 'performed' } },
  ],
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'step-entry-'))
  const blobs = await folderBlobStore(folder)
  plant = await startExecution({ blobs, readTag: async () => reading })
  const { platform, anybody } = plant
  platform.on('execution.limit-breached', 'test.breached', async (_uow, event) => void breached.push(event))
  const text = `classes:
  - { name: Press, tags: [{ name: Temperature, dataType: double, unit: Cel }] }
nodes:
  - { path: ${press}, level: work-center, class: Press }
`
  await platform.run(applyModel, systemActor('test'), { format: 'yaml', text })
  await plant.directory.load(platform.db)
  const given = { document: 'list 1', reason: 'set up' }
  await platform.run(adoptDefinitions, anybody, { ...given, instructions: [instruction] })
  const operation = { sequence: 10, name: 'Press', at: { path: press }, batchSize: 2, bomPositions: [10] }
  await plant.route('R-BRK', 'BRK', [{ ...operation, instruction: 'WI-PRESS' }])
  operator = (await plant.someone('otto', 'operator')).actor
  supervisor = (await plant.someone('susi', 'supervisor')).actor
  await plant.receive('PREPREG', 'PP-1', '10')
  await plant.receive('PREPREG', 'PP-2', '10')
  await plant.receive('RIVET', 'RV-1', '10')
  for (const [code, type] of [
    ['CAL-1', 'caliper'],
    ['CAL-2', 'caliper'],
    ['RUL-1', 'ruler'],
  ] as const) {
    const kept = {
      code,
      kind: 'gauge' as const,
      type,
      nodeId: null,
      needsCalibration: code !== 'RUL-1',
      intervalDays: 365,
    }
    const { id: assetId } = await platform.run(registerAsset, anybody, kept)
    const good = { asFound: 'in-tolerance' as const, asLeft: 'in-tolerance' as const, certificate: 'K-1' }
    const dueAt = plant.clock.now() + 864_000_000_000
    if (code === 'CAL-1')
      await platform.run(recordCalibration, anybody, { assetId, at: plant.clock.now(), dueAt, ...good })
  }
})
afterAll(async () => {
  await plant?.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => plant.clock.advanceMs(1000))

const begun = async (): Promise<OperationRun> => {
  const [run] = await plant.runsOf(await plant.released('BRK', 2))
  return plant.platform.run(startRun, operator, { runId: run?.id as never, nodeId: plant.node(press) })
}
const record = (
  run: Pick<OperationRun, 'id'>,
  step: string,
  value: StepValue | object,
  more: object = {},
  by = operator,
) => plant.platform.run(recordStep, by, { runId: run.id, step, value: value as never, ...more })
const scan = (code: string) => ({ type: 'scan', code })
const signature = (name: string, meaning: SignatureInput['meaning'], shown: SignatureInput['shown'] = null) => ({
  ...{ meaning, reason: 'as it should be', shown },
  proof: { method: 'password' as const, name, password },
})
const prepared = (entry: Pick<StepEntry, 'id'>, by: Actor) =>
  plant.platform.run(prepareSignature, by, { record: { kind: 'execution.step_entry', id: entry.id } })
const verify = async (entry: Pick<StepEntry, 'id'>, name: string, by: Actor) => {
  const { current } = await prepared(entry, by)
  return plant.platform.run(verifyStep, by, { entryId: entry.id, signature: signature(name, 'verified', current) })
}
const refused = (code: string, message: string | RegExp = '') =>
  expect.objectContaining({ code: `execution.${code}`, message: expect.stringMatching(message) })
const gap = (value: number, gauge: string | null = 'CAL-1') => ({ type: 'number', value, gauge })
const laid = async () => {
  const run = await begun()
  const [a, b] = run.subjects as [Id<'Lot'>, Id<'Lot'>]
  await record(run, 'place', scan(press))
  for (const [index, subject] of [a, b].entries()) {
    await record(run, 'piece', scan(run.subjectCodes[index] ?? ''), { subject })
  }
  return { run, a, b }
}
const left = async (code: string) => {
  const { rows } = await sql<{ id: Id<'Lot'> }>`select id from material.lot where code = ${code}`.execute(
    plant.platform.db,
  )
  return (await plant.platform.run(getLot, plant.anybody, { lotId: rows[0]?.id as never })).quantity
}

test('[AS-8.5.1-1, AS-8.5.1-3!, A11-6!, P11-10f-1, P11-10h-1!, 211.68b!] an operation is recorded step by step, refusals in words, and completed when nothing is outstanding', async () => {
  const { run, a, b } = await laid()
  await expect(record(run, 'gap', gap(0.1))).rejects.toEqual(refused('step-too-early', 'before Gap comes Lay ply of '))
  await expect(record(run, 'ply', scan('RV-1'), { subject: a })).rejects.toEqual(refused('gate-closed', 'PREPREG'))
  await expect(record(run, 'ply', scan('PP-1'), { subject: a, value: { type: 'check', done: true } })).rejects.toThrow()
  const first = await record(run, 'ply', scan('pp-1'), { subject: a })
  expect(first.value).toEqual({ type: 'scan', code: 'pp-1', quantity: '1.5' })
  await record(run, 'ply', { ...scan('PP-1'), quantity: '2' }, { subject: b })
  expect(await left('PP-1')).toBe('6.5')
  await expect(record(run, 'ply', scan('PP-1'), { subject: a })).rejects.toEqual(
    refused('step-recorded', 'correct the entry'),
  )
  const corrected = { entryId: first.id, value: scan('PP-2') as never, reason: 'wrong roll read' }
  const instead = await plant.platform.run(correctStep, operator, corrected)
  expect([await left('PP-1'), await left('PP-2')]).toEqual(['8', '8.5'])
  await expect(plant.platform.run(correctStep, operator, corrected)).rejects.toEqual(refused('entry-replaced'))
  await expect(record(run, 'gap', gap(0.1, null))).rejects.toEqual(refused('gauge-missing', 'scan the caliper'))
  await expect(record(run, 'gap', gap(0.1, 'RUL-1'))).rejects.toEqual(refused('scan-wrong', 'RUL-1 is a ruler'))
  await expect(record(run, 'gap', gap(0.1, 'CAL-2'))).rejects.toEqual(refused('gate-closed', 'never calibrated'))
  await expect(record(run, 'gap', gap(0.7))).rejects.toEqual(
    refused('step-reason-missing', '0.7 mm, limits 0 mm to 0.5 mm'),
  )
  const wide = await record(run, 'gap', gap(0.7), { reason: 'shim is worn' })
  expect(wide).toMatchObject({ within: false, limits: { low: 0, high: 0.5, unit: 'mm' }, by: { name: 'otto' } })
  await plant.platform.idle()
  expect(breached).toMatchObject([
    {
      entryId: wide.id,
      runId: run.id,
      about: 'Gap: 0.7 mm, limits 0 mm to 0.5 mm',
      reason: 'shim is worn',
      lots: [a, b],
    },
  ])
  await expect(record(run, 'heat', { type: 'tag', value: 1, at: 0 })).rejects.toEqual(
    refused('step-too-early', 'Gap .a second person'),
  )
  await expect(verify(wide, 'otto', operator)).rejects.toEqual(refused('same-person', 'another person confirms it'))
  const work = `${run.orderCode}, operation 10 (${run.name})`
  expect((await prepared(wide, supervisor)).title).toBe(`Step “Gap” of ${work}: 0.7 mm, limits 0 mm to 0.5 mm`)
  expect((await prepared(instead, supervisor)).title).toBe(
    `Step “Lay ply” of ${work}, piece ${run.subjectCodes[0]}: PP-2`,
  )
  await expect(prepared(wide, actorWith([]))).rejects.toMatchObject({ kind: 'forbidden' })
  const confirmed = await verify(wide, 'susi', supervisor)
  expect(confirmed.verified).toMatchObject({ by: { name: 'susi' } })
  await expect(verify(wide, 'susi', supervisor)).rejects.toEqual(refused('entry-verified'))
  const tag = { type: 'tag', value: 110, at: 0 }
  await expect(record(run, 'heat', tag)).rejects.toEqual(refused('step-unread', 'nothing is known'))
  reading = { value: 105, at: plant.clock.now(), problem: 'its agent is silent' }
  await expect(record(run, 'heat', tag)).rejects.toEqual(refused('step-unread', 'silent'))
  reading = { value: 130, at: plant.clock.now(), problem: null }
  await expect(record(run, 'heat', tag, { reason: 'hot day' })).rejects.toEqual(refused('step-refused', '130 Cel'))
  reading = { value: 111.5, at: plant.clock.now(), problem: null }
  expect((await record(run, 'heat', tag)).value).toEqual({ type: 'tag', value: 111.5, at: reading.at })
  const complete = () => plant.platform.run(completeRun, operator, { runId: run.id, version: run.version })
  await expect(complete()).rejects.toMatchObject({ code: 'execution.steps-outstanding', details: { steps: ['Sign'] } })
  const entries = (await plant.platform.run(getRun, operator, { runId: run.id })).entries
  const seen = entries.filter(({ replacedAt }) => replacedAt === null).map(({ id }) => id)
  const sign = (which: typeof seen, meaning: SignatureInput['meaning'] = 'performed') =>
    plant.platform.run(signStep, operator, {
      ...{ runId: run.id, step: 'sign', seen: which, signature: signature('otto', meaning) },
    })
  await expect(sign(seen.slice(1))).rejects.toEqual(refused('record-changed'))
  await expect(sign(seen, 'reviewed')).rejects.toEqual(refused('signature-meaning'))
  plant.clock.advanceMs(1000)
  const signed = await sign(seen)
  const [kept] = await plant.platform.run(listSignatures, plant.anybody, {
    record: { kind: 'execution.step_entry', id: signed.id },
  })
  expect(kept).toMatchObject({ meaning: 'performed', printedName: 'otto', state: 'valid' })
  expect((await prepared(signed, supervisor)).title).toBe(
    `Step “Sign” of ${work}, with the ${seen.length} entries before it`,
  )
  expect(signed.value).toEqual({ type: 'signature', signatureId: kept?.id })
  plant.clock.advanceMs(1000)
  const again = { entryId: wide.id, value: gap(0.4) as never, reason: 'read the scale wrongly' }
  const right = await plant.platform.run(correctStep, supervisor, again)
  expect(right).toMatchObject({ within: true, verified: null, corrects: wide.id, at: wide.at })
  await expect(complete()).rejects.toThrow(/Gap .a second person.*Sign .entries were corrected/)
  await verify(right, 'otto', operator)
  const now = (await plant.platform.run(getRun, operator, { runId: run.id })).entries
  plant.clock.advanceMs(1000)
  await sign(now.filter(({ replacedAt }) => replacedAt === null).map(({ id }) => id))
  expect(await complete()).toMatchObject({ state: 'completed', good: '2' })
  const after = { entryId: instead.id, value: scan('PP-1') as never, reason: 'too late for that' }
  await expect(plant.platform.run(correctStep, operator, after)).rejects.toEqual(refused('run-state'))
  const all = (await plant.platform.run(getRun, operator, { runId: run.id })).entries
  expect(all.find(({ id }) => id === wide.id)).toMatchObject({
    value: { value: 0.7 },
    reason: 'shim is worn',
    replacedAt: right.recordedAt,
    verified: { by: { name: 'susi' } },
  })
  await expect(sql`update execution.step_entry set reason = 'x'`.execute(plant.database.db)).rejects.toThrow(
    /never changes/,
  )
}, 60_000)

test('[AS-8.5.1-1, AS-8.5.2-1] a roll ends and the next is scanned: each is an entry of its own, and together they are what is asked', async () => {
  const { platform, anybody } = plant
  const [short, next] = [await plant.receive('PREPREG', 'PP-8', '0.8'), await plant.receive('PREPREG', 'PP-9', '9')]
  const run = await begun()
  const [subject = '', other] = run.subjects
  await record(run, 'place', scan(press))
  for (const [index, id] of run.subjects.entries())
    await record(run, 'piece', scan(run.subjectCodes[index] ?? ''), { subject: id })
  const asked = { step: 'ply', quantity: '1.5', unit: 'm', low: '1.5', high: null }
  expect((await platform.run(getRun, operator, { runId: run.id })).asked).toEqual([
    ...[subject, other].map((id) => ({ ...asked, subject: id })),
  ])
  const first = await record(run, 'ply', scan('PP-8'), { subject })
  expect(first).toMatchObject({ value: { quantity: '0.8' }, within: null, limits: { low: 1.5, high: null, unit: 'm' } })
  await expect(record(run, 'gap', gap(0.1))).rejects.toEqual(
    refused('step-too-early', '0.8 m of 1.5 m is scanned: scan the next lot'),
  )
  await expect(record(run, 'ply', scan('RV-1'), { subject })).rejects.toEqual(refused('gate-closed', 'PREPREG'))
  await expect(record(run, 'ply', { ...scan('PP-9'), quantity: '0.1', last: true }, { subject })).rejects.toEqual(
    refused('step-reason-missing', '0.9 m of 1.5 m, at least 1.5 m'),
  )
  const second = await record(run, 'ply', scan('PP-9'), { subject })
  expect(second).toMatchObject({ value: { quantity: '0.7' }, within: true, corrects: null })
  await expect(record(run, 'ply', scan('PP-9'), { subject })).rejects.toEqual(refused('step-recorded'))
  expect([await left('PP-8'), await left('PP-9')]).toEqual(['0', '8.3'])
  const { rows } = await sql<{ lot: Id<'Lot'> }>`
    select distinct from_lot as lot from material.lot_edge where to_lot = ${subject}`.execute(platform.db)
  expect(rows.map(({ lot }) => lot).sort()).toEqual([short.id, next.id].sort())
  const corrected = { entryId: first.id, value: { ...scan('PP-1'), quantity: '0.5' } as never, reason: 'PP-8 was torn' }
  expect(await platform.run(correctStep, operator, corrected)).toMatchObject({ within: null })
  expect([await left('PP-8'), await left('PP-9')]).toEqual(['0.8', '8.3'])
  const third = { ...scan('PP-8'), quantity: '0.2', last: true }
  expect(await record(run, 'ply', third, { subject, reason: 'the rest is cut off' })).toMatchObject({
    ...{ within: false, corrects: null },
  })
  const { entries } = await platform.run(getRun, anybody, { runId: run.id })
  const standing = entries.filter(({ step, replacedAt }) => step === 'ply' && replacedAt === null)
  expect(standing.map(({ value }) => value.type === 'scan' && value.code).sort()).toEqual(['PP-1', 'PP-8', 'PP-9'])
})

test('[AS-8.5.1-2, AL-C-2!] a device tells when it happened, beside when it was recorded; not in the future, and nothing of a paused operation', async () => {
  const run = await begun()
  plant.clock.advanceMs(60_000)
  const at = plant.clock.now() - 30_000_000
  await expect(record(run, 'place', scan(press), { at: plant.clock.now() + 121_000_000 })).rejects.toEqual(
    refused('time-future'),
  )
  await expect(record(run, 'place', scan('Aurora/AERO/Bench'))).rejects.toEqual(
    refused('scan-wrong', /scan aurora.aero.press/i),
  )
  expect(await record(run, 'place', scan(press), { at })).toMatchObject({ at, recordedAt: plant.clock.now() })
  await expect(record(run, 'piece', scan('XX'), { subject: run.subjects[0] })).rejects.toEqual(refused('scan-wrong'))
  const paused = { runId: run.id, version: run.version, reason: 'break' }
  await plant.platform.run(pauseRun, operator, paused)
  await expect(record(run, 'piece', scan('XX'), { subject: run.subjects[0] })).rejects.toEqual(refused('run-state'))
  const elsewhere = { ...actorWith(['execution.run.perform'], plant.node('Aurora/BIO')), name: 'nina' }
  await expect(record(run, 'place', scan(press), {}, elsewhere)).rejects.toMatchObject({ kind: 'forbidden' })
  const asked = { operation: 'execution.step.record', outcome: 'refused' as const }
  expect((await plant.platform.run(listAuditEntries, actorWith(permissions), asked)).length).toBeGreaterThan(5)
})

test('a picture is kept as what it is, and shown to whoever may see the work', async () => {
  const store = (contentType: 'image/png' | 'application/pdf', content: string) =>
    plant.platform.run(storeMedia, operator, { contentType, content })
  const { blob, bytes } = await store('image/png', png)
  expect(await plant.platform.run(findMedia, operator, { hash: blob })).toEqual({ type: 'image/png', size: bytes })
  expect(await store('image/png', png)).toEqual({ blob, bytes })
  await expect(store('application/pdf', png)).rejects.toEqual(refused('media-unreadable', 'This is image/png'))
  await expect(store('image/png', btoa('<svg onload=alert(1)>'))).rejects.toEqual(
    refused('media-unreadable', 'no picture'),
  )
  const find = (who: Actor, hash = blob) => plant.platform.run(findMedia, who, { hash })
  const reader = (path: string) => ({ ...actorWith(['execution.read'], plant.node(path)), name: 'remo' })
  await expect(find(reader('Aurora/AERO/Bench'))).rejects.toEqual(refused('media-elsewhere', 'places that you do not'))
  const shown = { kind: 'picture', blob, alt: { en: 'Press' } } as const
  const draft = (media: object) =>
    plant.platform.run(draftInstruction, plant.anybody, {
      ...{ code: 'WI-SHOW', title: { en: 'Show' }, changeReason: 'first' },
      steps: [{ key: 'look', title: { en: 'Look' }, ask: { type: 'read' }, media: [{ ...shown, ...media }] }],
    })
  await expect(draft({ blob: 'f'.repeat(64) })).rejects.toMatchObject({
    ...{
      code: 'execution.instruction-invalid',
      message: expect.stringContaining('no file ffffffffffff… is kept here'),
    },
    details: { fields: [{ path: 'steps.0.media.0.blob' }] },
  })
  await expect(draft({ kind: 'video' })).rejects.toEqual(refused('instruction-invalid', 'image/png, which is no video'))
  await draft({})
  expect(await find(reader('Aurora/BIO'))).toMatchObject({ type: 'image/png' })
  await plant.route('R-SHOW', 'MIX', [{ sequence: 10, name: 'Show', at: { path: press }, instruction: 'WI-SHOW' }])
  expect(await find(reader('Aurora/AERO/Bench'))).toMatchObject({ type: 'image/png' })
  await expect(find(reader('Aurora/BIO'))).rejects.toMatchObject({ code: 'platform.out-of-scope' })
  const known: Readonly<Record<string, Actor>> = { otto: operator, nina: actorWith([]) }
  plant.platform.authenticateWith({
    bySession: async (token) => known[token],
    byApiKey: async (key) => known[key],
    findGone: async () => new Set(),
  })
  const server = await createHttpServer(plant.platform, { version: '0.0.1', tls: null, webDir: null })
  const ask = (hash: string, who: string) =>
    server.inject({ url: `/api/execution/media/${hash}`, headers: { authorization: `Bearer ${who}` } })
  const answer = await ask(blob, 'otto')
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png'])
  expect(answer.rawPayload.toString('base64')).toBe(png)
  expect((await ask(blob, 'nina')).statusCode).toBe(403)
  expect((await ask('0'.repeat(64), 'otto')).statusCode).toBe(404)
  await server.close()
})
