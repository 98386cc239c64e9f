import { toIso } from '@throughline/kernel'
import { migrate, openDatabase } from '@throughline/platform'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDatabase } from './index.ts'
import { actorWith, createTestDatabase, handClock, waitFor } from './index.ts'

let first: TestDatabase
let second: TestDatabase
beforeAll(async () => {
  ;[first, second] = await Promise.all([createTestDatabase(), createTestDatabase()])
})
afterAll(async () => {
  await Promise.all([first.close(), second.close()])
})

test('two test databases share nothing', async () => {
  await migrate(first.db, [])
  const found = await sql<{
    schema: string
  }>`select nspname as schema from pg_namespace where nspname = 'platform'`.execute(second.db)
  expect(found.rows).toEqual([])
})

test('a second pool sees the same database', async () => {
  const other = openDatabase(second.connection, { asOwner: true })
  await sql`create table public.note (text text)`.execute(second.owner)
  expect((await sql`select * from public.note`.execute(other)).rows).toEqual([])
  await other.destroy()
})

test('a hand clock stands still until it is turned, and never goes back', () => {
  const clock = handClock('2026-11-22T11:47:03Z')
  expect(clock.now()).toBe(clock.now())
  expect(toIso(clock.advanceMs(1500))).toBe('2026-11-22T11:47:04.500000Z')
  expect(() => clock.advanceMs(-1)).toThrow('not turned back')
  expect(() => handClock('noon')).toThrow('"noon"')
})

test('an actor holds the permissions given to it and no other', () => {
  const [grant] = actorWith(['historian.sample.read']).grants
  expect([...(grant?.permissions ?? [])]).toEqual(['historian.sample.read'])
  expect(grant?.nodeId).toBeNull()
})

test('waiting answers what came, and names what did not', async () => {
  let asked = 0
  expect(await waitFor(() => (++asked === 3 ? 'here' : undefined), 'the third answer')).toBe('here')
  await expect(waitFor(() => false, 'the night shift', 30)).rejects.toThrow('for the night shift')
})
