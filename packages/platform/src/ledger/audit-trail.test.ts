import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { getAuditEntry, listAuditEntries, listRecordChanges, operation, permissions } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { nobody, systemActor } from '../door/actor.ts'
import { Platform } from '../platform.ts'

const setForce = operation({
  name: 'press.force.set',
  summary: 'Set the force of a stroke or a die',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ of: z.enum(['stroke', 'die']), id: z.uuid(), force: z.int(), reason: z.string() }),
  output: z.object({}),
})
const press = {
  name: 'press',
  migrations: [
    {
      name: '0001-press',
      sql: `create table press.stroke (id uuid primary key, force int not null);
        create table press.die (id uuid primary key, force int not null)`,
    },
  ],
  register(platform: Platform) {
    platform.handle(setForce, async ({ trx }, { of, id, force }) => {
      if (force > 100) throw new DomainError('conflict', 'press.force-too-large', `The press does not give ${force}`)
      await sql`insert into ${sql.table(`press.${of}`)} (id, force) values (${id}, ${force})
        on conflict (id) do update set force = excluded.force`.execute(trx)
      return {}
    })
  },
}

const clock = handClock()
const [ada, grace] = [actorWith(['equipment.model.write']), actorWith(['equipment.model.write'])]
const inspector = actorWith(['platform.audit.read'])
const [stroke, die] = [crypto.randomUUID(), crypto.randomUUID()]
const began = clock.now()

/** Who set what, and why, a second after one another. */
const deeds = [
  [ada, 'stroke', stroke, 1, '100% of them'],
  [grace, 'stroke', stroke, 2, '100 of them'],
  [ada, 'die', die, 3, 'as drawn_by hand'],
  [ada, 'die', die, 4, 'as drawn by hand'],
  [grace, 'die', die, 500, 'As Drawn_By nobody'],
  [grace, 'stroke', stroke, 5, 'back\\slash'],
] as const

let database: TestDatabase
let platform: Platform
beforeAll(async () => {
  database = await createTestDatabase()
  platform = await Platform.start(database.db, [press], clock, pino({ level: 'silent' }))
  for (const [actor, of, id, force, reason] of deeds) {
    clock.advanceMs(1000)
    await platform.run(setForce, actor, { of, id, force, reason }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'press.force-too-large' })
    })
  }
})
afterAll(async () => {
  await platform.stop()
  await database.close()
})

type Filter = Omit<z.input<typeof listAuditEntries.input>, 'operation'>

/** Which of the deeds, from 1, newest first. */
async function found(filter: Filter): Promise<number[]> {
  const entries = await platform.run(listAuditEntries, inspector, { ...filter, operation: setForce.name })
  return entries.map(({ at }) => (at - began) / 1_000_000)
}
const second = (n: number) => (began + n * 1_000_000) as Instant

test('[P11-10e-3] entries are found by person, time, kind of record, record, reason and outcome, newest first', async () => {
  expect(await found({})).toEqual([6, 5, 4, 3, 2, 1])
  expect(await found({ actor: grace.id })).toEqual([6, 5, 2])
  expect(await found({ actorKind: 'person' })).toEqual([6, 5, 4, 3, 2, 1])
  expect(await found({ actorKind: 'machine' })).toEqual([])
  expect(await found({ from: second(2), to: second(4) })).toEqual([3, 2])
  expect(await found({ record: { kind: 'press.stroke' } })).toEqual([6, 2, 1])
  expect(await found({ record: { kind: 'press.die', id: die } })).toEqual([4, 3])
  expect(await found({ record: { kind: 'press.die', id: stroke } })).toEqual([])
  expect(await found({ outcome: 'refused' })).toEqual([5])
  expect(await found({ outcome: 'done' })).toEqual([6, 4, 3, 2, 1])
  expect(await found({ reason: 'drawn by' })).toEqual([4])
  expect(await found({ actor: grace.id, record: { kind: 'press.stroke' }, from: second(3) })).toEqual([6])
})

test('[P11-10e-3!] a sign that is a wildcard elsewhere is looked for as itself, in any case of letters', async () => {
  expect(await found({ reason: '100%' })).toEqual([1])
  expect(await found({ reason: '%' })).toEqual([1])
  expect(await found({ reason: 'drawn_by' })).toEqual([5, 3])
  expect(await found({ reason: '_' })).toEqual([5, 3])
  expect(await found({ reason: 'k\\s' })).toEqual([6])
  expect(await found({ reason: "' or true --" })).toEqual([])
})

test('[P11-10e-3] pages follow each other without a gap and without an entry twice', async () => {
  const seen: number[] = []
  for (let before: number | undefined; ; ) {
    const page = await platform.run(listAuditEntries, inspector, {
      operation: setForce.name,
      limit: 2,
      ...(before === undefined ? {} : { before }),
    })
    seen.push(...page.map(({ at }) => (at - began) / 1_000_000))
    before = page.at(-1)?.number
    if (page.length < 2) break
  }
  expect(seen).toEqual([6, 5, 4, 3, 2, 1])
})

test('[P11-10e-3] the versions of one record, and of no other, each with who made it, why, and what was before', async () => {
  const versions = await platform.run(listRecordChanges, inspector, { record: { kind: 'press.stroke', id: stroke } })
  expect(versions.map(({ change, entry }) => [change.version, entry.actor, entry.reason])).toEqual([
    [3, grace.id, 'back\\slash'],
    [2, grace.id, '100 of them'],
    [1, ada.id, '100% of them'],
  ])
  expect(versions[1]?.change.rows).toEqual([
    { table: 'press.stroke', before: { id: stroke, force: 1 }, after: { id: stroke, force: 2 } },
  ])
  const none = await platform.run(listRecordChanges, inspector, { record: { kind: 'press.die', id: stroke } })
  expect(none).toEqual([])
})

test('[P11-10e-3!, SR-3.9!] who may not read the trail gets none of it, and the attempt is in it', async () => {
  const [entry] = await platform.run(listAuditEntries, inspector, { operation: setForce.name, limit: 1 })
  const asked = [
    [listAuditEntries, {}],
    [getAuditEntry, { entryId: entry?.id }],
    [listRecordChanges, { record: { kind: 'press.stroke', id: stroke } }],
  ] as const
  const everythingElse = actorWith(permissions.filter((each) => each !== 'platform.audit.read'))
  for (const [{ name }, input] of asked) {
    await expect(platform.runByName(name, everythingElse, input)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(platform.runByName(name, nobody(null), input)).rejects.toMatchObject({ kind: 'unauthenticated' })
    const attempts = await platform.run(listAuditEntries, systemActor('test'), { operation: name, outcome: 'refused' })
    expect(attempts.map(({ actor }) => actor)).toContain(everythingElse.id)
  }
})

test('[P11-10e-3!] the trail cannot be asked in a way that it does not know', async () => {
  for (const wrong of [{ outcome: 'maybe' }, { limit: 0 }, { limit: 100_000 }, { from: 'yesterday' }]) {
    await expect(platform.runByName(listAuditEntries.name, inspector, wrong)).rejects.toMatchObject({ kind: 'invalid' })
  }
})
