import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmbeddedPostgres } from '@throughline/platform'
import { startEmbeddedPostgres } from '@throughline/platform'
import { tellRunServer } from './config.ts'

let folder: string | undefined
let server: EmbeddedPostgres | undefined

/**
 * The one database server of a test run, started by the test runner before the first file (`globalSetup`): each file has
 * a database of its own on it. To start and fill a server for each file took a sixth of a run.
 */
export async function setup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'throughline-tests-'))
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), settings })
  tellRunServer(server.connection)
}

export async function teardown(): Promise<void> {
  await server?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
}

/** Several files at a time use it, each with pools of its own; it ends with the run, not with the power. */
const settings = { max_connections: '300', fsync: 'off', full_page_writes: 'off', max_wal_size: '2GB' }
