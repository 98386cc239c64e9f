import { createHash, randomBytes } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { SignatureInput } from '@throughline/model'
import { RecordRef, RecordVersion, SignatureMeaning } from '@throughline/model'
import type { Actor, Tables } from '@throughline/platform'
import { canonicalJson } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

export const statementLifeMs = 5 * 60_000

const Wanted = {
  record: RecordRef.nullable(),
  meaning: SignatureMeaning,
  reason: z.string(),
  shown: RecordVersion.nullable(),
}

/** What a passkey signs, by its hash: who says what of which version of which record, and why. */
const Statement = z.strictObject({
  v: z.literal(1),
  type: z.literal('signing'),
  ...Wanted,
  signer: z.strictObject({ id: z.uuid(), name: z.string() }),
  at: z.int(),
  /** Makes each statement another one: two with the same hash could be signed by one gesture. */
  nonce: z.string(),
})
type Statement = z.infer<typeof Statement>

const wanted = z.object(Wanted)
export type WantedStatement = z.infer<typeof wanted>

/** Puts a statement down for the caller's session, to be signed once; the challenge is what their passkey gets. */
export async function makeStatement(
  db: Db,
  actor: Actor,
  sessionId: string,
  asked: WantedStatement,
  at: Instant,
): Promise<{ challenge: string; statement: string }> {
  const { record, meaning, reason, shown } = asked
  const statement = canonicalJson({
    v: 1,
    type: 'signing',
    record,
    meaning,
    reason,
    shown,
    signer: { id: actor.id, name: actor.name },
    at,
    nonce: randomBytes(16).toString('base64url'),
  } satisfies Statement)
  const challenge = createHash('sha256').update(statement).digest('base64url')
  const statements = inIdentity(db)
  await statements.deleteFrom('identity.signing_statement').where('expires_at', '<=', at).execute()
  await statements
    .insertInto('identity.signing_statement')
    .values({ challenge, session_id: sessionId, statement, expires_at: plusMs(at, statementLifeMs) })
    .execute()
  return { challenge, statement }
}

/** Takes a statement back, once; undefined when this session was given none, or it says something else than the signature. */
export async function takeStatement(
  db: Db,
  challenge: string,
  sessionId: string,
  given: SignatureInput,
  at: Instant,
): Promise<{ record: RecordRef | null; text: string } | undefined> {
  const taken = await inIdentity(db)
    .deleteFrom('identity.signing_statement')
    .where('challenge', '=', challenge)
    .where('session_id', '=', sessionId)
    .where('expires_at', '>', at)
    .returning('statement')
    .executeTakeFirst()
  if (taken === undefined) return undefined
  const { record, meaning, reason, shown } = Statement.parse(JSON.parse(taken.statement))
  const says = canonicalJson({ meaning, reason, shown })
  const asks = canonicalJson({ meaning: given.meaning, reason: given.reason, shown: given.shown })
  return says === asks ? { record, text: taken.statement } : undefined
}
