import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { GateOverride, ProgramCheck } from '@throughline/model'
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

export async function insertProgramCheck(db: Db, runId: Id<'OperationRun'>, check: ProgramCheck): Promise<void> {
  const { occasion, at, expected, loaded, verdict } = check
  await sql`
    insert into execution.program_check (id, run_id, occasion, expected_name, expected_sha256, loaded_name, loaded_sha256,
      verdict, at)
    values (${newId<'ProgramCheck'>(at)}, ${runId}, ${occasion}, ${expected.name}, ${expected.sha256},
      ${loaded?.name ?? null}, ${loaded?.sha256 ?? null}, ${verdict}, ${at})`.execute(db)
}

/** What the gate found of the program each time work on a run began or went on, oldest first. */
export async function listProgramChecks(db: Db, runId: Id<'OperationRun'>): Promise<ProgramCheck[]> {
  const { rows } = await sql<ProgramCheck>`
    select occasion, at, jsonb_build_object('name', expected_name, 'sha256', expected_sha256) as expected,
      case when loaded_name is null then null
        else jsonb_build_object('name', loaded_name, 'sha256', loaded_sha256) end as loaded, verdict
    from execution.program_check where run_id = ${runId} order by at, id`.execute(db)
  return rows
}
