import type { Id } from '@throughline/kernel'
import { decimalOf, newId } from '@throughline/kernel'
import { returnConsumed } from '@throughline/material'
import type { Lot, OperationRun, ThreadNode } from '@throughline/model'
import {
  exportGenealogy,
  mergeLots,
  openDeviation,
  recordInspection,
  splitLot,
  traceGenealogy,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedTraceability } from '../testing/start-traceability.ts'
import { startTraceability } from '../testing/start-traceability.ts'

let plant: StartedTraceability
let resin: Lot
let run: OperationRun
const ben = { ...actorWith(['execution.run.perform', 'execution.read']), name: 'ben' }
const eve = { ...actorWith(['execution.run.perform', 'execution.read']), name: 'eve' }

beforeAll(async () => {
  plant = await startTraceability()
  resin = await plant.lot('R-1')
  ;({ run } = await plant.cure(3, ben, resin))
})
afterAll(() => plant.close())

type Asked = { from: ThreadNode | { code: string }; direction: 'backward' | 'forward' }
const trace = (asked: Asked & object, by = plant.anybody) => plant.platform.run(traceGenealogy, by, asked as never)
const labels = (found: { nodes: readonly { label: string; kind: string }[] }, kind = 'lot') =>
  found.nodes.flatMap((node) => (node.kind === kind ? [node.label] : [])).sort()
const oven = () => ({ kind: 'equipment' as const, id: plant.nodeId('Works/North/Cure/OVEN-1') })
const codes = () => [...run.subjectCodes].sort()

test('[AS-8.5.2, AL-Traceable] from a piece one walks back to its material, its operation, who did it, on what, with what, and forward again', async () => {
  const [code = ''] = codes()
  const back = await trace({ from: { code }, direction: 'backward', show: 'all' } as never)
  const words = back.nodes.map(({ kind, label, depth }) => `${depth} ${kind} ${label}`)
  expect(words).toEqual([
    `0 lot ${code}`,
    ...['1 lot R-1', '1 run Cure', '2 equipment OVEN-1', `2 order ${run.orderCode}`, '2 person ben'],
    ...['2 process-data Readings of OVEN-1', '2 tool TW-1'],
  ])
  expect(back.edges).toContainEqual(
    expect.objectContaining({ kind: 'built-into', quantity: '1', runId: run.id, from: { kind: 'lot', id: resin.id } }),
  )
  for (const from of [resin, run].map(({ id }, at) => ({ kind: (['lot', 'run'] as const)[at] ?? 'lot', id }))) {
    const forward = await trace({ from, direction: 'forward' })
    expect(labels(forward)).toEqual(expect.arrayContaining(codes()))
    expect(forward).toMatchObject({ truncated: false, hidden: 0 })
  }
  // No thread leads to nothing.
  const there = new Set(back.nodes.map(({ kind, id }) => `${kind} ${id}`))
  for (const { from, to } of back.edges) {
    for (const { kind, id } of [from, to]) expect(there).toContain(`${kind} ${id}`)
  }
})

test('[AS-8.5.2!, AL-Traceable!, 211.192] of equipment, people and tools only what happened in the window is found', async () => {
  const later = await plant.cure(1, eve, resin)
  const [begun, ended] = [run.startedAt ?? 0, run.completedAt ?? 0]
  const window = { from: begun, to: begun + 1 }
  const [after, eves] = [{ from: ended, to: ended + 1 }, [...later.run.subjectCodes]]
  const asked = (from: ThreadNode | { code: string }, during: object) =>
    trace({ from, direction: 'forward', window: during } as never).then((found) => labels(found))
  expect(await asked(oven(), window)).toEqual(codes())
  expect(await asked({ code: 'tw-1' }, window)).toEqual(codes())
  expect(await asked({ code: 'ben' }, window)).toEqual(codes())
  expect(await asked({ code: 'eve' }, window)).toEqual([])
  expect(await asked(oven(), after)).toEqual(eves)
  expect(await asked({ code: run.orderCode }, { from: 0, to: ended * 2 })).toEqual(codes())
  const what = await trace({ from: { code: 'ben' }, direction: 'backward' })
  expect(labels(what)).toEqual([...codes(), 'R-1'].sort())
})

test('[AS-8.5.2] splits and merges are followed; what was returned in full is in nothing, whichever was heard of first', async () => {
  const [a, b] = [await plant.lot('A'), await plant.lot('B')]
  const split = await plant.platform.run(splitLot, plant.anybody, {
    ...{ lotId: a.id, parts: [{ code: 'A-1', quantity: decimalOf('2.50') }] },
  })
  const part = split.parts[0] as Lot
  const merged = await plant.platform.run(mergeLots, plant.anybody, {
    ...{ lotIds: [part.id, b.id], code: 'M', reason: 'one tank' },
  })
  const piece = run.subjects[0] as Id<'Lot'>
  const pieces = [{ id: piece }, { id: run.subjects[1] as Id<'Lot'> }]
  await plant.into(merged, '3', pieces)
  const forward = await trace({ from: { code: 'A' }, direction: 'forward' })
  expect(labels(forward)).toEqual([...run.subjectCodes.slice(0, 2), 'A', 'A-1', 'M'].sort())
  const how = forward.edges.map(({ kind, quantity }) => `${kind} ${quantity}`)
  expect(new Set(how)).toEqual(new Set(['split-into 2.5', 'merged-into 2.5', 'built-into null']))
  await plant.act(async (uow) => {
    const work = { nodeId: plant.nodeId('Works/North/Cure'), orderId: null, runId: null, at: uow.at }
    const from = pieces.map(({ id }) => id)
    await returnConsumed(uow, { ...work, lotId: merged.id, quantity: decimalOf(3), from, reason: 'wrong tank' })
  })
  expect(labels(await trace({ from: { code: 'A' }, direction: 'forward' }))).toEqual(['A', 'A-1', 'M'])

  const from = await plant.lot('C')
  const told = { nodeId: null, orderId: null, runId: null, at: plant.clock.now() }
  const [held, put] = [[{ lotId: from.id, quantity: '2' }], [{ lotId: piece, quantity: '0' }]]
  const hear = (kind: 'consume' | 'return') =>
    plant.tell('material.moved', {
      ...{ ...told, kind, movementId: newId<'MaterialMovement'>() },
      ...(kind === 'return' ? { from: put, to: held } : { from: held, to: put }),
    })
  for (const [kind, pieces] of [
    ['return', []],
    ['consume', []],
    ['consume', [run.subjectCodes[0]]],
    ['return', []],
  ] as const) {
    await hear(kind)
    expect(labels(await trace({ from: { code: 'C' }, direction: 'forward' }))).toEqual([...pieces, 'C'].sort())
  }
})

test('[AS-8.5.2, AL-Traceable] an inspection and a deviation stand at their piece, and from the gauge the pieces are found', async () => {
  const [at, code = ''] = [plant.clock.now(), run.subjectCodes[0]]
  const result = { characteristic: '1', unit: null, nominal: null, low: null, high: null, measured: null }
  const measured = await plant.platform.run(recordInspection, plant.anybody, {
    ...{ kind: 'final', piece: code, gauge: 'CMM-1', at, document: 'f'.repeat(64) },
    results: [{ ...result, status: 'pass' }],
  })
  const said = { title: 'Scratch', description: '', severity: 'minor', about: 'a scratch', at } as const
  const opened = await plant.platform.run(openDeviation, plant.anybody, { ...said, lots: [code] })
  const ofOrder = await plant.platform.run(openDeviation, plant.anybody, { ...said, orderCode: run.orderCode })
  await plant.platform.idle()
  for (const _ of ['told', 'told again']) {
    const { lotId, runId, gauge, passed, id: inspectionId } = measured
    await plant.tell('quality.inspection-recorded', { inspectionId, lotId, runId, gauge, passed, at })
    const { id: deviationId, orderId } = opened
    await plant.tell('quality.deviation-opened', { deviationId, code: 'DEV-0001', orderId, runId: null, lots: [], at })
  }
  const back = await trace({ from: { code }, direction: 'backward', show: 'all' } as never)
  const words = back.nodes.map(({ kind, label, detail }) => `${kind} ${label}: ${detail}`)
  for (const expected of [
    ...[
      `inspection Inspection of ${code}: passed`,
      `deviation ${opened.code}: open`,
      `deviation ${ofOrder.code}: open`,
    ],
    'document Original ffffffffffff: file with what was measured',
  ]) {
    expect(words).toContain(expected)
  }
  expect(back.edges.filter(({ kind }) => kind === 'measured-by')).toHaveLength(1)
  expect(
    back.edges
      .filter(({ kind }) => kind === 'concerned-by')
      .map(({ to }) => to.kind)
      .sort(),
  ).toEqual(['lot', 'order'])
  const window = { from: at, to: at + 1 }
  const found = await trace({ from: { code: 'cmm-1' }, direction: 'forward', window } as never)
  expect(labels(found)).toEqual([code])
  expect(labels(await trace({ from: { code: ofOrder.code }, direction: 'forward' }))).toEqual(codes())
})

test('what is heard twice says the same', async () => {
  const count = async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from traceability.edge where not taken_back`.execute(plant.database.db)
    return rows[0]?.n
  }
  const before = await count()
  const { orderId, id: runId, nodeId, state } = run
  await plant.tell('execution.run-changed', { runId, orderId, state, nodeId, at: plant.clock.now() })
  await plant.tell('material.moved', {
    ...{ movementId: await movementInto(runId), kind: 'consume', nodeId, orderId: null, runId, at: 1 as never },
    ...{ from: [{ lotId: resin.id, quantity: '1' }], to: [{ lotId: run.subjects[0] as Id<'Lot'>, quantity: '0' }] },
  })
  expect(await count()).toBe((before ?? 0) + 1)
})

test('[SR-2.1!] who works at another site hears nothing of it, and what is elsewhere is counted', async () => {
  const south = actorWith(['traceability.read'], plant.nodeId('Works/South'))
  const oven1 = actorWith(['traceability.read'], plant.nodeId('Works/North/Cure/OVEN-1'))
  await expect(trace({ from: { code: 'R-1' }, direction: 'forward' }, south)).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await expect(trace({ from: { code: 'R-1' }, direction: 'forward' }, actorWith([]))).rejects.toMatchObject({
    kind: 'forbidden',
  })
  const found = await trace({ from: { kind: 'run', id: run.id }, direction: 'backward', show: 'all' } as never, oven1)
  expect(found.hidden).toBeGreaterThan(0)
  expect(labels(found)).not.toContain('R-1')
  expect(labels(found, 'person')).toEqual(['ben'])
})

test('what nobody knows of is refused by its name; a lot of which nothing was made stands alone', async () => {
  for (const from of [{ code: 'NOBODY' }, { kind: 'tool', id: 'T-9' }, { kind: 'lot', id: 'L' }] as const) {
    await expect(trace({ from, direction: 'forward' })).rejects.toMatchObject({
      code: 'traceability.node-unknown',
      message: expect.stringContaining('code' in from ? from.code : from.id),
    })
  }
  await plant.lot('ALONE')
  const alone = await trace({ from: { code: 'alone' }, direction: 'forward' })
  expect(alone).toMatchObject({ nodes: [{ label: 'ALONE', detail: 'RESIN, available', depth: 0 }], edges: [] })
})

test('an export holds the trace; what a spreadsheet would run as a formula is guarded', async () => {
  await sql`update traceability.node set detail = '=1+1' where label = 'R-1'`.execute(plant.database.owner)
  const asked = { from: { code: 'R-1' }, direction: 'forward' } as const
  const csv = await plant.platform.run(exportGenealogy, plant.anybody, { ...asked, format: 'csv' })
  expect(csv.fileName).toBe('genealogy-R-1-forward.csv')
  expect(csv.content).toContain("lot,R-1,'=1+1,0,built-into,lot,")
  const json = await plant.platform.run(exportGenealogy, plant.anybody, { ...asked, format: 'json' })
  const read = JSON.parse(json.content) as { edges: unknown[]; nodes: unknown[] }
  const traced = await trace({ ...asked, show: 'all' } as never)
  expect([read.nodes.length, read.edges.length]).toEqual([traced.nodes.length, traced.edges.length])
})

async function movementInto(runId: string): Promise<Id<'MaterialMovement'>> {
  const { rows } = await sql<{ id: Id<'MaterialMovement'> }>`
    select movement.id from material.movement join material.movement_line as line on line.movement_id = movement.id
    where run_id = ${runId} and kind = 'consume' and lot_id = ${run.subjects[0]}`.execute(plant.database.db)
  if (rows[0] === undefined) throw new Error('nothing was consumed')
  return rows[0].id
}
