import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { WorkInstruction } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { baseColumns, joinsBase, lifeColumns } from '../version/store.ts'

type Db = Kysely<Tables>

const self = sql`instruction`
const selected = sql`
  instruction.id, instruction.code, instruction.version, title, steps, change_reason as "changeReason",
  drafted_by as "draftedBy", drafted_at as "draftedAt", ${lifeColumns}, ${baseColumns('instruction', self)}
  from execution.instruction left join execution.release on release.definition_id = instruction.id
  ${joinsBase('instruction', self)}`

/** By code, the newest version of a code first; all codes without one. */
export async function listInstructionVersions(db: Db, code: string | undefined): Promise<WorkInstruction[]> {
  const { rows } = await sql`
    select ${selected}
    where ${code ?? null}::text is null or lower(instruction.code) = lower(${code ?? null})
    order by lower(instruction.code), instruction.version desc`.execute(db)
  return rows.map(instructionOf)
}

/** The newest version of each code. */
export async function listNewestInstructions(db: Db): Promise<WorkInstruction[]> {
  const { rows } = await sql`
    select distinct on (lower(instruction.code)) ${selected}
    order by lower(instruction.code), instruction.version desc`.execute(db)
  return rows.map(instructionOf)
}

/** The effective versions of these codes. */
export async function listEffectiveInstructions(db: Db, codes: readonly string[]): Promise<WorkInstruction[]> {
  if (codes.length === 0) return []
  const { rows } = await sql`
    select ${selected}
    where release.state = 'effective' and lower(instruction.code) = any(${codes.map((code) => code.toLowerCase())}::text[])
    order by instruction.code`.execute(db)
  return rows.map(instructionOf)
}

export async function findInstruction(db: Db, id: string): Promise<WorkInstruction | undefined> {
  const { rows } = await sql`select ${selected} where instruction.id = ${id}`.execute(db)
  return rows[0] === undefined ? undefined : instructionOf(rows[0])
}

/** @throws DomainError `not-found` */
export async function getInstructionVersion(db: Db, id: Id<'WorkInstruction'>): Promise<WorkInstruction> {
  const found = await findInstruction(db, id)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'execution.instruction-unknown', `There is no work instruction ${id}`, { id })
}

export async function insertInstructions(db: Db, instructions: readonly WorkInstruction[]): Promise<void> {
  if (instructions.length === 0) return
  await sql`insert into execution.instruction (${written}) select ${values} from ${rowsOf(instructions)}`.execute(db)
}

/** Writes a draft anew; the database refuses it for one that was signed. */
export async function updateInstruction(db: Db, draft: WorkInstruction): Promise<void> {
  await sql`
    update execution.instruction set (${written}) = (select ${values})
    from ${rowsOf([draft])} where instruction.id = each.id`.execute(db)
}

const written = sql`id, code, version, title, steps, change_reason, drafted_by, drafted_at`
const values = sql`each.id, each.code, each.version, each.title, each.steps, each."changeReason", each."draftedBy",
  each."draftedAt"`
const rowsOf = (instructions: readonly WorkInstruction[]) => sql`
  jsonb_to_recordset(${JSON.stringify(instructions)}::jsonb) as each (id uuid, code text, version integer, title jsonb,
    steps jsonb, "changeReason" text, "draftedBy" text, "draftedAt" bigint)`

/** What stands in jsonb is read by its schema: a version from an older release gets its defaults. */
const instructionOf = (row: unknown): WorkInstruction => WorkInstruction.parse(row)
