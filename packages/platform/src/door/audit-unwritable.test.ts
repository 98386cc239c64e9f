import { listAuditEntries, operation } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Platform } from '../platform.ts'

const setForce = operation({
  name: 'press.stroke.set',
  summary: 'Set the force of a stroke',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ id: z.uuid(), force: z.int() }),
  output: z.object({}),
})
const countStrokes = operation({
  name: 'press.stroke.count',
  summary: 'Count the strokes',
  permission: 'equipment.model.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.object({ strokes: z.int(), force: z.int() }),
})
const press = {
  name: 'press',
  migrations: [
    { name: '0001-press', sql: 'create table press.stroke (id uuid primary key, force int not null, made_at bigint)' },
  ],
  register(platform: Platform) {
    platform.handle(setForce, async ({ trx, at }, { id, force }) => {
      await sql`insert into press.stroke (id, force, made_at) values (${id}, ${force}, ${at})
        on conflict (id) do update set force = excluded.force`.execute(trx)
      return {}
    })
    platform.handle(countStrokes, async ({ trx }) => {
      const { rows } = await sql<{ strokes: number; force: number }>`
        select count(*)::int as strokes, coalesce(sum(force), 0)::int as force from press.stroke`.execute(trx)
      return rows[0] ?? { strokes: 0, force: 0 }
    })
  },
}
const engineer = actorWith(['equipment.model.write', 'equipment.model.read', 'platform.audit.read'])
const id = crypto.randomUUID()

let database: TestDatabase
let platform: Platform
beforeAll(async () => {
  database = await createTestDatabase()
  platform = await Platform.start(database.db, [press], handClock(), pino({ level: 'silent' }))
})
afterAll(async () => {
  await platform.stop()
  await database.close()
})

test('[SR-2.10!, P11-10e-1!] where the trail takes no entry nothing is changed, the caller is told why, and reading goes on', async () => {
  await platform.run(setForce, engineer, { id, force: 7 })
  const entries = () => platform.run(listAuditEntries, engineer, { operation: setForce.name })
  for (const table of ['audit_entry', 'record_change']) {
    await sql`revoke insert on platform.${sql.id(table)} from throughline_application`.execute(database.owner)
    for (const asked of [
      { id, force: 9 },
      { id: crypto.randomUUID(), force: 9 },
    ]) {
      await expect(platform.run(setForce, engineer, asked)).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'platform.audit-unwritable',
        message: expect.stringContaining(`permission denied for table ${table}`),
      })
    }
    expect(await platform.run(countStrokes, engineer, {})).toEqual({ strokes: 1, force: 7 })
    expect((await entries()).filter(({ outcome }) => outcome === 'done')).toHaveLength(1)
    await sql`grant insert on platform.${sql.id(table)} to throughline_application`.execute(database.owner)
  }
  await platform.run(setForce, engineer, { id, force: 8 })
  expect(await platform.run(countStrokes, engineer, {})).toEqual({ strokes: 1, force: 8 })
})
