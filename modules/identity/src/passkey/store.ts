import type { Id, Instant } from '@throughline/kernel'
import type { Passkey } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { PasskeyRow } from '../second-factor-tables.ts'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

/** A passkey with what only this module may know, revoked or not. */
export interface StoredPasskey {
  readonly id: Id<'Passkey'>
  readonly personId: Id<'Person'>
  readonly name: string
  readonly credentialId: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  /** Why it is not to be used any more; null while it is good. */
  readonly endedBy: PasskeyRow['ended_by']
}

/** Oldest first, without the revoked ones. */
export async function listPasskeysOf(db: Db, personId: Id<'Person'>): Promise<(Passkey & { credentialId: string })[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.passkey')
    .leftJoin('identity.passkey_use', 'passkey_id', 'id')
    .select(['id', 'name', 'credential_id', 'made_at', 'synced', 'last_used_at'])
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .orderBy('made_at')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id as Id<'Passkey'>,
    name: row.name,
    credentialId: row.credential_id,
    madeAt: row.made_at as Instant,
    synced: row.synced,
    lastUsedAt: row.last_used_at as Instant | null,
  }))
}

/** By what the authenticator calls it; a revoked one too. */
export async function findPasskey(db: Db, credentialId: string): Promise<StoredPasskey | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.passkey')
    .leftJoin('identity.passkey_use', 'passkey_id', 'id')
    .select(['id', 'person_id', 'name', 'credential_id', 'public_key', 'ended_by', 'counter'])
    .where('credential_id', '=', credentialId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    id: row.id as Id<'Passkey'>,
    personId: row.person_id as Id<'Person'>,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter ?? 0,
    endedBy: row.ended_by,
  }
}

/** False when the authenticator's key is registered already. */
export async function insertPasskey(
  db: Db,
  passkey: Omit<StoredPasskey, 'endedBy'> & { readonly synced: boolean; readonly madeAt: Instant },
): Promise<boolean> {
  const inserted = await inIdentity(db)
    .insertInto('identity.passkey')
    .values({
      id: passkey.id,
      person_id: passkey.personId,
      name: passkey.name,
      credential_id: passkey.credentialId,
      public_key: Buffer.from(passkey.publicKey),
      synced: passkey.synced,
      made_at: passkey.madeAt,
      ended_at: null,
      ended_by: null,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false
  await inIdentity(db)
    .insertInto('identity.passkey_use')
    .values({ passkey_id: passkey.id, counter: passkey.counter, last_used_at: null })
    .execute()
  return true
}

/** Notes a use; false when the counter did not go on, as another proof with the same key was quicker. */
export async function noteUse(db: Db, passkeyId: string, counter: number, at: Instant): Promise<boolean> {
  const noted = await inIdentity(db)
    .updateTable('identity.passkey_use')
    .set({ counter, last_used_at: at })
    .where('passkey_id', '=', passkeyId)
    // Authenticators that count nothing always say 0.
    .where((eb) => eb.or([eb('counter', '<', counter), eb.and([eb('counter', '=', 0), eb.val(counter === 0)])]))
    .executeTakeFirst()
  return noted.numUpdatedRows === 1n
}

/** Revokes one passkey of the person; false when they have none by that id. */
export async function endPasskey(
  db: Db,
  personId: Id<'Person'>,
  passkeyId: string,
  at: Instant,
  by: 'no-longer-used' | 'lost',
): Promise<boolean> {
  const ended = await inIdentity(db)
    .updateTable('identity.passkey')
    .set({ ended_at: at, ended_by: by })
    .where('id', '=', passkeyId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return ended.numUpdatedRows === 1n
}

/** Revokes all passkeys of the person; answers how many. */
export async function endPasskeysOf(db: Db, personId: Id<'Person'>, at: Instant): Promise<number> {
  const ended = await inIdentity(db)
    .updateTable('identity.passkey')
    .set({ ended_at: at, ended_by: 'reset' })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
