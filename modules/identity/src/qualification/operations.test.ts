import type { Id } from '@throughline/kernel'
import { fromMs, newId } from '@throughline/kernel'
import type { Person } from '@throughline/model'
import {
  disablePerson,
  grantQualification,
  issueBadge,
  listQualifiable,
  listQualifications,
  revokeQualification,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { People } from '../testing/people.ts'
import { startPeople } from '../testing/people.ts'

let people: People
let inspector: Person
const supervisor = actorWith(['identity.qualification.read', 'identity.qualification.write'])

beforeAll(async () => {
  people = await startPeople()
  inspector = await people.active('inspector')
})
afterAll(() => people.close())

const grant = (change: object = {}, by = supervisor) =>
  people.platform.run(grantQualification, by, {
    personId: inspector.id,
    skill: 'LAYUP-INSPECTOR',
    evidence: 'certificate 12, examiner of the site',
    validFrom: people.clock.now(),
    validTo: fromMs(people.clock.now() / 1000 + 86_400_000),
    ...change,
  })
const listed = (at?: number) =>
  people.platform.run(listQualifications, supervisor, { personId: inspector.id, ...(at === undefined ? {} : { at }) })

test('[AS-8.5.1.1] what somebody is qualified for is listed with its end, until it ends', async () => {
  const { id, validTo } = await grant()
  expect(await listed(people.clock.now())).toMatchObject([{ id, personName: 'inspector', skill: 'LAYUP-INSPECTOR' }])
  expect(await listed(validTo ?? 0)).toEqual([])
  expect(await listed()).toHaveLength(1)
})

test('[AS-8.5.1.1!] nobody qualifies themselves', async () => {
  const self = { ...supervisor, id: inspector.id }
  await expect(grant({}, self)).rejects.toMatchObject({ kind: 'forbidden', code: 'identity.qualification-own' })
})

test.each([
  ['that ends before it begins', { validTo: 1 }, 'identity.qualification-window'],
  ['of nobody', { personId: newId<'Person'>() }, 'identity.person-unknown'],
])('a qualification %s is refused', async (_words, change, code) => {
  await expect(grant(change)).rejects.toMatchObject({ code })
})

test('[AS-8.5.1.1!] revoked, it stays readable with who and why, and is not revoked twice', async () => {
  const { id } = await grant({ skill: 'NDT-UT-2' })
  const revoke = () =>
    people.platform.run(revokeQualification, supervisor, { qualificationId: id, reason: 'vision test missed' })
  expect((await revoke()).revoked).toMatchObject({ reason: 'vision test missed' })
  await expect(revoke()).rejects.toMatchObject({ kind: 'conflict', code: 'identity.qualification-revoked' })
  people.clock.advanceMs(1000)
  expect((await listed(people.clock.now())).map(({ skill }) => skill)).toEqual(['LAYUP-INSPECTOR'])
  expect((await listed()).find((each) => each.id === id)?.revoked).toMatchObject({ reason: 'vision test missed' })
  await expect(
    people.platform.run(revokeQualification, supervisor, { qualificationId: newId<'Qualification'>(), reason: 'none' }),
  ).rejects.toMatchObject({ kind: 'not-found' })
})

test('[AS-8.5.1.1] whoever may see qualifications sees who may work at their places, by name and badge, and nobody else', async () => {
  const [north, hall, south] = [newId<'EquipmentNode'>(), newId<'EquipmentNode'>(), newId<'EquipmentNode'>()]
  people.platform.locateWith({ pathTo: async (nodeId) => (nodeId === hall ? [hall, north] : [nodeId]) })
  await people.active('of-north', [{ role: 'operator', nodeId: north }])
  await people.active('of-hall', [{ role: 'operator', nodeId: hall }])
  await people.active('of-south', [{ role: 'operator', nodeId: south }])
  const gone = await people.active('gone', [{ role: 'operator', nodeId: north }])
  await people.platform.run(disablePerson, people.inviter, { personId: gone.id, reason: 'left the company' })
  const badge = { personId: inspector.id, badge: 'A1-0042-77', reason: 'first day' }
  await people.platform.run(issueBadge, actorWith(['identity.badge.write']), badge)
  const seenFrom = async (nodeId: Id<'EquipmentNode'> | null) =>
    people.platform.run(listQualifiable, actorWith(['identity.qualification.read'], nodeId), {})
  const names = async (nodeId: Id<'EquipmentNode'> | null) => (await seenFrom(nodeId)).map(({ name }) => name)
  expect(await names(null)).toEqual(['inspector', 'of-hall', 'of-north', 'of-south'])
  expect(await names(north)).toEqual(['inspector', 'of-hall', 'of-north'])
  expect(await names(hall)).toEqual(['inspector', 'of-hall', 'of-north'])
  expect(await names(south)).toEqual(['inspector', 'of-south'])
  const [first] = await seenFrom(hall)
  expect(Object.keys(first ?? {}).sort()).toEqual(['badges', 'id', 'name', 'printedName'])
  expect(first?.badges).toEqual([expect.stringMatching(/77$/)])
})

test('an end cannot be put before its beginning, not even with SQL', async () => {
  const { id } = await grant({ skill: 'TORQUE' })
  const moved = sql`update identity.qualification set valid_to = valid_from where id = ${id as Id<'Qualification'>}`
  await expect(moved.execute(people.database.owner)).rejects.toThrow()
})
