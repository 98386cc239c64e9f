import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase } from '@throughline/testkit'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from './migrate.ts'
import type { Tables } from './tables.ts'

const press = {
  name: 'press',
  migrations: [
    {
      name: '0001-press',
      sql: `create table press.tool (id uuid primary key, pin text);
        create table press.order (id uuid primary key, tool_id uuid not null references press.tool);`,
    },
  ],
  records: { partOf: { order: { table: 'tool', by: 'tool_id' } }, secrets: { tool: ['pin'] } },
}

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.db, [press])
})
afterAll(() => database.close())

/** What made each trigger: a number that another one never has. */
async function listMade(): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string; made: string }>`
    select tgrelid::regclass::text as name, oid::text as made from pg_trigger where tgname = 'captured'`.execute(
    database.owner,
  )
  return Object.fromEntries(rows.map(({ name, made }) => [name, made]))
}

const change = (): Promise<unknown> => sql`update press.tool set pin = gen_random_uuid()::text`.execute(database.db)

test('a start leaves tables alone that are watched as they should', async () => {
  const before = await listMade()
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['press.tool', 'press."order"', 'platform.audit_review']))
  await migrate(database.db, [press])
  expect(await listMade()).toEqual(before)
})

test.each([
  ['switched off', 'alter table press.tool disable trigger captured'],
  ['taken away', 'drop trigger captured on press.tool'],
  [
    'narrowed',
    `drop trigger captured on press.tool; create trigger captured after insert on press.tool for each row
      execute function platform."capture press tool"('press.tool', 'id', 'pin')`,
  ],
  [
    'emptied',
    `create or replace function platform."capture press tool"() returns trigger language plpgsql as 'begin return null; end'`,
  ],
])('[P11-10e-1!] capture that somebody has %s is whole again after a start', async (_what, deed) => {
  await database.owner.connection().execute(async (owner) => {
    await sql`set throughline.entry = 'a test that fills a table'`.execute(owner)
    await sql`insert into press.tool values (gen_random_uuid())`.execute(owner)
    await sql`reset throughline.entry`.execute(owner)
    await sql.raw(deed).execute(owner)
  })
  await change()
  await migrate(database.db, [press])
  await expect(change()).rejects.toThrow('rows of press.tool are changed only through the door')
})

test('[P11-10e-1!] an update past the door is refused, also one that leaves each row as it is', async () => {
  await expect(sql`update press.tool set pin = pin`.execute(database.db)).rejects.toThrow(
    'rows of press.tool are changed only through the door',
  )
})

test('[P11-10c!] what is recorded is deleted by the application only where its module says so, from the next start on', async () => {
  const remove = (): Promise<unknown> => sql`delete from press.order`.execute(database.db)
  await expect(remove()).rejects.toThrow('permission denied for table order')
  await migrate(database.db, [{ ...press, records: { ...press.records, deletable: ['order'] } }])
  await remove()
  await expect(sql`delete from press.tool`.execute(database.db)).rejects.toThrow('permission denied for table tool')
  await migrate(database.db, [press])
  await expect(remove()).rejects.toThrow('permission denied for table order')
})

test('a table that no module has cannot be one from which rows are taken away', async () => {
  await expect(migrate(database.db, [{ ...press, records: { deletable: ['ordre'] } }])).rejects.toMatchObject({
    code: 'platform.record-table-unknown',
  })
})

test('an update of a part that leaves it as it is waits for nobody who changes its record', async () => {
  const within = (owner: Kysely<Tables>) => sql`set local throughline.entry = 'a test'`.execute(owner)
  await database.owner.transaction().execute(async (trx) => {
    await within(trx)
    await sql`insert into press.order select gen_random_uuid(), id from press.tool`.execute(trx)
  })
  await database.owner.transaction().execute(async (holds) => {
    await sql`select from press.tool for no key update`.execute(holds)
    await database.db.transaction().execute(async (trx) => {
      await within(trx)
      await sql`set local lock_timeout = '200ms'`.execute(trx)
      await sql`update press.order set tool_id = tool_id`.execute(trx)
    })
  })
})

test('a table whose records are told in another way from now on is watched in that way', async () => {
  await migrate(database.db, [{ ...press, records: { ...press.records, secrets: {} } }])
  const { rows } = await sql<{ args: string }>`
    select encode(tgargs, 'escape') as args from pg_trigger where tgname = 'captured' and tgrelid = 'press.tool'::regclass`.execute(
    database.owner,
  )
  expect(rows).toEqual([{ args: 'press.tool\\000id\\000' }])
})
