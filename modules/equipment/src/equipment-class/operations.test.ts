import { newId } from '@throughline/kernel'
import { draftClass, listClasses, publishClass } from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startPlant } from '../testing/start-plant.ts'

const plant = await startPlant(pino({ level: 'silent' }))
const { platform, system, db, owner, clock } = plant
afterAll(() => plant.close())

const speed = { name: 'Speed', dataType: 'double' as const, unit: '/min' }
const state = { name: 'State', dataType: 'int64' as const }

test('[P11-10f] a draft is rewritten until it is published; then the next draft is the next version', async () => {
  const first = await platform.run(draftClass, system, { name: 'Pump', tags: [speed] })
  expect(first).toMatchObject({ version: 1, state: 'draft', publishedAt: null })
  const again = await platform.run(draftClass, system, { name: 'Pump', description: 'A pump', tags: [speed, state] })
  expect(again).toMatchObject({ id: first.id, version: 1, description: 'A pump' })
  const at = clock.advanceMs(1000)
  const published = await platform.run(publishClass, system, { classId: first.id })
  expect(published).toEqual({ ...again, state: 'published', publishedAt: at })
  const next = await platform.run(draftClass, system, { name: 'Pump', tags: [state] })
  expect(next).toMatchObject({ version: 2, state: 'draft' })
  const listed = await platform.run(listClasses, system, {})
  expect(listed.filter((each) => each.name === 'Pump')).toEqual([published, next])
})

test('[P11-10f!] a class is published once', async () => {
  const { id } = await platform.run(draftClass, system, { name: 'Valve', tags: [] })
  await platform.run(publishClass, system, { classId: id })
  await expect(platform.run(publishClass, system, { classId: id })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'equipment.class-published',
  })
  await expect(platform.run(publishClass, system, { classId: newId() })).rejects.toMatchObject({ kind: 'not-found' })
})

test('two people who draft the same class at once write one draft', async () => {
  const drafts = await Promise.all([
    platform.run(draftClass, system, { name: 'Twin', tags: [speed] }),
    platform.run(draftClass, system, { name: 'Twin', tags: [state] }),
  ])
  expect(new Set(drafts.map((each) => each.id)).size).toBe(1)
})

test.each([
  { input: { name: 'PUMP', tags: [] }, code: 'equipment.class-name-taken' },
  { input: { name: 'Fan', tags: [speed, { ...speed, name: 'SPEED' }] }, code: 'equipment.class-tags-invalid' },
  { input: { name: 'Fan', tags: [{ ...speed, description: '\ud800' }] }, code: 'platform.text-unstorable' },
  { input: { name: 'Fan', tags: [{ ...speed, unit: 'rpm!' }] }, code: 'platform.input-invalid' },
  { input: { name: 'Fan', tags: [{ ...speed, deadband: -1 }] }, code: 'platform.input-invalid' },
  { input: { name: 'Fan', tags: [{ ...speed, rangeLow: 2, rangeHigh: 1 }] }, code: 'platform.input-invalid' },
  { input: { name: 'Fan', tags: [{ ...speed, rangeHigh: 5, normalHigh: 6 }] }, code: 'platform.input-invalid' },
])('draft $input is refused: $code', async ({ input, code }) => {
  await platform.run(draftClass, system, { name: 'Pump', tags: [speed] })
  await expect(platform.run(draftClass, system, input)).rejects.toMatchObject({ code })
})

test('an engineer of one site does not change the classes of the whole plant', async () => {
  const engineer = actorWith(['equipment.model.write'], newId())
  await expect(platform.run(draftClass, engineer, { name: 'Fan', tags: [] })).rejects.toMatchObject({
    code: 'platform.out-of-scope',
  })
})

test.each([
  { what: 'rewritten', change: sql`update equipment.class_version set tags = '[]' where state = 'published'` },
  {
    what: 'taken back',
    change: sql`update equipment.class_version set state = 'draft', published_at = null where state = 'published'`,
  },
  { what: 'deleted', change: sql`delete from equipment.class_version where state = 'published'` },
])('even with SQL a published version is not $what', async ({ what, change }) => {
  const { id } = await platform.run(draftClass, system, { name: 'Fixed', tags: [speed] })
  await platform.run(publishClass, system, { classId: id })
  const refusal = /is published and never changes/
  await expect(change.execute(owner)).rejects.toThrow(refusal)
  await expect(change.execute(db)).rejects.toThrow(what === 'deleted' ? /permission denied/ : refusal)
})
