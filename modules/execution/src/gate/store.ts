import type { Id } from '@throughline/kernel'
import type { GateOverride } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Db = Kysely<Tables>

export async function insertOverride(db: Db, override: GateOverride): Promise<void> {
  const { id, runId, kind, subject, message, reason, by, at } = override
  await sql`
    insert into execution.gate_override (id, run_id, kind, subject, message, reason, overridden_by, at)
    values (${id}, ${runId}, ${kind}, ${subject}, ${message}, ${reason}, ${by}, ${at})`.execute(db)
}

const selected = sql`
  select id, run_id as "runId", kind, subject, message, reason, overridden_by as "by", at from execution.gate_override`

export async function findOverride(db: Db, id: string): Promise<GateOverride | undefined> {
  const { rows } = await sql<GateOverride>`${selected} where id = ${id}`.execute(db)
  return rows[0]
}

/** What was answered for in a run, oldest first. */
export async function listOverrides(db: Db, runId: Id<'OperationRun'>): Promise<GateOverride[]> {
  const { rows } = await sql<GateOverride>`${selected} where run_id = ${runId} order by at, id`.execute(db)
  return rows
}
