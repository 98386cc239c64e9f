import { randomBytes } from 'node:crypto'
import type { Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

export const challengeLifeMs = 5 * 60_000

/** Makes a challenge that works once, for five minutes; expired ones are dropped on the way. */
export async function makeChallenge(
  db: Db,
  purpose: 'register' | 'prove',
  personId: Id<'Person'> | null,
  origin: string | null,
  at: Instant,
): Promise<string> {
  const challenge = randomBytes(32).toString('base64url')
  await inIdentity(db).deleteFrom('identity.challenge').where('expires_at', '<=', at).execute()
  await inIdentity(db)
    .insertInto('identity.challenge')
    .values({ challenge, purpose, person_id: personId, origin, expires_at: plusMs(at, challengeLifeMs) })
    .execute()
  return challenge
}

/** How many challenges were given to an origin and are still open. */
export async function countChallenges(db: Db, origin: string | null, at: Instant): Promise<number> {
  const row = await inIdentity(db)
    .selectFrom('identity.challenge')
    .select((eb) => eb.fn.countAll().as('open'))
    .where('origin', 'is not distinct from', origin)
    .where('expires_at', '>', at)
    .executeTakeFirstOrThrow()
  return Number(row.open)
}

/** Takes a challenge back; false when it was never given for this purpose and person, was taken before or has expired. */
export async function takeChallenge(
  db: Db,
  challenge: string,
  purpose: 'register' | 'prove',
  personId: Id<'Person'> | null,
  at: Instant,
): Promise<boolean> {
  const taken = await inIdentity(db)
    .deleteFrom('identity.challenge')
    .where('challenge', '=', challenge)
    .where('purpose', '=', purpose)
    .where('person_id', 'is not distinct from', personId)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return taken.numDeletedRows === 1n
}
