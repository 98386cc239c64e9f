import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assertServerUsable, openDatabase } from './connect.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('a bigint comes back as a number, also within an array', async () => {
  const { rows } = await sql`
    select 9007199254740991::bigint as instant, array[1, null, -2]::bigint[] as list, count(*) as count`.execute(
    database.db,
  )
  expect(rows).toEqual([{ instant: 9007199254740991, list: [1, null, -2], count: 1 }])
})

test('a bigint beyond 2^53 is an error, never a rounded number', async () => {
  const one = sql`select 9007199254740993::bigint as n`.execute(database.db)
  await expect(one).rejects.toMatchObject({ code: 'platform.number-too-large' })
  const listed = sql`select array[9007199254740993]::bigint[] as n`.execute(database.db)
  await expect(listed).rejects.toMatchObject({ code: 'platform.number-too-large' })
})

test('a decimal and a transaction number stay text', async () => {
  const { rows } = await sql`select 1.10::numeric as yield, '7'::xid8 as xid`.execute(database.db)
  expect(rows).toEqual([{ yield: '1.10', xid: '7' }])
})

test('a usable server is accepted, and knows the program by name', async () => {
  await assertServerUsable(database.db)
  const { rows } = await sql`select current_setting('application_name') as name`.execute(database.db)
  expect(rows).toEqual([{ name: 'throughline' }])
})

test.each([
  ['140012', 'UTF8', 'platform.database-too-old', 'PostgreSQL 14.12; 15 or newer is needed'],
  ['150000', 'LATIN1', 'platform.database-not-utf8', 'LATIN1'],
])('a server that says it is %s in %s is refused with one clear line', async (number, encoding, code, words) => {
  const other = await database.another()
  // A function found before the server's own: the only way to be an older server without being one.
  await sql`create schema older`.execute(other.owner)
  await sql`create function older.current_setting(name text) returns text language sql as ${sql.lit(
    `select case name when 'server_version_num' then '${number}' when 'server_encoding' then '${encoding}' else '14.12' end`,
  )}`.execute(other.owner)
  const db = openDatabase(
    typeof other.connection === 'string'
      ? `${other.connection}?options=-csearch_path%3Dolder,pg_catalog`
      : { ...other.connection, options: '-c search_path=older,pg_catalog' },
    { asOwner: true },
  )
  const refusal = assertServerUsable(db)
  await expect(refusal).rejects.toMatchObject({ kind: 'unavailable', code, message: expect.stringContaining(words) })
  await db.destroy()
  await other.close()
})

test('[SR-2.1] a login that may not act as the application is refused with one line that names it and the GRANT to run, which helps', async () => {
  const name = `Stranger ${randomUUID().slice(0, 8)}`
  await sql`create role ${sql.id(name)} login password 'hunter2'`.execute(database.owner)
  const { connection } = database
  const login = { user: name, password: 'hunter2' }
  const db = openDatabase(typeof connection === 'string' ? asLogin(connection, login) : { ...connection, ...login })
  const refusal = await assertServerUsable(db).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ kind: 'unavailable', code: 'platform.database-role-refused' })
  expect(String(refusal)).toContain(`The login ${name} of DATABASE_URL may not act as the role throughline_application`)
  expect(String(refusal)).not.toContain('hunter2')
  const [, grant] = /run (GRANT .*)$/.exec(String(refusal)) ?? []
  await sql.raw(grant ?? '').execute(database.owner)
  await assertServerUsable(db)
  await db.destroy()
  // What its sessions made for themselves goes with them, a moment after they were left.
  const isGone = async (): Promise<boolean> =>
    (await sql`select from pg_stat_activity where usename = ${name}`.execute(database.owner)).rows.length === 0
  await waitFor(isGone, 'the sessions of the login to end')
  await sql`drop role ${sql.id(name)}`.execute(database.owner)
})

function asLogin(url: string, { user, password }: { user: string; password: string }): string {
  const changed = new URL(url)
  Object.assign(changed, { username: user, password })
  return changed.href
}

test('a server that does not answer is refused with one line that says what to check, and no password', async () => {
  const listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  const db = openDatabase(`postgres://plant:hunter2@127.0.0.1:${port}/plant`)
  const refusal = await assertServerUsable(db).catch((error: unknown) => error)
  await db.destroy()
  expect(refusal).toMatchObject({ kind: 'unavailable', code: 'platform.database-unreachable' })
  expect(String(refusal)).toContain('DATABASE_URL')
  expect(String(refusal)).not.toContain('hunter2')
})
