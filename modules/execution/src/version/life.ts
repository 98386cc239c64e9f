import type { Platform, UnitOfWork } from '@throughline/platform'
import { findHead } from '@throughline/platform'
import type { Version } from './rules.ts'
import type { Noun } from './store.ts'
import { endRelease, lockVersions, putReleases } from './store.ts'

/** One kind of definition, as its signatures are followed. */
export interface VersionedNoun {
  readonly noun: Noun
  /** As the ledger names its records. */
  readonly record: string
  find(db: UnitOfWork['trx'], id: string): Promise<Version | undefined>
  listOf(db: UnitOfWork['trx'], code: string): Promise<readonly Version[]>
}

/** A version is in review from its first signature on, and effective with the last one that its policy asks for. */
export function followSignatures(platform: Platform, kind: VersionedNoun): void {
  const name = `execution.${kind.noun}`

  platform.on('identity.record-signed', name, async (uow, { record, version }) => {
    if (record.kind !== kind.record) return
    await lockVersions(uow.trx, kind.noun)
    const signed = await kind.find(uow.trx, record.id)
    const head = await findHead(uow.trx, record)
    // Written anew since: what was signed is not what stands, and the draft goes on.
    if (signed?.state !== 'draft' || head?.version !== version) return
    await putReleases(uow.trx, kind.noun, [signed], 'in-review', uow.at, null)
  })

  platform.on('identity.record-signatures-complete', name, async (uow, { record, version, hash }) => {
    if (record.kind !== kind.record) return
    await lockVersions(uow.trx, kind.noun)
    const signed = await kind.find(uow.trx, record.id)
    const head = await findHead(uow.trx, record)
    if (signed?.state !== 'draft' && signed?.state !== 'in-review') return
    if (head?.version !== version || head.hash !== hash) return
    await makeEffective(uow, kind, signed)
  })
}

/** The version before it is retired at that instant; one that was overtaken while it was in review never comes into force. */
async function makeEffective(uow: UnitOfWork, kind: VersionedNoun, signed: Version): Promise<void> {
  const before = (await kind.listOf(uow.trx, signed.code)).find((each) => each.state === 'effective')
  if (before !== undefined && before.version > signed.version) {
    await putReleases(uow.trx, kind.noun, [signed], 'in-review', uow.at, null)
    await endRelease(uow.trx, signed.id, uow.at, `superseded: version ${before.version} became effective before it`)
    return
  }
  if (before !== undefined) {
    await endRelease(uow.trx, before.id, uow.at, `superseded by version ${signed.version}`)
  }
  await putReleases(uow.trx, kind.noun, [signed], 'effective', uow.at, null)
}
