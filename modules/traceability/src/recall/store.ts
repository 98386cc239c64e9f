import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { RecallDrill } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type DrillId = Id<'RecallDrill'>

const columnsOfDrill = sql`
  d.id, d.begun_by as "begunBy", d.begun_at as "begunAt", d.reason, d.subject, d.counts,
  d.elapsed_ms as "elapsedMs", d.ended_at as "endedAt", d.conclusion`
const selected = sql`
  ${columnsOfDrill}, r.affected from traceability.recall_drill d join traceability.recall_reach r on r.drill_id = d.id`

type Affected = RecallDrill['affected'][number]

/** A row holds thousands: what each value means is said once, here, and not in each of them. */
const columns = ['lotId', 'code', 'material', 'status', 'place', 'quantity', 'unit', 'depth'] as const
const toValues = (affected: Affected) => columns.map((column) => affected[column])
const fromValues = (values: readonly unknown[]) =>
  Object.fromEntries(columns.map((column, index) => [column, values[index]])) as unknown as Affected

interface DrillRow extends Omit<RecallDrill, 'affected'> {
  readonly affected: readonly (readonly unknown[])[]
}

const drillOf = (row: DrillRow): RecallDrill => ({ ...row, affected: row.affected.map(fromValues) })

/** Newest first. Without what they found they are small, however much that was. */
export async function listDrills(
  db: Connection,
  { limit, withAffected }: { readonly limit: number; readonly withAffected: boolean },
): Promise<RecallDrill[]> {
  const from = withAffected
    ? selected
    : sql`${columnsOfDrill}, '[]'::jsonb as affected from traceability.recall_drill d`
  const { rows } = await sql<DrillRow>`
    select ${from} order by d.begun_at desc, d.id desc limit ${limit}`.execute(db)
  return rows.map(drillOf)
}

/** @throws DomainError `not-found` */
export async function getDrill(db: Connection, id: DrillId): Promise<RecallDrill> {
  const { rows } = await sql<DrillRow>`select ${selected} where d.id = ${id}`.execute(db)
  if (rows[0] !== undefined) return drillOf(rows[0])
  throw new DomainError('not-found', 'traceability.recall-unknown', `There is no recall drill ${id}`, { id })
}

export async function insertDrill(trx: Connection, drill: RecallDrill): Promise<void> {
  await sql`
    insert into traceability.recall_drill (id, begun_by, begun_at, reason, subject, counts, elapsed_ms, ended_at, conclusion)
    values (${drill.id}, ${drill.begunBy}, ${drill.begunAt}, ${drill.reason}, ${drill.subject},
      ${JSON.stringify(drill.counts)}::jsonb, ${drill.elapsedMs}, null, '')`.execute(trx)
  await sql`
    insert into traceability.recall_reach (drill_id, affected)
    values (${drill.id}, ${JSON.stringify(drill.affected.map(toValues))}::jsonb)`.execute(trx)
}

/** False when it had ended before. */
export async function endDrill(trx: Connection, id: DrillId, at: Instant, conclusion: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update traceability.recall_drill set ended_at = ${at}, conclusion = ${conclusion}
    where id = ${id} and ended_at is null`.execute(trx)
  return numAffectedRows === 1n
}
