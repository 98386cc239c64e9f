import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { WorkDefinition } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { baseColumns, joinsBase, lifeColumns } from '../version/store.ts'

type Db = Kysely<Tables>

const self = sql`definition`
const selected = sql`
  definition.id, definition.code, definition.version, product, operations, drawing, under_percent as "underPercent",
  over_percent as "overPercent", change_reason as "changeReason", drafted_by as "draftedBy",
  drafted_at as "draftedAt", ${lifeColumns}, ${baseColumns('work-definition', self)}
  from execution.work_definition definition
  left join execution.release on release.definition_id = definition.id ${joinsBase('work-definition', self)}`

export interface WorkDefinitionFilter {
  readonly code?: string | undefined
  readonly product?: string | undefined
  readonly state?: WorkDefinition['state'] | undefined
}

/** By code, the newest version of a code first. */
export async function listDefinitions(db: Db, filter: WorkDefinitionFilter): Promise<WorkDefinition[]> {
  const { rows } = await sql`
    select ${selected}
    where (${filter.code ?? null}::text is null or lower(definition.code) = lower(${filter.code ?? null}))
      and (${filter.product ?? null}::text is null or lower(product) = lower(${filter.product ?? null}))
      and (${filter.state ?? null}::text is null or coalesce(release.state, 'draft') = ${filter.state ?? null})
    order by lower(definition.code), definition.version desc`.execute(db)
  return rows.map(definitionOf)
}

/** The newest version of each code that fits. */
export async function listNewestDefinitions(db: Db, product: string | undefined): Promise<WorkDefinition[]> {
  const { rows } = await sql`
    select distinct on (lower(definition.code)) ${selected}
    where ${product ?? null}::text is null or lower(product) = lower(${product ?? null})
    order by lower(definition.code), definition.version desc`.execute(db)
  return rows.map(definitionOf)
}

export async function findDefinition(db: Db, id: string): Promise<WorkDefinition | undefined> {
  const { rows } = await sql`select ${selected} where definition.id = ${id}`.execute(db)
  return rows[0] === undefined ? undefined : definitionOf(rows[0])
}

/** @throws DomainError `not-found` */
export async function getDefinition(db: Db, id: Id<'WorkDefinition'>): Promise<WorkDefinition> {
  const found = await findDefinition(db, id)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'execution.work-definition-unknown', `There is no work definition ${id}`, { id })
}

export async function insertDefinitions(db: Db, definitions: readonly WorkDefinition[]): Promise<void> {
  if (definitions.length === 0) return
  await sql`insert into execution.work_definition (${written}) select ${values} from ${rowsOf(definitions)}`.execute(db)
}

/** Writes a draft anew; the database refuses it for one that was signed. */
export async function updateDefinition(db: Db, draft: WorkDefinition): Promise<void> {
  await sql`
    update execution.work_definition definition set (${written}) = (select ${values})
    from ${rowsOf([draft])} where definition.id = each.id`.execute(db)
}

const written = sql`id, code, version, product, operations, drawing, under_percent, over_percent, change_reason,
  drafted_by, drafted_at`
const values = sql`each.id, each.code, each.version, each.product, each.operations, nullif(each.drawing, 'null'::jsonb),
  each."underPercent", each."overPercent", each."changeReason", each."draftedBy", each."draftedAt"`
const rowsOf = (definitions: readonly WorkDefinition[]) => sql`
  jsonb_to_recordset(${JSON.stringify(definitions)}::jsonb) as each (id uuid, code text, version integer, product text,
    operations jsonb, drawing jsonb, "underPercent" double precision, "overPercent" double precision,
    "changeReason" text, "draftedBy" text, "draftedAt" bigint)`

/** What stands in jsonb is read by its schema: a version from an older release gets its defaults. */
const definitionOf = (row: unknown): WorkDefinition => WorkDefinition.parse(row)
