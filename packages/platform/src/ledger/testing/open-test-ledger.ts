import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@throughline/kernel'
import pg from 'pg'
import { pino } from 'pino'
import type { DatabaseConnection } from '../../database/connect.ts'
import { migrate } from '../../database/migrate.ts'
import type { Database } from '../../database/tables.ts'
import type { LedgerOptions } from '../ledger.ts'
import { Ledger } from '../ledger.ts'

/** A migrated database, a folder for keys, and ledgers that seal only when they are told to. */
export interface TestBench {
  readonly folder: string
  /** Opens the ledger as one more program would; it is stopped at the end. */
  open(options?: Partial<LedgerOptions>): Promise<Ledger>
  /** Runs SQL as the owner of the server with all guards off: what an administrator with bad intentions can do. */
  tamper(statement: string): Promise<void>
  /** Stops all ledgers that were opened. */
  stop(): Promise<void>
  close(): Promise<void>
}

export const quietLog = pino({ level: 'silent' })
const never = 2 ** 31 - 1

interface TestDatabase {
  readonly db: Database
  readonly connection: DatabaseConnection
  close(): Promise<void>
}

export async function openTestBench(database: TestDatabase, clock: Clock): Promise<TestBench> {
  await migrate(database.db, [])
  const folder = await mkdtemp(join(tmpdir(), 'throughline-ledger-'))
  const opened: Ledger[] = []
  const stop = async (): Promise<void> => {
    for (const ledger of opened.splice(0)) await ledger.stop()
  }
  return {
    folder,
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
    stop,
    async close() {
      await stop()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
