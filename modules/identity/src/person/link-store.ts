import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Person } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { tokenHash } from '../credential/token.ts'
import { inIdentity } from '../tables.ts'
import { findPersonById } from './store.ts'

type Db = Kysely<Tables>

/** A new link for the person; one that was open ends. */
export async function insertLink(
  db: Db,
  personId: string,
  token: string,
  madeAt: Instant,
  expiresAt: Instant,
): Promise<void> {
  await endLinks(db, personId, madeAt, 'renewal')
  await inIdentity(db)
    .insertInto('identity.activation_link')
    .values({
      id: newId<'ActivationLink'>(madeAt),
      person_id: personId,
      token_hash: tokenHash(token),
      made_at: madeAt,
      expires_at: expiresAt,
      ended_at: null,
      ended_by: null,
    })
    .execute()
}

export async function endLinks(db: Db, personId: string, at: Instant, by: 'renewal' | 'disabling'): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.activation_link')
    .set({ ended_at: at, ended_by: by })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute()
}

/**
 * The person whose open link this is, who stays as they are until this transaction ends; undefined when there is none, it
 * was used or replaced, or it has expired.
 */
export async function lockPersonByLink(db: Db, token: string, at: Instant): Promise<Person | undefined> {
  const link = await inIdentity(db)
    .selectFrom('identity.activation_link')
    .innerJoin('identity.person as person', 'person.id', 'identity.activation_link.person_id')
    .select('person.id')
    .where('token_hash', '=', tokenHash(token))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .where('state', 'in', ['invited', 'active'])
    .forUpdate('person')
    .executeTakeFirst()
  return link === undefined ? undefined : (await findPersonById(db, link.id))?.person
}

/** Uses the link up; false when somebody else was quicker. */
export async function takeLink(db: Db, token: string, at: Instant): Promise<boolean> {
  const taken = await inIdentity(db)
    .updateTable('identity.activation_link')
    .set({ ended_at: at, ended_by: 'use' })
    .where('token_hash', '=', tokenHash(token))
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}
