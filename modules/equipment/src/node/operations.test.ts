import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import { createNode, draftClass, listNodes, listTags, publishClass } from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startPlant } from '../testing/start-plant.ts'
import { findSharedTimeZone, listPathTo } from './store.ts'

const plant = await startPlant(pino({ level: 'silent' }))
const { platform, system, db, owner } = plant
afterAll(() => plant.close())

type Level = EquipmentNode['level']
const create = (parent: EquipmentNode | null, level: Level, name: string, more: object = {}, actor: Actor = system) =>
  platform.run(createNode, actor, { parentId: parent?.id ?? null, level, name, ...more })

const aurora = await create(null, 'enterprise', 'Aurora')
const bio = await create(aurora, 'site', 'BIO', { timeZone: 'Europe/Dublin' })
const aero = await create(aurora, 'site', 'AERO', { timeZone: 'Europe/Berlin' })
const upstream = await create(bio, 'area', 'Upstream', { description: 'Cell culture' })

test('a node stands under its parent, by its name in lower case', () => {
  expect(upstream).toMatchObject({ path: 'aurora/bio/upstream', name: 'Upstream', parentId: bio.id, timeZone: null })
  expect(bio).toMatchObject({ path: 'aurora/bio', timeZone: 'Europe/Dublin' })
})

test('sites in two time zones share none; with one site, or all in the same zone, there is one', async () => {
  expect(await findSharedTimeZone(db)).toBeUndefined()
  const moved = sql`update equipment.node set time_zone = 'Europe/Berlin' where name = 'BIO'`
  await db.transaction().execute(async (trx) => {
    await sql`select set_config('throughline.entry', 'a test', true)`.execute(trx)
    await moved.execute(trx)
    expect(await findSharedTimeZone(trx)).toBe('Europe/Berlin')
    await sql`update equipment.node set time_zone = 'Europe/Dublin' where name = 'BIO'`.execute(trx)
  })
})

test.each([
  { level: 'site', more: {}, code: 'equipment.time-zone-invalid' },
  { level: 'site', more: { timeZone: 'Mars/Olympus' }, code: 'equipment.time-zone-invalid' },
  { level: 'area', more: {}, code: 'equipment.node-misplaced' },
  { level: 'enterprise', more: {}, code: 'equipment.node-misplaced' },
  { level: 'site', more: { timeZone: 'UTC', description: 'a\u0000b' }, code: 'platform.text-unstorable' },
] as const)('a new $level under an enterprise with $more is refused: $code', async ({ level, more, code }) => {
  await expect(create(aurora, level, 'New', more)).rejects.toMatchObject({ kind: 'invalid', code })
})

test('a name that another sibling has, in whatever case, is refused', async () => {
  await expect(create(aurora, 'site', 'bio', { timeZone: 'UTC' })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'equipment.path-taken',
    details: { path: 'aurora/bio' },
  })
})

test('a parent that does not exist, and a class that does not, are named', async () => {
  const nowhere = { ...aurora, id: newId<'EquipmentNode'>() }
  await expect(create(nowhere, 'site', 'X', { timeZone: 'UTC' })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'equipment.node-unknown',
  })
  await expect(create(upstream, 'work-unit', 'X', { classId: newId() })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'equipment.class-unknown',
  })
})

test('an instance gets the tags of its class, which must be published first', async () => {
  const tags = [{ name: 'Speed', dataType: 'double' as const, unit: '/min' }]
  const draft = await platform.run(draftClass, system, { name: 'Pump', tags })
  await expect(create(upstream, 'work-unit', 'P-1', { classId: draft.id })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'equipment.class-not-published',
  })
  await platform.run(publishClass, system, { classId: draft.id })
  const pump = await create(upstream, 'work-unit', 'P-1', { classId: draft.id })
  const listed = await platform.run(listTags, system, { nodeId: pump.id })
  expect(listed.tags).toMatchObject([{ path: 'aurora/bio/upstream/p-1/speed', unit: '/min', source: null }])
  await expect(create(pump, 'equipment-module', 'SPEED')).rejects.toMatchObject({
    code: 'equipment.path-taken',
    message: expect.stringContaining('There is a tag at'),
  })
})

test('[SR-2.1!, SR-2.1-RE2!] an engineer of one site builds there and nowhere else, and sees only that', async () => {
  const engineer = actorWith(['equipment.model.read', 'equipment.model.write'], aero.id)
  const area = await create(aero, 'area', 'Composites', {}, engineer)
  await expect(create(bio, 'area', 'Composites', {}, engineer)).rejects.toMatchObject({ code: 'platform.out-of-scope' })
  await expect(create(aurora, 'site', 'X', { timeZone: 'UTC' }, engineer)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(create(null, 'enterprise', 'Other', {}, engineer)).rejects.toMatchObject({ kind: 'forbidden' })
  const seen = await platform.run(listNodes, engineer, {})
  expect(seen.map((node) => node.path)).toEqual(['aurora/aero', 'aurora/aero/composites'])
  expect(seen[1]).toEqual(area)
})

test('[SR-2.1-RE2!] a scope is a level of the path, not the beginning of a name', async () => {
  const bio2 = await create(aurora, 'site', 'BIO-2', { timeZone: 'UTC' })
  const seen = await platform.run(listNodes, actorWith(['equipment.model.read'], bio.id), {})
  expect(seen.map((node) => node.id)).not.toContain(bio2.id)
  expect(seen.map((node) => node.id)).toContain(upstream.id)
})

test('the way up from a node is known to the door; there is none from what is no node', async () => {
  expect(await listPathTo(db, upstream.id)).toEqual([upstream.id, bio.id, aurora.id])
  expect(await listPathTo(db, newId())).toEqual([])
  expect(await listPathTo(db, 'no id')).toEqual([])
})

test('two people who add the same name at once get one node and one refusal', async () => {
  const both = await Promise.allSettled([create(bio, 'area', 'Twin'), create(bio, 'area', 'TWIN')])
  expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(both.find((each) => each.status === 'rejected')?.reason).toMatchObject({ code: 'equipment.path-taken' })
})

const stateOf = async (promise: Promise<unknown>) =>
  promise.then(() => 'done').catch((error: unknown) => Reflect.get(Object(error), 'code'))
const restrictViolation = '23001'
const insufficientPrivilege = '42501'

test.each([
  {
    what: 'moved',
    change: (id: Id<'EquipmentNode'>) => sql`update equipment.node set parent_id = ${aero.id} where id = ${id}`,
  },
  {
    what: 'hung below itself',
    change: (id: Id<'EquipmentNode'>) => sql`update equipment.node set parent_id = id where id = ${id}`,
  },
  {
    what: 'given another path',
    change: (id: Id<'EquipmentNode'>) => sql`update equipment.node set path = 'x' where id = ${id}`,
  },
  {
    what: 'given another level',
    change: (id: Id<'EquipmentNode'>) => sql`update equipment.node set level = 'work-center' where id = ${id}`,
  },
  { what: 'deleted', change: (id: Id<'EquipmentNode'>) => sql`delete from equipment.node where id = ${id}` },
])('[P11-10c!] even with SQL a node is not $what', async ({ what, change }) => {
  expect(await stateOf(change(upstream.id).execute(owner))).toBe(restrictViolation)
  const refusal = what === 'deleted' ? insufficientPrivilege : restrictViolation
  expect(await stateOf(change(upstream.id).execute(db))).toBe(refusal)
})

test('[P11-10c!] even with SQL no table of the model is emptied', async () => {
  expect(await stateOf(sql`truncate equipment.tag`.execute(plant.owner))).toBe(restrictViolation)
  expect(await stateOf(sql`truncate equipment.node cascade`.execute(plant.owner))).toBe(restrictViolation)
  expect(await stateOf(sql`truncate equipment.class_version cascade`.execute(plant.owner))).toBe(restrictViolation)
})
