import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { inIdentity } from '../tables.ts'

/** Ends the person's sessions but one, because of a new password; answers how many. */
export async function endOtherSessions(
  db: Kysely<Tables>,
  personId: Id<'Person'>,
  kept: string,
  at: Instant,
): Promise<number> {
  const ended = await inIdentity(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: 'new-password' })
    .where('person_id', '=', personId)
    .where('id', '!=', kept)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
