import type { Id, Instant } from '@throughline/kernel'
import { StateRule } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import { sql } from 'kysely'

interface StateRuleRow {
  id: string
  class_name: string
  version: number
  effective_from: number
  content: unknown
  reason: string
  recorded_by: string
  recorded_at: number
}

const tables = (db: Database) => db.withSchema('performance').withTables<{ state_rule: StateRuleRow }>()

/** What a row keeps as JSON. */
const Content = StateRule.omit({
  id: true,
  className: true,
  version: true,
  effectiveFrom: true,
  reason: true,
  recordedBy: true,
})
type Content = ReturnType<typeof Content.parse>

/** All versions, by class and version; those of one class when it is named. */
export async function listRuleVersions(db: Database, className?: string): Promise<StateRule[]> {
  const rows = await tables(db)
    .selectFrom('state_rule')
    .selectAll()
    .$if(className !== undefined, (query) => query.where('class_name', '=', className ?? ''))
    .orderBy('class_name')
    .orderBy('version')
    .execute()
  return rows.map((row) => ({
    ...Content.parse(row.content),
    id: row.id as Id<'StateRule'>,
    className: row.class_name,
    version: row.version,
    effectiveFrom: row.effective_from as Instant,
    reason: row.reason,
    recordedBy: row.recorded_by,
  }))
}

/** Two that set the rule of one class take turns; answers the number of the next version. */
export async function nextRuleVersion(uow: UnitOfWork, className: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`performance.state-rule ${className}`}, 0))`.execute(
    uow.trx,
  )
  const row = await tables(uow.trx)
    .selectFrom('state_rule')
    .select((each) => each.fn.max('version').as('newest'))
    .where('class_name', '=', className)
    .executeTakeFirst()
  return (row?.newest ?? 0) + 1
}

export async function insertRule(uow: UnitOfWork, rule: StateRule): Promise<void> {
  const { id, className, version, effectiveFrom, reason, recordedBy, ...content } = rule
  await tables(uow.trx)
    .insertInto('state_rule')
    .values({
      id,
      class_name: className,
      version,
      effective_from: effectiveFrom,
      content: JSON.stringify(content satisfies Content),
      reason,
      recorded_by: recordedBy,
      recorded_at: uow.at,
    })
    .execute()
}
