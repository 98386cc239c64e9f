import type { Id } from '@throughline/kernel'
import type { MaterialDefinition } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type DefinitionId = Id<'MaterialDefinition'>

const selected = sql`
  id, definition.code, name, definition.kind, unit, control, shelf_life_days as "shelfLifeDays",
  out_life_seconds as "outLifeSeconds", needs_certificate as "needsCertificate",
  quarantine_on_receipt as "quarantineOnReceipt", gtin, version, coalesce(release.state, 'draft') as state,
  change_reason as "changeReason", drafted_by as "draftedBy", drafted_at as "draftedAt",
  release.effective_at as "effectiveAt"`
const source = sql`material.definition left join material.release on release.subject_id = definition.id`

const read = async (db: Connection, rest: RawBuilder<unknown>): Promise<MaterialDefinition[]> =>
  (await sql<MaterialDefinition>`select ${selected} from ${source} ${rest}`.execute(db)).rows

/** Whatever the case of the code, by code and the newest version first. */
export const listVersions = (db: Connection, code: string): Promise<MaterialDefinition[]> =>
  read(db, sql`where lower(definition.code) = lower(${code}) order by version desc`)

/** The newest version of each material, by code. */
export const listNewest = async (db: Connection): Promise<MaterialDefinition[]> =>
  (
    await sql<MaterialDefinition>`
      select distinct on (lower(definition.code)) ${selected} from ${source}
      order by lower(definition.code), version desc`.execute(db)
  ).rows

/** The newest version of each of these materials, and which is in force. */
export async function listKnown(db: Connection, codes: readonly string[]): Promise<MaterialDefinition[]> {
  if (codes.length === 0) return []
  return await read(
    db,
    sql`where lower(definition.code) in (select lower(each) from unnest(${[...codes]}::text[]) as each)
      order by lower(definition.code), version desc`,
  )
}

export const findDefinition = async (db: Connection, id: DefinitionId): Promise<MaterialDefinition | undefined> =>
  (await read(db, sql`where definition.id = ${id}`))[0]

/** The version in force of a material, whatever the case of its code. */
export const findEffective = async (db: Connection, code: string): Promise<MaterialDefinition | undefined> =>
  (await read(db, sql`where lower(definition.code) = lower(${code}) and release.state = 'effective'`))[0]

/** Materials that carry a GTIN, in any version. */
export async function listCodesByGtin(db: Connection, gtin: string): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    select distinct code from material.definition where gtin = ${gtin} order by code`.execute(db)
  return rows.map(({ code }) => code)
}

const written = sql`id, code, name, kind, unit, control, shelf_life_days, out_life_seconds, needs_certificate,
  quarantine_on_receipt, gtin, version, change_reason, drafted_by, drafted_at`
const values = (definitions: readonly MaterialDefinition[]) => sql`
  select row.id, row.code, row.name, row.kind, row.unit, row.control, row."shelfLifeDays", row."outLifeSeconds",
    row."needsCertificate", row."quarantineOnReceipt", row.gtin, row.version, row."changeReason", row."draftedBy",
    row."draftedAt"
  from jsonb_to_recordset(${JSON.stringify(definitions)}::jsonb) as row (id uuid, code text, name text, kind text,
    unit text, control text, "shelfLifeDays" integer, "outLifeSeconds" bigint, "needsCertificate" boolean,
    "quarantineOnReceipt" boolean, gtin text, version integer, "changeReason" text, "draftedBy" text,
    "draftedAt" bigint)`

export async function insertDefinitions(trx: Connection, definitions: readonly MaterialDefinition[]): Promise<void> {
  if (definitions.length === 0) return
  await sql`insert into material.definition (${written}) ${values(definitions)}`.execute(trx)
}

export async function updateDraft(trx: Connection, draft: MaterialDefinition): Promise<void> {
  await sql`update material.definition set (${written}) = (${values([draft])}) where id = ${draft.id}`.execute(trx)
}
