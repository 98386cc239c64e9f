import { hash } from 'node:crypto'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Part } from '../database/draft.ts'
import { Draft } from '../database/draft.ts'
import type { Tables } from '../database/tables.ts'
import { opensCapture } from '../ledger/capture.ts'
import type { Actor } from './actor.ts'

const keptMs = 24 * 3_600_000

/** What an earlier request with the same key left behind. */
export type Earlier = { readonly output: unknown } | undefined

/**
 * Takes the key for this request, in its transaction, and lets it change records in the same breath; a second request with the same key waits for the first to commit.
 *
 * @param told the input without its secrets: a fast hash of a password would be a gift to whoever reads this table
 * @throws DomainError `conflict` when the key was used for something else, or its answer may be shown only once
 */
export async function takeKey(
  trx: Kysely<Tables>,
  at: Instant,
  actor: Actor,
  key: string,
  operation: Operation,
  told: unknown,
  entryId: Id<'AuditEntry'>,
): Promise<Earlier> {
  const inputHash = hash('sha256', JSON.stringify(told))
  const draft = new Draft()
  const values = [actor.id, key, operation.name, inputHash, at].map((value) => draft.value(value))
  const taken = await draft.execute(
    trx,
    `insert into platform.idempotency (actor, key, operation, input_hash, at) values (${values.join(', ')})
    on conflict (actor, key) do nothing returning ${opensCapture(entryId)(draft)}`,
  )
  if (taken.rows.length > 0) return undefined
  const earlier = await trx
    .selectFrom('platform.idempotency')
    .selectAll()
    .where('actor', '=', actor.id)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (earlier.operation !== operation.name || earlier.input_hash !== inputHash) {
    throw new DomainError(
      'conflict',
      'platform.idempotency-key-reused',
      `The idempotency key "${key}" was already used for another request; use a new key for each request`,
    )
  }
  if (operation.answersOnce) {
    throw new DomainError(
      'conflict',
      'platform.answer-shown-once',
      'This was already done, and its answer is shown only once',
    )
  }
  return { output: earlier.output }
}

/** The statement that keeps the answer for whoever repeats the request; undefined when it may be shown only once. */
export function keepsOutput(actor: Actor, key: string, operation: Operation, output: unknown): Part | undefined {
  if (operation.answersOnce) return undefined
  return (draft) =>
    `update platform.idempotency set output = ${draft.value(JSON.stringify(output))} where actor = ${draft.value(actor.id)} and key = ${draft.value(key)}`
}

/** Forgets keys older than a day: a client that repeats a request later than that has given up long before. */
export async function forgetOldKeys(db: Kysely<Tables>, now: Instant): Promise<void> {
  await db
    .deleteFrom('platform.idempotency')
    .where('at', '<', now - keptMs * 1000)
    .execute()
}
