import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>
type PersonId = Id<'Person'>

export interface StoredTotp {
  readonly id: string
  readonly sealedSecret: string
  readonly confirmedAt: Instant | null
}

export const findActiveTotp = (db: Db, personId: PersonId): Promise<StoredTotp | undefined> =>
  findTotp(db, personId, true)
export const findPendingTotp = (db: Db, personId: PersonId): Promise<StoredTotp | undefined> =>
  findTotp(db, personId, false)

async function findTotp(db: Db, personId: PersonId, confirmed: boolean): Promise<StoredTotp | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.totp')
    .select(['id', 'sealed_secret', 'confirmed_at'])
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('confirmed_at', confirmed ? 'is not' : 'is', null)
    .executeTakeFirst()
  return row && { id: row.id, sealedSecret: row.sealed_secret, confirmedAt: row.confirmed_at as Instant | null }
}

/** A secret that waits for its first code; one that waited before ends. */
export async function insertPendingTotp(db: Db, personId: PersonId, sealedSecret: string, at: Instant): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.totp')
    .set({ ended_at: at, ended_by: 'renewal' })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('confirmed_at', 'is', null)
    .execute()
  await inIdentity(db)
    .insertInto('identity.totp')
    .values({
      id: newId<'Totp'>(at),
      person_id: personId,
      sealed_secret: sealedSecret,
      made_at: at,
      confirmed_at: null,
      ended_at: null,
      ended_by: null,
    })
    .execute()
}

export async function setConfirmed(db: Db, totpId: string, at: Instant): Promise<void> {
  await inIdentity(db).updateTable('identity.totp').set({ confirmed_at: at }).where('id', '=', totpId).execute()
}

/** Takes the code of this time step as used; false when it, or a later one, was used before. */
export async function takeStep(db: Db, totpId: string, step: number): Promise<boolean> {
  const taken = await inIdentity(db)
    .insertInto('identity.totp_use')
    .values({ totp_id: totpId, last_step: step })
    .onConflict((conflict) =>
      conflict.column('totp_id').doUpdateSet({ last_step: step }).where('identity.totp_use.last_step', '<', step),
    )
    .executeTakeFirst()
  return taken.numInsertedOrUpdatedRows === 1n
}

/** Ends the person's app and its recovery codes; false when there was none. */
export async function endTotp(
  db: Db,
  personId: PersonId,
  at: Instant,
  by: 'renewal' | 'removal' | 'reset',
): Promise<boolean> {
  const ended = await inIdentity(db)
    .updateTable('identity.totp')
    .set({ ended_at: at, ended_by: by })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .returning('id')
    .execute()
  for (const { id } of ended) await endRecoveryCodes(db, id, at, by)
  return ended.length > 0
}

export async function insertRecoveryCodes(
  db: Db,
  totpId: string,
  hashes: readonly Buffer[],
  at: Instant,
): Promise<void> {
  const rows = hashes.map((hash) => ({
    id: newId<'RecoveryCode'>(at),
    totp_id: totpId,
    code_hash: hash,
    made_at: at,
    ended_at: null,
    ended_by: null,
  }))
  await inIdentity(db).insertInto('identity.recovery_code').values(rows).execute()
}

export async function endRecoveryCodes(
  db: Db,
  totpId: string,
  at: Instant,
  by: 'renewal' | 'removal' | 'reset',
): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.recovery_code')
    .set({ ended_at: at, ended_by: by })
    .where('totp_id', '=', totpId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Uses a recovery code up; false when it is none of this app's, or was used. */
export async function takeRecoveryCode(db: Db, totpId: string, hash: Buffer, at: Instant): Promise<boolean> {
  const taken = await inIdentity(db)
    .updateTable('identity.recovery_code')
    .set({ ended_at: at, ended_by: 'use' })
    .where('totp_id', '=', totpId)
    .where('code_hash', '=', hash)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}

export async function countRecoveryCodes(db: Db, totpId: string): Promise<number> {
  const row = await inIdentity(db)
    .selectFrom('identity.recovery_code')
    .select((eb) => eb.fn.countAll().as('left'))
    .where('totp_id', '=', totpId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.left)
}
