import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase } from '@throughline/testkit'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../database/connect.ts'
import { migrate } from '../database/migrate.ts'
import type { Database, Tables } from '../database/tables.ts'
import { canonicalJson, parseExactJson } from './canonical-json.ts'
import { ChangeLog, findHead, openCapture } from './capture.ts'
import { takeCaptured } from './captured.ts'

const at = (Date.UTC(2026, 10, 22) * 1000) as Instant
const table = 'create table press.mould (id uuid primary key, note text not null)'
const gauge = `create table press.gauge (id uuid primary key, scale double precision, tare real, span numeric, told jsonb, said json,
  seen timestamptz, raw bytea, marks text[])`
let database: TestDatabase
/** One connection, so that each transaction finds what the one before left. */
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.db, [
    {
      name: 'press',
      migrations: [
        { name: '0001-mould', sql: table },
        { name: '0002-gauge', sql: gauge },
        { name: '0003-shift', sql: 'create table press.shift (id uuid primary key, note text)' },
      ],
      records: { deletable: ['shift'] },
    },
  ])
  db = openDatabase(database.connection, { maxConnections: 1 })
})
afterAll(async () => {
  await db.destroy()
  await database.close()
})

const makeIds = (count: number): string[] => Array.from({ length: count }, () => newId(at))

async function insert(trx: Kysely<Tables>, ids: readonly string[], note: string): Promise<void> {
  await sql`insert into press.mould select id, ${note} from unnest(${ids}::uuid[]) with ordinality as each (id, nth)
    order by nth`.execute(trx)
}

const inTransaction = <T>(run: (trx: Kysely<Tables>, entryId: Id<'AuditEntry'>) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (trx) => {
    const entryId = newId<'AuditEntry'>(at)
    await openCapture(trx, entryId)
    return await run(trx, entryId)
  })

const overflowed = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_temp.captured_change`.execute(db)
  return rows[0]?.n ?? Number.NaN
}

test('[AL-Complete!] a transaction that changes more than a setting should hold tells every row, in its order', async () => {
  const ids = makeIds(500)
  const note = 'a note of many words '.repeat(10)
  const versions = await inTransaction(async (trx, entryId) => {
    const changes = new ChangeLog(trx, entryId, at)
    await insert(trx, ids.slice(0, 400), note)
    expect((await sql`select from pg_temp.captured_change`.execute(trx)).rows.length).toBeGreaterThan(1)
    for (const id of ids.slice(400)) await insert(trx, [id], note)
    return await changes.take()
  })
  expect(versions.map(({ leaf }) => leaf.record.id)).toEqual(ids)
  expect(versions.every(({ leaf }) => leaf.version === 1 && leaf.previous === null)).toBe(true)
  expect(await overflowed()).toBe(0)
})

test.each([8, 9])('%i versions of one entry take their numbers in their order', async (count) => {
  const ids = makeIds(count)
  await inTransaction(async (trx, entryId) => {
    const changes = new ChangeLog(trx, entryId, at)
    await insert(trx, ids, 'new')
    await changes.flush()
    const written = await trx
      .selectFrom('platform.record_change')
      .select(['record_id', 'record_kind', 'version'])
      .where('entry_id', '=', entryId)
      .orderBy('seq')
      .execute()
    expect(written).toEqual(ids.map((id) => ({ record_id: id, record_kind: 'press.mould', version: 1 })))
  })
})

test('what is changed after a flush is told as the version after it', async () => {
  const [id = ''] = makeIds(1)
  const [second] = await inTransaction(async (trx, entryId) => {
    const changes = new ChangeLog(trx, entryId, at)
    await insert(trx, [id], 'new')
    await changes.flush()
    await sql`update press.mould set note = 'worn' where id = ${id}`.execute(trx)
    return await changes.take()
  })
  expect(second?.leaf).toMatchObject({
    version: 2,
    rows: [{ table: 'press.mould', before: { id, note: 'new' }, after: { id, note: 'worn' } }],
  })
  expect(second?.leaf.previous).toMatch(/^[0-9a-f]{64}$/)
})

test('a record that was deleted and is there again goes on with the version after', async () => {
  const [id = ''] = makeIds(1)
  const steps = [sql`insert into press.shift values (${id})`, sql`delete from press.shift`]
  const told: unknown[] = []
  for (const step of [...steps, ...steps]) {
    await inTransaction(async (trx, entryId) => {
      const changes = new ChangeLog(trx, entryId, at)
      await step.execute(trx)
      await changes.flush()
      told.push(await findHead(trx, { kind: 'press.shift', id }))
    })
  }
  expect(told).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3 }, { version: 4 }])
})

test.each([1, 500])('%i rows that a savepoint took back are not told, those before it are', async (count) => {
  const [kept = '', ...undone] = makeIds(count + 1)
  const rows = await inTransaction(async (trx) => {
    await insert(trx, [kept], 'kept')
    await sql`savepoint before`.execute(trx)
    await insert(trx, undone, 'taken back '.repeat(20))
    await sql`rollback to savepoint before`.execute(trx)
    return await takeCaptured(trx)
  })
  expect(rows.map(({ id }) => id)).toEqual([kept])
})

test('a transaction that fails leaves nothing for the next one on its connection', async () => {
  const failing = inTransaction(async (trx) => {
    await insert(trx, makeIds(500), 'gone '.repeat(40))
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await inTransaction(takeCaptured)).toEqual([])
  await expect(db.transaction().execute((trx) => insert(trx, makeIds(1), 'past the door'))).rejects.toThrow(
    'rows of press.mould are changed only through the door',
  )
})

const Gauge = fc.record({
  scale: fc.double(),
  tare: fc.float(),
  span: fc.option(fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(25))),
  told: fc.jsonValue({ noUnicodeString: false }),
  raw: fc.uint8Array(),
  marks: fc.array(fc.string({ unit: 'grapheme' })),
})

test('a row is told as the table holds it, to the last digit of its numbers', async () => {
  const storable = (text: string): string => text.replaceAll('\\u0000', '').replaceAll('\0', '')
  await fc.assert(
    fc.asyncProperty(Gauge, async ({ scale, tare, span, told, raw, marks }) => {
      const spanText = span && `${span[0]}e-${span[1]}`
      const toldText = storable(JSON.stringify(told))
      const saidText = storable(JSON.stringify(told, null, 2))
      await inTransaction(async (trx) => {
        await sql`insert into press.gauge values (gen_random_uuid(), ${String(scale)}::float8, ${String(tare)}::real,
          ${spanText}::numeric, ${toldText}::jsonb, ${saidText}::json, now(), ${Buffer.from(raw)}, ${marks.map(storable)}::text[])`.execute(
          trx,
        )
        const rows = await takeCaptured(trx)
        const held = await sql<{ image: string }>`select to_jsonb(each)::text as image from press.gauge each
          where id = ${rows[0]?.id}`.execute(trx)
        expect(canonicalJson(rows[0]?.after)).toBe(canonicalJson(parseExactJson(held.rows[0]?.image ?? '')))
      })
    }),
  )
})

test('an update that changes nothing is no change', async () => {
  const [id = ''] = makeIds(1)
  const rows = await inTransaction(async (trx) => {
    await insert(trx, [id], 'as it is')
    await takeCaptured(trx)
    await sql`update press.mould set note = note where id = ${id}`.execute(trx)
    return await takeCaptured(trx)
  })
  expect(rows).toEqual([])
})
