import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DomainError, messageOf } from '@throughline/kernel'
import type { DatabaseConnection } from '../connect.ts'
import { findBinaries } from './binaries.ts'
import { isServing, lastLine, majorVersionNumber, prepareCluster, readPostmaster, superuser } from './cluster.ts'
import type { Launcher } from './launch.ts'
import { launcherForThisMachine } from './launch.ts'
import { takeOwnership } from './owner.ts'

/** `sun_path` holds 108 bytes with its final zero on Linux and 104 on macOS; the name in it is `/.s.PGSQL.5432`. */
const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length

const patienceMs = 60_000
const restartMs = { first: 200, longest: 2_000 }

export interface EmbeddedPostgresOptions {
  /** The folder that holds everything of this database; made when it is absent, mode 0700. */
  readonly dataDir: string
  /** Hears each line the server writes (warnings and worse), and what the supervisor does about it. */
  readonly log?: (line: string) => void
  /** Settings of the server in place of the product's: for one that serves tests and ends with them. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A PostgreSQL server that belongs to this process, and only to it. */
export interface EmbeddedPostgres {
  readonly connection: Exclude<DatabaseConnection, string>
  /** Of the postmaster; another one after a restart, and undefined while there is none. */
  readonly pid: number | undefined
  /** Ends all sessions and stops the server cleanly. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL server of `dataDir` and answers when it takes connections; creates the database first when there
 * is none. It listens on a socket that only the owner of the folder can reach, and on no network. A server that a killed
 * process left behind is stopped cleanly first; one that dies is started again.
 *
 * @throws DomainError `unavailable` when PostgreSQL is missing or does not start, or the folder cannot be written; `conflict` while another process uses
 * the same folder
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new DomainError(
      'unavailable',
      'platform.postgres-not-on-windows',
      'There is no embedded database on Windows: install PostgreSQL 15 or newer and set DATABASE_URL',
    )
  }
  const dataDir = resolve(options.dataDir)
  makeFolder(dataDir)
  const socketDir = chooseSocketFolder(dataDir)
  const release = await takeOwnership(dataDir, socketDir)
  try {
    const supervisor = new Supervisor(dataDir, socketDir, options, release)
    await supervisor.start()
    return supervisor
  } catch (error) {
    release()
    throw error
  }
}

function makeFolder(folder: string): void {
  const refuse = (error: unknown): never => {
    throw new DomainError(
      'unavailable',
      'platform.database-folder-unwritable',
      `The database cannot be kept in ${folder} (${messageOf(error)}): choose a THROUGHLINE_HOME that you may write to`,
      {},
      error,
    )
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    refuse(error)
  }
}

function chooseSocketFolder(dataDir: string): string {
  const inside = join(dataDir, 'socket')
  if (Buffer.byteLength(inside) <= longestSocketFolder) return inside
  const name = `throughline-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`
  const own = join(tmpdir(), name)
  const folder = Buffer.byteLength(own) <= longestSocketFolder ? own : join('/tmp', name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new DomainError(
      'unavailable',
      'platform.socket-folder-foreign',
      `${folder} belongs to somebody else: remove it, or choose a THROUGHLINE_HOME with a shorter path`,
    )
  }
  return folder
}

class Supervisor implements EmbeddedPostgres {
  readonly connection: Exclude<DatabaseConnection, string>
  readonly #cluster: string
  readonly #dataDir: string
  readonly #socketDir: string
  readonly #log: (line: string) => void
  readonly #settings: Readonly<Record<string, string>>
  readonly #release: () => void
  readonly #launcher: Launcher
  readonly #binaries: string
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()
  #lastLine = ''
  #stopping = false
  #restarting: Promise<void> = Promise.resolve()

  constructor(dataDir: string, socketDir: string, options: EmbeddedPostgresOptions, release: () => void) {
    this.#dataDir = dataDir
    this.#cluster = join(dataDir, 'cluster')
    this.#socketDir = socketDir
    this.#log = options.log ?? (() => {})
    this.#settings = options.settings ?? {}
    this.#release = release
    this.#launcher = launcherForThisMachine()
    this.#binaries = findBinaries()
    this.connection = { host: socketDir, port: 5432, user: superuser, database: 'postgres' }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(): Promise<void> {
    this.#launcher.own(this.#dataDir)
    this.#launcher.own(this.#socketDir)
    await prepareCluster(this.#dataDir, this.#cluster, this.#binaries, this.#launcher)
    chmodSync(this.#cluster, 0o700)
    await this.#endLeftOver()
    const deadline = performance.now() + patienceMs
    while (!(await this.#launch(deadline))) {
      // Sessions of a killed server need a moment to notice, and hold its shared memory until then.
      if (!this.#lastLine.includes('shared memory') || performance.now() > deadline) throw this.#failure()
      await delay(100)
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#restarting
    this.#child?.kill('SIGINT')
    await this.#exited
    this.#release()
  }

  /** Stops the server that a killed process left behind: started anew, it is ours again and ends when we do. */
  async #endLeftOver(): Promise<void> {
    const left = readPostmaster(this.#cluster)
    if (left === undefined) return
    if (!isServing(this.#cluster, left.pid)) {
      if (isAlive(left.pid)) rmSync(join(this.#cluster, 'postmaster.pid'), { force: true })
      return
    }
    this.#log(`Stopping the database server that was left running (process ${left.pid})`)
    if (left.status !== 'stopping') process.kill(left.pid, 'SIGINT')
    const deadline = performance.now() + patienceMs
    while (isServing(this.#cluster, left.pid)) {
      if (performance.now() > deadline) {
        throw new DomainError(
          'unavailable',
          'platform.postgres-left-over',
          `A database server left from an earlier start (process ${left.pid}) does not stop: end it by hand`,
        )
      }
      await delay(20)
    }
  }

  /** One attempt; true when it takes connections. */
  async #launch(deadline: number): Promise<boolean> {
    const child = this.#launcher.start(join(this.#binaries, 'postgres'), this.#arguments(), true)
    this.#child = child
    let exited = false
    this.#exited = new Promise((settle) => {
      child.once('error', (error) => this.#hear(error.message))
      child.once('close', () => {
        exited = true
        this.#child = undefined
        settle()
      })
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split('\n')) if (line.trim() !== '') this.#hear(line)
      })
    }
    for (;;) {
      const found = readPostmaster(this.#cluster)
      if (found?.pid === child.pid && found?.status === 'ready') break
      if (exited) return false
      if (performance.now() > deadline) {
        child.kill('SIGKILL')
        await this.#exited
        return false
      }
      await delay(15)
    }
    void this.#exited.then(() => this.#restart())
    return true
  }

  #restart(): void {
    if (this.#stopping) return
    this.#log(`The database server ended unexpectedly (${this.#lastLine}); starting it again`)
    this.#restarting = this.#keepLaunching()
  }

  async #keepLaunching(): Promise<void> {
    let pauseMs = restartMs.first
    while (!this.#stopping) {
      try {
        if (await this.#launch(performance.now() + patienceMs)) return
      } catch (error) {
        this.#hear(messageOf(error))
      }
      await delay(pauseMs)
      pauseMs = Math.min(pauseMs * 2, restartMs.longest)
    }
  }

  #hear(line: string): void {
    this.#lastLine = lastLine(line)
    // LOG outranks WARNING in the server's own log: its routine lines cannot be switched off there.
    if (!line.includes(' LOG:  ')) this.#log(line)
  }

  #arguments(): string[] {
    const settings: Record<string, string> = {
      listen_addresses: '',
      // A list: quoted, a comma in the path divides nothing.
      unix_socket_directories: `"${this.#socketDir.replaceAll('"', '""')}"`,
      unix_socket_permissions: '0700',
      port: '5432',
      max_connections: '50',
      shared_buffers: '64MB',
      max_worker_processes: '4',
      max_parallel_workers_per_gather: '0',
      max_wal_size: '512MB',
      jit: 'off',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      timezone: 'UTC',
      log_timezone: 'UTC',
      log_min_messages: 'warning',
      // Statements carry values, and a log is no place for them.
      log_min_error_statement: 'panic',
      ...(majorVersionNumber(this.#binaries) >= 18 ? { io_method: 'sync' } : {}),
      ...this.#settings,
    }
    return ['-D', this.#cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  }

  #failure(): DomainError {
    return new DomainError(
      'unavailable',
      'platform.postgres-start-failed',
      `The database server does not start: ${this.#lastLine}`,
      { dataDir: this.#dataDir },
    )
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
