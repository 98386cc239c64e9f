import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Role, SignInPolicy } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

/** As delivered: a second factor is everybody's own choice. */
const delivered: SignInPolicy = {
  version: 0,
  secondFactorRoles: [],
  maxSessions: 5,
  idleTimeoutMs: null,
  absoluteTimeoutMs: null,
  changedAt: null,
}

/** The rules for signing in that are in force. */
export async function currentPolicy(db: Db): Promise<SignInPolicy> {
  const row = await inIdentity(db)
    .selectFrom('identity.sign_in_policy')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return delivered
  return {
    version: row.version,
    secondFactorRoles: row.second_factor_roles as Role[],
    maxSessions: row.max_sessions,
    idleTimeoutMs: row.idle_timeout_ms,
    absoluteTimeoutMs: row.absolute_timeout_ms,
    changedAt: row.changed_at as Instant,
  }
}

/** Adds a version; false when somebody else was quicker to make it. */
export async function insertPolicy(db: Db, policy: SignInPolicy, at: Instant): Promise<boolean> {
  const inserted = await inIdentity(db)
    .insertInto('identity.sign_in_policy')
    .values({
      id: newId<'SignInPolicy'>(at),
      version: policy.version,
      second_factor_roles: policy.secondFactorRoles,
      max_sessions: policy.maxSessions,
      idle_timeout_ms: policy.idleTimeoutMs,
      absolute_timeout_ms: policy.absoluteTimeoutMs,
      changed_at: at,
    })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Whether one of the person's roles needs a second factor. */
export async function isSecondFactorAskedOf(db: Db, personId: Id<'Person'>): Promise<boolean> {
  const { rows } = await sql<{ asked: boolean }>`
    select exists (
      select from (select second_factor_roles from identity.sign_in_policy order by version desc limit 1) policy
      join identity.person_grant held on held.role = any (policy.second_factor_roles)
      where held.person_id = ${personId}
    ) as asked`.execute(db)
  return rows[0]?.asked === true
}

/**
 * Whether the person's roles need a second factor and there is none. People without a password of ours prove themselves
 * elsewhere, where the second factor is asked for.
 */
export async function isSecondFactorMissing(db: Db, personId: Id<'Person'>): Promise<boolean> {
  const { rows } = await sql<{ missing: boolean }>`
    select exists (
      select from (select second_factor_roles from identity.sign_in_policy order by version desc limit 1) policy
      join identity.person person on person.id = ${personId}
      where person.password_hash is not null
        and exists (
          select from identity.person_grant held
          where held.person_id = person.id and held.role = any (policy.second_factor_roles))
        and not exists (
          select from identity.totp
          where totp.person_id = person.id and confirmed_at is not null and ended_at is null)
        and not exists (select from identity.passkey where passkey.person_id = person.id and ended_at is null)
    ) as missing`.execute(db)
  return rows[0]?.missing === true
}
