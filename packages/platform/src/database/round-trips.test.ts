import { createTestDatabase } from '@throughline/testkit'
import type { Kysely } from 'kysely'
import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closingQuestion } from './closing-question.ts'
import type { Database, Tables } from './tables.ts'
import type { Notes } from './testing/open-notes.ts'
import { openNotes, write, writeLast } from './testing/open-notes.ts'

let opened: Notes
let db: Database

beforeAll(async () => {
  opened = await openNotes(await createTestDatabase())
  db = opened.db
})
afterAll(() => opened.close())

const notes = (): Promise<string[]> => opened.list()

test('the first statement of a transaction is part of it: it goes back with the rest', async () => {
  const failing = db.transaction().execute(async (trx) => {
    await write('first').execute(trx)
    await write('second').execute(trx)
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await notes()).toEqual([])
})

test('a first statement that fails undoes the transaction, and the connection serves the next one', async () => {
  const failing = db.transaction().execute(async (trx) => {
    await sql`select ${1}::int / 0`.execute(trx)
    await write('never').execute(trx)
  })
  await expect(failing).rejects.toThrow('division by zero')
  await db.transaction().execute((trx) => write('kept').execute(trx))
  expect(await notes()).toEqual(['kept'])
})

test('statements sent at the same moment keep their order and their answers', async () => {
  const answers = await db
    .transaction()
    .execute((trx) =>
      Promise.all(
        [1, 2, 3].map((n) => sql<{ n: number }>`select ${n}::int as n`.execute(trx).then(({ rows }) => rows)),
      ),
    )
  expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
})

test('what is written as text and what a builder makes keep their order when they are sent at the same moment', async () => {
  for (let time = 0; time < 20; time += 1) {
    const lines = await db.transaction().execute(async (trx) => {
      const told = trx.withSchema('public').withTables<{ note: { text: string } }>()
      const [, seen] = await Promise.all([
        write(`locked ${time}`).execute(trx),
        told.selectFrom('note').selectAll().where('text', '=', `locked ${time}`).execute(),
        told.deleteFrom('note').where('text', '=', `locked ${time}`).execute(),
      ])
      return seen
    })
    expect(lines).toEqual([{ text: `locked ${time}` }])
  }
})

test('a transaction that asks nothing ends, and leaves its connection outside of any', async () => {
  await db.transaction().execute(async () => {})
  await write('by itself').execute(db)
  expect(await notes()).toContain('by itself')
})

test('a transaction on a connection that the server has ended is refused, and writes nothing', async () => {
  const refused = db.connection().execute(async (connection) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection)
    await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(opened.owner)
    await connection.transaction().execute((trx) => write('lost').execute(trx))
  })
  await expect(refused).rejects.toThrow()
  await db.transaction().execute((trx) => write('on a new one').execute(trx))
  expect(await notes()).toEqual(expect.not.arrayContaining(['lost']))
  expect(await notes()).toContain('on a new one')
})

test.each([1, 2, 8])(
  'the last statement of a transaction is written with its commit, the %i. time too',
  async (times) => {
    for (let time = 0; time < times; time += 1) {
      await db.transaction().execute(async (trx) => {
        await write(`before ${times}-${time}`).execute(trx)
        await writeLast(trx, `last ${times}-${time}`)
      })
      expect(await notes()).toEqual(expect.arrayContaining([`before ${times}-${time}`, `last ${times}-${time}`]))
    }
  },
)

test('a last statement that fails at the commit says why, undoes the transaction, and the connection serves the next one', async () => {
  const failing = db.transaction().execute(async (trx) => {
    await write('with a twin').execute(trx)
    await writeLast(trx, 'with a twin')
  })
  await expect(failing).rejects.toMatchObject({ code: '23505' })
  expect(await notes()).not.toContain('with a twin')
  await db.transaction().execute((trx) => writeLast(trx, 'the only one'))
  expect(await notes()).toContain('the only one')
})

test('a statement behind the one that was called the last comes behind it', async () => {
  await db.transaction().execute(async (trx) => {
    await writeLast(trx, 'called the last')
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from public.note where text = ${'called the last'}`.execute(trx)
    expect(rows).toEqual([{ n: 1 }])
  })
  expect(await notes()).toContain('called the last')
})

test('a last statement is forgotten with its transaction', async () => {
  const failing = db.transaction().execute(async (trx) => {
    await writeLast(trx, 'never written')
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  await db.transaction().execute((trx) => write('after it').execute(trx))
  expect(await notes()).not.toContain('never written')
  expect(await notes()).toContain('after it')
})

test('a statement that the server keeps answers like the first time: columns, types, no row, an error', async () => {
  for (let time = 0; time < 8; time += 1) {
    const { rows } = await sql`select ${time}::bigint as n, ${'a'}::text as t where ${time}::int <> 6`.execute(db)
    expect(rows).toEqual(time === 6 ? [] : [{ n: time, t: 'a' }])
    await expect(sql`select 1 / (${time}::int - ${time}::int)`.execute(db)).rejects.toThrow('division by zero')
  }
})

const ask = async (trx: Kysely<Tables>, from = 'a'): Promise<number> => {
  const text = `${closingQuestion} select count(*) as n from public.note where text >= $1`
  const { rows } = await trx.executeQuery(CompiledQuery.raw(text, [from]))
  return (rows[0] as { n: number }).n
}

/** Often enough that the question goes out with the statement before it. */
async function foresee(work: (trx: Kysely<Tables>) => Promise<unknown>): Promise<void> {
  for (let time = 0; time < 12; time += 1) {
    await db.transaction().execute(async (trx) => {
      await work(trx)
      await ask(trx)
    })
  }
}

const erase = (trx: Kysely<Tables>) => sql`delete from public.note where text >= ${'a'}`.execute(trx)

test('a closing question that is foreseen tells what the statement before it did, and is asked again behind any other', async () => {
  await foresee(erase)
  for (let time = 0; time < 4; time += 1) {
    await db.transaction().execute(async (trx) => {
      await write('before').execute(trx)
      await erase(trx)
      expect(await ask(trx)).toBe(0)
      await Promise.all([erase(trx), write('one').execute(trx), write('two').execute(trx)])
      expect(await ask(trx)).toBe(2)
      expect(await ask(trx, 'p')).toBe(1)
      await sql`savepoint here`.execute(trx)
      await erase(trx)
      await sql`rollback to savepoint here`.execute(trx)
      expect(await ask(trx)).toBe(2)
      await erase(trx)
      await write('behind it').execute(trx)
      expect(await ask(trx)).toBe(1)
      await erase(trx)
    })
  }
})

test('a closing question is asked with the statement before it, so that both are there at once', async () => {
  await foresee(erase)
  await db.transaction().execute(async (trx) => {
    await erase(trx)
    const asked = await opened.owner.executeQuery(
      CompiledQuery.raw(`select query from pg_stat_activity where query like '${closingQuestion}%'`),
    )
    expect(asked.rows).toHaveLength(1)
  })
})

test('a statement that fails with its closing question behind it says why, and the connection serves the next one', async () => {
  const divide = (trx: Kysely<Tables>, by: number) => sql`select 1 / ${by}::int`.execute(trx)
  await foresee((trx) => divide(trx, 1))
  await expect(db.transaction().execute((trx) => divide(trx, 0))).rejects.toThrow('division by zero')
  await foresee((trx) => divide(trx, 1))
})

test('outside of a transaction nothing is asked by itself', async () => {
  await foresee(erase)
  await erase(db)
  const { rows } = await sql<{ n: number }>`select ${1}::int as n`.execute(db)
  expect(rows).toEqual([{ n: 1 }])
  expect(await db.transaction().execute((trx) => ask(trx))).toBe(0)
})
