import type { Platform, UnitOfWork } from '@throughline/platform'
import { findHead } from '@throughline/platform'
import { findBom } from '../bom/store.ts'
import { findDefinition } from '../definition/store.ts'
import type { ReleaseKind, Version } from './store.ts'
import { findState, insertInReview, lockVersions, putInForce } from './store.ts'

const kinds: Readonly<Record<string, ReleaseKind>> = { 'material.definition': 'definition', 'material.bom': 'bom' }

interface Signed {
  readonly record: { readonly kind: string; readonly id: string }
  readonly version: number
  readonly hash?: string
}

/** Lets signatures carry a version from draft over review into force. Heard twice, they change nothing. */
export function followSignatures(platform: Platform): void {
  platform.on('identity.record-signed', 'material.release', (uow, { record, version }) =>
    follow(uow, { record, version }, async (kind, found) => {
      if ((await findState(uow.trx, found.id)) === 'draft') await insertInReview(uow.trx, kind, found)
    }),
  )
  platform.on('identity.record-signatures-complete', 'material.release', (uow, { record, version, hash }) =>
    follow(uow, { record, version, hash }, async (kind, found) => {
      const state = await findState(uow.trx, found.id)
      if (state === 'draft' || state === 'in-review') await putInForce(uow.trx, kind, found, uow.at, null)
    }),
  )
}

async function follow(
  uow: UnitOfWork,
  { record, version, hash }: Signed,
  then: (kind: ReleaseKind, found: Version) => Promise<void>,
): Promise<void> {
  const kind = kinds[record.kind]
  if (kind === undefined) return
  await lockVersions(uow.trx)
  const head = await findHead(uow.trx, record)
  // What was drafted anew since is not what was signed.
  if (head?.version !== version || (hash !== undefined && head.hash !== hash)) return
  const found = await findVersion(uow, kind, record.id)
  if (found !== undefined) await then(kind, found)
}

async function findVersion(uow: UnitOfWork, kind: ReleaseKind, id: string): Promise<Version | undefined> {
  if (kind === 'definition') return await findDefinition(uow.trx, id as Parameters<typeof findDefinition>[1])
  const bom = await findBom(uow.trx, id as Parameters<typeof findBom>[1])
  return bom && { id: bom.id, code: bom.product, version: bom.version }
}
