import { Socket } from 'node:net'
import { createTestDatabase } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from './tables.ts'
import type { Notes } from './testing/open-notes.ts'
import { openNotes, write, writeLast } from './testing/open-notes.ts'
import { transact } from './transaction.ts'

let notes: Notes
let db: Database

beforeAll(async () => {
  notes = await openNotes(await createTestDatabase())
  db = notes.db
})
afterAll(() => notes.close())

const isThere = async (text: string): Promise<boolean> => (await notes.list()).includes(text)

test('statements of one moment go out together, in their order, and each has its answer', async () => {
  const send = vi.spyOn(Socket.prototype as unknown as { _writev(chunks: unknown[]): void }, '_writev')
  await transact(db, async (trx) => {
    await sql`select ${1}::int`.execute(trx)
    send.mockClear()
    const answers = await Promise.all(
      [1, 2, 3].map((n) => sql<{ n: number }>`select ${n}::int as n`.execute(trx).then(({ rows }) => rows[0]?.n)),
    )
    expect(answers).toEqual([1, 2, 3])
  })
  expect(send.mock.calls.map(([chunks]) => chunks.length)).toEqual([3])
  send.mockRestore()
})

test('what was written goes back when the work fails, and when the commit does', async () => {
  const changed = transact(db, async (trx) => {
    await write('changed').execute(trx)
    throw new Error('changed my mind')
  })
  await expect(changed).rejects.toThrow('changed my mind')
  const doubled = transact(db, async (trx) => {
    await write('doubled').execute(trx)
    await writeLast(trx, 'doubled')
  })
  await expect(doubled).rejects.toMatchObject({ code: '23505' })
  expect(await isThere('changed')).toBe(false)
  expect(await isThere('doubled')).toBe(false)
  await transact(db, (trx) => write('kept').execute(trx))
  expect(await isThere('kept')).toBe(true)
})

test('of statements of one moment the first that fails says why, and nothing of them is there', async () => {
  const failing = transact(db, (trx) =>
    Promise.all([write('beside').execute(trx), write('beside').execute(trx), write('behind').execute(trx)]),
  )
  await expect(failing).rejects.toMatchObject({ code: '23505' })
  expect(await isThere('beside')).toBe(false)
  expect(await isThere('behind')).toBe(false)
  await transact(db, (trx) => write('next').execute(trx))
  expect(await isThere('next')).toBe(true)
})

test('a transaction on a connection that the server has ended says so, and writes nothing', async () => {
  const broken = transact(db, async (trx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
    await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(notes.owner)
    await write('lost').execute(trx)
  })
  await expect(broken).rejects.toThrow()
  await transact(db, (trx) => write('on a new one').execute(trx))
  expect(await isThere('lost')).toBe(false)
  expect(await isThere('on a new one')).toBe(true)
})

test("a statement that comes behind the end of its transaction is refused: its connection is somebody else's by then", async () => {
  const left = await transact(db, async (trx) => ({ trx }))
  await expect(write('late').execute(left.trx)).rejects.toMatchObject({ code: 'platform.transaction-over' })
  expect(await isThere('late')).toBe(false)
})
