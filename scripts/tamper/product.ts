import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { alarmModule } from '@throughline/alarm'
import { equipmentModule } from '@throughline/equipment'
import { identityModule } from '@throughline/identity'
import type { Clock } from '@throughline/kernel'
import { performanceModule } from '@throughline/performance'
import type { Database, DatabaseConnection, WatchedTable } from '@throughline/platform'
import { fileDrop, folderBlobStore, Ledger, listWatchedTables, openDatabase, Platform } from '@throughline/platform'
import { pino } from 'pino'

const log = pino({ level: 'silent' })
const never = 2 ** 31 - 1

/** Where a product keeps what it has. */
export interface Premises {
  readonly connection: Exclude<DatabaseConnection, string>
  /** Private keys of the ledger. */
  readonly keyDir: string
  /** Where it drops its checkpoints: outside, as another administrator's share would be. */
  readonly witness: string
}

/** The product as far as it has to do with records: door, modules and ledger. */
export interface Product {
  readonly platform: Platform
  readonly ledger: Ledger
  /** Looks at everything, as the check of records needs it. */
  readonly owner: Database
  readonly tables: readonly WatchedTable[]
  stop(): Promise<void>
}

/** Seals and signs only when it is told to, so that nothing comes between what was drawn and what is done. */
export async function startProduct({ connection, keyDir, witness }: Premises, clock: Clock): Promise<Product> {
  const owner = openDatabase(connection, { asOwner: true, maxConnections: 2 })
  const db = openDatabase(connection, { maxConnections: 6 })
  const closers: (() => Promise<void>)[] = [() => owner.destroy(), () => db.destroy()]
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    // Registered and not opened: they take what people say, and write nothing by themselves.
    const { module, directory } = equipmentModule()
    const alarm = alarmModule({ directory, clock, log })
    const blobs = await folderBlobStore(join(keyDir, '..', 'blobs'))
    const performance = performanceModule({ directory, clock, log, blobs })
    const modules = [identityModule(), module, alarm.module, performance.module]
    const platform = await Platform.start(db, modules, clock, log, { owner })
    closers.push(() => platform.stop())
    closers.push(() => alarm.close())
    await mkdir(witness, { recursive: true })
    const ledger = await Ledger.open(db, clock, {
      keyDir,
      plant: 'tampered with',
      software: '0.0.0',
      clockStatus: () => 'unknown',
      log,
      anchors: [fileDrop(witness)],
      sealEveryMs: never,
    })
    closers.splice(2, 0, () => ledger.stop())
    return { platform, ledger, owner, tables: await listWatchedTables(owner, modules), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
