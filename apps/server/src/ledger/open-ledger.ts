import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findSharedTimeZone } from '@throughline/equipment'
import type { Clock } from '@throughline/kernel'
import type { Anchor, ClockStatus, Database, Platform, WatchedTable } from '@throughline/platform'
import {
  digestMail,
  fileDrop,
  Ledger,
  mountLedgerOperations,
  recordDocumentFor,
  timeStamp,
} from '@throughline/platform'
import type { Logger } from 'pino'
import type { ServerConfig } from '../config.ts'

/** Opens the ledger with the keys of the home and the anchors of the settings, and mounts what people ask of it. */
export async function openLedger(
  platform: Platform,
  db: Database,
  tables: readonly WatchedTable[],
  config: ServerConfig,
  about: { readonly software: string; readonly clock: Clock; clockStatus(): ClockStatus; readonly log: Logger },
): Promise<Ledger> {
  const { software, clock, clockStatus, log } = about
  const ledger = await Ledger.open(db, clock, {
    keyDir: join(config.home, 'keys'),
    plant: config.plantName,
    software,
    clockStatus,
    log,
    anchors: anchorsOf(config),
    newKey: config.newLedgerKey,
  })
  const zoneOf = async (): Promise<string> => (await findSharedTimeZone(db)) ?? 'UTC'
  mountLedgerOperations(platform, ledger, tables, recordDocumentFor(platform, ledger, config.plantName, zoneOf))
  return ledger
}

function anchorsOf(config: ServerConfig): Anchor[] {
  const { checkpointDir, checkpointMail, timeStampUrl, plantName } = config
  const own = join(config.home, 'checkpoints')
  // A folder that somebody named is theirs to make: a share that is not mounted must not be mistaken for an empty one.
  if (checkpointDir === null) mkdirSync(own, { recursive: true, mode: 0o700 })
  return [
    fileDrop(checkpointDir ?? own),
    ...(checkpointMail === null ? [] : [digestMail({ ...checkpointMail, plant: plantName })]),
    ...(timeStampUrl === null ? [] : [timeStamp({ url: timeStampUrl })]),
  ]
}
