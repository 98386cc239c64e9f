import type { RecordRef, Signature } from '@throughline/model'
import { listRecordChanges, listSignatures } from '@throughline/model'
import type { Database } from '../../database/tables.ts'
import { systemActor } from '../../door/actor.ts'
import type { Platform } from '../../platform.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { parseCheckpoint } from '../checkpoint.ts'
import type { Ledger } from '../ledger.ts'
import type { DocumentMaker } from '../operations.ts'
import type { RecordContents } from './record-document.ts'
import { recordDocument } from './record-document.ts'
import { timeTextIn } from './time-text.ts'

/** Reads for the document what the trail may show of every record, and no more. */
const reader = systemActor('record-document')

/**
 * Makes the document of a record, for its bundle; null for a window of time and for a record that the ledger does not know.
 * Signatures stand in it when a module of the platform keeps any.
 *
 * @param zoneOf the time zone of the plant; default UTC
 */
export function recordDocumentFor(
  platform: Platform,
  ledger: Ledger,
  plantName: string,
  zoneOf: (db: Database) => Promise<string> = async () => 'UTC',
): DocumentMaker {
  return async (subject) => {
    if (subject.kind !== 'record') return null
    const { record } = subject
    const versions = await listVersions(platform, record)
    if (versions.length === 0) return null
    const timeZone = await zoneOf(platform.db)
    // The document names what it is proven against, so all that it tells of is signed first.
    await ledger.checkpoint()
    const checkpoint = await findCheckpoint(ledger)
    const content = await recordDocument({
      plant: plantName,
      title: await platform.titleOf(platform.db, record, timeZone),
      record,
      versions,
      signatures: await listSignaturesOn(platform, record),
      checkpoint: checkpoint && {
        size: checkpoint.size,
        at: checkpoint.at,
        rootBase64: checkpoint.root.toString('base64'),
      },
      exportedAt: platform.clock.now(),
      software: checkpoint?.software ?? '',
      timeText: timeTextIn(timeZone),
    })
    return { name: `${record.kind}-${record.id}.pdf`.replace(/[^A-Za-z0-9._-]/g, '_'), content }
  }
}

/** The newest, as it was signed. */
async function findCheckpoint(ledger: Ledger): Promise<Checkpoint | null> {
  const { id, checkpoint } = await ledger.status()
  const [text] = checkpoint?.note.split('\n\n') ?? []
  return (text === undefined ? undefined : parseCheckpoint(id, `${text}\n`)) ?? null
}

/** Oldest first. */
async function listVersions(platform: Platform, record: RecordRef): Promise<RecordContents['versions']> {
  const versions: RecordContents['versions'][number][] = []
  const limit = 200
  for (let before: number | undefined; ; before = versions.at(-1)?.change.version) {
    const input = before === undefined ? { record, limit } : { record, limit, before }
    const page = await platform.run(listRecordChanges, reader, input)
    versions.push(...page)
    if (page.length < limit) return versions.reverse()
  }
}

async function listSignaturesOn(platform: Platform, record: RecordRef): Promise<Signature[]> {
  const isMounted = platform.operations().some(({ operation }) => operation.name === listSignatures.name)
  return isMounted ? await platform.run(listSignatures, reader, { record }) : []
}
