import type { Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { tokenHash } from '../credential/token.ts'
import { inOutside } from '../outside-person/tables.ts'

type Db = Kysely<Tables>

/** A browser that was sent to a provider. */
export interface Attempt {
  readonly provider: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly redirectUri: string
  readonly returnTo: string
}

export async function insertAttempt(
  db: Db,
  attempt: Attempt & { state: string; browser: string; expiresAt: Instant; at: Instant },
): Promise<void> {
  await inOutside(db).deleteFrom('identity.single_sign_on_attempt').where('expires_at', '<=', attempt.at).execute()
  await inOutside(db)
    .insertInto('identity.single_sign_on_attempt')
    .values({
      state_hash: tokenHash(attempt.state),
      browser_hash: tokenHash(attempt.browser),
      provider: attempt.provider,
      nonce: attempt.nonce,
      code_verifier: attempt.codeVerifier,
      redirect_uri: attempt.redirectUri,
      return_to: attempt.returnTo,
      expires_at: attempt.expiresAt,
    })
    .execute()
}

/** Takes the attempt away, so that it is answered once; undefined when it is unknown, used, expired or another browser's. */
export async function takeAttempt(
  db: Db,
  { state, browser, provider, at }: { state: string; browser: string; provider: string; at: Instant },
): Promise<Attempt | undefined> {
  const row = await inOutside(db)
    .deleteFrom('identity.single_sign_on_attempt')
    .where('state_hash', '=', tokenHash(state))
    .where('browser_hash', '=', tokenHash(browser))
    .where('provider', '=', provider)
    .where('expires_at', '>', at)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { nonce, code_verifier: codeVerifier, redirect_uri: redirectUri, return_to: returnTo } = row
  return { provider, nonce, codeVerifier, redirectUri, returnTo }
}

/** What of a provider stands behind a session of ours. */
export interface ProviderSession {
  readonly sessionId: string
  readonly provider: string
  readonly subject: string
  readonly sid: string | null
  readonly idToken: string
  readonly baseUrl: string
}

export async function insertProviderSession(db: Db, session: ProviderSession): Promise<void> {
  const { sessionId, provider, subject, sid, idToken, baseUrl } = session
  await inOutside(db)
    .insertInto('identity.single_sign_on_session')
    .values({ session_id: sessionId, provider, subject, sid, id_token: idToken, base_url: baseUrl })
    .execute()
}

export async function findProviderSession(
  db: Db,
  sessionId: string,
): Promise<Pick<ProviderSession, 'provider' | 'idToken' | 'baseUrl'> | undefined> {
  const row = await inOutside(db)
    .selectFrom('identity.single_sign_on_session')
    .select(['provider', 'id_token as idToken', 'base_url as baseUrl'])
    .where('session_id', '=', sessionId)
    .executeTakeFirst()
  return row
}

/** False when this logout token was used before. */
export async function takeLogoutToken(db: Db, provider: string, jti: string, expiresAt: Instant): Promise<boolean> {
  const taken = await inOutside(db)
    .insertInto('identity.logout_token_use')
    .values({ provider, jti, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['provider', 'jti']).doNothing())
    .executeTakeFirst()
  return taken.numInsertedOrUpdatedRows === 1n
}

/** Ends the open sessions of that session or subject of the provider; answers how many they were. */
export async function endProviderSessions(
  db: Db,
  { provider, subject, sid }: { provider: string; subject: string | undefined; sid: string | undefined },
  at: Instant,
): Promise<number> {
  let behind = inOutside(db)
    .selectFrom('identity.single_sign_on_session')
    .select('session_id')
    .where('provider', '=', provider)
  if (subject !== undefined) behind = behind.where('subject', '=', subject)
  if (sid !== undefined) behind = behind.where('sid', '=', sid)
  const ended = await inOutside(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: 'provider' })
    .where('ended_at', 'is', null)
    .where('id', 'in', behind)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
