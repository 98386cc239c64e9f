import type { Id, Instant } from '@throughline/kernel'
import { Badge } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, Selectable } from 'kysely'
import type { BadgeRow } from '../outside-person/tables.ts'
import { inOutside } from '../outside-person/tables.ts'
import { mostPinFailures } from './rules.ts'

type Db = Kysely<Tables>

/** Newest first. */
export async function listBadgeRows(db: Db): Promise<Badge[]> {
  const rows = await inOutside(db).selectFrom('identity.badge').selectAll().orderBy('issued_at', 'desc').execute()
  return rows.map(fromRow)
}

export const findBadgeById = (db: Db, id: string): Promise<Badge | undefined> => findBadge(db, 'id', id)
/** Also a revoked one: its use is to be told. */
export const findBadgeByHash = (db: Db, hash: Buffer): Promise<Badge | undefined> => findBadge(db, 'code_hash', hash)

async function findBadge(db: Db, column: 'id' | 'code_hash', value: string | Buffer): Promise<Badge | undefined> {
  const row = await inOutside(db).selectFrom('identity.badge').selectAll().where(column, '=', value).executeTakeFirst()
  return row && fromRow(row)
}

const fromRow = (row: Selectable<BadgeRow>): Badge =>
  Badge.parse({
    id: row.id,
    personId: row.person_id,
    ending: row.ending,
    state: row.state,
    issuedAt: row.issued_at,
    revokedAt: row.revoked_at,
  })

/** False when the badge is or was somebody's: it is never given twice. */
export async function insertBadge(db: Db, badge: Badge, hash: Buffer): Promise<boolean> {
  const inserted = await inOutside(db)
    .insertInto('identity.badge')
    .values({
      id: badge.id,
      person_id: badge.personId,
      code_hash: hash,
      ending: badge.ending,
      state: badge.state,
      issued_at: badge.issuedAt,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.column('code_hash').doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** False when it was revoked before. */
export async function setBadgeRevoked(db: Db, badgeId: string, at: Instant): Promise<boolean> {
  const revoked = await inOutside(db)
    .updateTable('identity.badge')
    .set({ state: 'revoked', revoked_at: at })
    .where('id', '=', badgeId)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return revoked.numUpdatedRows === 1n
}

export async function countBadges(db: Db, personId: string): Promise<number> {
  const { count } = await inOutside(db)
    .selectFrom('identity.badge')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('person_id', '=', personId)
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow()
  return Number(count)
}

export interface StoredPin {
  readonly pinHash: string
  readonly failures: number
}

export async function findPin(db: Db, personId: string): Promise<StoredPin | undefined> {
  const row = await inOutside(db)
    .selectFrom('identity.pin')
    .leftJoin('identity.pin_failure', 'identity.pin_failure.person_id', 'identity.pin.person_id')
    .select(['pin_hash', 'failures'])
    .where('identity.pin.person_id', '=', personId)
    .executeTakeFirst()
  return row && { pinHash: row.pin_hash, failures: row.failures ?? 0 }
}

/** A new PIN has all its tries before it. */
export async function setPinOf(db: Db, personId: string, pinHash: string, at: Instant): Promise<void> {
  await inOutside(db)
    .insertInto('identity.pin')
    .values({ person_id: personId, pin_hash: pinHash, set_at: at })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ pin_hash: pinHash, set_at: at }))
    .execute()
  await forgetFailures(db, personId)
}

/**
 * Counts a try before the PIN is looked at, so that many tries at once are not all looked at. Answers how many there were
 * with this one; undefined when they are used up.
 */
export async function takeTry(db: Db, personId: string): Promise<number | undefined> {
  const row = await inOutside(db)
    .insertInto('identity.pin_failure')
    .values({ person_id: personId, failures: 1 })
    .onConflict((conflict) =>
      conflict
        .column('person_id')
        .doUpdateSet((eb) => ({ failures: eb('identity.pin_failure.failures', '+', 1) }))
        .where('identity.pin_failure.failures', '<', mostPinFailures),
    )
    .returning('failures')
    .executeTakeFirst()
  return row?.failures
}

export async function forgetFailures(db: Db, personId: Id<'Person'> | string): Promise<void> {
  await inOutside(db).deleteFrom('identity.pin_failure').where('person_id', '=', personId).execute()
}
