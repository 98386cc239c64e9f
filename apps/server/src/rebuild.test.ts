import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alarmModule } from '@throughline/alarm'
import { equipmentModule } from '@throughline/equipment'
import { historianModule } from '@throughline/historian'
import { identityModule } from '@throughline/identity'
import type { Clock } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { applyModel, listNodes, listOperations, listPersons, listTags, permissions } from '@throughline/model'
import { performanceModule } from '@throughline/performance'
import type { Database, Module, WatchedTable } from '@throughline/platform'
import {
  folderBlobStore,
  listWatchedTables,
  Platform,
  RecordReplay,
  reconcile,
  systemActor,
} from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import {
  actorWith,
  createTestDatabase,
  drawsFrom,
  handClock,
  pumpPlant,
  RandomInput,
  runPump,
  setUpPump,
} from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const dir = mkdtempSync(join(tmpdir(), 'throughline-rebuild-'))
const log = pino({ level: 'silent' })
const words = [
  'pump',
  'ada',
  'grace',
  'L/min',
  'Europe/Berlin',
  'the reason why',
  'operator',
  'a long enough password',
  'B-1001',
  '06:00',
  '2026-11-22',
]
const requests = 400

let server: TestDatabase
beforeAll(async () => {
  server = await createTestDatabase()
}, 60_000)
afterAll(async () => {
  await server.close()
  rmSync(dir, { recursive: true, force: true })
})

interface Started {
  readonly platform: Platform
  readonly modules: readonly Module[]
  stop(): Promise<void>
}

async function start(db: Database, clock: Clock): Promise<Started> {
  const equipment = equipmentModule()
  const historian = historianModule({ dir: join(dir, crypto.randomUUID()), clock, directory: equipment.directory, log })
  const { directory } = equipment
  const alarm = alarmModule({ directory, clock, log })
  const blobs = await folderBlobStore(join(dir, 'blobs'))
  const performance = performanceModule({ directory, clock, log, blobs })
  const modules = [identityModule(), equipment.module, historian.module, alarm.module, performance.module]
  const platform = await Platform.start(db, modules, clock, log)
  await historian.open()
  await alarm.watch.open()
  await performance.open()
  const stop = async (): Promise<void> => {
    await performance.close()
    await alarm.close()
    await platform.stop()
    await historian.close()
  }
  return { platform, modules, stop }
}

/** Sends requests of every kind that the plant takes; answers how often each was done. */
async function sendTraffic(platform: Platform, seed: number, clock: HandClock) {
  const draw = drawsFrom(seed)
  const made = new RandomInput(draw, words, () => clock.now())
  const caller = actorWith(permissions)
  const offered = new Set(platform.operations().map(({ operation }) => operation.name))
  const changing = listOperations().filter(({ name, mutates }) => mutates && offered.has(name))
  const done = new Map<string, number>()
  const system = systemActor('test')
  await platform.run(applyModel, system, { format: 'yaml', text: pumpPlant(0) })
  await platform.idle()
  for (const [answer, operation] of await setUpPump(platform, system)) made.hear(answer, operation)
  for (const [answer, operation] of await runPump(platform, system, clock)) made.hear(answer, operation)
  for (let count = 0; count < requests; count += 1) {
    clock.advanceMs(draw(5000))
    const operation = changing[draw(changing.length)] as Operation
    const isModel = operation.name === applyModel.name || draw(12) === 0
    const asked: [Operation, unknown] = isModel
      ? [applyModel, { format: 'yaml', text: pumpPlant(draw(4)) }]
      : [operation, made.for(operation)]
    const answer = await platform.runByName(asked[0].name, caller, asked[1]).catch(() => undefined)
    if (answer === undefined) continue
    made.hear(answer, asked[0])
    done.set(asked[0].name, (done.get(asked[0].name) ?? 0) + 1)
    for (const list of [listNodes, listTags, listPersons])
      made.hear(await platform.runByName(list.name, system, {}), list)
  }
  await platform.idle()
  return done
}

/** Writes what the ledger alone says into an empty database of the same schema. */
async function rebuild(from: Database, into: Database, tables: readonly WatchedTable[]): Promise<void> {
  const replays = new Map<string, RecordReplay>()
  const { rows } = await sql<{ text: string }>`select text from platform.record_change order by seq`.execute(from)
  for (const { text } of rows) {
    const { record, rows: changes } = JSON.parse(text)
    const name = `${record.kind} ${record.id}`
    const replay = replays.get(name) ?? new RecordReplay()
    replays.set(name, replay)
    replay.apply(changes)
  }
  await into.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    for (const { table } of tables) await sql`delete from ${sql.table(table)}`.execute(trx)
    for (const { table, row } of [...replays.values()].flatMap((replay) => replay.rows)) {
      // The ledger holds the hash of a secret; a table that wants bytes is given its digits.
      const bytes = JSON.stringify(row).replaceAll('"sha256:', '"\\\\x')
      await sql`insert into ${sql.table(table)} overriding system value
        select * from jsonb_populate_record(null::${sql.table(table)}, ${bytes}::jsonb)`.execute(trx)
    }
  })
}

async function stateOf(db: Database, tables: readonly WatchedTable[]): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {}
  for (const { table, secrets } of tables) {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(each) - ${secrets}::text[] as row from ${sql.table(table)} each`.execute(db)
    state[table] = rows.map(({ row }) => JSON.stringify(row)).sort()
  }
  return state
}

describe.each([1, 7, 2026])('random traffic of seed %i', (seed) => {
  let original: TestDatabase
  let copy: TestDatabase
  let tables: WatchedTable[]
  let done: Map<string, number>
  beforeAll(async () => {
    const clock = handClock()
    original = await server.another()
    const started = await start(original.db, clock)
    done = await sendTraffic(started.platform, seed, clock)
    // What follows the machines writes by itself: it must come to rest before two looks are compared.
    await started.stop()
    tables = await listWatchedTables(original.owner, started.modules)
    copy = await server.another()
    await (await start(copy.db, clock)).stop()
  }, 120_000)
  afterAll(async () => {
    await original.close()
    await copy.close()
  })

  test('changes records in many ways, of every module that takes what people say', () => {
    const modules = new Set([...done.keys()].map((name) => name.split('.')[0]))
    expect([...modules].sort()).toEqual(expect.arrayContaining(['alarm', 'equipment', 'identity', 'performance']))
    expect(done.size).toBeGreaterThan(8)
    expect([...done.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(40)
  })

  test('[P11-10e-1, AL-Complete] the ledger alone gives the same state of every record', async () => {
    await rebuild(original.db, copy.owner, tables)
    expect(await stateOf(copy.owner, tables)).toEqual(await stateOf(original.owner, tables))
  })

  test('[P11-10e-1, AL-A] no deed is without somebody who did it, no change without its entry', async () => {
    const { rows } = await sql<{ orphans: number; nameless: number; short: number }>`
      select
        (select count(*) from platform.record_change c
          where not exists (select from platform.audit_entry e where e.id = c.entry_id)) as orphans,
        (select count(*) from platform.audit_entry where actor = '' or text::jsonb -> 'actor' ->> 'name' = '') as nameless,
        (select count(*) from platform.audit_entry e where (text::jsonb -> 'changes' ->> 'count')::int
          <> (select count(*) from platform.record_change c where c.entry_id = e.id)) as short`.execute(original.owner)
    expect(rows).toEqual([{ orphans: 0, nameless: 0, short: 0 }])
  })

  test('[P11-10a] the records are what the ledger tells', async () => {
    expect(await reconcile(original.owner, tables)).toEqual([])
  })
})
