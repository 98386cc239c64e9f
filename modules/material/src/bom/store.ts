import type { Id, Instant } from '@throughline/kernel'
import { BillOfMaterial } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>
type BomId = Id<'BillOfMaterial'>

const selected = sql`
  id, product, lines, version, coalesce(release.state, 'draft') as state, change_reason as "changeReason",
  drafted_by as "draftedBy", drafted_at as "draftedAt", release.effective_at as "effectiveAt",
  base.drawn_from as "drawnFrom", case when coalesce(release.state, 'draft') in ('draft', 'in-review') then (
    select max(other.version) from material.bom other join material.release live on live.subject_id = other.id
    where lower(other.product) = lower(bom.product) and other.id <> bom.id and other.version > base.drawn_from
      and live.effective_at is not null) end as "overtakenBy"`
const source = sql`material.bom left join material.release on release.subject_id = bom.id
  left join material.bom_base base on base.bom_id = bom.id`

/** What stands in jsonb is read by its schema. */
const read = async (db: Connection, rest: RawBuilder<unknown>): Promise<BillOfMaterial[]> =>
  (await sql`select ${selected} from ${source} ${rest}`.execute(db)).rows.map((row) => BillOfMaterial.parse(row))

/** Whatever the case of the product, the newest version first. */
export const listBomVersions = (db: Connection, product: string): Promise<BillOfMaterial[]> =>
  read(db, sql`where lower(product) = lower(${product}) order by version desc`)

/** The newest version of each, by product. */
export const listNewestBoms = async (db: Connection): Promise<BillOfMaterial[]> =>
  (
    await sql`
      select distinct on (lower(product)) ${selected} from ${source}
      order by lower(product), version desc`.execute(db)
  ).rows.map((row) => BillOfMaterial.parse(row))

export const findBom = async (db: Connection, id: BomId): Promise<BillOfMaterial | undefined> =>
  (await read(db, sql`where bom.id = ${id}`))[0]

/** All bills of material that are in force. */
export const listEffectiveBoms = (db: Connection): Promise<BillOfMaterial[]> =>
  read(db, sql`where release.state = 'effective' order by product`)

/** The version that was in force at an instant, whatever the case of the product. */
export const findBomAt = async (db: Connection, product: string, at: Instant): Promise<BillOfMaterial | undefined> =>
  (
    await read(
      db,
      sql`where lower(product) = lower(${product}) and release.effective_at <= ${at}
        and (release.retired_at is null or release.retired_at > ${at}) order by version desc limit 1`,
    )
  )[0]

const written = sql`id, product, lines, version, change_reason, drafted_by, drafted_at`
const values = (boms: readonly BillOfMaterial[]) => sql`
  select row.id, row.product, row.lines, row.version, row."changeReason", row."draftedBy", row."draftedAt"
  from jsonb_to_recordset(${JSON.stringify(boms)}::jsonb) as row (id uuid, product text, lines jsonb, version integer,
    "changeReason" text, "draftedBy" text, "draftedAt" bigint)`

export async function insertBoms(trx: Connection, boms: readonly BillOfMaterial[]): Promise<void> {
  if (boms.length === 0) return
  await sql`insert into material.bom (${written}) ${values(boms)}`.execute(trx)
}

/** Says from which version a draft was drawn; null = it is not known. */
export async function putBase(trx: Connection, id: BomId, drawnFrom: number | null): Promise<void> {
  if (drawnFrom === null) await sql`delete from material.bom_base where bom_id = ${id}`.execute(trx)
  else {
    await sql`
      insert into material.bom_base (bom_id, drawn_from) values (${id}, ${drawnFrom})
      on conflict (bom_id) do update set drawn_from = excluded.drawn_from`.execute(trx)
  }
}

export async function updateBomDraft(trx: Connection, draft: BillOfMaterial): Promise<void> {
  await sql`update material.bom set (${written}) = (${values([draft])}) where id = ${draft.id}`.execute(trx)
}
