import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@throughline/kernel'
import type { Database, Module } from '@throughline/platform'
import {
  applicationLogin,
  assertServerUsable,
  listWatchedTables,
  openDatabase,
  Platform,
  startEmbeddedPostgres,
} from '@throughline/platform'
import type { Logger } from 'pino'
import type { ServerConfig } from './config.ts'
import type { ClockStep } from './diagnostics/clock-watch.ts'
import { ClockWatch } from './diagnostics/clock-watch.ts'
import type { FaultLog } from './diagnostics/fault-log.ts'
import { openLedger } from './ledger/open-ledger.ts'

/** What the parts of a server share while it starts. */
export interface Starting {
  readonly version: string
  readonly clock: Clock
  readonly log: Logger
  readonly faults: FaultLog
  /** Run in reverse order when the server stops. */
  readonly closers: (() => Promise<void> | void)[]
}

/** Opens the records of the plant: the database, the door and the ledger. */
export async function openRecords(
  config: ServerConfig,
  modules: readonly Module[],
  starting: Starting,
): Promise<Platform> {
  const { version, clock, log, closers } = starting
  const { db, owner } = await openLogins(config, starting)
  const steps = new EventEmitter<{ step: [ClockStep] }>()
  const watch = new ClockWatch(clock, (step) => steps.emit('step', step))
  await watch.open()
  closers.push(() => watch.close())
  const clockStatus = () => watch.status
  // What a stopping platform still delivers is to be under the last checkpoint, so the ledger is closed after it.
  let closeLedger: (() => Promise<void>) | undefined
  closers.push(() => closeLedger?.())
  const platform = await Platform.start(db, modules, clock, log, { owner, software: version, clockStatus })
  closers.push(() => platform.stop())
  const tables = await listWatchedTables(owner, modules)
  await owner.destroy()
  const ledger = await openLedger(platform, db, tables, config, { software: version, clock, clockStatus, log })
  closeLedger = () => ledger.stop()
  steps.on('step', (step) => tellStep(platform, starting, step))
  await platform.act('server', 'platform.server.start', { version, system: process.platform, node: process.version })
  closers.push(() => platform.act('server', 'platform.server.stop', { version }))
  return platform
}

/** Whether the clock can be trusted stands in every entry; that it was set is an entry of its own. */
function tellStep(platform: Platform, { faults, log }: Starting, { byMs }: ClockStep): void {
  faults.add('clock', 'clock-set', `by ${byMs} ms`)
  platform.act('server', 'platform.clock.set', { byMs }).catch((error: unknown) => {
    log.error({ error, byMs }, 'that the clock was set could not be recorded')
  })
}

/**
 * Two logins: the owner of the tables brings them up to date and is closed, the application adds and reads. Where one
 * login is given for both, its connections take the application's role.
 */
async function openLogins(config: ServerConfig, starting: Starting): Promise<{ db: Database; owner: Database }> {
  const { faults, closers } = starting
  const ownerConnection = config.databaseOwnerUrl ?? config.databaseUrl ?? (await startDatabase(config, starting))
  const owner = openDatabase(ownerConnection, { asOwner: true, maxConnections: 2 })
  closers.push(() => owner.destroy())
  await assertServerUsable(owner)
  const connection = config.databaseUrl ?? (await applicationLogin(owner, ownerConnection))
  const db = openDatabase(connection, { onIdleError: (reason) => faults.add('database', 'connection-lost', reason) })
  closers.push(() => db.destroy())
  return { db, owner }
}

async function startDatabase(
  config: ServerConfig,
  { log, closers }: Starting,
): Promise<Exclude<Parameters<typeof openDatabase>[0], string>> {
  const dataDir = join(config.home, 'postgres')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => log.info({ part: 'postgres' }, line) })
  closers.push(() => server.stop())
  return server.connection
}
