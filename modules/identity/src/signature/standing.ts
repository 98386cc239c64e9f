import { DomainError } from '@throughline/kernel'
import type { RecordRef, RecordVersion } from '@throughline/model'
import { findSignaturePolicy } from '@throughline/model'
import type { Actor, Platform, Tables } from '@throughline/platform'
import { findHead, listRecordSteps } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { Standing, WouldBeSigner } from './rules.ts'
import { lastCompleteVersion } from './rules.ts'
import { listSignaturesOn } from './store.ts'

/** Tells in which zone the plant's clocks on the wall go. */
export type ZoneOf = (db: Kysely<Tables>) => Promise<string>

/** The record as it stands now, with all that its next signature depends on; `running` is the entry being worked on. */
export async function standingOf(
  platform: Platform,
  db: Kysely<Tables>,
  record: RecordRef,
  current: RecordVersion,
  timeZone: string,
  running?: { readonly entryId: string; readonly actorId: string },
): Promise<Standing> {
  const policy = findSignaturePolicy(record.kind)
  const signatures = await listSignaturesOn(db, record, timeZone)
  const since = await listRecordSteps(db, record, lastCompleteVersion(policy, signatures))
  const authors = since.flatMap((step) => {
    if (step.by !== null) return step.by.kind === 'person' ? [step.by.id] : []
    return running !== undefined && step.entryId === running.entryId ? [running.actorId] : []
  })
  const title = await platform.titleOf(db, record, timeZone)
  return { title, version: current.version, policy, signatures, authors: new Set(authors) }
}

/** @throws DomainError `not-found` */
export async function getHead(db: Kysely<Tables>, record: RecordRef): Promise<RecordVersion> {
  const head = await findHead(db, record)
  if (head !== undefined) return head
  throw new DomainError('not-found', 'platform.record-unknown', `There is no record ${record.kind} ${record.id}`)
}

export const signerOf = (actor: Actor): WouldBeSigner => ({
  personId: actor.id,
  holds: (permission) => actor.grants.some((grant) => grant.nodeId === null && grant.permissions.has(permission)),
})

/**
 * Signatures are seen by whoever may see the record.
 * @throws DomainError `forbidden`
 */
export function assertMayRead(platform: Platform, actor: Actor, record: RecordRef): void {
  const needed = findSignaturePolicy(record.kind)?.read ?? platform.recordWords(record.kind)?.read
  if (needed === undefined || actor.grants.some((grant) => grant.permissions.has(needed))) return
  throw new DomainError(
    'forbidden',
    'platform.permission-missing',
    `${actor.name} may not see records of the kind ${record.kind}`,
    { permission: needed },
  )
}
