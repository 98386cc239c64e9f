import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AuditEntry, listAuditEntries } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Tables } from '../database/tables.ts'
import type { Actor } from './actor.ts'

/** Writes one audit entry; inside a unit of work, it commits or vanishes with the change it tells of. */
export async function writeAuditEntry(
  db: Kysely<Tables>,
  at: Instant,
  actor: Actor,
  operation: string,
  input: unknown,
  outcome: string,
): Promise<void> {
  await db
    .insertInto('platform.audit_entry')
    .values({
      id: newId<'AuditEntry'>(at),
      at,
      actor: actor.id,
      actor_kind: actor.kind,
      operation,
      input: JSON.stringify(input ?? null),
      outcome,
      origin: actor.origin,
    })
    .execute()
}

/** Newest first. */
export async function listAudit(
  db: Kysely<Tables>,
  filter: z.output<typeof listAuditEntries.input>,
): Promise<z.input<typeof AuditEntry>[]> {
  let query = db.selectFrom('platform.audit_entry').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation)
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  const rows = await query.execute()
  return rows.map(({ actor_kind, ...row }) => ({ ...row, actorKind: actor_kind }))
}
