import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { leafHash } from '../ledger/leaf.ts'
import { reconcile } from '../ledger/reconcile.ts'
import { openDatabase } from './connect.ts'
import { listWatchedTables } from './grants.ts'
import { migrate } from './migrate.ts'

const press = (statement: string, name = '0001-press') => ({
  name: 'press',
  migrations: [{ name, sql: statement }],
})
const table = 'create table press.stroke (id int primary key); insert into press.stroke values (1);'

let server: TestDatabase
let database: TestDatabase
beforeAll(async () => {
  server = await createTestDatabase()
})
afterAll(() => server.close())
beforeEach(async () => {
  database = await server.another()
})
afterEach(() => database.close())

const strokes = async (): Promise<number> =>
  (await sql<{ n: number }>`select count(*) as n from press.stroke`.execute(database.db)).rows[0]?.n ?? -1

test('each migration is applied once, the platform first, in a schema of its module', async () => {
  expect(await migrate(database.db, [press(table)])).toEqual([
    'platform/0001-outbox-idempotency',
    'platform/0002-ledger',
    'platform/0003-audit-review',
    'platform/0004-ledger-cost',
    'platform/0005-keys-by-time',
    'platform/0006-station-actor',
    'platform/0007-capture-as-text',
    'platform/0008-capture-in-few-expressions',
    'platform/0009-capture-by-table',
    'press/0001-press',
  ])
  expect(await migrate(database.db, [press(table)])).toEqual([])
  expect(await strokes()).toBe(1)
})

test('two programs that start at the same time apply each migration once', async () => {
  const other = openDatabase(database.connection)
  const slow = press(`select pg_sleep(0.2); ${table}`)
  const applied = await Promise.all([
    migrate(database.db, [slow]),
    migrate(other, [slow]),
    migrate(database.db, [slow]),
  ])
  await other.destroy()
  expect(applied.flat().sort()).toEqual([
    'platform/0001-outbox-idempotency',
    'platform/0002-ledger',
    'platform/0003-audit-review',
    'platform/0004-ledger-cost',
    'platform/0005-keys-by-time',
    'platform/0006-station-actor',
    'platform/0007-capture-as-text',
    'platform/0008-capture-in-few-expressions',
    'platform/0009-capture-by-table',
    'press/0001-press',
  ])
  expect(await strokes()).toBe(1)
})

test('[SR-3.4!] a migration that was edited after it was applied refuses the start by name', async () => {
  await migrate(database.db, [press(table)])
  await expect(migrate(database.db, [press(`${table} -- edited`)])).rejects.toMatchObject({
    kind: 'conflict',
    code: 'platform.migration-changed',
    message: expect.stringContaining('press/0001-press'),
  })
})

test('other line endings are not an edit', async () => {
  await migrate(database.db, [press(`${table}\n-- end\n`)])
  expect(await migrate(database.db, [press(`${table}\r\n-- end\r\n`)])).toEqual([])
})

test('a database that knows migrations this program does not refuses the start, and nothing is applied', async () => {
  await migrate(database.db, [press(table)])
  const older = { name: 'lathe', migrations: [{ name: '0001-lathe', sql: 'create table lathe.turn (id int)' }] }
  await expect(migrate(database.db, [older])).rejects.toMatchObject({
    kind: 'conflict',
    code: 'platform.migration-unknown',
    details: { migrations: ['press/0001-press'] },
  })
  const lathe = await sql`select from pg_namespace where nspname = 'lathe'`.execute(database.db)
  expect(lathe.rows).toEqual([])
})

test('a migration that was merged late, with an earlier name, is applied and not skipped', async () => {
  await migrate(database.db, [press(table, '0002-press')])
  const both = {
    name: 'press',
    migrations: [{ name: '0001-early', sql: 'select 1' }, ...press(table, '0002-press').migrations],
  }
  expect(await migrate(database.db, [both])).toEqual(['press/0001-early'])
})

test('a migration that fails in its second statement leaves nothing of its first, and names itself', async () => {
  const broken = press(`${table} select 1/0;`)
  await expect(migrate(database.db, [broken])).rejects.toMatchObject({
    code: 'platform.migration-failed',
    message: expect.stringContaining('division by zero'),
  })
  expect(await migrate(database.db, [press(table)])).toEqual(['press/0001-press'])
})

test('two migrations of one name are a defect', async () => {
  await expect(migrate(database.db, [press(table), press(table)])).rejects.toMatchObject({
    code: 'platform.migration-doubled',
  })
})

test('[P11-10c!, D-12.3!, SR-3.9!] an audit entry can be added, and never changed or deleted, by the application or by the owner', async () => {
  await migrate(database.db, [])
  const text = '{"note":"kept"}'
  const values = {
    id: '019ab000-0000-7000-8000-000000000001',
    at: 1,
    actor: 'ada',
    actor_kind: 'person' as const,
    operation: 'press.stroke.start',
    outcome: 'done',
    reason: null,
    text,
    leaf_hash: leafHash(text),
  }
  await database.db.insertInto('platform.audit_entry').values(values).execute()
  for (const [db, refusal] of [
    [database.db, 'permission denied'],
    [database.owner, 'never changed'],
  ] as const) {
    const change = db.updateTable('platform.audit_entry').set({ outcome: 'other' }).execute()
    await expect(change).rejects.toThrow(refusal)
    await expect(db.deleteFrom('platform.audit_entry').execute()).rejects.toThrow(refusal)
    await expect(sql`truncate platform.audit_entry`.execute(db)).rejects.toThrow(refusal)
  }
  const kept = await database.db
    .selectFrom('platform.audit_entry')
    .select('text')
    .where('id', '=', values.id)
    .executeTakeFirst()
  expect(kept?.text).toBe(text)
})

test('[P11-10e-1] what a migration puts into a table of records stands in the ledger, with the migration', async () => {
  const later = 'insert into press.stroke values (2); delete from press.stroke where id = 1;'
  await migrate(database.db, [press(table)])
  const first = press(table).migrations[0] ?? { name: '', sql: '' }
  await migrate(database.db, [{ name: 'press', migrations: [first, { name: '0002-more', sql: later }] }])
  const changes = await database.db.selectFrom('platform.record_change').select('text').orderBy('seq').execute()
  expect(changes.map(({ text }) => JSON.parse(text).rows)).toEqual([
    [{ table: 'press.stroke', before: null, after: { id: 1 } }],
    [{ table: 'press.stroke', before: null, after: { id: 2 } }],
    [{ table: 'press.stroke', before: { id: 1 }, after: null }],
  ])
  const entries = await database.db
    .selectFrom('platform.audit_entry')
    .select(['operation', 'text'])
    .orderBy('seq')
    .execute()
  expect(
    entries.map(({ text }) => JSON.parse(text).input.migrations.map((each: { name: string }) => each.name)),
  ).toContainEqual(['press/0002-more'])
})

test('[P11-10e-1] a column that a migration adds to a table of records is the next version of each, and the ledger agrees', async () => {
  const first = press(table).migrations[0] ?? { name: '', sql: '' }
  await migrate(database.db, [press(table)])
  const added = { name: '0002-force', sql: "alter table press.stroke add column force text not null default 'soft'" }
  const filled = { name: '0003-hard', sql: "update press.stroke set force = 'hard'" }
  const module = { name: 'press', migrations: [first, added, filled] }
  await migrate(database.db, [module])
  const changes = await database.db
    .selectFrom('platform.record_change')
    .select(['version', 'text'])
    .orderBy('version')
    .execute()
  expect(changes.map(({ version, text }) => [version, JSON.parse(text).rows])).toEqual([
    [1, [{ table: 'press.stroke', before: null, after: { id: 1 } }]],
    [2, [{ table: 'press.stroke', before: { id: 1 }, after: { id: 1, force: 'soft' } }]],
    [3, [{ table: 'press.stroke', before: { id: 1, force: 'soft' }, after: { id: 1, force: 'hard' } }]],
  ])
  expect(await reconcile(database.db, await listWatchedTables(database.owner, [module]))).toEqual([])
})

test('[P11-10e-1] rows of a table that becomes part of older records are the next version of each, and the ledger agrees', async () => {
  const first = press(table).migrations[0] ?? { name: '', sql: '' }
  await migrate(database.db, [press(table)])
  const parts = 'create table press.part (stroke int, no int); insert into press.part values (1, 7), (1, 8);'
  const module = {
    name: 'press',
    migrations: [first, { name: '0002-part', sql: parts }],
    records: { partOf: { part: { table: 'stroke', by: 'stroke' } } },
  }
  await migrate(database.db, [module])
  const changes = await database.db
    .selectFrom('platform.record_change')
    .select(['record_id', 'version', 'text'])
    .orderBy('version')
    .execute()
  expect(changes.map(({ record_id, version, text }) => [record_id, version, JSON.parse(text).rows])).toEqual([
    ['1', 1, [{ table: 'press.stroke', before: null, after: { id: 1 } }]],
    [
      '1',
      2,
      [
        { table: 'press.part', before: null, after: { stroke: 1, no: 7 } },
        { table: 'press.part', before: null, after: { stroke: 1, no: 8 } },
      ],
    ],
  ])
  expect(await reconcile(database.db, await listWatchedTables(database.owner, [module]))).toEqual([])
})

test('[P11-10e-1!] a change of a record past the door is refused', async () => {
  await migrate(database.db, [press(table)])
  const past = sql`insert into press.stroke values (3)`.execute(database.db)
  await expect(past).rejects.toThrow('only through the door')
  await expect(sql`delete from press.stroke`.execute(database.owner)).rejects.toThrow('only through the door')
})

test('an event in the outbox is announced to listeners with its commit, and knows its transaction', async () => {
  await migrate(database.db, [])
  const listener = new pg.Client(database.connection)
  await listener.connect()
  await listener.query('listen outbox')
  const heard: string[] = []
  listener.on('notification', (message) => heard.push(message.channel))
  const told = { name: 'press.stroke-done', at: 1, body: '{}', delivered: false }
  const events = ['1', '2'].map((n) => ({ ...told, id: `019ab000-0000-7000-8000-00000000000${n}` }))
  await database.db.transaction().execute(async (trx) => {
    await trx.insertInto('platform.outbox').values(events).execute()
    await listener.query('select 1')
    expect(heard).toEqual([])
    const horizon = await sql<{ below: boolean }>`
      select bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) as below from platform.outbox`.execute(trx)
    expect(horizon.rows).toEqual([{ below: false }])
  })
  await waitFor(() => heard.length > 0, 'the announcement')
  await listener.end()
  expect(heard).toEqual(['outbox'])
})
