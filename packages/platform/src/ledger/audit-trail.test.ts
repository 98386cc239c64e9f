import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { AuditEntry } from '@throughline/model'
import { getAuditEntry, listAuditEntries, listRecordChanges, operation } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { nobody } from '../door/actor.ts'
import type { UnitOfWork } from '../door/unit-of-work.ts'
import type { Module } from '../module.ts'
import { Platform } from '../platform.ts'

const setSpeed = operation({
  name: 'mill.setting.set',
  summary: 'Set the speed of the mill',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ id: z.uuid(), speed: z.number().max(100), reason: z.string() }),
  output: z.object({}),
})
const followed = '018f0000-0000-7000-8000-00000000000c'
const putSpeed = async ({ trx }: UnitOfWork, id: string, speed: number): Promise<void> => {
  await sql`insert into mill.setting (id, speed) values (${id}, ${speed})
    on conflict (id) do update set speed = excluded.speed`.execute(trx)
}
const mill: Module = {
  name: 'mill',
  migrations: [{ name: '0001-mill', sql: 'create table mill.setting (id uuid primary key, speed int not null)' }],
  register(platform) {
    platform.handle(setSpeed, async (uow, { id, speed }) => {
      await putSpeed(uow, id, speed)
      return {}
    })
    platform.on('equipment.model-changed', 'mill.setting', (uow, { changed }) => putSpeed(uow, followed, changed))
  },
}

const clock = handClock('2026-11-22T08:00:00Z')
const [coarse, fine] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b']
const ada = actorWith(['equipment.model.write'])
const ben = { ...actorWith(['equipment.model.write']), name: 'ben' }
const reader = actorWith(['platform.audit.read'])
const times: Instant[] = []
let database: TestDatabase
let platform: Platform

beforeAll(async () => {
  database = await createTestDatabase()
  platform = await Platform.start(database.db, [mill], clock, pino({ level: 'silent' }))
  for (const [n, id] of [coarse, fine, coarse, coarse, fine].entries()) {
    times.push(clock.advanceMs(60_000))
    const reason = n === 2 ? '100 % wear of the sieve' : `grind ${n}`
    await platform.run(setSpeed, n % 2 === 0 ? ada : ben, { id, speed: 10 + n, reason })
  }
  clock.advanceMs(60_000)
  await expect(platform.run(setSpeed, ben, { id: coarse, speed: 101, reason: 'faster' })).rejects.toThrow()
}, 60_000)
afterAll(async () => {
  await platform?.stop()
  await database?.close()
})

const list = (filter: z.input<typeof listAuditEntries.input> = {}): Promise<AuditEntry[]> =>
  platform.run(listAuditEntries, reader, { operation: setSpeed.name, ...filter })
const reasons = async (filter: z.input<typeof listAuditEntries.input>) =>
  (await list(filter)).map(({ reason }) => reason)

describe('[D-12.4-8, P11-10e-3] the trail is searched', () => {
  test('by who', async () => {
    expect(await reasons({ actor: ben.id })).toEqual(['faster', 'grind 3', 'grind 1'])
    expect(await reasons({ actor: ben.id, outcome: 'done' })).toEqual(['grind 3', 'grind 1'])
    expect(await reasons({ actorKind: 'machine' })).toEqual([])
  })

  test('by time, from the first moment of a window up to and without its last', async () => {
    const [, second = times[0], , fourth = times[0]] = times
    expect(await reasons({ from: second, to: fourth })).toEqual(['100 % wear of the sieve', 'grind 1'])
    expect(await reasons({ from: fourth, outcome: 'done' })).toEqual(['grind 4', 'grind 3'])
  })

  test('by a part of the reason, whatever signs it holds', async () => {
    expect(await reasons({ reason: 'WEAR' })).toEqual(['100 % wear of the sieve'])
    expect(await reasons({ reason: '0 % w' })).toEqual(['100 % wear of the sieve'])
    expect(await reasons({ reason: '%' })).toEqual(['100 % wear of the sieve'])
    expect(await reasons({ reason: '_' })).toEqual([])
  })

  test('by the record that was changed, and by its kind', async () => {
    const record = { kind: 'mill.setting', id: fine }
    expect(await reasons({ record })).toEqual(['grind 4', 'grind 1'])
    expect(await reasons({ record: { kind: 'mill.setting' } })).toHaveLength(5)
    expect(await reasons({ record: { kind: 'mill.nothing' } })).toEqual([])
  })

  test('by outcome: what was refused tells with which words', async () => {
    expect(await list({ outcome: 'refused' })).toMatchObject([{ outcome: 'platform.input-invalid', changes: 0 }])
  })

  test('page by page, with and without a window, each entry once', async () => {
    for (const window of [{}, { from: times[0] ?? clock.now(), to: plusMs(clock.now(), 1) }]) {
      const all = await list(window)
      const paged: AuditEntry[] = []
      for (let page = await list({ ...window, limit: 2 }); page.length > 0; ) {
        paged.push(...page)
        const before = page.at(-1)?.number ?? 1
        page = await list({ ...window, limit: 2, before })
      }
      expect(paged).toEqual(all)
      expect(all).toHaveLength(6)
    }
  })
})

test('[P11-10e-2, D-12.2] an entry tells what was before and what came after, and a record all its versions', async () => {
  const [entry] = await list({ record: { kind: 'mill.setting', id: fine } })
  const { changes } = await platform.run(getAuditEntry, reader, { entryId: entry?.id ?? '' })
  expect(changes).toMatchObject([{ version: 2, rows: [{ before: { speed: 11 }, after: { speed: 14 } }] }])
  const record = { kind: 'mill.setting', id: coarse }
  const versions = await platform.run(listRecordChanges, reader, { record })
  expect(versions.map(({ change, entry: by }) => [change.version, by.reason])).toEqual([
    [3, 'grind 3'],
    [2, '100 % wear of the sieve'],
    [1, 'grind 0'],
  ])
  const older = await platform.run(listRecordChanges, reader, { record, before: 3, limit: 1 })
  expect(older).toEqual([versions[1]])
})

test('[SR-6.1!, P11-10e-3!] who may not read the trail reads no part of it', async () => {
  const [entry] = await list()
  const record = { kind: 'mill.setting', id: coarse }
  for (const actor of [ada, nobody(null)]) {
    await expect(platform.run(listAuditEntries, actor, {})).rejects.toMatchObject({
      kind: actor === ada ? 'forbidden' : 'unauthenticated',
    })
    await expect(platform.run(getAuditEntry, actor, { entryId: entry?.id ?? '' })).rejects.toThrow()
    await expect(platform.run(listRecordChanges, actor, { record })).rejects.toThrow()
  }
  await expect(platform.run(getAuditEntry, reader, { entryId: crypto.randomUUID() })).rejects.toMatchObject({
    kind: 'not-found',
  })
})

test('[A11-9] what the product does by itself stands in the trail where it changed a record, and nowhere else', async () => {
  for (const changed of [50, 50, 51]) {
    await platform.act('mill', 'mill.model.tell', { changed }, async (uow) =>
      uow.emit('equipment.model-changed', { changed, at: uow.at }),
    )
    await platform.idle()
  }
  for (const speed of [51, 52]) {
    await platform.react('mill', 'mill.setting.follow', { speed }, (uow) => putSpeed(uow, followed, speed))
  }
  const all = await platform.run(listAuditEntries, reader, { actorKind: 'system', from: clock.now() })
  const told = all.filter(({ operation: deed }) => deed.startsWith('mill.')).reverse()
  expect(told.map(({ operation: deed, input, changes }) => [deed, input, changes])).toEqual([
    ['mill.model.tell', { changed: 50 }, 0],
    ['mill.setting on equipment.model-changed', expect.objectContaining({ changed: 50 }), 1],
    ['mill.model.tell', { changed: 50 }, 0],
    ['mill.model.tell', { changed: 51 }, 0],
    ['mill.setting on equipment.model-changed', expect.objectContaining({ changed: 51 }), 1],
    ['mill.setting.follow', { speed: 52 }, 1],
  ])
})
