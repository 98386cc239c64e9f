import type { CountEntry, Permission, Reason } from '@throughline/model'
import { correctCount, listCounts, listRecordChanges, recordCount } from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedStops } from '../stop/testing/start-stops.ts'
import { startStops } from '../stop/testing/start-stops.ts'
import { listEntries } from './store.ts'

const may = ['performance.read', 'performance.count.record', 'performance.count.correct'] as const
let plant: StartedStops
let scratch: Reason
let jam: Reason

/** FIL-01 ran order O-1 from 06:00 to 07:00 and made 60 parts, 58 of them good; since then it runs O-2. */
beforeAll(async () => {
  plant = await startStops()
  scratch = await plant.reason('scratch', { kind: 'scrap' })
  jam = await plant.reason('jam')
  const { at } = plant
  await sql`insert into performance.signal_interval (node_id, from_at, to_at, state, label) values
    (${filler()}, ${at(-180)}, ${at(-120)}, 'no-data', ''), (${filler()}, ${at(-120)}, null, 'running', 'Execute')`.execute(
    plant.db,
  )
  await sql`insert into performance.run (node_id, from_at, to_at, order_name, product) values
    (${filler()}, ${at(-120)}, ${at(-60)}, 'O-1', 'P-1'), (${filler()}, ${at(-60)}, null, 'O-2', 'P-2')`.execute(
    plant.db,
  )
  await sql`insert into performance.count_step (node_id, at, total, good, scrap, rework) values
    (${filler()}, ${at(-110)}, 40, 39, 1, null), (${filler()}, ${at(-100)}, 20, 19, 1, null),
    (${filler()}, ${at(-50)}, 500, 500, 0, null)`.execute(plant.db)
})
afterAll(() => plant.stop())

const filler = () => plant.node('north/fill/FIL-01')
const olive = () => plant.person('olive', may, plant.node('north'))
const record = (more: Partial<CountEntry> = {}, who: Actor = olive()) =>
  plant.platform.run(recordCount, who, {
    nodeId: filler(),
    kind: 'scrap',
    quantity: 2,
    reasonId: scratch.id,
    madeAt: plant.at(-90),
    comment: '',
    ...more,
  })
const correct = (entry: Pick<CountEntry, 'id'>, quantity: number, reasonId = scratch.id as Reason['id'] | null) =>
  plant.platform.run(correctCount, olive(), { entryId: entry.id, quantity, reasonId, why: 'counted once more' })
const list = (includeReplaced = false) =>
  plant.platform.run(listCounts, olive(), {
    nodeId: plant.node('north'),
    window: { from: plant.at(-600), to: plant.at(600) },
    includeReplaced,
  })

test('[AL-C, KPI-3] scrap found late belongs to the order and the time in which it was made, and restates that', async () => {
  const entry = await record({ comment: 'laboratory' })
  expect(entry).toMatchObject({
    order: 'O-1',
    product: 'P-1',
    madeAt: plant.at(-90),
    recordedAt: plant.clock.now(),
    recordedBy: 'olive',
  })
  expect(await plant.pastChanges()).toEqual([
    { nodeId: filler(), from: plant.at(-90), to: plant.at(-90) + 1, cause: '2 scrap recorded (olive)' },
  ])
  expect(await listEntries(plant.db, [filler()], plant.at(-90), plant.at(-89))).toEqual([entry])
  await correct(entry, 0)
})

test('[KPI-3!, AL-O-1!, AL-Complete!] a correction replaces a count with its reason; the old one stays readable, in the list and in the ledger', async () => {
  const old = await record()
  const right = await correct(old, 3)
  expect(right).toMatchObject({ corrects: old.id, quantity: 3, madeAt: old.madeAt, comment: 'counted once more' })
  expect((await list()).map(({ id }) => id)).toEqual([right?.id])
  const replaced = { replacedAt: plant.clock.now(), replacedBy: 'olive', replacedWhy: 'counted once more' }
  expect(await list(true)).toContainEqual({ ...old, ...replaced })
  const versions = await plant.platform.run(listRecordChanges, plant.system, {
    record: { kind: 'performance.count_entry', id: old.id },
  })
  expect(versions[0]?.change.rows[0]).toMatchObject({
    before: { quantity: 2, replaced_by: null },
    after: { quantity: 2, replaced_by: 'olive', replaced_why: 'counted once more' },
  })
  await expect(correct(old, 5)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'performance.count-replaced',
    message: expect.stringMatching(/by olive at 2026/),
  })
  await plant.pastChanges()
  expect(await correct(right ?? old, 0)).toBeNull()
  expect(await plant.pastChanges()).toMatchObject([{ cause: '3 scrap taken back: counted once more (olive)' }])
  expect(await list()).toEqual([])
})

test('more scrap than the run made is refused with both numbers, also by two at once and by a correction', async () => {
  await expect(record({ quantity: 59 })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'performance.count-beyond-produced',
    message: expect.stringMatching(/59 scrap .* FIL-01 .* produced 60, of which 58 are still good/),
  })
  const both = await Promise.allSettled([record({ quantity: 30 }), record({ quantity: 30, kind: 'rework' })])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const [entry] = (await list()) as [CountEntry]
  await expect(correct(entry, 59)).rejects.toMatchObject({ code: 'performance.count-beyond-produced' })
  expect(await correct(entry, 58)).toMatchObject({ quantity: 58 })
  const extra = await record({ kind: 'produced', quantity: 5, reasonId: null })
  const all = await record({ quantity: 5 })
  await expect(correct(extra, 4, null)).rejects.toMatchObject({ code: 'performance.count-below-scrap' })
  await expect(correct(extra, 0, null)).rejects.toMatchObject({ code: 'performance.count-below-scrap' })
  expect(await correct(all, 0)).toBeNull()
  expect(await correct(extra, 0, null)).toBeNull()
})

test('a count in the future, before the machine is known, of another order or with a wrong reason is refused', async () => {
  const refused = [
    [{ madeAt: plant.at(1) }, 'performance.count-in-future'],
    [{ madeAt: plant.at(-150) }, 'performance.count-before-states'],
    [{ nodeId: plant.node('north/pack/PAK-01') }, 'performance.reason-unfit'],
    [{ nodeId: plant.node('north/fill/FIL-02') }, 'performance.count-before-states'],
    [{ nodeId: plant.node('north/fill') }, 'performance.machine-unknown'],
    [{ order: 'O-2' }, 'performance.count-order-unfit'],
    [{ reasonId: null }, 'performance.scrap-unexplained'],
    [{ reasonId: jam.id }, 'performance.reason-unfit'],
    [{ kind: 'produced' }, 'performance.count-reason-unfit'],
    [{ quantity: 0 }, 'platform.input-invalid'],
    [{ quantity: -1 }, 'platform.input-invalid'],
  ] as const
  for (const [more, code] of refused) await expect(record(more), code).rejects.toMatchObject({ code })
  const unknown = { id: scratch.id as unknown as CountEntry['id'] }
  await expect(correct(unknown, 1)).rejects.toMatchObject({ kind: 'not-found', code: 'performance.count-unknown' })
})

test('a machine that nobody counts takes scrap without asking how much it made', async () => {
  const nodeId = plant.node('north/fill/FIL-02')
  await sql`insert into performance.signal_interval (node_id, from_at, to_at, state, label)
    values (${nodeId}, ${plant.at(-120)}, null, 'running', '')`.execute(plant.db)
  expect(await record({ nodeId, quantity: 1000, order: 'O-9' })).toMatchObject({ order: 'O-9', product: null })
})

test('[SR-2.1!, SR-2.1-RE2!] who lacks the permission, or holds it elsewhere, counts and sees nothing', async () => {
  const entry = await record({ madeAt: plant.at(-30) })
  const window = { from: plant.at(-600), to: plant.at(600) }
  const strangers = [plant.person('nina', []), plant.person('eve', may, plant.node('south'))]
  for (const who of strangers) {
    const refused = { kind: 'forbidden' }
    const change = { entryId: entry.id, quantity: 1, reasonId: scratch.id, why: 'mischief' }
    await expect(record({ madeAt: plant.at(-30) }, who)).rejects.toMatchObject(refused)
    await expect(plant.platform.run(correctCount, who, change)).rejects.toMatchObject(refused)
    await expect(plant.platform.run(listCounts, who, { nodeId: filler(), window })).rejects.toMatchObject(refused)
  }
  const operator = plant.person('olive', ['performance.count.record'] satisfies Permission[])
  const change = { entryId: entry.id, quantity: 1, reasonId: scratch.id, why: 'my own mistake' }
  await expect(plant.platform.run(correctCount, operator, change)).rejects.toMatchObject({ kind: 'forbidden' })
})

test('[D-12.2!] a correction that does not say why is refused', async () => {
  const { id: entryId } = await record({ madeAt: plant.at(-20) })
  for (const why of ['', 'no', undefined]) {
    const asked = { entryId, quantity: 1, reasonId: scratch.id, why }
    await expect(plant.platform.runByName(correctCount.name, olive(), asked)).rejects.toMatchObject({
      code: 'platform.input-invalid',
    })
  }
})
