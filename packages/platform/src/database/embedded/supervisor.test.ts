import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@throughline/kernel'
import { waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../connect.ts'
import { migrate } from '../migrate.ts'
import type { Database } from '../tables.ts'
import { findBinaries } from './binaries.ts'
import { isServing, readPostmaster } from './cluster.ts'
import { launcherForThisMachine } from './launch.ts'
import type { EmbeddedPostgres } from './supervisor.ts'
import { startEmbeddedPostgres } from './supervisor.ts'

let made: string
let home: string
const opened: { server?: EmbeddedPostgres; db?: Database; child?: ChildProcess }[] = []

// Making a cluster syncs a thousand files: made once here, and copied for each test.
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'throughline-pg-'))
  await (await startEmbeddedPostgres({ dataDir: join(made, 'database') })).stop()
})
afterAll(() => rmSync(made, { recursive: true, force: true }))

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'throughline-pg-'))
  mkdirSync(dataDir(), { mode: 0o700 })
  cpSync(join(made, 'database', 'cluster'), cluster(), { recursive: true })
})
afterEach(async () => {
  for (const { child, db, server } of opened.splice(0).reverse()) {
    child?.kill('SIGKILL')
    await db?.destroy()
    await server?.stop()
  }
  rmSync(home, { recursive: true, force: true })
})

const dataDir = (): string => join(home, 'database')
const cluster = (): string => join(dataDir(), 'cluster')

async function start(log?: (line: string) => void): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: dataDir(), ...(log ? { log } : {}) })
  opened.push({ server })
  return server
}

function open(server: EmbeddedPostgres): Database {
  const db = openDatabase(server.connection, { asOwner: true })
  opened.push({ db })
  return db
}

/** Another process with a server of its own on the same folder; answers the number of its postmaster. */
async function startElsewhere(): Promise<{ child: ChildProcess; postmaster: number }> {
  const supervisor = new URL('./supervisor.ts', import.meta.url).href
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(supervisor)})
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir())} })
    console.log(server.pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  opened.push({ child })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, postmaster: Number(chunk.toString()) }
}

const insertAudit = (db: Database, n: number) =>
  db
    .insertInto('platform.audit_entry')
    .values({
      id: newId<'AuditEntry'>(),
      at: n,
      actor: 'ada',
      actor_kind: 'person',
      operation: 'press.stroke.start',
      outcome: 'done',
      reason: null,
      text: JSON.stringify({ n }),
      leaf_hash: Buffer.alloc(32),
    })
    .execute()

test('the database keeps what was written over a stop and a new start, with checksums and fsync on', async () => {
  const first = await start()
  const db = open(first)
  await sql`create table public.note as select 'kept' as text`.execute(db)
  await db.destroy()
  await first.stop()
  await first.stop()
  const again = open(await start())
  expect((await sql`select text from public.note`.execute(again)).rows).toEqual([{ text: 'kept' }])
  const settings = await sql`select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
    current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding`.execute(again)
  expect(settings.rows).toEqual([{ fsync: 'on', checksums: 'on', addresses: '', encoding: 'UTF8' }])
})

test('[SR-4.1-RE1] nobody but the owner of the folder reaches the data or the socket', async () => {
  const server = await start()
  expect(statSync(dataDir()).mode & 0o777).toBe(0o700)
  expect(statSync(cluster()).mode & 0o777).toBe(0o700)
  expect(statSync(server.connection.host ?? '').mode & 0o777).toBe(0o700)
})

test('a home deeper than a socket path may be gets its socket in a short folder', async () => {
  const deep = join(home, 'd'.repeat(120), 'database')
  cpSync(dataDir(), deep, { recursive: true })
  const server = await startEmbeddedPostgres({ dataDir: deep })
  opened.push({ server })
  expect((server.connection.host ?? '').length).toBeLessThan(90)
  expect((await sql`select 1 as one`.execute(open(server))).rows).toEqual([{ one: 1 }])
  rmSync(server.connection.host ?? '', { recursive: true, force: true })
})

test('a second start on the same folder is refused while the first one lives, and does it no harm', async () => {
  const db = open(await start())
  await expect(startEmbeddedPostgres({ dataDir: dataDir() })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'platform.database-in-use',
  })
  expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
})

test('[SR-7.4!] after kill -9 of the process that owns it, a new start takes the database over at once', async () => {
  const elsewhere = await startElsewhere()
  expect(isServing(cluster(), elsewhere.postmaster)).toBe(true)
  elsewhere.child.kill('SIGKILL')
  await once(elsewhere.child, 'exit')
  const server = await start()
  expect(isServing(cluster(), elsewhere.postmaster)).toBe(false)
  expect((await sql`select 1 as one`.execute(open(server))).rows).toEqual([{ one: 1 }])
})

test('a server that went on running without its process is stopped cleanly, and its data served', async () => {
  const first = await start()
  const db = open(first)
  await sql`create table public.note as select 'kept' as text`.execute(db)
  await db.destroy()
  await first.stop()
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${home}`]
  const args = ['-D', cluster(), ...settings]
  const left = launcherForThisMachine().start(join(findBinaries(), 'postgres'), args, false)
  opened.push({ child: left })
  await waitFor(() => readPostmaster(cluster())?.status === 'ready', 'the left-over server')
  const server = await start()
  expect(left.exitCode).toBe(0)
  expect((await sql`select text from public.note`.execute(open(server))).rows).toEqual([{ text: 'kept' }])
})

test('the process number of a stale lock file that is somebody else now is left alone', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  opened.push({ child: bystander })
  writeFileSync(join(cluster(), 'postmaster.pid'), `${bystander.pid}\n${dataDir()}/cluster\n1\n5432\n\n\n\nready\n`)
  const server = await start()
  expect((await sql`select 1 as one`.execute(open(server))).rows).toEqual([{ one: 1 }])
  expect(bystander.exitCode).toBeNull()
})

test('[AL-Enduring!, SR-7.4!] 1,000 audited inserts survive kill -9 of the postmaster, which is started again by itself', async () => {
  const lines: string[] = []
  const server = await start((line) => lines.push(line))
  const db = open(server)
  await migrate(db, [])
  const acknowledged: number[] = []
  let killed = 0
  const write = async (first: number) => {
    for (let n = first; n < first + 300; n++) {
      try {
        await insertAudit(db, n)
        acknowledged.push(n)
        if (acknowledged.length === 1000 && server.pid !== undefined) {
          killed = server.pid
          process.kill(killed, 'SIGKILL')
        }
      } catch {
        return
      }
    }
  }
  await Promise.all([0, 10_000, 20_000, 30_000].map(write))
  expect(killed).toBeGreaterThan(0)
  expect(acknowledged.length).toBeGreaterThanOrEqual(1000)
  const kept = await waitFor(
    () =>
      db
        .selectFrom('platform.audit_entry')
        .select('at')
        .execute()
        .catch(() => undefined),
    'the server to come back',
  )
  const found = new Set(kept.map((row) => row.at))
  expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
  expect(server.pid).not.toBe(killed)
  expect(lines.join('\n')).toContain('starting it again')
})

test('a database made by another version of PostgreSQL is refused by name, and left as it is', async () => {
  const file = join(cluster(), 'PG_VERSION')
  writeFileSync(file, '12\n')
  await expect(start()).rejects.toMatchObject({ code: 'platform.postgres-version-differs' })
  expect(readFileSync(file, 'utf8')).toBe('12\n')
})

test('a folder that cannot be made is refused by name', async () => {
  writeFileSync(join(home, 'file'), '')
  await expect(startEmbeddedPostgres({ dataDir: join(home, 'file', 'database') })).rejects.toMatchObject({
    code: 'platform.database-folder-unwritable',
    message: expect.stringContaining(join(home, 'file', 'database')),
  })
})

test('a server that cannot start says why, and the folder is free again', async () => {
  rmSync(join(cluster(), 'global'), { recursive: true })
  for (const _attempt of [1, 2]) {
    await expect(start()).rejects.toMatchObject({ kind: 'unavailable', code: 'platform.postgres-start-failed' })
  }
})
