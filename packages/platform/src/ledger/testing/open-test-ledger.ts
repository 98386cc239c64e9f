import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import pg from 'pg'
import { pino } from 'pino'
import { migrate } from '../../database/migrate.ts'
import type { LedgerOptions } from '../ledger.ts'
import { Ledger } from '../ledger.ts'

/** A migrated database, a folder for keys, and ledgers that seal only when they are told to. */
export interface TestBench {
  readonly database: TestDatabase
  readonly folder: string
  readonly clock: HandClock
  /** Opens the ledger as one more program would; it is stopped at the end. */
  open(options?: Partial<LedgerOptions>): Promise<Ledger>
  /** Runs SQL as the owner of the server with all guards off: what an administrator with bad intentions can do. */
  tamper(statement: string): Promise<void>
  close(): Promise<void>
}

export const quietLog = pino({ level: 'silent' })
const never = 2 ** 31 - 1

export async function openTestBench(server: TestDatabase): Promise<TestBench> {
  const database = await server.another()
  await migrate(database.db, [])
  const folder = await mkdtemp(join(tmpdir(), 'throughline-ledger-'))
  const clock = handClock()
  const opened: Ledger[] = []
  return {
    database,
    folder,
    clock,
    async open(options = {}) {
      const ledger = await Ledger.open(database.db, clock, {
        keyDir: join(folder, 'keys'),
        plant: 'Plant of tests',
        software: '0.1.0',
        clockStatus: () => 'synchronised',
        log: quietLog,
        sealEveryMs: never,
        ...options,
      })
      opened.push(ledger)
      return ledger
    },
    async tamper(statement) {
      const client = new pg.Client(database.connection)
      await client.connect()
      try {
        await client.query(`set session_replication_role = replica; ${statement}`)
      } finally {
        await client.end()
      }
    },
    async close() {
      for (const ledger of opened) await ledger.stop()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The server that the benches of one test file share. */
export const createBenchServer = (): Promise<TestDatabase> => createTestDatabase()
